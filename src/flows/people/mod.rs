//! Administrators and people: who there is, and (with an [`ActingAdmin`]) who joins, who is helped back in, who is stopped.
//! Every act has its reason, is recorded in the write that does it, and names both.

mod edit;
mod groups;
mod invite;
mod list;
mod reset;
mod standing;
mod vouch;

pub use edit::{PersonEdited, edit};
pub use groups::{
    GroupNamed, GroupRemoved, GroupRow, Move, find_group, group_names, groups_of, list_groups, make_group, move_person, remove_group,
    rename_group,
};
pub use invite::{Invited, NewInvitation, invite, send_invitation, withdraw};
pub use list::{
    ListRange, MOST_ON_PAGE, MethodCounts, PeopleCounts, PeopleOverview, PeopleQuery, PersonDetail, Row, count, exists, find, list, named,
};
pub use reset::{Handover, mail_address, send_reset_link};
pub use standing::{disable, enable, sign_out_everywhere};
pub use vouch::{vouch_for_email, withdraw_vouch};

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::access::{self, AdminActor, Right};
use crate::domain::audit::{Entry, Kind};
use crate::domain::identity::{self, PersonState};
use crate::domain::outbox::MailKind;
use crate::flows::notifications::{self, EventContext};
use crate::flows::{ActingAdmin, revalidate};
use crate::kernel::ids::PersonId;
use crate::kernel::text::Reason;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// A link for someone, to be shown once.
#[derive(Clone, Serialize, Deserialize)]
pub struct Card {
    /// Whose it is.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The whole address.
    pub address: String,
    /// Until when it works.
    pub ends_at: Timestamp,
    /// Whether it is on its way by mail, and so is to be shown to nobody.
    pub mailed: bool,
}

/// The result of an act.
pub enum PersonOutcome<T> {
    /// It is done.
    Done(T),
    /// There is nobody of that name, or not in a state for it.
    NotThere,
    /// This administrator may not do it to this person (EN-15).
    NotYours,
}

impl<T> PersonOutcome<T> {
    /// The same outcome of something else.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> PersonOutcome<U> {
        match self {
            Self::Done(done) => PersonOutcome::Done(change(done)),
            Self::NotThere => PersonOutcome::NotThere,
            Self::NotYours => PersonOutcome::NotYours,
        }
    }
}

/// One act on a person: written with their account held, only while it is in one of `states` and this administrator may act
/// on them.
async fn act_on<T: Send + 'static>(
    app: &App,
    admin: &ActingAdmin,
    (person, states): (PersonId, &'static [PersonState]),
    work: impl FnOnce(&mut Work<'_>, &ActingAdmin) -> Result<PersonOutcome<T>, Fault> + Send + 'static,
) -> Result<PersonOutcome<T>, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::People, Some(person), move |w| {
        // Of two who switch each other off at the same moment the second is off by now and does nothing.
        if !identity::hold(w, person)?.is_some_and(|state| states.contains(&state)) {
            return Ok(PersonOutcome::NotThere);
        }
        if !is_theirs(w, &by.actor, person)? {
            return Ok(PersonOutcome::NotYours);
        }
        work(w, &by)
    })
    .await
}

/// Tells a person what an administrator did to their account, and why.
fn tell(w: &mut Work<'_>, person: PersonId, kind: MailKind, by: &ActingAdmin, why: (&Reason, String)) -> Result<(), Fault> {
    let (reason, organisation) = why;
    let facts = [("by", maker_name(w, &by.actor, organisation)?), ("reason", reason.as_str().to_owned())];
    notifications::tell(w, person, kind, &facts, &EventContext::elsewhere())
}

/// Whether an administrator may act on a person: on one with a role only who may give roles (EN-15).
fn is_theirs(w: &mut Work<'_>, actor: &AdminActor, person: PersonId) -> Result<bool, Fault> {
    Ok(actor.may(Right::Administrators) || access::roles(w, person)?.is_empty())
}

/// Who acts, as messages name them: the administrator, or at the host the person who runs the service.
fn maker_name(w: &mut Work<'_>, actor: &AdminActor, organisation: String) -> Result<String, Fault> {
    match actor.person() {
        Some(by) => Ok(identity::profile(w, by)?.name),
        None => Ok(organisation),
    }
}

/// The record of an act: who did it to whom, from where, and why. What is personal is sealed for whom it is about.
fn entry(kind: Kind, admin: &ActingAdmin, about: PersonId, reason: Option<&Reason>) -> Entry {
    let mut entry = Entry::new(kind, admin.actor.actor()).about(about);
    if let Some(reason) = reason {
        entry = entry.personal(Some(about), serde_json::json!({ "reason": reason.as_str() }));
    }
    admin.sign(entry)
}
