//! The passkey step: the ceremony is kept here, bound to the enrolment, and taken once (WA-02, WA-72).

use serde_json::Value;

use super::attempt::{Enrolment, EnrolmentStep};
use super::enrollee::Enrollee;
use super::finish::{Ended, NewFactors, finish};
use crate::app::App;
use crate::domain::passkey::{self, Registration};
use crate::flows::factors::passkey::PLAIN_NAME;
use crate::flows::spaces::ENROLMENT_PASSKEY;
use crate::flows::{Caller, factors};
use crate::kernel::Fault;
use crate::kernel::text::DeviceName;
use crate::platform::ephemeral::Key;

/// The result of a passkey's answer.
pub enum RegistrationOutcome {
    /// All done.
    Ended(Ended),
    /// Go on there: another tab was faster, or another way was chosen.
    To(String),
    /// No ceremony of this enrolment is open: too old, or used.
    TooOld,
    /// Refused; the record knows why.
    Refused,
}

fn ceremony(enrolment: &Enrolment) -> Key<Registration> {
    ENROLMENT_PASSKEY.key(enrolment.id).made_by(enrolment.standing.maker())
}

/// Starts making a passkey. `None` when this is not the step.
///
/// # Errors
/// When something we need is away.
pub async fn start_passkey(app: &App, enrolment: &Enrolment) -> Result<Option<Value>, Fault> {
    if !enrolment.allows(EnrolmentStep::Passkey) {
        return Ok(None);
    }
    // Those of someone who starts again are removed: the same device may make a new one.
    let existing = match &enrolment.standing {
        Enrollee::New(_) | Enrollee::LinkHolder(_) => Vec::new(),
        Enrollee::AccountHolder(known) => {
            let person = known.person;
            app.read(move |w| passkey::list(w, person)).await?
        }
    };
    let (options, started) = app.relying_party.start_registration(&enrolment.handle(), enrolment.login(), enrolment.name(), &existing)?;
    app.ephemeral.put(&ceremony(enrolment), &started).await?;
    Ok(Some(options))
}

/// Takes the answer; with a good one the enrolment ends.
///
/// # Errors
/// When something we need is away.
pub async fn finish_passkey(app: &App, caller: &Caller, enrolment: Enrolment, body: &[u8]) -> Result<RegistrationOutcome, Fault> {
    if !enrolment.allows(EnrolmentStep::Passkey) {
        return Ok(RegistrationOutcome::To(enrolment.address()));
    }
    let Some(started) = app.ephemeral.take(&ceremony(&enrolment)).await? else { return Ok(RegistrationOutcome::TooOld) };
    let person = match &enrolment.standing {
        Enrollee::New(_) => None,
        Enrollee::LinkHolder(holder) => Some(holder.person),
        Enrollee::AccountHolder(known) => Some(known.person),
    };
    let Some(new) = factors::passkey::register(app, caller, person, &started, body).await? else { return Ok(RegistrationOutcome::Refused) };
    let label = DeviceName::parse(passkey::provider(new.aaguid).unwrap_or(PLAIN_NAME))
        .or_else(|_| DeviceName::parse(PLAIN_NAME))
        .map_err(|_| Fault::internal("a passkey has no name"))?;
    finish(app, caller, enrolment, NewFactors::Passkey { label, new }).await.map(RegistrationOutcome::Ended)
}
