//! The second step by a recovery code, for a person who has nothing else at hand. It comes after the password only and works
//! once (OT-10).

use super::guess::{GuessMethod, GuessTarget, Settlement};
use super::second_step::{self, CodeCheck, CodeOutcome, CodeProblem};
use super::{Attempt, enrolled, recovery_helps};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::outbox::MailKind;
use crate::domain::recovery::{self, RecoveryCode, RecoveryVerdict, SetHashing};
use crate::flows::Caller;
use crate::flows::notifications::{self, EventContext};
use crate::kernel::ids::PersonId;
use crate::kernel::proof::Method;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::password_hash::{HashOutcome, SecretHash};
use crate::platform::db::Work;

/// Takes a recovery code for an attempt of this browser.
pub async fn submit(app: &App, caller: &Caller, attempt: Attempt, step: u64, typed: &str) -> Result<CodeOutcome, Fault> {
    if typed.trim().is_empty() {
        return Ok(CodeOutcome::Again(CodeProblem::Missing, attempt.version));
    }
    let Some(code) = RecoveryCode::parse(typed) else { return Ok(CodeOutcome::Again(CodeProblem::Malformed, attempt.version)) };
    let (person, proved, need) = (attempt.person, attempt.events.clone(), attempt.need);
    if !app.read(move |w| Ok(recovery_helps(&proved, enrolled(w, person)?, &need))).await? {
        return Ok(CodeOutcome::Disabled);
    }
    second_step::submit(app, caller, attempt, step, RecoveryCodeCheck { code, caller: caller.clone() }).await
}

#[derive(Clone)]
struct RecoveryCodeCheck {
    code: RecoveryCode,
    caller: Caller,
}

impl GuessMethod for RecoveryCodeCheck {
    const METHOD: Method = Method::RecoveryCode;
    type Reference = SetHashing;
    type Verified = Option<SecretHash>;
    type Accepted = ();
    type Refused = RecoveryVerdict;

    fn find(&self, w: &mut Work<'_>, person: PersonId) -> Result<Option<SetHashing>, Fault> {
        recovery::hashing(w, person)
    }
    fn count(&self, w: &mut Work<'_>, person: PersonId, found: SetHashing, limit: i32) -> Result<Option<SetHashing>, Fault> {
        Ok(recovery::count_try(w, person, limit)?.then_some(found))
    }
    fn uncount(&self, w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
        recovery::uncount_try(w, person)
    }
    async fn verify(&self, app: &App, target: &GuessTarget, reference: Option<SetHashing>) -> Result<Option<Option<SecretHash>>, Fault> {
        let Some(hashing) = reference else { return Ok(Some(None)) };
        let (hasher, secrets) = (app.hasher.of(target.class()), vec![self.code.secret().clone()]);
        Ok(match hasher.derive(secrets, hashing.cost, hashing.salt).await? {
            HashOutcome::Done(hashes) => Some(hashes.into_iter().next()),
            HashOutcome::Busy => None,
        })
    }
    fn settle(&self, w: &mut Work<'_>, person: PersonId, verified: Option<SecretHash>) -> Result<Settlement<Self>, Fault> {
        let Some(hash) = verified else { return Ok(Settlement::Refused(RecoveryVerdict::Wrong, "wrong")) };
        match recovery::claim(w, person, &hash)? {
            RecoveryVerdict::Accepted { left } => self.spent(w, person, left).map(Settlement::Accepted),
            RecoveryVerdict::Used => Ok(Settlement::Refused(RecoveryVerdict::Used, "used")),
            RecoveryVerdict::Wrong => Ok(Settlement::Refused(RecoveryVerdict::Wrong, "wrong")),
        }
    }
}

impl RecoveryCodeCheck {
    /// Records a spent code and tells its owner.
    fn spent(&self, w: &mut Work<'_>, person: PersonId, left: usize) -> Result<(), Fault> {
        let entry = Entry::new(Kind::RecoveryCodeUsed, Actor::Person(person)).about(person).fact("left", left);
        audit::append(w, &entry.personal(Some(person), self.caller.audit_origin()))?;
        let (facts, context) = ([("left", left.to_string())], EventContext::of(&self.caller));
        notifications::tell(w, person, MailKind::RecoveryCodeUsed, &facts, &context)?;
        // Once for each set: the account is held, so that spent codes come by here one after the other.
        if left == recovery::FEW {
            notifications::tell(w, person, MailKind::RecoveryCodesFew, &facts, &context)?;
        }
        Ok(())
    }
}

impl CodeCheck for RecoveryCodeCheck {
    fn problem(refused: RecoveryVerdict, _: &mut Attempt, _: Timestamp) -> CodeProblem {
        if refused == RecoveryVerdict::Used { CodeProblem::Used { next_in: None } } else { CodeProblem::Wrong }
    }
}
