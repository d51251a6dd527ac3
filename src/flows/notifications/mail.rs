//! The words of each message: what happened, when, from which browser, what was done, what its reader can do.

use super::when;
use crate::domain::outbox::{Due, MailKind};
use crate::kernel::text::one_line;
use crate::platform::config::Settings;
use crate::platform::render::{Mail, Text};

/// The most characters of one value: the names of all passkeys someone may have are some of them.
const LONGEST: usize = 2_000;

/// What the messages of a kind are made of.
struct Plan {
    subject: &'static str,
    what: &'static str,
    /// Follows when it happened and from which browser.
    did: Option<&'static str>,
    advice: &'static str,
    page: LinkedPage,
}

/// The page a message leads to. Each asks before it does anything.
enum LinkedPage {
    /// One's home, where an reset link can be stopped.
    Home,
    /// One's sign-in methods.
    Ways,
    /// Where the code of a message is typed.
    Address,
    /// Changing the password.
    Password,
    /// Anyone who reads it cannot sign in.
    None,
}

impl Plan {
    const fn new(subject: &'static str, what: &'static str) -> Self {
        Self { subject, what, did: None, advice: "mail-if-not-you", page: LinkedPage::Ways }
    }
    const fn did(self, did: &'static str) -> Self {
        Self { did: Some(did), ..self }
    }
    const fn advice(self, advice: &'static str, page: LinkedPage) -> Self {
        Self { advice, page, ..self }
    }
}

fn plan(kind: MailKind) -> Plan {
    match kind {
        MailKind::Invitation => Plan::new("mail-invitation-subject", "mail-invitation"),
        MailKind::ResetLink => Plan::new("mail-enrolment-by-mail-subject", "mail-enrolment-by-mail"),
        MailKind::ResetLinkCreated => {
            Plan::new("mail-reset-link-subject", "mail-reset-link").advice("mail-enrolment-stop", LinkedPage::Home)
        }
        MailKind::ResetCompleted => Plan::new("mail-started-again-subject", "mail-started-again").did("mail-started-again-did"),
        MailKind::AddressCheck => {
            Plan::new("mail-address-check-subject", "mail-address-check").advice("mail-address-check-advice", LinkedPage::Address)
        }
        MailKind::DetailsChanged => Plan::new("mail-details-changed-subject", "mail-details-changed")
            .did("mail-details-changed-did")
            .advice("mail-details-changed-advice", LinkedPage::Home),
        MailKind::EmailVouched => Plan::new("mail-email-vouched-subject", "mail-email-vouched")
            .did("mail-email-vouched-did")
            .advice("mail-email-vouched-advice", LinkedPage::Home),
        MailKind::EmailVouchWithdrawn => Plan::new("mail-email-vouch-withdrawn-subject", "mail-email-vouch-withdrawn")
            .did("mail-email-vouch-withdrawn-did")
            .advice("mail-email-vouch-withdrawn-advice", LinkedPage::Home),
        MailKind::PasskeyAdded => Plan::new("mail-passkey-added-subject", "mail-passkey-added"),
        MailKind::PasskeyRenamed => Plan::new("mail-passkey-renamed-subject", "mail-passkey-renamed"),
        MailKind::PasskeyRemoved => Plan::new("mail-passkey-removed-subject", "mail-passkey-removed"),
        MailKind::TotpAdded => Plan::new("mail-totp-added-subject", "mail-totp-added"),
        MailKind::TotpRenamed => Plan::new("mail-totp-renamed-subject", "mail-totp-renamed"),
        MailKind::TotpRemoved => Plan::new("mail-totp-removed-subject", "mail-totp-removed"),
        MailKind::RecoveryCodesMade => Plan::new("mail-recovery-codes-made-subject", "mail-recovery-codes-made"),
        MailKind::RecoveryCodeUsed => {
            Plan::new("mail-recovery-code-used-subject", "mail-recovery-code-used").did("mail-recovery-codes-left")
        }
        MailKind::RecoveryCodesFew => Plan::new("mail-recovery-codes-few-subject", "mail-recovery-codes-few")
            .advice("mail-recovery-codes-few-advice", LinkedPage::Ways),
        MailKind::PasswordSet => Plan::new("mail-password-set-subject", "mail-password-set"),
        MailKind::PasswordChanged => Plan::new("mail-password-changed-subject", "mail-password-changed"),
        MailKind::PersonDisabled => Plan::new("mail-person-disabled-subject", "mail-person-disabled")
            .did("mail-person-disabled-did")
            .advice("mail-person-disabled-advice", LinkedPage::None),
        MailKind::PersonEnabled => Plan::new("mail-person-enabled-subject", "mail-person-enabled")
            .did("mail-person-enabled-did")
            .advice("mail-person-enabled-advice", LinkedPage::Ways),
        MailKind::SignedOut => Plan::new("mail-signed-out-subject", "mail-signed-out")
            .did("mail-signed-out-did")
            .advice("mail-signed-out-advice", LinkedPage::Ways),
        MailKind::NewSignIn => Plan::new("mail-new-sign-in-subject", "mail-new-sign-in")
            .did("mail-new-sign-in-did")
            .advice("mail-new-sign-in-advice", LinkedPage::Ways),
        MailKind::SignInUnfinished => Plan::new("mail-sign-in-unfinished-subject", "mail-sign-in-unfinished")
            .did("mail-sign-in-unfinished-did")
            .advice("mail-sign-in-unfinished-advice", LinkedPage::Password),
        MailKind::AppChanged => Plan::new("mail-app-changed-subject", "mail-app-changed")
            .did("mail-app-changed-did")
            .advice("mail-app-changed-advice", LinkedPage::Home),
        MailKind::ManyFailures => Plan::new("mail-many-failures-subject", "mail-many-failures")
            .did("mail-many-failures-did")
            .advice("mail-many-failures-advice", LinkedPage::Ways),
    }
}

