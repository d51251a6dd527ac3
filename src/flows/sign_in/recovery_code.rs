//! The second step by a recovery code, for whoever has nothing else at hand. It comes after the password only, is
//! counted and slowed down like every guess, and works once (OT-10).

use super::attempt::State;
use super::finish::{self, Plan, Signed};
use super::{Attempt, Step, enrolled, next_step, recovery_helps, refused};
use crate::app::App;
use crate::domain::access;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::device::{self, Guessable};
use crate::domain::identity::{self, PersonState};
use crate::domain::outbox::MailKind;
use crate::domain::recovery::{self, Code, Hashing, Verdict};
use crate::flows::notifications::{self, EventContext};
use crate::flows::throttle::{self, Admission, Pause, Subject, Way};
use crate::flows::{Caller, revalidate};
use crate::kernel::Fault;
use crate::kernel::ids::{DeviceId, PersonId};
use crate::kernel::proof::{AuthEvent, Method};
use crate::platform::crypto::password_hash::{HashOutcome, SecretHash};
use crate::platform::crypto::token::{SessionCookie, TokenHash};
use crate::platform::db::Work;

/// What is wrong with a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryProblem {
    /// Nothing was typed.
    Missing,
    /// Not sixteen letters and digits.
    Malformed,
    /// None of this person's.
    Wrong,
    /// Used before.
    Used,
}

/// What became of a recovery code.
#[derive(Debug)]
pub enum RecoveryOutcome {
    /// Right, and the sign-in is complete.
    Signed(Box<Signed>),
    /// Right, and another step follows.
    Advanced(Step),
    /// Not accepted; the attempt stands at this version now.
    Again(RecoveryProblem, u64),
    /// The codes are switched off, or a recovery code does not help here.
    Disabled,
    /// Too many tries.
    Paused(Pause),
    /// The page was old: another tab or click went on first.
    MovedOn,
    /// More than can be checked: 503, come again in seconds (PW-12).
    Busy,
}

/// Whether no recovery code of this person is looked at any more in this browser (TH-01, TH-06).
pub async fn recovery_switched_off(app: &App, caller: &Caller, person: PersonId) -> Result<bool, Fault> {
    let (cookie, disable_after) = (caller.device, app.settings.sign_in.disable_after);
    app.read(move |w| {
        let Some(status) = recovery::status(w, person)? else { return Ok(true) };
        let known = match cookie {
            Some(cookie) => device::find(w, person, &cookie)?,
            None => None,
        };
        match known {
            Some(device) => device::is_used_up(w, device.id, Guessable::Recovery, disable_after),
            None => Ok(status.failures >= disable_after),
        }
    })
    .await
}

/// Checks a recovery code for an attempt of this browser.
pub async fn submit(
    app: &App,
    caller: &Caller,
    mut attempt: Attempt,
    step: u64,
    typed: &str,
    present: Option<TokenHash<SessionCookie>>,
) -> Result<RecoveryOutcome, Fault> {
    if typed.trim().is_empty() {
        return Ok(RecoveryOutcome::Again(RecoveryProblem::Missing, attempt.version));
    }
    let Some(code) = Code::parse(typed) else { return Ok(RecoveryOutcome::Again(RecoveryProblem::Malformed, attempt.version)) };
    let person = attempt.person;
    let (proved, need, cookie) = (attempt.events.clone(), attempt.need, caller.device);
    let (helps, known) = app
        .read(move |w| {
            let known = match cookie {
                Some(cookie) => device::find(w, person, &cookie)?.map(|device| device.id),
                None => None,
            };
            Ok((recovery_helps(&proved, enrolled(w, person)?, &need), known))
        })
        .await?;
    if !helps {
        return Ok(RecoveryOutcome::Disabled);
    }
    if !attempt.claim_step(app, step).await? {
        return Ok(RecoveryOutcome::MovedOn);
    }
    let subject = Subject { account: person.to_string(), known: true, typed: None, way: Way::Recovery, device: known };
    match throttle::admit(app, &subject, caller).await? {
        Admission::Go => {}
        Admission::Unseen => return Ok(RecoveryOutcome::Busy),
        Admission::Wait(pause) => {
            throttle::note_pause(app, &subject, caller, &pause, Some(person)).await?;
            return Ok(RecoveryOutcome::Paused(pause));
        }
    }
    let Some(hashing) = count(app, caller, person, known).await? else {
        throttle::failed(app).await?;
        return Ok(RecoveryOutcome::Disabled);
    };
    let secrets = vec![code.secret().clone()];
    let HashOutcome::Done(hashes) = app.hasher.of(subject.class()).derive(secrets, hashing.cost, hashing.salt).await? else {
        throttle::not_looked_at(app, &subject, caller, Admission::Go).await?;
        app.write(move |w| uncount(w, person, known)).await?;
        return Ok(RecoveryOutcome::Busy);
    };
    let hash = hashes.into_iter().next().ok_or_else(|| Fault::internal("a hash was asked for and none was made"))?;
    let event = AuthEvent { method: Method::Recovery, at: app.now(), user_verified: false, synced: false };
    attempt.events.push(event);
    let guess = Guess {
        hash,
        known,
        with_code: attempt.events.clone(),
        plan: finish::plan(app, caller, &attempt, attempt.events.clone(), present),
        need: attempt.need,
        trail: caller.clone(),
    };
    match app.write(move |w| spend(w, person, &guess)).await? {
        Spent::Accepted(opened, next) => {
            if next != Step::Done {
                throttle::succeeded(app, &subject, caller).await?;
                attempt.save(app).await?;
                return Ok(RecoveryOutcome::Advanced(next));
            }
            attempt.end(app, caller, Some(&subject)).await;
            Ok(opened.map_or(RecoveryOutcome::MovedOn, |signed| RecoveryOutcome::Signed(Box::new(signed))))
        }
        Spent::Stale => {
            attempt.state = State::Finished;
            attempt.save(app).await?;
            Ok(RecoveryOutcome::MovedOn)
        }
        Spent::Refused(verdict) => {
            throttle::failed(app).await?;
            let problem = if verdict == Verdict::Used { RecoveryProblem::Used } else { RecoveryProblem::Wrong };
            Ok(RecoveryOutcome::Again(problem, attempt.version))
        }
    }
}

