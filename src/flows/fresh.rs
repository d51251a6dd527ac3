//! Whether somebody proved within the last minutes, as surely as their account can, that it is them (SE-13, WA-71).

use crate::app::App;
use crate::domain::policy::{self, Need};
use crate::domain::session::Session;
use crate::domain::{access, passkey};
use crate::kernel::ids::PersonId;
use crate::kernel::proof::Acr;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// What a proof needs to be fresh, from `since` on. `unaided`: no recovery code counts, whoever it is (RC-15, EN-15).
///
/// # Errors
/// When the database cannot be asked.
pub fn need(w: &mut Work<'_>, person: PersonId, since: Timestamp, unaided: bool) -> Result<Need, Fault> {
    // The surest that an account can prove: with any of its passkeys, or else with two factors.
    let highest = if passkey::list(w, person)?.is_empty() { Acr::Two } else { Acr::PhishingResistant };
    let need = policy::for_changes(highest, !access::roles(w, person)?.is_empty(), since);
    Ok(if unaided { need.without_recovery_code() } else { need })
}

/// Whether the proofs of a session are fresh enough, and sure enough, for a change; or, `unaided`, for acting on others
/// and for making recovery codes.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_fresh(app: &App, session: &Session, unaided: bool) -> Result<bool, Fault> {
    let person = session.person;
    let since = app.now().minus(app.settings.session.fresh);
    Ok(app.read(move |w| need(w, person, since, unaided)).await?.met_by(&session.events))
}
