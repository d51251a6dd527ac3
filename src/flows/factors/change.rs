//! Renaming and removing what a person has several of, by name: passkeys and authenticators.

use super::list::{Credential, Remaining, list_in, remaining_without};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::outbox::MailKind;
use crate::domain::{passkey, totp};
use crate::flows::Caller;
use crate::flows::notifications::{self, EventContext};
use crate::flows::reauth::Reauthentication;
use crate::kernel::Fault;
use crate::kernel::text::DeviceName;
use crate::platform::db::Work;

/// The result of renaming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenameOutcome {
    /// It has the new name.
    Done,
    /// It is not there, or not theirs.
    NotThere,
}

/// The result of removing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is gone, and so many other sessions were ended.
    Done {
        /// How many.
        ended: usize,
    },
    /// Too little would remain; nothing was changed.
    Last(Remaining),
    /// It is not there, or not theirs.
    NotThere,
}

/// Gives a passkey or an authenticator another name (EN-08).
///
/// # Errors
/// When something we need is away.
pub async fn rename(
    app: &App,
    recent: Reauthentication,
    caller: &Caller,
    credential: Credential,
    name: DeviceName,
) -> Result<RenameOutcome, Fault> {
    let (trace, context) = (caller.audit_origin(), EventContext::of(caller));
    app.write(move |w| {
        let person = recent.person();
        recent.hold(w)?;
        let Some(before) = list_in(w, person)?.name_of(credential).map(str::to_owned) else { return Ok(RenameOutcome::NotThere) };
        let (done, kind, mail) = match credential {
            Credential::Passkey(id) => (passkey::rename(w, person, id, &name)?, Kind::PasskeyRenamed, MailKind::PasskeyRenamed),
            Credential::Totp(id) => (totp::rename(w, person, id, &name)?, Kind::TotpRenamed, MailKind::TotpRenamed),
        };
        if !done {
            return Ok(RenameOutcome::NotThere);
        }
        audit::append(w, &about(kind, recent, credential).personal(Some(person), trace))?;
        // The name that was kept is no news.
        if before != name.as_str() {
            notifications::tell(w, person, mail, &[("thing", name.as_str().to_owned()), ("before", before)], &context)?;
        }
        Ok(RenameOutcome::Done)
    })
    .await
}

/// Removes a passkey or an authenticator, and ends the person's other sessions.
///
/// # Errors
/// When something we need is away.
pub async fn remove(app: &App, recent: Reauthentication, caller: &Caller, credential: Credential) -> Result<Removed, Fault> {
    let (caller, disable_after) = (caller.clone(), app.settings.sign_in.disable_after);
    app.write(move |w| remove_in(w, recent, credential, disable_after, &caller)).await
}

fn remove_in(
    w: &mut Work<'_>,
    recent: Reauthentication,
    credential: Credential,
    disable_after: i32,
    caller: &Caller,
) -> Result<Removed, Fault> {
    let person = recent.person();
    // Two tabs that remove the last two at the same moment: the second counts after the first is done.
    recent.hold(w)?;
    let factors = list_in(w, person)?;
    let Some(name) = factors.name_of(credential).map(str::to_owned) else { return Ok(Removed::NotThere) };
    let remaining = remaining_without(&factors, credential, disable_after);
    if !remaining.is_enough() {
        return Ok(Removed::Last(remaining));
    }
    let (done, kind, mail) = match credential {
        Credential::Passkey(id) => (passkey::remove(w, person, id)?, Kind::PasskeyRemoved, MailKind::PasskeyRemoved),
        Credential::Totp(id) => (totp::remove(w, person, id)?, Kind::TotpRemoved, MailKind::TotpRemoved),
    };
    if !done {
        return Ok(Removed::NotThere);
    }
    let ended = recent.end_others(w, caller)?;
    audit::append(w, &about(kind, recent, credential).fact("sessions_ended", ended).personal(Some(person), caller.audit_origin()))?;
    notifications::tell(w, person, mail, &[("thing", name)], &EventContext::of(caller))?;
    Ok(Removed::Done { ended })
}

fn about(kind: Kind, recent: Reauthentication, credential: Credential) -> Entry {
    let entry = Entry::new(kind, Actor::Person(recent.person())).about(recent.person());
    match credential {
        Credential::Passkey(id) => entry.fact("passkey", id.to_string()),
        Credential::Totp(id) => entry.fact("totp", id.to_string()),
    }
}
