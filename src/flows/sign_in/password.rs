//! The first step by name and password.

use secrecy::SecretString;
use uuid::Uuid;

use super::{Attempt, Purpose, Step, enrolled, need, next_step, refused};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::device::{self, Guessable};
use crate::domain::identity::{self, PersonState};
use crate::domain::password as passwords;
use crate::domain::policy::Need;
use crate::flows::throttle::{self, Admission, Pause, Subject, Way};
use crate::flows::{After, Caller, notifications};
use crate::kernel::ids::{DeviceId, PersonId, UuidId};
use crate::kernel::proof::{AuthEvent, Method};
use crate::kernel::secret::Password;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::password_hash::{HashOutcome, needs_rehash};
use crate::platform::db::Work;

/// What became of a name and a password.
#[derive(Debug)]
pub enum PasswordOutcome {
    /// Right: go on with this attempt.
    Advanced(Box<Attempt>, Step),
    /// Wrong, unknown, switched off: nobody is told which (TH-08).
    Wrong,
    /// Too many tries.
    Paused(Pause),
    /// More sign-ins than can be checked: 503, come again in seconds (PW-12).
    Busy,
}

/// What the counts of a typed name are kept under: all that is read before it is known that there is no pause.
struct Found {
    person: Option<PersonId>,
    device: Option<DeviceId>,
    /// What was typed, as its digest.
    typed: Vec<u8>,
}

/// Checks a name and a password and begins an attempt. For a confirmation, only the session's own person counts.
pub async fn begin(
    app: &App,
    caller: &Caller,
    purpose: Purpose,
    after: After,
    asked: Need,
    name: &str,
    password: Option<Password>,
) -> Result<PasswordOutcome, Fault> {
    // The proof is as old as the hash it was checked against: a password changed meanwhile is another one.
    let event = AuthEvent { method: Method::Password, at: app.now(), user_verified: false, synced: false };
    let found = find(app, caller, name).await?;
    // Who confirms is signed in to the account and sees its pauses, like a known device.
    let name = data_encoding::HEXLOWER.encode(&found.typed);
    let account = found.person.map_or_else(|| name.clone(), |person| person.to_string());
    let typed = matches!(purpose, Purpose::SignIn).then_some(name);
    let subject = Subject { account, known: found.person.is_some(), typed, way: Way::Password, device: found.device };
    let admitted = throttle::admit(app, &subject, caller).await?;
    if let Admission::Wait(pause) = admitted {
        throttle::note_pause(app, &subject, caller, &pause, found.person).await?;
        return Ok(PasswordOutcome::Paused(pause));
    }
    let seen = admitted == Admission::Go;
    let whose = found.person.unwrap_or_else(nobody);
    let stored = app.read(move |w| passwords::find(w, whose)).await?;
    let disable_after = app.settings.sign_in.disable_after;
    let (person, has_password, known) = (found.person, stored.is_some(), found.device);
    let slot = found.typed.first().copied().unwrap_or(0);
    // Unknown names, accounts without a password, switched-off and paused ones cost the same write and the same hash as
    // everybody else (TH-08).
    let counted = app
        .write(move |w| {
            let counted = match (person, has_password && seen, known) {
                (Some(_), true, Some(device)) => device::count_try(w, device, Guessable::Password, disable_after)?,
                (Some(person), true, None) => passwords::count_try(w, person, disable_after)?,
                _ => false,
            };
            if !counted {
                passwords::count_idle_try(w, slot)?;
            }
            Ok(counted)
        })
        .await?;
    let hash: SecretString = stored.as_ref().filter(|_| counted).map_or_else(|| app.decoy(), |stored| stored.hash.clone());
    // No password, or one no account can have (too long), is checked as a wrong one is.
    let typed = password.clone().or_else(|| Password::parse("\u{0}"));
    let right = match typed {
        Some(typed) => match app.hasher.of(subject.class()).verify(typed, hash).await? {
            HashOutcome::Done(right) => right,
            HashOutcome::Busy => {
                throttle::not_looked_at(app, &subject, caller, admitted).await?;
                if let (Some(person), true) = (person, counted) {
                    app.write(move |w| uncount(w, person, known)).await?;
                }
                return Ok(PasswordOutcome::Busy);
            }
        },
        None => false,
    };
    let (Some(person), Some(stored), true, true) = (found.person, stored, counted, right) else {
        throttle::failed(app).await?;
        let (caller, person) = (caller.clone(), found.person);
        let reason = match (person, counted, right) {
            (None, ..) => "unknown_name",
            (Some(_), false, _) if !has_password => "no_password",
            (Some(_), false, _) if !seen => "paused",
            (Some(_), false, _) => "switched_off",
            _ => "wrong",
        };
        app.write(move |w| refused(w, &caller, person, "password", reason)).await?;
        return Ok(PasswordOutcome::Wrong);
    };
    throttle::succeeded(app, &subject, caller).await?;
    let (enrolled, need) = app.read(move |w| Ok((enrolled(w, person)?, need(w, person, asked)?))).await?;
    let step = next_step(std::slice::from_ref(&event), enrolled, &need);
    let begins = matches!(purpose, Purpose::SignIn);
    let trail = caller.clone();
    app.write(move |w| {
        match known {
            Some(device) => device::clear(w, device, Guessable::Password)?,
            None => passwords::clear_failures(w, person)?,
        }
        if begins { begun(w, &trail, person) } else { Ok(()) }
    })
    .await?;
    if let Some(password) = password {
        rehash(app, person, &stored, password).await?;
    }
    let attempt = Attempt::begin(app, caller, purpose, after, need, person, event).await?;
    Ok(PasswordOutcome::Advanced(Box::new(attempt), step))
}

