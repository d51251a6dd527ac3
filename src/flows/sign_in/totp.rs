//! The second step by a code of an authenticator.

use super::Attempt;
use super::guess::{GuessMethod, GuessTarget, Settlement};
use super::second_step::{self, CodeCheck, CodeOutcome, CodeProblem};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::totp::{self, STEP, TotpCode, TotpVerdict};
use crate::flows::Caller;
use crate::kernel::ids::{PersonId, TotpId};
use crate::kernel::proof::Method;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// Takes a code for an attempt of this browser.
pub async fn submit(app: &App, caller: &Caller, attempt: Attempt, step: u64, typed: &str) -> Result<CodeOutcome, Fault> {
    if typed.trim().is_empty() {
        return Ok(CodeOutcome::Again(CodeProblem::Missing, attempt.version));
    }
    let Some(code) = TotpCode::parse(typed) else { return Ok(CodeOutcome::Again(CodeProblem::Malformed, attempt.version)) };
    let check = TotpCheck { code, skew: app.settings.sign_in.totp_skew.into(), caller: caller.clone() };
    second_step::submit(app, caller, attempt, step, check).await
}

#[derive(Clone)]
struct TotpCheck {
    code: TotpCode,
    skew: i64,
    caller: Caller,
}

impl GuessMethod for TotpCheck {
    const METHOD: Method = Method::Totp;
    /// The authenticators that may still be compared with.
    type Reference = Vec<TotpId>;
    type Verified = Vec<TotpId>;
    /// Those that the code was not of.
    type Accepted = Vec<TotpId>;
    type Refused = TotpVerdict;

    fn find(&self, w: &mut Work<'_>, person: PersonId) -> Result<Option<Vec<TotpId>>, Fault> {
        let ids = totp::ids(w, person)?;
        Ok((!ids.is_empty()).then_some(ids))
    }
    fn count(&self, w: &mut Work<'_>, _: PersonId, found: Vec<TotpId>, limit: i32) -> Result<Option<Vec<TotpId>>, Fault> {
        let counted = totp::count_try(w, &found, limit)?;
        Ok((!counted.is_empty()).then_some(counted))
    }
    fn uncount(&self, w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
        let ids = totp::ids(w, person)?;
        totp::uncount_try(w, &ids)
    }
    /// The code was for one: the tries it cost the person's other authenticators were no failures (TH-02).
    fn clear(&self, w: &mut Work<'_>, _: PersonId, others: &Vec<TotpId>) -> Result<(), Fault> {
        totp::uncount_try(w, others)
    }
    async fn verify(&self, _: &App, _: &GuessTarget, reference: Option<Vec<TotpId>>) -> Result<Option<Vec<TotpId>>, Fault> {
        Ok(Some(reference.unwrap_or_default()))
    }
    fn settle(&self, w: &mut Work<'_>, person: PersonId, mut among: Vec<TotpId>) -> Result<Settlement<Self>, Fault> {
        let verdict = totp::verify(w, person, &self.code, self.skew, &among)?;
        let reason = match verdict {
            TotpVerdict::Accepted { id, ahead } => {
                if let Some(seconds) = ahead {
                    self.taken_back(w, person, id, seconds)?;
                }
                among.retain(|other| *other != id);
                return Ok(Settlement::Accepted(among));
            }
            TotpVerdict::Wrong { .. } => "wrong",
            TotpVerdict::Replayed { .. } => "used",
        };
        Ok(Settlement::Refused(verdict, reason))
    }
}

impl TotpCheck {
    /// Records that the server's clock had been ahead when this authenticator was last used, and was set back since.
    fn taken_back(&self, w: &mut Work<'_>, person: PersonId, id: TotpId, seconds: i64) -> Result<(), Fault> {
        tracing::warn!(seconds, "an authenticator was last used while the clock was ahead; its last step is taken back");
        let entry = Entry::new(Kind::TotpStepTakenBack, Actor::System).about(person).fact("totp", id.to_string());
        audit::append(w, &entry.fact("seconds", seconds).personal(Some(person), self.caller.audit_origin()))?;
        Ok(())
    }
}

impl CodeCheck for TotpCheck {
    /// One wrong code that was right some steps ago may be a guess; two different ones, equally late, are a slow clock.
    fn problem(refused: TotpVerdict, attempt: &mut Attempt, now: Timestamp) -> CodeProblem {
        let behind = match refused {
            TotpVerdict::Replayed { next_in } => return CodeProblem::Used { next_in: Some(next_in) },
            TotpVerdict::Wrong { behind } => behind,
            TotpVerdict::Accepted { .. } => None,
        };
        let drift = behind.map(|behind| (behind, now.seconds() / STEP - behind));
        let seen = std::mem::replace(&mut attempt.drift, drift);
        match (seen, drift) {
            (Some((before, step)), Some((behind, this))) if before == behind && step != this => {
                CodeProblem::ClockSlow { seconds: u64::try_from(behind * STEP).unwrap_or(0) }
            }
            _ => CodeProblem::Wrong,
        }
    }
}
