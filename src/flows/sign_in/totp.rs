//! The second step by an authenticator code.

use super::finish::{self, Signed};
use super::{Attempt, Step, enrolled, next_step, refused};
use crate::app::App;
use crate::domain::device;
use crate::domain::identity;
use crate::domain::totp::{self, Code, Verdict};
use crate::flows::throttle::{self, Admission, Pause, Subject};
use crate::flows::{Caller, revalidate};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::proof::{AuthEvent, Method};
use crate::platform::crypto::token::{SessionCookie, TokenHash};

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotpProblem {
    /// Nothing was typed.
    Missing,
    /// Not six digits.
    Malformed,
    /// Not right.
    Wrong,
    /// Used before.
    Used {
        /// Seconds until the next.
        next_in: u64,
    },
    /// The device's clock is behind by about this many seconds.
    ClockSlow {
        /// How far.
        seconds: u64,
    },
}

/// What became of a code.
#[derive(Debug)]
pub enum TotpOutcome {
    /// Right, and the sign-in is complete.
    Signed(Box<Signed>),
    /// Right, and another step follows.
    Advanced(Step),
    /// Not accepted; the attempt stands at this version now.
    Again(TotpProblem, u64),
    /// Every authenticator is switched off.
    Disabled,
    /// Too many tries.
    Paused(Pause),
    /// The page was old: another tab or click went on first.
    MovedOn,
}

/// Whether no code of this person is looked at any more in this browser. A known device has a budget of its own, which
/// strangers cannot use up (TH-06).
pub async fn codes_switched_off(app: &App, caller: &Caller, person: PersonId) -> Result<bool, Fault> {
    let (cookie, disable_after) = (caller.device, app.settings.sign_in.disable_after);
    app.read(move |w| {
        let authenticators = totp::list(w, person)?;
        if authenticators.is_empty() {
            return Ok(true);
        }
        let known = match cookie {
            Some(cookie) => device::find(w, person, &cookie)?,
            None => None,
        };
        match known {
            Some(device) => device::is_used_up(w, device.id, Method::Totp, disable_after),
            None => Ok(authenticators.iter().all(|totp| totp.failures >= disable_after)),
        }
    })
    .await
}

/// Checks a code for an attempt of this browser.
pub async fn submit(
    app: &App,
    caller: &Caller,
    mut attempt: Attempt,
    step: u64,
    typed: &str,
    present: Option<TokenHash<SessionCookie>>,
) -> Result<TotpOutcome, Fault> {
    if typed.trim().is_empty() {
        return Ok(TotpOutcome::Again(TotpProblem::Missing, attempt.version));
    }
    let Some(code) = Code::parse(typed) else { return Ok(TotpOutcome::Again(TotpProblem::Malformed, attempt.version)) };
    if !attempt.claim_step(app, step).await? {
        return Ok(TotpOutcome::MovedOn);
    }
    let person = attempt.person;
    let cookie = caller.device;
    let known = match cookie {
        Some(cookie) => app.read(move |w| device::find(w, person, &cookie)).await?.map(|device| device.id),
        None => None,
    };
    let subject = Subject { account: person.to_string(), known: true, typed: None, method: Method::Totp, device: known };
    match throttle::admit(app, &subject, caller).await? {
        Admission::Go => {}
        Admission::Unseen => return Ok(TotpOutcome::Again(TotpProblem::Wrong, attempt.version)),
        Admission::Wait(pause) => {
            throttle::note_pause(app, &subject, caller, &pause, Some(person)).await?;
            return Ok(TotpOutcome::Paused(pause));
        }
    }
    let skew = i64::from(app.settings.sign_in.totp_skew);
    let disable_after = app.settings.sign_in.disable_after;
    let event = AuthEvent { method: Method::Totp, at: app.now(), user_verified: false, synced: false };
    let mut with_code = attempt.events.clone();
    with_code.push(event);
    let plan = finish::plan(app, caller, &attempt, with_code.clone(), present);
    let need = attempt.need;
    let trail = caller.clone();
    // The code's step, the session and their record are one write: a code is never spent for nothing.
    let (verdict, opened, next) = app
        .write(move |w| {
            // Held first, so that whoever changes the account's ways meanwhile comes before or after this whole (SE-10).
            identity::hold(w, person)?;
            let limit = if known.is_some() { i32::MAX } else { disable_after };
            if let Some(device) = known
                && !device::count_try(w, device, Method::Totp, disable_after)?
            {
                refused(w, &trail, Some(person), Method::Totp, "switched_off")?;
                return Ok((Verdict::Disabled, None, Step::Totp));
            }
            let verdict = totp::verify(w, person, &code, skew, limit)?;
            let word = match verdict {
                Verdict::Accepted(_) => {
                    if let Some(device) = known {
                        device::clear(w, device, Method::Totp)?;
                    }
                    if !revalidate::still_hold(w, person, &with_code)? {
                        refused(w, &trail, Some(person), Method::Totp, "password_changed")?;
                        return Ok((verdict, None, Step::Done));
                    }
                    let next = next_step(&with_code, enrolled(w, person)?, &need);
                    let opened = if next == Step::Done { finish::carry_out(w, &plan)? } else { None };
                    return Ok((verdict, opened, next));
                }
                Verdict::Wrong { .. } => "wrong",
                Verdict::Replayed { .. } => "used",
                Verdict::Disabled => "switched_off",
                Verdict::NotEnrolled => "not_enrolled",
            };
            refused(w, &trail, Some(person), Method::Totp, word)?;
            Ok((verdict, None, Step::Totp))
        })
        .await?;
    if !matches!(verdict, Verdict::Accepted(_)) {
        throttle::failed(app).await?;
    }
    match verdict {
        Verdict::Accepted(_) => {
            attempt.events.push(AuthEvent { method: Method::Totp, at: app.now(), user_verified: false, synced: false });
            if next != Step::Done {
                throttle::succeeded(app, &subject, caller).await?;
                attempt.save(app).await?;
                return Ok(TotpOutcome::Advanced(next));
            }
            attempt.end(app, caller, Some(&subject)).await;
            Ok(opened.map_or(TotpOutcome::MovedOn, |signed| TotpOutcome::Signed(Box::new(signed))))
        }
        Verdict::Wrong { behind } => {
            let now = app.now().seconds() / totp::STEP;
            let drift = behind.map(|behind| (behind, now - behind));
            let same_drift = match (attempt.drift, drift) {
                (Some((before, step)), Some((behind, this))) => before == behind && step != this,
                _ => false,
            };
            attempt.drift = drift;
            attempt.save(app).await?;
            let seconds = u64::try_from(behind.unwrap_or(0) * totp::STEP).unwrap_or(0);
            let problem = if same_drift { TotpProblem::ClockSlow { seconds } } else { TotpProblem::Wrong };
            Ok(TotpOutcome::Again(problem, attempt.version))
        }
        Verdict::Replayed { next_in } => Ok(TotpOutcome::Again(TotpProblem::Used { next_in }, attempt.version)),
        Verdict::Disabled | Verdict::NotEnrolled => Ok(TotpOutcome::Disabled),
    }
}
