//! Correcting what a person is called: a name that changed, a mistyped username or address.

use serde_json::json;

use super::{PersonOutcome, act_on, entry, tell};
use crate::app::App;
use crate::domain::audit::{self, Entry, Kind};
use crate::domain::identity::{self, Attribute, NameKind, PersonState, ProfileChange, ProfileChanged};
use crate::domain::outbox::MailKind;
use crate::domain::ticket::{self, TicketKind};
use crate::flows::ActingAdmin;
use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;
use crate::kernel::ids::PersonId;
use crate::kernel::text::Reason;
use crate::platform::db::Work;

/// An erased account is called nothing.
const WITH_NAME: &[PersonState] = &[PersonState::Active, PersonState::Invited, PersonState::Disabled];

/// The outcome of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonEdited {
    /// It is saved.
    Saved,
    /// All was as it is already.
    Unchanged,
    /// Another account has this username or address; nothing was changed.
    NameTaken(NameKind),
}

/// Saves what a person is called from now on. They are told at the address they had; another address must be confirmed
/// again, and links that were sent to the old one stop working.
pub async fn edit(
    app: &App,
    admin: &ActingAdmin,
    person: PersonId,
    new: ProfileChange,
    reason: Reason,
) -> Result<PersonOutcome<PersonEdited>, Fault> {
    let organisation = app.settings.server.organisation.clone();
    let asked = new.clone();
    let written = act_on(app, admin, (person, WITH_NAME), move |w, by| {
        let changed = match identity::preview_change(w, person, &new)? {
            ProfileChanged::Changed(changed) if changed.is_empty() => return Ok(PersonOutcome::Done(PersonEdited::Unchanged)),
            ProfileChanged::Changed(changed) => changed,
            ProfileChanged::NameTaken(kind) => return Ok(PersonOutcome::Done(PersonEdited::NameTaken(kind))),
        };
        let old = identity::profile(w, person)?;
        // Told before it is changed: afterwards nothing is sent to the old address. Who was only invited has read nothing yet.
        if identity::find(w, person)?.is_some_and(|person| person.state != PersonState::Invited) {
            tell(w, person, MailKind::DetailsChanged, by, (&reason, organisation))?;
        }
        let ProfileChanged::Changed(_) = identity::change_profile(w, person, &new)? else {
            // Taken between the look and here: everything rolls back, also what was just queued.
            return Err(Fault::new(FaultKind::Database, "a name was taken at the same moment"));
        };
        let words: Vec<&str> = changed.iter().map(|attribute| attribute.as_str()).collect();
        let personal = json!({
            "reason": reason.as_str(),
            "before": { "name": old.name, "username": old.username, "email": old.email },
        });
        let edited = Entry::new(Kind::PersonEdited, by.actor.actor()).about(person).personal(Some(person), personal);
        audit::append(w, &by.sign(edited.fact("changed", words.join(" "))))?;
        if changed.contains(&Attribute::Email) {
            withdraw_links(w, by, person)?;
        }
        Ok(PersonOutcome::Done(PersonEdited::Saved))
    })
    .await;
    match written {
        Err(fault) if fault.kind == FaultKind::Database => {
            // The name may have been taken at the same moment, which the database refuses.
            let now = app.read(move |w| identity::preview_change(w, person, &asked)).await?;
            let ProfileChanged::NameTaken(kind) = now else { return Err(fault) };
            Ok(PersonOutcome::Done(PersonEdited::NameTaken(kind)))
        }
        written => written,
    }
}

/// A link that was sent to an address that is no longer the person's opens nothing.
fn withdraw_links(w: &mut Work<'_>, by: &ActingAdmin, person: PersonId) -> Result<(), Fault> {
    for (ticket, kind) in [(TicketKind::Invitation, Kind::InvitationWithdrawn), (TicketKind::Reset, Kind::ResetLinkWithdrawn)] {
        if ticket::withdraw(w, ticket, person)? {
            audit::append(w, &entry(kind, by, person, None))?;
        }
    }
    Ok(())
}
