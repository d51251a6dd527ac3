//! The steps that are forms: which way, the password, the authenticator's first code.

use super::attempt::{Enrolment, EnrolmentStep, Phc};
use super::enrollee::Enrollee;
use super::finish::{Ended, NewFactors, finish};
use crate::app::App;
use crate::domain::password::rules::{self, PasswordProblem};
use crate::domain::totp::{self, FirstCode, Seed, TotpCode};
use crate::flows::Caller;
use crate::flows::spaces::{ENROLMENT_CODES, ENROLMENT_PASSWORDS};
use crate::kernel::proof::Method;
use crate::kernel::secret::Password;
use crate::kernel::text::DeviceName;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::password_hash::{Class, HashOutcome};

/// Passwords hashed for one link in ten minutes, whatever number of tabs it is open in. Anyone who holds it corrects a slip;
/// more is someone keeping everybody else from signing in (PW-12).
const MOST_PASSWORDS: u64 = 10;
/// Wrong first codes let through for one enrolment in ten minutes; more are guesses or a broken clock.
const MOST_CODES: u64 = 20;

/// The result of a form.
pub enum Moved {
    /// Go on there.
    To(String),
    /// That way is not open to this account.
    NotAllowed,
}

/// The result of a password.
pub enum PasswordGiven {
    /// Taken; go on there.
    To(String),
    /// Refused.
    Refused(PasswordProblem),
    /// Too many are being hashed.
    Busy,
    /// Too many were given.
    Wait(Timestamp),
}

/// The result of a first code.
pub enum Coded {
    /// All done.
    Ended(Ended),
    /// Another tab or a second click was faster; go on there.
    To(String),
    /// Not a code of this authenticator.
    Wrong,
    /// The device's clock is off by so many seconds; negative when behind.
    ClockOff(i64),
    /// Too many wrong ones.
    Wait(Timestamp),
}

/// Whether a form was filled in on the state that is there. If not, a used form leads to where its first use led.
fn current(enrolment: &Enrolment, step: u64, page: EnrolmentStep) -> bool {
    enrolment.step_number() == step && enrolment.allows(page)
}

/// Chooses a method.
///
/// # Errors
/// When the short-lived store is away.
pub async fn choose(app: &App, mut enrolment: Enrolment, step: u64, method: Method) -> Result<Moved, Fault> {
    if !current(&enrolment, step, EnrolmentStep::Method) {
        return Ok(Moved::To(enrolment.address()));
    }
    let fits = match (&enrolment.standing, method) {
        (Enrollee::New(_) | Enrollee::LinkHolder(_), Method::Totp) | (Enrollee::AccountHolder(_), Method::Password) => false,
        (Enrollee::AccountHolder(known), Method::Totp) => known.code_would_do,
        (_, Method::RecoveryCode) => false,
        (_, Method::Passkey | Method::Password) => true,
    };
    if !fits {
        return Ok(Moved::NotAllowed);
    }
    if enrolment.chosen != Some(method) {
        enrolment.password = None;
        enrolment.seed = (method == Method::Totp).then(|| Seed::make(&*app.entropy));
    }
    enrolment.chosen = Some(method);
    settle(app, enrolment).await.map(Moved::To)
}

/// Stores the new state; the person who lost the race is led to the winner's.
async fn settle(app: &App, enrolment: Enrolment) -> Result<String, Fault> {
    let (id, here) = (enrolment.id, enrolment.address());
    if let Some(moved) = enrolment.advance(app).await? {
        return Ok(moved.address());
    }
    Ok(app.ephemeral.get(&super::attempt::key(id)).await?.map_or(here, |winner| winner.address()))
}

/// Takes a password and keeps its hash. The password itself goes nowhere (PW-14).
///
/// # Errors
/// When something we need is away.
pub async fn give_password(app: &App, mut enrolment: Enrolment, step: u64, password: Password) -> Result<PasswordGiven, Fault> {
    if !current(&enrolment, step, EnrolmentStep::Password) {
        return Ok(PasswordGiven::To(enrolment.address()));
    }
    let mut near =
        vec![enrolment.name(), enrolment.login(), app.settings.server.organisation.as_str(), app.settings.origin().host(), "vouchsafe"];
    let ticket = match &enrolment.standing {
        Enrollee::New(newcomer) => {
            near.push(&newcomer.email);
            newcomer.ticket
        }
        Enrollee::LinkHolder(guest) => {
            near.push(&guest.email);
            guest.ticket
        }
        Enrollee::AccountHolder(_) => return Ok(PasswordGiven::To(enrolment.address())),
    };
    if let Err(problem) = rules::check(&password, &near, app.settings.password.minimum) {
        return Ok(PasswordGiven::Refused(problem));
    }
    let (given, until) = app.ephemeral.bump(&ENROLMENT_PASSWORDS.key(ticket)).await?;
    if given > MOST_PASSWORDS {
        return Ok(PasswordGiven::Wait(until));
    }
    let hasher = app.hasher.of(Class::KnownDevice);
    let HashOutcome::Done(hash) = hasher.hash(password, app.hash_cost(), app.entropy.bytes()).await? else {
        app.ephemeral.lower(&ENROLMENT_PASSWORDS.key(ticket)).await?;
        return Ok(PasswordGiven::Busy);
    };
    enrolment.password = Some(Phc(hash));
    enrolment.seed.get_or_insert_with(|| Seed::make(&*app.entropy));
    settle(app, enrolment).await.map(PasswordGiven::To)
}

/// Takes the first code of the new authenticator; with the right one the enrolment ends (OT-05).
///
/// # Errors
/// When something we need is away.
pub async fn give_code(
    app: &App,
    caller: &Caller,
    enrolment: Enrolment,
    step: u64,
    label: DeviceName,
    code: &TotpCode,
) -> Result<Coded, Fault> {
    if !current(&enrolment, step, EnrolmentStep::Totp) {
        return Ok(Coded::To(enrolment.address()));
    }
    let Some(seed) = enrolment.seed.clone() else { return Ok(Coded::To(enrolment.address())) };
    let (tries, until) = app.ephemeral.bump(&ENROLMENT_CODES.key(enrolment.id)).await?;
    if tries > MOST_CODES {
        return Ok(Coded::Wait(until));
    }
    match totp::check_enrolment(&seed, code, app.now(), app.settings.sign_in.totp_skew.into()) {
        FirstCode::Wrong => Ok(Coded::Wrong),
        FirstCode::ClockOff { seconds } => Ok(Coded::ClockOff(seconds)),
        FirstCode::Matches { step } => {
            let password = enrolment.password.clone().map(|phc| phc.0);
            let factor = NewFactors::Codes { password, label, seed, step };
            finish(app, caller, enrolment, factor).await.map(Coded::Ended)
        }
    }
}
