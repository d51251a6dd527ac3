//! Vouching for somebody's address, so that applications can rely on it where no message shows that it is theirs (OA-70).

use super::{PersonOutcome, entry, is_theirs, maker_name};
use crate::app::App;
use crate::domain::access::{AdminActor, Right};
use crate::domain::audit::{self, Kind};
use crate::domain::identity::{self, PersonState, Vouched};
use crate::domain::outbox::MailKind;
use crate::flows::notifications::{self, EventContext};
use crate::flows::{Caller, revalidate};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::text::Reason;
use crate::platform::db::Work;

/// Vouches for a person's address: from then on it counts as confirmed, and they are told there. Nobody vouches for their
/// own address.
pub async fn vouch_for_email(
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
        if let Some(refused) = refused(w, &by, person)? {
            return Ok(refused);
        }
        if identity::vouch_for_email(w, person, by.person(), &reason)? != Vouched::Done {
            return Ok(PersonOutcome::NotThere);
        }
        audit::append(w, &entry(Kind::EmailVouched, &by, from.as_ref(), person, Some(&reason)))?;
        let facts = [("by", maker_name(w, &by, organisation)?), ("reason", reason.as_str().to_owned())];
        notifications::tell(w, person, MailKind::EmailVouched, &facts, &EventContext::elsewhere())?;
        Ok(PersonOutcome::Done(()))
    })
    .await
}

/// Takes the word back: the address counts as unconfirmed from then on.
pub async fn withdraw_vouch(
    app: &App,
    actor: &AdminActor,
    caller: Option<&Caller>,
    person: PersonId,
    reason: Reason,
) -> Result<PersonOutcome<()>, Fault> {
    let (by, from) = (actor.clone(), caller.cloned());
    let organisation = app.settings.server.organisation.clone();
    revalidate::act(app, actor, Right::People, Some(person), move |w| {
        if let Some(refused) = refused(w, &by, person)? {
            return Ok(refused);
        }
        // Told before it is taken back: afterwards nothing is sent there.
        let facts = [("by", maker_name(w, &by, organisation)?), ("reason", reason.as_str().to_owned())];
        if identity::profile(w, person)?.email_vouch.is_some() {
            notifications::tell(w, person, MailKind::EmailVouchWithdrawn, &facts, &EventContext::elsewhere())?;
        }
        if !identity::withdraw_vouch(w, person)? {
            return Ok(PersonOutcome::NotThere);
        }
        audit::append(w, &entry(Kind::EmailVouchWithdrawn, &by, from.as_ref(), person, Some(&reason)))?;
        Ok(PersonOutcome::Done(()))
    })
    .await
}

/// Why nothing is done: the account is off or gone, or another administrator's.
fn refused(w: &mut Work<'_>, by: &AdminActor, person: PersonId) -> Result<Option<PersonOutcome<()>>, Fault> {
    if !matches!(identity::hold(w, person)?, Some(PersonState::Active | PersonState::Invited)) {
        return Ok(Some(PersonOutcome::NotThere));
    }
    Ok(if is_theirs(w, by, person)? { None } else { Some(PersonOutcome::NotYours) })
}