/// Facts that have a line of their own where a message names them, and the words of that line.
const LINES: [(&str, &str); 10] = [
    ("new_passkey", "mail-started-again-new-passkey"),
    ("new_authenticator", "mail-started-again-new-authenticator"),
    ("gone_passkeys", "mail-started-again-gone-passkeys"),
    ("gone_authenticators", "mail-started-again-gone-authenticators"),
    ("gone_password", "mail-started-again-gone-password"),
    ("gone_codes", "mail-started-again-gone-codes"),
    ("app_name_before", "mail-app-name-before"),
    ("app_run_by", "mail-app-run-by"),
    ("app_hosts", "mail-app-hosts"),
    ("reason", "mail-reason"),
];

/// The words of a message.
pub fn mail(settings: &Settings, due: &Due) -> Mail {
    MessageWriter { settings, due }.mail()
}

/// Writes one message.
struct MessageWriter<'a> {
    settings: &'a Settings,
    due: &'a Due,
}

impl MessageWriter<'_> {
    /// A value is one line, no matter who chose it: it can neither begin a header nor a paragraph of its own (WB-06, CVE-133).
    fn fact(&self, name: &str) -> String {
        self.due.body.facts.get(name).map(|value| one_line(value, LONGEST)).unwrap_or_default()
    }

    fn text(&self, key: &'static str) -> Text {
        let text = Text::new(key).with("organisation", self.settings.server.organisation.as_str()).with("when", when(self.due.at));
        let text = ["name", "thing", "before", "by", "reason", "ends", "browser", "maker", "code"]
            .into_iter()
            .fold(text, |text, name| text.with(name, self.fact(name)));
        text.with("left", self.fact("left").parse::<i64>().unwrap_or(0))
    }

    fn mail(&self) -> Mail {
        let plan = plan(self.due.kind);
        let mut lines = vec![self.text("mail-greeting"), self.text(plan.what)];
        for (name, key) in LINES {
            if !self.fact(name).is_empty() {
                lines.push(self.text(key).with("things", self.fact(name)));
            }
        }
        lines.extend(self.lines_of_kind());
        let link = if let Some(label) = label_of_brought_link(self.due.kind) {
            Some((self.text(label), self.fact("link")))
        } else {
            lines.extend(self.circumstances());
            lines.extend(plan.did.map(|did| self.text(did)));
            lines.push(self.text(plan.advice));
            self.page(&plan.page)
        };
        Mail { subject: self.text(plan.subject), lines, link, foot: foot(self.settings) }
    }

    /// What only messages of this kind say.
    fn lines_of_kind(&self) -> Vec<Text> {
        match self.due.kind {
            MailKind::Invitation => vec![self.text("mail-invitation-asked"), self.text("mail-invitation-ends")],
            MailKind::ResetLink => {
                let stop = self.text("mail-enrolment-by-mail-stop").with("home", self.settings.origin().join("/me"));
                vec![self.text("mail-enrolment-by-mail-ends"), stop]
            }
            MailKind::AddressCheck => vec![self.text("mail-address-check-code"), self.text("mail-address-check-ends")],
            _ => vec![],
        }
    }

    /// When it happened, and from which browser.
    fn circumstances(&self) -> Vec<Text> {
        let mut lines = vec![self.text("mail-when")];
        if !self.fact("browser").is_empty() {
            lines.push(self.text("mail-where"));
        }
        lines
    }

    /// The page it leads to, with the words of the link.
    fn page(&self, page: &LinkedPage) -> Option<(Text, String)> {
        let (label, path) = match page {
            LinkedPage::Home => ("mail-home-page", "/me"),
            LinkedPage::Ways => ("mail-own-page", "/me/security"),
            LinkedPage::Address => ("mail-address-page", "/me/address"),
            LinkedPage::Password => ("mail-password-page", "/me/security/password"),
            LinkedPage::None => return None,
        };
        Some((self.text(label), self.settings.origin().join(path)))
    }
}

/// The words of the link that a message brings, if its kind brings one.
fn label_of_brought_link(kind: MailKind) -> Option<&'static str> {
    match kind {
        MailKind::Invitation => Some("mail-invitation-link"),
        MailKind::ResetLink => Some("mail-enrolment-by-mail-link"),
        _ => None,
    }
}

/// A message that says nothing but that messages arrive.
pub fn test_letter(settings: &Settings) -> Mail {
    let text = |key: &'static str| Text::new(key).with("organisation", settings.server.organisation.as_str());
    Mail { subject: text("mail-test-subject"), lines: vec![text("mail-test"), text("mail-test-nothing")], link: None, foot: foot(settings) }
}

fn foot(settings: &Settings) -> Vec<Text> {
    let from = Text::new("mail-foot").with("organisation", settings.server.organisation.as_str());
    vec![from.with("origin", settings.origin().as_str()), Text::new("mail-foot-never")]
}
