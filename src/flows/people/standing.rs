//! Switching an account off and on, and ending its sessions.

use super::{PersonOutcome, act_on, entry, tell};
use crate::app::App;
use crate::domain::audit::{self, Kind};
use crate::domain::identity::{self, PersonState};
use crate::domain::outbox::MailKind;
use crate::domain::ticket::{self, TicketKind};
use crate::flows::{ActingAdmin, sessions};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::text::Reason;

/// Switches an account off: its sessions, what applications were given, and its open links end in the same write
/// (SE-09). Nobody switches themselves off.
///
/// # Errors
/// When something we need is away.
pub async fn disable(app: &App, admin: &ActingAdmin, person: PersonId, reason: Reason) -> Result<PersonOutcome<()>, Fault> {
    if admin.person() == Some(person) {
        return Ok(PersonOutcome::NotYours);
    }
    let organisation = app.settings.server.organisation.clone();
    act_on(app, admin, (person, &[PersonState::Active]), move |w, by| {
        identity::set_state(w, person, PersonState::Disabled)?;
        ticket::withdraw(w, TicketKind::Reset, person)?;
        let ended = sessions::end_all(w, person)?;
        audit::append(w, &entry(Kind::PersonDisabled, by, person, Some(&reason)).fact("sessions_ended", ended))?;
        tell(w, person, MailKind::PersonDisabled, by, (&reason, organisation))?;
        Ok(PersonOutcome::Done(()))
    })
    .await
}

/// Switches an account on again, with the sign-in methods it had.
///
/// # Errors
/// When something we need is away.
pub async fn enable(app: &App, admin: &ActingAdmin, person: PersonId, reason: Reason) -> Result<PersonOutcome<()>, Fault> {
    let organisation = app.settings.server.organisation.clone();
    act_on(app, admin, (person, &[PersonState::Disabled]), move |w, by| {
        identity::set_state(w, person, PersonState::Active)?;
        audit::append(w, &entry(Kind::PersonEnabled, by, person, Some(&reason)))?;
        tell(w, person, MailKind::PersonEnabled, by, (&reason, organisation))?;
        Ok(PersonOutcome::Done(()))
    })
    .await
}

/// Signs someone out of every browser, with what applications were given there, in one write (SE-08): anyone who sits in a
/// stolen session is out, and the owner signs in again with the ways they have. Nobody does it to themselves here: they
/// sign out.
///
/// # Errors
/// When something we need is away.
pub async fn sign_out_everywhere(app: &App, admin: &ActingAdmin, person: PersonId, reason: Reason) -> Result<PersonOutcome<()>, Fault> {
    if admin.person() == Some(person) {
        return Ok(PersonOutcome::NotYours);
    }
    let organisation = app.settings.server.organisation.clone();
    act_on(app, admin, (person, &[PersonState::Active]), move |w, by| {
        let ended = sessions::end_all(w, person)?;
        audit::append(w, &entry(Kind::SessionsEnded, by, person, Some(&reason)).fact("sessions", ended))?;
        tell(w, person, MailKind::SignedOut, by, (&reason, organisation))?;
        Ok(PersonOutcome::Done(()))
    })
    .await
}
