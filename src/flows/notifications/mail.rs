//! The words of each message: what happened, when, from which browser, what was done, what its reader can do.

use super::when;
use crate::domain::outbox::{Due, MailKind};
use crate::kernel::text::one_line;
use crate::platform::config::Settings;
use crate::platform::render::{Mail, Text};

/// The most characters of one value: the names of all passkeys somebody may have are some of them.
const LONGEST: usize = 2_000;

/// What the messages of a kind are made of.
struct Plan {
    subject: &'static str,
    what: &'static str,
    /// Follows when it happened and from which browser.
    did: Option<&'static str>,
    advice: &'static str,
    page: Page,
}

/// The page a message leads to. Each asks before it does anything.
enum Page {
    /// One's home, where an reset link can be stopped.
    Home,
    /// One's ways to sign in.
    Ways,
    /// Where the code of a message is typed.
    Address,
    /// Changing the password.
    Password,
    /// Whoever reads it cannot sign in.
    None,
}

impl Plan {
    const fn new(subject: &'static str, what: &'static str) -> Self {
        Self { subject, what, did: None, advice: "mail-if-not-you", page: Page::Ways }
    }
    const fn did(self, did: &'static str) -> Self {
        Self { did: Some(did), ..self }
    }
    const fn advice(self, advice: &'static str, page: Page) -> Self {
        Self { advice, page, ..self }
    }
}

fn plan(kind: MailKind) -> Plan {
    match kind {
        MailKind::Invitation => Plan::new("mail-invitation-subject", "mail-invitation"),
        MailKind::ResetLink => Plan::new("mail-enrolment-by-mail-subject", "mail-enrolment-by-mail"),
        MailKind::ResetLinkCreated => Plan::new("mail-reset-link-subject", "mail-reset-link").advice("mail-enrolment-stop", Page::Home),
        MailKind::ResetCompleted => Plan::new("mail-started-again-subject", "mail-started-again").did("mail-started-again-did"),
        MailKind::AddressCheck => {
            Plan::new("mail-address-check-subject", "mail-address-check").advice("mail-address-check-advice", Page::Address)
        }
        MailKind::EmailVouched => Plan::new("mail-email-vouched-subject", "mail-email-vouched")
            .did("mail-email-vouched-did")
            .advice("mail-email-vouched-advice", Page::Home),
        MailKind::EmailVouchWithdrawn => Plan::new("mail-email-vouch-withdrawn-subject", "mail-email-vouch-withdrawn")
            .did("mail-email-vouch-withdrawn-did")
            .advice("mail-email-vouch-withdrawn-advice", Page::Home),
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
        MailKind::RecoveryCodesFew => {
            Plan::new("mail-recovery-codes-few-subject", "mail-recovery-codes-few").advice("mail-recovery-codes-few-advice", Page::Ways)
        }
        MailKind::PasswordSet => Plan::new("mail-password-set-subject", "mail-password-set"),
        MailKind::PasswordChanged => Plan::new("mail-password-changed-subject", "mail-password-changed"),
        MailKind::PersonDisabled => Plan::new("mail-person-disabled-subject", "mail-person-disabled")
            .did("mail-person-disabled-did")
            .advice("mail-person-disabled-advice", Page::None),
        MailKind::PersonEnabled => Plan::new("mail-person-enabled-subject", "mail-person-enabled")
            .did("mail-person-enabled-did")
            .advice("mail-person-enabled-advice", Page::Ways),
        MailKind::SignedOut => {
            Plan::new("mail-signed-out-subject", "mail-signed-out").did("mail-signed-out-did").advice("mail-signed-out-advice", Page::Ways)
        }
        MailKind::NewSignIn => Plan::new("mail-new-sign-in-subject", "mail-new-sign-in")
            .did("mail-new-sign-in-did")
            .advice("mail-new-sign-in-advice", Page::Ways),
        MailKind::SignInUnfinished => Plan::new("mail-sign-in-unfinished-subject", "mail-sign-in-unfinished")
            .did("mail-sign-in-unfinished-did")
            .advice("mail-sign-in-unfinished-advice", Page::Password),
        MailKind::AppChanged => Plan::new("mail-app-changed-subject", "mail-app-changed")
            .did("mail-app-changed-did")
            .advice("mail-app-changed-advice", Page::Home),
        MailKind::ManyFailures => Plan::new("mail-many-failures-subject", "mail-many-failures")
            .did("mail-many-failures-did")
            .advice("mail-many-failures-advice", Page::Ways),
    }
}

/// The words of a message.
pub fn mail(settings: &Settings, due: &Due) -> Mail {
    // A value is one line, whoever chose it: it can neither begin a header nor a paragraph of its own (WB-06, CVE-133).
    let fact = |name: &str| due.body.facts.get(name).map(|value| one_line(value, LONGEST)).unwrap_or_default();
    let text = |key: &'static str| {
        let text = Text::new(key).with("organisation", settings.server.organisation.as_str()).with("when", when(due.at));
        let text = text.with("name", fact("name")).with("thing", fact("thing")).with("before", fact("before")).with("by", fact("by"));
        let text = text.with("reason", fact("reason")).with("ends", fact("ends")).with("browser", fact("browser"));
        let text = text.with("maker", fact("maker")).with("code", fact("code"));
        text.with("left", fact("left").parse::<i64>().unwrap_or(0))
    };
    let origin = settings.origin();
    let plan = plan(due.kind);
    let mut lines = vec![text("mail-greeting"), text(plan.what)];
    let mut if_there = |name: &str, key: &'static str| {
        if !fact(name).is_empty() {
            lines.push(text(key).with("things", fact(name)));
        }
    };
    if_there("new_passkey", "mail-started-again-new-passkey");
    if_there("new_authenticator", "mail-started-again-new-authenticator");
    if_there("gone_passkeys", "mail-started-again-gone-passkeys");
    if_there("gone_authenticators", "mail-started-again-gone-authenticators");
    if_there("gone_password", "mail-started-again-gone-password");
    if_there("gone_codes", "mail-started-again-gone-codes");
    if_there("app_name_before", "mail-app-name-before");
    if_there("app_run_by", "mail-app-run-by");
    if_there("app_hosts", "mail-app-hosts");
    if_there("reason", "mail-reason");
    let brings_link = match due.kind {
        MailKind::Invitation => {
            lines.extend([text("mail-invitation-asked"), text("mail-invitation-ends")]);
            Some("mail-invitation-link")
        }
        MailKind::ResetLink => {
            lines.extend([text("mail-enrolment-by-mail-ends"), text("mail-enrolment-by-mail-stop").with("home", origin.join("/me"))]);
            Some("mail-enrolment-by-mail-link")
        }
        MailKind::AddressCheck => {
            lines.extend([text("mail-address-check-code"), text("mail-address-check-ends")]);
            None
        }
        _ => None,
    };
    let link = if let Some(label) = brings_link {
        Some((text(label), fact("link")))
    } else {
        lines.push(text("mail-when"));
        if !fact("browser").is_empty() {
            lines.push(text("mail-where"));
        }
        lines.extend(plan.did.map(text));
        lines.push(text(plan.advice));
        match plan.page {
            Page::Home => Some((text("mail-home-page"), origin.join("/me"))),
            Page::Ways => Some((text("mail-own-page"), origin.join("/me/security"))),
            Page::Address => Some((text("mail-address-page"), origin.join("/me/address"))),
            Page::Password => Some((text("mail-password-page"), origin.join("/me/security/password"))),
            Page::None => None,
        }
    };
    Mail { subject: text(plan.subject), lines, link, foot: foot(settings) }
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
