//! The second step by a typed code, whichever method it is of: the step of the attempt is claimed, the guess made, and what
//! follows from a right one is written with it.

use super::enter::{self, Entrance};
use super::guess::{self, GuessMethod, GuessTarget, Guessed};
use super::{Attempt, SignInStep, Signed, State, enrolled, next_step};
use crate::app::App;
use crate::flows::Caller;
use crate::flows::throttle::Pause;
use crate::kernel::proof::AuthEvent;
use crate::kernel::{Fault, Timestamp};

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeProblem {
    /// Nothing was typed.
    Missing,
    /// Not of the form such codes have.
    Malformed,
    /// Not right.
    Wrong,
    /// Right once, and used before.
    Used {
        /// Seconds until there is another one; `None` for a code from a list.
        next_in: Option<u64>,
    },
    /// The authenticator's clock is behind by about this many seconds.
    ClockSlow {
        /// How far.
        seconds: u64,
    },
}

/// The outcome of a typed code.
#[derive(Debug)]
pub enum CodeOutcome {
    /// Right, and the sign-in is complete.
    Signed(Box<Signed>),
    /// Right, and another step follows.
    Advanced(SignInStep),
    /// Not accepted; the attempt is at this version now.
    Again(CodeProblem, u64),
    /// Codes of this kind are switched off, or do not help here.
    Disabled,
    /// Too many tries.
    Paused(Pause),
    /// The page was old: another tab or click went on first.
    MovedOn,
    /// More than can be verified: 503, to be tried again in seconds (PW-12).
    Busy,
}

/// A check of a typed code.
pub(super) trait CodeCheck: GuessMethod {
    /// What the person is told; an attempt remembers what helps to tell it.
    fn problem(refused: Self::Refused, attempt: &mut Attempt, now: Timestamp) -> CodeProblem;
}

/// Takes a code for an attempt of this browser, on the page of version `step`.
pub(super) async fn submit<C: CodeCheck>(
    app: &App,
    caller: &Caller,
    mut attempt: Attempt,
    step: u64,
    check: C,
) -> Result<CodeOutcome, Fault> {
    if !attempt.claim_step(app, step).await? {
        return Ok(CodeOutcome::MovedOn);
    }
    let event = AuthEvent { method: C::METHOD, at: app.now(), user_verified: false, synced: false };
    let target = GuessTarget::identified(app, caller, attempt.person, attempt.events.clone()).await?;
    attempt.events.push(event);
    let proved = attempt.events.clone();
    let entrance = Entrance::prepare(app, caller);
    let (person, need, purpose) = (attempt.person, attempt.need, attempt.purpose.clone());
    let guessed = guess::guess(app, caller, target, check, move |w, _| {
        let next = next_step(&proved, enrolled(w, person)?, &need);
        let entered = if next == SignInStep::Done { enter::enter(w, &entrance, person, &proved, &purpose)? } else { None };
        Ok((next, entered))
    });
    match guessed.await? {
        Guessed::Right((SignInStep::Done, entered)) => {
            attempt.end(app).await;
            Ok(entered.map_or(CodeOutcome::MovedOn, |entered| CodeOutcome::Signed(Box::new(attempt.signed(entered)))))
        }
        Guessed::Right((next, _)) => {
            attempt.save(app).await?;
            Ok(CodeOutcome::Advanced(next))
        }
        Guessed::Wrong(refused) => {
            attempt.events.pop();
            let problem = C::problem(refused, &mut attempt, app.now());
            attempt.save(app).await?;
            Ok(CodeOutcome::Again(problem, attempt.version))
        }
        Guessed::Lapsed => {
            attempt.state = State::Finished;
            attempt.save(app).await?;
            Ok(CodeOutcome::MovedOn)
        }
        Guessed::NotVerified => Ok(CodeOutcome::Disabled),
        Guessed::Paused(pause) => Ok(CodeOutcome::Paused(pause)),
        Guessed::Busy => Ok(CodeOutcome::Busy),
    }
}
