//! Whether somebody proved within the last minutes, as surely as their account can, that it is them (SE-13, WA-71).

use crate::app::App;
use crate::domain::policy::{self, Need};
use crate::domain::session::Session;
use crate::domain::{access, passkey};
use crate::kernel::ids::PersonId;
use crate::kernel::proof::Acr;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// What a proof needs to be fresh, from `since` on. `without_recovery_code`: no recovery code counts, whoever it is (RC-15, EN-15).
///
/// # Errors
/// When the database cannot be asked.
pub fn need(w: &mut Work<'_>, person: PersonId, since: Timestamp, without_recovery_code: bool) -> Result<Need, Fault> {
    // The surest that an account can prove: with any of its passkeys, or else with two factors.
    let highest = if passkey::list(w, person)?.is_empty() { Acr::Two } else { Acr::PhishingResistant };
    let need = policy::for_changes(highest, !access::roles(w, person)?.is_empty(), since);
    Ok(if without_recovery_code { need.without_recovery_code() } else { need })
}

/// Whether the proofs of a session are fresh enough, and sure enough, for a change; or, `without_recovery_code`, for acting on others
/// and for making recovery codes.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_recent(app: &App, session: &Session, without_recovery_code: bool) -> Result<bool, Fault> {
    let person = session.person;
    let since = app.now().minus(app.settings.session.reauthentication);
    Ok(app.read(move |w| need(w, person, since, without_recovery_code)).await?.met_by(&session.events))
}
