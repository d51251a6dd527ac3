//! Changing one's own password. The present one is asked for and counted like a sign-in (PW-09).

use super::Reauthentication;
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::device::{self, Guessable};
use crate::domain::identity::{self, Profile};
use crate::domain::outbox::MailKind;
use crate::domain::password::rules::{self, Problem};
use crate::domain::password::{self, Stored};
use crate::domain::ticket::{self, TicketKind};
use crate::flows::Caller;
use crate::flows::notifications::{self, EventContext};
use crate::flows::throttle::{self, Admission, Pause, Subject, Way};
use crate::kernel::ids::DeviceId;
use crate::kernel::secret::Password;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::password_hash::{Class, HashOutcome};

/// What was typed.
pub struct NewPassword {
    /// The present password; `None` when the field was empty or absurd.
    pub current: Option<Password>,
    /// The new one.
    pub new: Password,
    /// Whether to end all other sessions.
    pub end_others: bool,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The new password holds.
    Done {
        /// Whether other sessions were ended.
        others_ended: bool,
    },
    /// Nothing was changed.
    Refused {
        /// The present password is wrong, switched off, or was not given.
        current_wrong: bool,
        /// What the rules say against the new one.
        problem: Option<Problem>,
    },
    /// Too many tries.
    Paused(Pause),
    /// Too many are being hashed.
    Busy,
}

struct Found {
    stored: Option<Stored>,
    device: Option<DeviceId>,
    profile: Profile,
}

/// Changes the password, or sets the first one.
///
/// # Errors
/// When something we need is away.
pub async fn change_password(app: &App, recent: Reauthentication, caller: &Caller, typed: NewPassword) -> Result<Changed, Fault> {
    let found = find(app, recent, caller).await?;
    let problem = rules::check(&typed.new, &near(app, &found.profile), app.settings.password.minimum).err();
    if let Some(stored) = &found.stored {
        match check_current(app, recent, caller, &found, stored, typed.current).await? {
            Current::Right if problem.is_none() => {}
            Current::Right => return Ok(Changed::Refused { current_wrong: false, problem }),
            Current::Wrong => return Ok(Changed::Refused { current_wrong: true, problem }),
            Current::Paused(pause) => return Ok(Changed::Paused(pause)),
            Current::Busy => return Ok(Changed::Busy),
        }
    } else if problem.is_some() {
        return Ok(Changed::Refused { current_wrong: false, problem });
    }
    let HashOutcome::Done(hash) = app.hasher.of(Class::Session).hash(typed.new, app.hash_cost(), app.entropy.bytes()).await? else {
        return Ok(Changed::Busy);
    };
    let (person, trace, context, end_others) = (recent.person(), caller.audit_origin(), EventContext::of(caller), typed.end_others);
    let read: Option<Timestamp> = found.stored.map(|stored| stored.changed_at);
    app.write(move |w| {
        recent.hold(w)?;
        // Changed by somebody else since the present one was checked: then it was not the present one.
        if password::find(w, person)?.map(|stored| stored.changed_at) != read {
            return Ok(Changed::Refused { current_wrong: true, problem: None });
        }
        password::set(w, person, &hash)?;
        device::clear_all(w, person, Guessable::Password)?;
        // Who can still change their password needs no link to new ways to sign in, and an open one may be in wrong
        // hands (RC-05).
        ticket::withdraw(w, TicketKind::Reset, person)?;
        let ended = if end_others { recent.end_others(w)? } else { 0 };
        let (kind, mail) = match read {
            Some(_) => (Kind::PasswordChanged, MailKind::PasswordChanged),
            None => (Kind::PasswordSet, MailKind::PasswordSet),
        };
        let entry = Entry::new(kind, Actor::Person(person)).about(person).fact("sessions_ended", ended);
        audit::append(w, &entry.personal(Some(person), trace))?;
        notifications::tell(w, person, mail, &[], &context)?;
        Ok(Changed::Done { others_ended: end_others })
    })
    .await
}

async fn find(app: &App, recent: Reauthentication, caller: &Caller) -> Result<Found, Fault> {
    let (person, cookie) = (recent.person(), caller.device);
    app.read(move |w| {
        let device = match cookie {
            Some(cookie) => device::find(w, person, &cookie)?.map(|device| device.id),
            None => None,
        };
        Ok(Found { stored: password::find(w, person)?, device, profile: identity::profile(w, person)? })
    })
    .await
}

/// Words too close to the person and the service for a password (PW-05).
fn near<'a>(app: &'a App, profile: &'a Profile) -> Vec<&'a str> {
    let service = [app.settings.server.organisation.as_str(), app.settings.origin().host(), "vouchsafe"];
    let person = [Some(profile.name.as_str()), profile.username.as_deref(), profile.email.as_deref()];
    service.into_iter().chain(person.into_iter().flatten()).collect()
}

enum Current {
    Right,
    Wrong,
    Paused(Pause),
    Busy,
}

/// The present password, counted before it is looked at, under the same counts as signing in (TH-05, PW-09).
async fn check_current(
    app: &App,
    recent: Reauthentication,
    caller: &Caller,
    found: &Found,
    stored: &Stored,
    current: Option<Password>,
) -> Result<Current, Fault> {
    // Nothing typed is no guess.
    let Some(current) = current else { return Ok(Current::Wrong) };
    let person = recent.person();
    let subject = Subject { account: person.to_string(), known: true, typed: None, way: Way::Password, device: found.device };
    match throttle::admit(app, &subject, caller).await? {
        Admission::Go => {}
        Admission::Unseen => return Ok(Current::Wrong),
        Admission::Wait(pause) => {
            throttle::note_pause(app, &subject, caller, &pause, Some(person)).await?;
            return Ok(Current::Paused(pause));
        }
    }
    let (known, disable_after) = (found.device, app.settings.sign_in.disable_after);
    let counted = app
        .write(move |w| match known {
            Some(device) => device::count_try(w, device, Guessable::Password, disable_after),
            None => password::count_try(w, person, disable_after),
        })
        .await?;
    let HashOutcome::Done(right) = app.hasher.of(Class::Session).verify(current, stored.hash.clone()).await? else {
        throttle::not_looked_at(app, &subject, caller, Admission::Go).await?;
        app.write(move |w| match known {
            _ if !counted => Ok(()),
            Some(device) => device::uncount_try(w, device, Guessable::Password),
            None => password::uncount_try(w, person),
        })
        .await?;
        return Ok(Current::Busy);
    };
    if !counted || !right {
        throttle::failed(app).await?;
        let why = if counted { "wrong" } else { "switched_off" };
        let entry = Entry::new(Kind::SignInRefused, Actor::Person(person)).about(person).fact("way", "password").fact("why", why);
        let entry = entry.fact("at", "password_change").personal(Some(person), caller.audit_origin());
        let caller = caller.clone();
        app.write(move |w| {
            audit::append(w, &entry)?;
            notifications::many_failures(w, Some(person), &caller)
        })
        .await?;
        return Ok(Current::Wrong);
    }
    throttle::succeeded(app, &subject, caller).await?;
    app.write(move |w| match known {
        Some(device) => device::clear(w, device, Guessable::Password),
        None => password::clear_failures(w, person),
    })
    .await?;
    Ok(Current::Right)
}
