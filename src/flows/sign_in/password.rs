//! The first step by name and password, and the check of a password wherever else it is asked for.

use data_encoding::HEXLOWER;
use uuid::Uuid;

use super::guess::{self, GuessMethod, GuessTarget, Guessed, Settlement};
use super::{Attempt, Begin, EntryPurpose, SignInStep, enrolled, need, next_step};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::identity::{self, PersonState};
use crate::domain::password::{self as passwords, StoredPassword};
use crate::flows::throttle::Pause;
use crate::flows::{Caller, notifications};
use crate::kernel::Fault;
use crate::kernel::ids::{DeviceId, PersonId, UuidId};
use crate::kernel::proof::{AuthEvent, Method};
use crate::kernel::secret::Password;
use crate::platform::crypto::password_hash::{HashOutcome, needs_rehash};
use crate::platform::db::Work;

/// The outcome of a name and a password.
#[derive(Debug)]
pub enum PasswordOutcome {
    /// Right: go on with this attempt.
    Advanced(Box<Attempt>, SignInStep),
    /// Wrong, unknown, switched off: nobody is told which (TH-08).
    Wrong,
    /// Too many tries.
    Paused(Pause),
    /// More sign-ins than can be verified: 503, to be tried again in seconds (PW-12).
    Busy,
}

/// A guess at a password.
#[derive(Clone)]
pub(crate) struct PasswordCheck {
    /// What was typed; `None` for what no account can have, which is checked as a wrong one is.
    pub typed: Option<Password>,
    /// Spreads the writes that count nothing.
    pub slot: u8,
}

impl GuessMethod for PasswordCheck {
    const METHOD: Method = Method::Password;
    type Reference = StoredPassword;
    type Verified = Option<StoredPassword>;
    type Accepted = StoredPassword;
    type Refused = ();

    fn find(&self, w: &mut Work<'_>, person: PersonId) -> Result<Option<StoredPassword>, Fault> {
        passwords::find(w, person)
    }
    fn count(&self, w: &mut Work<'_>, person: PersonId, found: StoredPassword, limit: i32) -> Result<Option<StoredPassword>, Fault> {
        Ok(passwords::count_try(w, person, limit)?.then_some(found))
    }
    fn count_idle(&self, w: &mut Work<'_>) -> Result<(), Fault> {
        passwords::count_idle_try(w, self.slot)
    }
    fn uncount(&self, w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
        passwords::uncount_try(w, person)
    }
    fn clear(&self, w: &mut Work<'_>, person: PersonId, _: &StoredPassword) -> Result<(), Fault> {
        passwords::clear_failures(w, person)
    }
    async fn verify(
        &self,
        app: &App,
        target: &GuessTarget,
        reference: Option<StoredPassword>,
    ) -> Result<Option<Option<StoredPassword>>, Fault> {
        let hash = reference.as_ref().map_or_else(|| app.decoy(), |stored| stored.hash.clone());
        let Some(typed) = self.typed.clone().or_else(|| Password::parse("\u{0}")) else { return Ok(Some(None)) };
        Ok(match app.hasher.of(target.class()).verify(typed, hash).await? {
            HashOutcome::Done(right) => Some(reference.filter(|_| right && self.typed.is_some())),
            HashOutcome::Busy => None,
        })
    }
    fn settle(&self, _: &mut Work<'_>, _: PersonId, verified: Option<StoredPassword>) -> Result<Settlement<Self>, Fault> {
        Ok(verified.map_or(Settlement::Refused((), "wrong"), Settlement::Accepted))
    }
}

/// Checks a name and a password and begins an attempt. To prove it again, only the session's own person counts.
pub async fn begin(app: &App, caller: &Caller, begin: Begin, name: &str, typed: Option<Password>) -> Result<PasswordOutcome, Fault> {
    // The proof is as old as the hash it is checked against: a password changed meanwhile is another one.
    let event = AuthEvent { method: Method::Password, at: app.now(), user_verified: false, synced: false };
    let signs_in = matches!(begin.purpose, EntryPurpose::SignIn { .. });
    let FoundName { person, device, digest } = find(app, caller, name).await?;
    // Who proves it again is signed in to the account and sees its pauses, like a known device.
    let name = (signs_in || person.is_none()).then(|| HEXLOWER.encode(&digest));
    let target = GuessTarget { person, device, name, proved: Vec::new(), page: None };
    let check = PasswordCheck { typed: typed.clone(), slot: digest.first().copied().unwrap_or(0) };
    let (person, asked, origin) = (person.unwrap_or_else(nobody), begin.need, caller.clone());
    let guessed = guess::guess(app, caller, target, check, move |w, stored| {
        if signs_in {
            begun(w, &origin, person)?;
        }
        Ok((stored, enrolled(w, person)?, need(w, person, asked)?))
    });
    let (stored, enrolled, need) = match guessed.await? {
        Guessed::Right(right) => right,
        Guessed::Wrong(()) | Guessed::NotVerified | Guessed::Lapsed => return Ok(PasswordOutcome::Wrong),
        Guessed::Paused(pause) => return Ok(PasswordOutcome::Paused(pause)),
        Guessed::Busy => return Ok(PasswordOutcome::Busy),
    };
    if let Some(password) = typed {
        rehash(app, person, &stored, password).await?;
    }
    let step = next_step(std::slice::from_ref(&event), enrolled, &need);
    let attempt = Attempt::begin(app, caller, Begin { need, ..begin }, person, event).await?;
    Ok(PasswordOutcome::Advanced(Box::new(attempt), step))
}

/// All that is read of a name before it is known that there is no pause.
struct FoundName {
    person: Option<PersonId>,
    device: Option<DeviceId>,
    digest: Vec<u8>,
}

/// Whose password is looked for when nobody has the name.
fn nobody() -> PersonId {
    PersonId::from_uuid(Uuid::nil())
}

/// Asks the same of the database whether or not someone has the name: a pause is answered immediately and as often as one
/// likes, so its time would tell (TH-08).
async fn find(app: &App, caller: &Caller, name: &str) -> Result<FoundName, Fault> {
    let (name, cookie) = (name.to_owned(), caller.device);
    app.read(move |w| {
        let digest = identity::login_digest(w, &name)?.unwrap_or_default().to_vec();
        let person = identity::find_by_login_name(w, &name)?.filter(|person| person.state == PersonState::Active);
        let person = person.map(|person| person.id);
        let device = guess::known_device(w, person.unwrap_or_else(nobody), cookie.as_ref())?;
        Ok(FoundName { person, device, digest })
    })
    .await
}

/// Records that the password was right; unless the rest follows soon, its owner is told (TH-13).
fn begun(w: &mut Work<'_>, caller: &Caller, person: PersonId) -> Result<(), Fault> {
    let entry = Entry::new(Kind::SignInBegun, Actor::Person(person)).about(person).fact("method", Method::Password.as_str());
    audit::append(w, &entry.personal(Some(person), caller.audit_origin()))?;
    notifications::first_factor_right(w, person, caller)
}

/// Keeps a right password at the cost in force (PW-10), unless it was changed meanwhile. Being busy is no reason to fail.
async fn rehash(app: &App, person: PersonId, stored: &StoredPassword, password: Password) -> Result<(), Fault> {
    let cost = app.hash_cost();
    if !needs_rehash(&stored.hash, cost) {
        return Ok(());
    }
    let read = stored.changed_at;
    if let HashOutcome::Done(hash) = app.hasher.hash(password, cost, app.entropy.bytes()).await? {
        app.write(move |w| passwords::rehashed(w, person, read, &hash)).await?;
    }
    Ok(())
}