/// Whose password is looked for when nobody has the name.
fn nobody() -> PersonId {
    PersonId::from_uuid(Uuid::nil())
}

/// Asks the same of the database whether or not somebody has the name: a pause answers at once and as often as one likes,
/// so its time would tell (TH-08).
async fn find(app: &App, caller: &Caller, name: &str) -> Result<Found, Fault> {
    let (name, cookie) = (name.to_owned(), caller.device);
    app.read(move |w| {
        let typed = identity::login_digest(w, &name)?.unwrap_or_default().to_vec();
        let person = identity::find_by_login_name(w, &name)?.filter(|person| person.state == PersonState::Active);
        let person = person.map(|person| person.id);
        let device = match cookie {
            Some(cookie) => device::find(w, person.unwrap_or_else(nobody), &cookie)?.map(|device| device.id),
            None => None,
        };
        Ok(Found { person, device, typed })
    })
    .await
}

/// Writes down that the password was right; unless the rest follows soon, its owner is told (TH-13).
fn begun(w: &mut Work<'_>, caller: &Caller, person: PersonId) -> Result<(), Fault> {
    let entry = Entry::new(Kind::SignInBegun, Actor::Person(person)).about(person).fact("way", "password");
    audit::append(w, &entry.personal(Some(person), caller.audit_origin()))?;
    notifications::first_factor_right(w, person, caller)
}

/// Takes back what was counted for a guess that was not looked at.
fn uncount(w: &mut Work<'_>, person: PersonId, known: Option<DeviceId>) -> Result<(), Fault> {
    match known {
        Some(device) => device::uncount_try(w, device, Guessable::Password),
        None => passwords::uncount_try(w, person),
    }
}

/// Keeps a right password at the cost in force (PW-10), unless it was changed meanwhile. Being busy is no reason to fail.
async fn rehash(app: &App, person: PersonId, stored: &passwords::Stored, password: Password) -> Result<(), Fault> {
    let cost = app.hash_cost();
    if !needs_rehash(&stored.hash, cost) {
        return Ok(());
    }
    let read: Timestamp = stored.changed_at;
    if let HashOutcome::Done(hash) = app.hasher.hash(password, cost, app.entropy.bytes()).await? {
        app.write(move |w| passwords::rehashed(w, person, read, &hash)).await?;
    }
    Ok(())
}