/// Counts a try before it is looked at, and says how it is to be hashed. `None` when it is not looked at.
async fn count(app: &App, caller: &Caller, person: PersonId, known: Option<DeviceId>) -> Result<Option<Hashing>, Fault> {
    let (trail, disable_after) = (caller.clone(), app.settings.sign_in.disable_after);
    app.write(move |w| {
        let counted = match known {
            Some(device) => device::count_try(w, device, Guessable::Recovery, disable_after)?,
            None => recovery::count_try(w, person, disable_after)?,
        };
        let hashing = recovery::hashing(w, person)?;
        if counted && hashing.is_some() {
            return Ok(hashing);
        }
        let word = if hashing.is_some() { "switched_off" } else { "not_enrolled" };
        refused(w, &trail, Some(person), Method::Recovery.as_str(), word)?;
        Ok(None)
    })
    .await
}

fn uncount(w: &mut Work<'_>, person: PersonId, known: Option<DeviceId>) -> Result<(), Fault> {
    match known {
        Some(device) => device::uncount_try(w, device, Guessable::Recovery),
        None => recovery::uncount_try(w, person),
    }
}

/// A hashed guess and what follows from a right one.
struct Guess {
    hash: SecretHash,
    known: Option<DeviceId>,
    with_code: Vec<AuthEvent>,
    plan: Plan,
    need: crate::domain::policy::Need,
    trail: Caller,
}

/// Who can put new ways to sign in onto an account that was entered by a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Helper {
    /// Its person.
    Oneself,
    /// Another administrator: for whoever has a role a code is no proof for that (EN-15).
    Administrator,
    /// Nobody but whoever has the host: there is no other owner.
    Host,
}

/// Who helps a person after a recovery code.
pub fn helper(w: &mut Work<'_>, person: PersonId) -> Result<Helper, Fault> {
    if access::roles(w, person)?.is_empty() {
        return Ok(Helper::Oneself);
    }
    for owner in access::owners(w)?.into_iter().filter(|owner| *owner != person) {
        if identity::find(w, owner)?.is_some_and(|owner| owner.state == PersonState::Active) {
            return Ok(Helper::Administrator);
        }
    }
    Ok(Helper::Host)
}

/// What became of a guess.
enum Spent {
    /// Not a code that works; nothing changed.
    Refused(Verdict),
    /// What was proved before does not hold any more: the code was not looked at.
    Stale,
    /// Spent, for a session or on the way to one.
    Accepted(Option<Signed>, Step),
}

/// The code, the session and their record are one write: a code is never spent for nothing.
fn spend(w: &mut Work<'_>, person: PersonId, guess: &Guess) -> Result<Spent, Fault> {
    // Held, so that of two codes spent at once the second counts what the first left.
    let active = identity::hold(w, person)? == Some(PersonState::Active);
    if !active || !revalidate::still_hold(w, person, &guess.with_code)? {
        let word = if active { "password_changed" } else { "switched_off" };
        refused(w, &guess.trail, Some(person), Method::Recovery.as_str(), word)?;
        return Ok(Spent::Stale);
    }
    let verdict = recovery::claim(w, person, &guess.hash)?;
    let Verdict::Accepted { left } = verdict else {
        let word = if verdict == Verdict::Used { "used" } else { "wrong" };
        refused(w, &guess.trail, Some(person), Method::Recovery.as_str(), word)?;
        return Ok(Spent::Refused(verdict));
    };
    if let Some(device) = guess.known {
        device::clear(w, device, Guessable::Recovery)?;
    }
    let entry = Entry::new(Kind::RecoveryCodeUsed, Actor::Person(person)).about(person).fact("left", left);
    audit::append(w, &entry.personal(Some(person), guess.trail.audit_origin()))?;
    let facts = [("left", left.to_string())];
    notifications::tell(w, person, MailKind::RecoveryCodeUsed, &facts, &EventContext::of(&guess.trail))?;
    // Said once for each set: every code that is spent comes by here, one after the other.
    if left == recovery::FEW {
        notifications::tell(w, person, MailKind::RecoveryCodesFew, &facts, &EventContext::of(&guess.trail))?;
    }
    let next = next_step(&guess.with_code, enrolled(w, person)?, &guess.need);
    let opened = if next == Step::Done { finish::carry_out(w, &guess.plan)? } else { None };
    Ok(Spent::Accepted(opened, next))
}
