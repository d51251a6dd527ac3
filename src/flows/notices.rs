//! Telling people by another channel what happened to their account (WA-73, EN-01): a letter to their confirmed address,
//! put into the outbox in the write that did it. Nobody can switch these off.

use std::collections::BTreeMap;

use super::Caller;
use crate::app::App;
use crate::domain::identity;
use crate::domain::outbox::{self, Body, Due, LetterKind};
use crate::kernel::ids::PersonId;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::render::{Letter, Text};

/// Who did it, from where, as far as a letter says it.
#[derive(Clone, Debug)]
pub struct Scene {
    browser: String,
}

impl Scene {
    /// A browser.
    pub fn of(caller: &Caller) -> Self {
        Self::by(&caller.user_agent)
    }
    /// A browser by what it calls itself.
    pub fn by(user_agent: &str) -> Self {
        Self { browser: browser_words(user_agent) }
    }
    /// An administrator, or whoever sits at the server.
    pub fn elsewhere() -> Self {
        Self { browser: String::new() }
    }
}

/// Tells a person, if they have a confirmed address.
pub fn tell(w: &mut Work<'_>, person: PersonId, kind: LetterKind, facts: &[(&str, String)], scene: &Scene) -> Result<(), Fault> {
    let profile = identity::profile(w, person)?;
    let Some(to) = profile.email.filter(|_| profile.email_confirmed) else { return Ok(()) };
    let mut facts: BTreeMap<String, String> = facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    facts.insert("name".into(), profile.name);
    facts.insert("browser".into(), scene.browser.clone());
    outbox::add(w, person, kind, &Body { to, facts })
}

/// Invites somebody by mail: to an address nobody has confirmed yet, which is what the link in the letter does.
pub fn invite(w: &mut Work<'_>, person: PersonId, to: &str, facts: &[(&str, String)]) -> Result<(), Fault> {
    let facts = facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    outbox::add(w, person, LetterKind::Invitation, &Body { to: to.to_owned(), facts })
}

/// An instant as letters say it.
pub fn when(at: Timestamp) -> String {
    at.to_utc().format("%-d %B %Y, %H:%M UTC").to_string()
}

/// The words of a letter.
pub fn letter(app: &App, due: &Due) -> Letter {
    let fact = |name: &str| due.body.facts.get(name).cloned().unwrap_or_default();
    let when = when(due.at);
    let text = |key: &'static str| {
        let text = Text::new(key).with("organisation", app.settings.server.organisation.as_str()).with("when", when.clone());
        text.with("name", fact("name")).with("thing", fact("thing")).with("by", fact("by")).with("reason", fact("reason"))
    };
    let (subject, what) = match due.kind {
        LetterKind::Invitation => ("mail-invitation-subject", "mail-invitation"),
        LetterKind::EnrolmentLink => ("mail-enrolment-link-subject", "mail-enrolment-link"),
        LetterKind::PasskeyAdded => ("mail-passkey-added-subject", "mail-passkey-added"),
        LetterKind::PasskeyRemoved => ("mail-passkey-removed-subject", "mail-passkey-removed"),
        LetterKind::TotpAdded => ("mail-totp-added-subject", "mail-totp-added"),
        LetterKind::TotpRemoved => ("mail-totp-removed-subject", "mail-totp-removed"),
        LetterKind::RecoveryCodesMade => ("mail-recovery-codes-made-subject", "mail-recovery-codes-made"),
        LetterKind::RecoveryCodeUsed => ("mail-recovery-code-used-subject", "mail-recovery-code-used"),
        LetterKind::PasswordChanged => ("mail-password-changed-subject", "mail-password-changed"),
    };
    let mut lines = vec![text("mail-greeting"), text(what)];
    let own = app.settings.origin().join("/me/security");
    let link = if due.kind == LetterKind::Invitation {
        lines.extend([text("mail-invitation-reason"), text("mail-invitation-asked")]);
        lines.push(text("mail-invitation-ends").with("ends", fact("ends")));
        Some((text("mail-invitation-link"), fact("link")))
    } else {
        lines.push(text("mail-when"));
        if !fact("browser").is_empty() {
            lines.push(text("mail-where").with("browser", fact("browser")));
        }
        if due.kind == LetterKind::EnrolmentLink {
            lines.push(text("mail-enrolment-link-reason"));
        }
        if due.kind == LetterKind::RecoveryCodeUsed {
            lines.push(text("mail-recovery-codes-left").with("left", fact("left").parse::<i64>().unwrap_or(0)));
        }
        lines.push(text("mail-if-not-you"));
        Some((text("mail-own-page"), own))
    };
    let foot = vec![text("mail-foot").with("origin", app.settings.origin().as_str()), text("mail-foot-never")];
    Letter { subject: text(subject), lines, link, foot }
}

/// A browser in words, as coarse as it is useful: "Firefox on Linux". Made of names only; never the raw string, which
/// says anything its sender likes.
pub fn browser_words(user_agent: &str) -> String {
    // The order matters: each of these also says the names below it.
    let programs = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
        ("BSD", "BSD"),
    ];
    let find = |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (find(&programs), find(&systems)) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Unknown browser".to_owned(),
    }
}
