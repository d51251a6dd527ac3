//! The passkey step: the ceremony is kept here, bound to the arrival, and taken once (WA-02, WA-72).

use serde_json::Value;

use super::arrival::{Arrival, Standing, Step};
use super::finish::{Ended, Factor, finish};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::passkey::{self, Registration};
use crate::flows::{Caller, throttle};
use crate::kernel::Fault;
use crate::kernel::text::DeviceName;
use crate::platform::crypto::token::{SessionCookie, TokenHash};
use crate::platform::ephemeral::Key;

/// What a passkey whose maker we do not know is called until its person names it.
pub(crate) const PLAIN_NAME: &str = "Passkey";

/// What became of a passkey's answer.
pub enum Answered {
    /// All done.
    Ended(Ended),
    /// Go on there: another tab was faster, or another way was chosen.
    To(String),
    /// No ceremony of this arrival is open: too old, or used.
    TooOld,
    /// Refused; the record knows why.
    Refused,
}

fn ceremony(arrival: &Arrival) -> Key<Registration> {
    Key::new("arrival_passkey", &arrival.id.to_string())
}

/// Starts making a passkey. `None` when this is not the step.
///
/// # Errors
/// When something we need is away.
pub async fn start_passkey(app: &App, arrival: &Arrival) -> Result<Option<Value>, Fault> {
    if !arrival.allows(Step::Passkey) {
        return Ok(None);
    }
    // Those of somebody who starts again are removed: the same device may make a new one.
    let existing = match &arrival.standing {
        Standing::New(_) | Standing::Guest(_) => Vec::new(),
        Standing::Known(known) => {
            let person = known.person;
            app.read(move |w| passkey::list(w, person)).await?
        }
    };
    let (options, started) = app.relying_party.start_registration(&arrival.handle(), arrival.login(), arrival.name(), &existing)?;
    app.ephemeral.put(&ceremony(arrival), &started, app.settings.sign_in.ceremony).await?;
    Ok(Some(options))
}

/// Takes the answer; with a good one the arrival ends.
///
/// # Errors
/// When something we need is away.
pub async fn finish_passkey(
    app: &App,
    caller: &Caller,
    arrival: Arrival,
    body: &[u8],
    old_session: Option<TokenHash<SessionCookie>>,
) -> Result<Answered, Fault> {
    if !arrival.allows(Step::Passkey) {
        return Ok(Answered::To(arrival.address()));
    }
    let Some(started) = app.ephemeral.take(&ceremony(&arrival)).await? else { return Ok(Answered::TooOld) };
    let new = match app.relying_party.finish_registration(&started, body) {
        Ok(new) => new,
        Err(refusal) => {
            if !throttle::is_news(app, caller, "passkey:arriving").await? {
                return Ok(Answered::Refused);
            }
            let person = match &arrival.standing {
                Standing::New(_) => None,
                Standing::Guest(guest) => Some(guest.person),
                Standing::Known(known) => Some(known.person),
            };
            let trace = caller.trace();
            app.write(move |w| {
                let mut entry = Entry::new(Kind::PasskeyRefused, person.map_or(Actor::Unknown, Actor::Person)).fact("why", refusal.0);
                if let Some(person) = person {
                    entry = entry.about(person);
                }
                audit::append(w, &entry.personal(person, trace))
            })
            .await?;
            return Ok(Answered::Refused);
        }
    };
    let label = DeviceName::parse(passkey::provider(new.aaguid).unwrap_or(PLAIN_NAME))
        .or_else(|_| DeviceName::parse(PLAIN_NAME))
        .map_err(|_| Fault::internal("a passkey has no name"))?;
    finish(app, caller, arrival, Factor::Passkey { label, new }, old_session).await.map(Answered::Ended)
}
