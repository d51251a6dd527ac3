//! The list of a person's ways to sign in; renaming and removing them.

use super::Reauthentication;
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::outbox::MailKind;
use crate::domain::passkey::{self, Passkey};
use crate::domain::password::{self, Stored};
use crate::domain::policy;
use crate::domain::recovery::{self, Status};
use crate::domain::totp::{self, Totp};
use crate::flows::Caller;
use crate::flows::notifications::{self, EventContext};
use crate::kernel::ids::{PasskeyId, PersonId, TotpId};
use crate::kernel::proof::{AuthEvent, Method};
use crate::kernel::text::DeviceName;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// Everything a person can sign in with.
#[derive(Clone, Debug)]
pub struct Ways {
    /// The passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// The authenticators, oldest first.
    pub authenticators: Vec<Totp>,
    /// The password.
    pub password: Option<Stored>,
    /// The recovery codes, which stand in for one of the others and are never enough to stay with.
    pub recovery: Option<Status>,
}

/// One thing among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A passkey.
    Passkey(PasskeyId),
    /// An authenticator.
    Authenticator(TotpId),
}

/// What would remain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// Passkeys.
    pub passkeys: usize,
    /// Authenticators that are not switched off.
    pub authenticators: usize,
    /// A password that is not switched off.
    pub password: bool,
}

impl Remaining {
    /// Whether somebody with this can reach what signing in asks for: the same rule that sign-in follows, asked with
    /// one proof of each kind that is left (WA-74).
    pub fn is_enough(self) -> bool {
        let event = |method, user_verified| AuthEvent { method, at: Timestamp::from_seconds(0), user_verified, synced: true };
        let mut events = Vec::new();
        if self.passkeys > 0 {
            events.push(event(Method::Passkey, true));
        }
        if self.password {
            events.push(event(Method::Password, false));
        }
        if self.authenticators > 0 {
            events.push(event(Method::Totp, false));
        }
        policy::for_sign_in(None, &[], None).met_by(&events)
    }
}

/// What became of renaming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// It has the new name.
    Done,
    /// It is not there, or not theirs.
    NotThere,
}

/// What became of removing.
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

/// A person's ways to sign in.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ways(app: &App, person: PersonId) -> Result<Ways, Fault> {
    app.read(move |w| list(w, person)).await
}

fn list(w: &mut Work<'_>, person: PersonId) -> Result<Ways, Fault> {
    Ok(Ways {
        passkeys: passkey::list(w, person)?,
        authenticators: totp::list(w, person)?,
        password: password::find(w, person)?,
        recovery: recovery::status(w, person)?,
    })
}

impl Ways {
    /// The name of a thing, if it is there.
    pub fn name_of(&self, thing: Thing) -> Option<&str> {
        match thing {
            Thing::Passkey(id) => self.passkeys.iter().find(|passkey| passkey.id == id).map(|passkey| passkey.name.as_str()),
            Thing::Authenticator(id) => self.authenticators.iter().find(|totp| totp.id == id).map(|totp| totp.name.as_str()),
        }
    }
}

/// What would remain without a thing. What is switched off cannot be signed in with and does not count.
pub fn remaining_without(ways: &Ways, thing: Thing, disable_after: i32) -> Remaining {
    let live = |failures: i32| failures < disable_after;
    Remaining {
        passkeys: ways.passkeys.iter().filter(|passkey| Thing::Passkey(passkey.id) != thing).count(),
        authenticators: ways.authenticators.iter().filter(|totp| live(totp.failures) && Thing::Authenticator(totp.id) != thing).count(),
        password: ways.password.as_ref().is_some_and(|stored| live(stored.failures)),
    }
}

/// Gives a passkey or an authenticator another name (EN-08).
///
/// # Errors
/// When something we need is away.
pub async fn rename(app: &App, recent: Reauthentication, caller: &Caller, thing: Thing, name: DeviceName) -> Result<Named, Fault> {
    let (trace, context) = (caller.audit_origin(), EventContext::of(caller));
    app.write(move |w| {
        let person = recent.person();
        recent.hold(w)?;
        let Some(before) = list(w, person)?.name_of(thing).map(str::to_owned) else { return Ok(Named::NotThere) };
        let (done, kind, mail) = match thing {
            Thing::Passkey(id) => (passkey::rename(w, person, id, &name)?, Kind::PasskeyRenamed, MailKind::PasskeyRenamed),
            Thing::Authenticator(id) => (totp::rename(w, person, id, &name)?, Kind::TotpRenamed, MailKind::TotpRenamed),
        };
        if !done {
            return Ok(Named::NotThere);
        }
        audit::append(w, &about(kind, recent, thing).personal(Some(person), trace))?;
        // The name that was kept is no news.
        if before != name.as_str() {
            notifications::tell(w, person, mail, &[("thing", name.as_str().to_owned()), ("before", before)], &context)?;
        }
        Ok(Named::Done)
    })
    .await
}

/// Removes a passkey or an authenticator, and ends the person's other sessions.
///
/// # Errors
/// When something we need is away.
pub async fn remove(app: &App, recent: Reauthentication, caller: &Caller, thing: Thing) -> Result<Removed, Fault> {
    let (caller, disable_after) = (caller.clone(), app.settings.sign_in.disable_after);
    app.write(move |w| remove_in(w, recent, thing, disable_after, &caller)).await
}

fn remove_in(w: &mut Work<'_>, recent: Reauthentication, thing: Thing, disable_after: i32, caller: &Caller) -> Result<Removed, Fault> {
    let person = recent.person();
    // Two tabs that remove the last two at the same moment: the second counts after the first is done.
    recent.hold(w)?;
    let ways = list(w, person)?;
    let Some(name) = ways.name_of(thing).map(str::to_owned) else { return Ok(Removed::NotThere) };
    let remaining = remaining_without(&ways, thing, disable_after);
    if !remaining.is_enough() {
        return Ok(Removed::Last(remaining));
    }
    let (done, kind, mail) = match thing {
        Thing::Passkey(id) => (passkey::remove(w, person, id)?, Kind::PasskeyRemoved, MailKind::PasskeyRemoved),
        Thing::Authenticator(id) => (totp::remove(w, person, id)?, Kind::TotpRemoved, MailKind::TotpRemoved),
    };
    if !done {
        return Ok(Removed::NotThere);
    }
    let ended = recent.end_others(w, caller)?;
    audit::append(w, &about(kind, recent, thing).fact("sessions_ended", ended).personal(Some(person), caller.audit_origin()))?;
    notifications::tell(w, person, mail, &[("thing", name)], &EventContext::of(caller))?;
    Ok(Removed::Done { ended })
}

fn about(kind: Kind, recent: Reauthentication, thing: Thing) -> Entry {
    let entry = Entry::new(kind, Actor::Person(recent.person())).about(recent.person());
    match thing {
        Thing::Passkey(id) => entry.fact("passkey", id.to_string()),
        Thing::Authenticator(id) => entry.fact("totp", id.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_or_a_password_with_an_authenticator_must_remain() {
        // WA-74, AA-01
        let left = |passkeys, authenticators, password| Remaining { passkeys, authenticators, password };
        for (remaining, enough) in [
            (left(0, 0, false), false),
            (left(0, 0, true), false),
            (left(0, 2, false), false),
            (left(0, 1, true), true),
            (left(1, 0, false), true),
            (left(1, 0, true), true),
        ] {
            assert_eq!(remaining.is_enough(), enough, "{remaining:?}");
        }
    }
}
