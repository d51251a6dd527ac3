//! Correcting what a person is called: a name that changed, a mistyped username or address.

use serde_json::json;

use super::{PersonOutcome, act_on, tell};
use crate::app::App;
use crate::domain::audit::{self, Entry, Kind};
use crate::domain::identity::{self, Attribute, Corrected, Correction, NameKind, PersonState};
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
    new: Correction,
    reason: Reason,
) -> Result<PersonOutcome<PersonEdited>, Fault> {
    let organisation = app.settings.server.organisation.clone();
    let asked = new.clone();
    let written = act_on(app, admin, (person, WITH_NAME), move |w, by| {
        let changed = match identity::examine(w, person, &new)? {
            Corrected::Changed(changed) if changed.is_empty() => return Ok(PersonOutcome::Done(PersonEdited::Unchanged)),
            Corrected::Changed(changed) => changed,
            Corrected::NameTaken(kind) => return Ok(PersonOutcome::Done(PersonEdited::NameTaken(kind))),
        };
        let old = identity::profile(w, person)?;
        // Told before it is changed: afterwards nothing is sent to the old address. Who was only invited has read nothing yet.
        if identity::find(w, person)?.is_some_and(|person| person.state != PersonState::Invited) {
            tell(w, person, MailKind::DetailsChanged, by, (&reason, organisation))?;
        }
        identity::correct(w, person, &new)?;
        let words: Vec<&str> = changed.iter().map(|attribute| attribute.as_str()).collect();
        let personal = json!({
            "reason": reason.as_str(),
            "before": { "name": old.name, "username": old.username, "email": old.email },
        });
        let entry = Entry::new(Kind::PersonEdited, by.actor.actor()).about(person).personal(Some(person), personal);
        audit::append(w, &by.sign(entry.fact("changed", words.join(" "))))?;
        if changed.contains(&Attribute::Email) {
            withdraw_links(w, person)?;
        }
        Ok(PersonOutcome::Done(PersonEdited::Saved))
    })
    .await;
    match written {
        Err(fault) if fault.kind == FaultKind::Database => {
            // The name may have been taken at the same moment, which the database refuses.
            let now = app.read(move |w| identity::examine(w, person, &asked)).await?;
            let Corrected::NameTaken(kind) = now else { return Err(fault) };
            Ok(PersonOutcome::Done(PersonEdited::NameTaken(kind)))
        }
        written => written,
    }
}

/// A link that was sent to an address that is no longer the person's opens nothing.
fn withdraw_links(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    for kind in [TicketKind::Invitation, TicketKind::Reset] {
        ticket::withdraw(w, kind, person)?;
    }
    Ok(())
}
