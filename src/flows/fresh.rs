//! Whether somebody proved within the last minutes, as surely as their account can, that it is them (SE-13, WA-71).

use crate::app::App;
use crate::domain::passkey;
use crate::domain::policy::{self, Need};
use crate::domain::session::Session;
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::proof::Acr;
use crate::platform::db::Work;

/// The surest that an account can prove: with any of its passkeys, or else with two factors.
pub fn highest(w: &mut Work<'_>, person: PersonId) -> Result<Acr, Fault> {
    Ok(if passkey::list(w, person)?.is_empty() { Acr::Two } else { Acr::PhishingResistant })
}

/// Whether the proofs of a session are fresh enough, and sure enough, for a change.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_fresh(app: &App, session: &Session) -> Result<bool, Fault> {
    Ok(need(app, session).await?.met_by(&session.events))
}

/// The same, where a recovery code is no proof: for whoever acts on others, and to make new codes (RC-15, EN-15).
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_fresh_unaided(app: &App, session: &Session) -> Result<bool, Fault> {
    Ok(need(app, session).await?.without_recovery_code().met_by(&session.events))
}

async fn need(app: &App, session: &Session) -> Result<Need, Fault> {
    let person = session.person;
    let since = app.now().minus(app.settings.session.fresh);
    let highest = app.read(move |w| highest(w, person)).await?;
    Ok(policy::for_changes(highest, since))
}
