//! Vouching for someone's address, so that applications can rely on it where no message shows that it is theirs (OA-70).

use super::{PersonOutcome, act_on, entry, tell};
use crate::app::App;
use crate::domain::audit::{self, Kind};
use crate::domain::identity::{self, PersonState, Vouched};
use crate::domain::outbox::MailKind;
use crate::flows::ActingAdmin;
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::text::Reason;

/// An account that is off or gone has no address to rely on.
const WITH_ADDRESS: &[PersonState] = &[PersonState::Active, PersonState::Invited];

/// Vouches for a person's address: from then on it counts as confirmed, and they are told there. Nobody vouches for their
/// own address.
pub async fn vouch_for_email(app: &App, admin: &ActingAdmin, person: PersonId, reason: Reason) -> Result<PersonOutcome<()>, Fault> {
    if admin.person() == Some(person) {
        return Ok(PersonOutcome::NotYours);
    }
    let organisation = app.settings.server.organisation.clone();
    act_on(app, admin, (person, WITH_ADDRESS), move |w, by| {
        if identity::vouch_for_email(w, person, by.person(), &reason)? != Vouched::Done {
            return Ok(PersonOutcome::NotThere);
        }
        audit::append(w, &entry(Kind::EmailVouched, by, person, Some(&reason)))?;
        tell(w, person, MailKind::EmailVouched, by, (&reason, organisation))?;
        Ok(PersonOutcome::Done(()))
    })
    .await
}

/// Takes the word back: the address counts as unconfirmed from then on.
pub async fn withdraw_vouch(app: &App, admin: &ActingAdmin, person: PersonId, reason: Reason) -> Result<PersonOutcome<()>, Fault> {
    let organisation = app.settings.server.organisation.clone();
    act_on(app, admin, (person, WITH_ADDRESS), move |w, by| {
        // Told before it is taken back: afterwards nothing is sent there.
        if identity::profile(w, person)?.email_vouch.is_some() {
            tell(w, person, MailKind::EmailVouchWithdrawn, by, (&reason, organisation))?;
        }
        if !identity::withdraw_vouch(w, person)? {
            return Ok(PersonOutcome::NotThere);
        }
        audit::append(w, &entry(Kind::EmailVouchWithdrawn, by, person, Some(&reason)))?;
        Ok(PersonOutcome::Done(()))
    })
    .await
}
