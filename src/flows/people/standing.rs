//! Switching an account off and on, and ending its sessions.

use super::{PersonOutcome, entry, is_theirs, maker_name};
use crate::app::App;
use crate::domain::access::{AdminActor, Right};
use crate::domain::audit::{self, Kind};
use crate::domain::identity::{self, PersonState};
use crate::domain::outbox::MailKind;
use crate::domain::ticket::{self, TicketKind};
use crate::flows::notifications::{self, EventContext};
use crate::flows::{Caller, revalidate, sessions};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::text::Reason;

/// Switches an account off: its sessions, what applications were given, and its open links end in the same write
/// (SE-09). Nobody switches themselves off.
///
/// # Errors
/// When something we need is away.
pub async fn disable(
    app: &App,
    actor: &AdminActor,
    caller: Option<&Caller>,
    person: PersonId,
    reason: Reason,
) -> Result<PersonOutcome<()>, Fault> {
    if actor.person() == Some(person) {
        return Ok(PersonOutcome::NotYours);
    }
    let (by, from) = (actor.clone(), caller.cloned());
    let organisation = app.settings.server.organisation.clone();
    revalidate::act(app, actor, Right::People, Some(person), move |w| {
        // Of two who switch each other off at the same moment the second is off by now and does nothing.
        if identity::hold(w, person)? != Some(PersonState::Active) {
            return Ok(PersonOutcome::NotThere);
        }
        if !is_theirs(w, &by, person)? {
            return Ok(PersonOutcome::NotYours);
        }
        identity::set_state(w, person, PersonState::Disabled)?;
        ticket::withdraw(w, TicketKind::Reset, person)?;
        let ended = sessions::end_all(w, person)?;
        audit::append(w, &entry(Kind::PersonDisabled, &by, from.as_ref(), person, Some(&reason)).fact("sessions_ended", ended))?;
        let facts = [("by", maker_name(w, &by, organisation)?), ("reason", reason.as_str().to_owned())];
        notifications::tell(w, person, MailKind::PersonDisabled, &facts, &EventContext::elsewhere())?;
        Ok(PersonOutcome::Done(()))
    })
    .await
}

/// Switches an account on again, with the ways to sign in it had.
///
/// # Errors
/// When something we need is away.
pub async fn enable(
    app: &App,
    actor: &AdminActor,
    caller: Option<&Caller>,
    person: PersonId,
    reason: Reason,
) -> Result<PersonOutcome<()>, Fault> {
    let (by, from) = (actor.clone(), caller.cloned());
    let organisation = app.settings.server.organisation.clone();
    revalidate::act(app, actor, Right::People, Some(person), move |w| {
        if identity::hold(w, person)? != Some(PersonState::Disabled) {
            return Ok(PersonOutcome::NotThere);
        }
        if !is_theirs(w, &by, person)? {
            return Ok(PersonOutcome::NotYours);
        }
        identity::set_state(w, person, PersonState::Active)?;
        audit::append(w, &entry(Kind::PersonEnabled, &by, from.as_ref(), person, Some(&reason)))?;
        let facts = [("by", maker_name(w, &by, organisation)?), ("reason", reason.as_str().to_owned())];
        notifications::tell(w, person, MailKind::PersonEnabled, &facts, &EventContext::elsewhere())?;
        Ok(PersonOutcome::Done(()))
    })
    .await
}

/// Signs somebody out of every browser, with what applications were given there, in one write (SE-08): whoever sits in a
/// stolen session is out, and the owner signs in again with the ways they have. Nobody does it to themselves here: they
/// sign out.
///
/// # Errors
/// When something we need is away.
pub async fn sign_out_everywhere(
    app: &App,
    actor: &AdminActor,
    caller: Option<&Caller>,
    person: PersonId,
    reason: Reason,
) -> Result<PersonOutcome<()>, Fault> {
    if actor.person() == Some(person) {
        return Ok(PersonOutcome::NotYours);
    }
    let (by, from) = (actor.clone(), caller.cloned());
    let organisation = app.settings.server.organisation.clone();
    revalidate::act(app, actor, Right::People, Some(person), move |w| {
        if identity::hold(w, person)? != Some(PersonState::Active) {
            return Ok(PersonOutcome::NotThere);
        }
        if !is_theirs(w, &by, person)? {
            return Ok(PersonOutcome::NotYours);
        }
        let ended = sessions::end_all(w, person)?;
        audit::append(w, &entry(Kind::SessionsEnded, &by, from.as_ref(), person, Some(&reason)).fact("sessions", ended))?;
        let facts = [("by", maker_name(w, &by, organisation)?), ("reason", reason.as_str().to_owned())];
        notifications::tell(w, person, MailKind::SignedOut, &facts, &EventContext::elsewhere())?;
        Ok(PersonOutcome::Done(()))
    })
    .await
}
