//! Helping somebody back in: a link to make new ways to sign in, never a password (RC-14). The old ways work until the
//! new ones are made, and are removed in that write.

use super::invite::card;
use super::{Card, Outcome, entry, is_theirs};
use crate::app::App;
use crate::domain::access::{AdminActor, Right};
use crate::domain::audit::{self, Kind};
use crate::domain::identity::{self, PersonState};
use crate::domain::outbox::LetterKind;
use crate::domain::ticket::{self, Maker, TicketKind};
use crate::flows::Caller;
use crate::flows::notices::{self, Scene};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::text::Reason;

/// Makes a link by which a person makes new ways to sign in; one from before opens nothing from the same write on.
///
/// # Errors
/// When something we need is away.
pub async fn send_enrolment_link(
    app: &App,
    actor: &AdminActor,
    caller: Option<&Caller>,
    person: PersonId,
    reason: Reason,
) -> Result<Outcome<Card>, Fault> {
    actor.demand(Right::People)?;
    let lifetime = app.settings.links.enrolment;
    let (by, from) = (actor.clone(), caller.cloned());
    let organisation = app.settings.server.organisation.clone();
    let made = app
        .write(move |w| {
            // Of somebody switched off nothing is recovered (RC-11).
            if identity::hold(w, person)? != Some(PersonState::Active) {
                return Ok(Outcome::NotThere);
            }
            if !is_theirs(w, &by, person)? {
                return Ok(Outcome::NotYours);
            }
            let maker = Maker { by: by.person(), reason };
            let code = ticket::issue_for(w, TicketKind::Recovery, person, lifetime, &maker)?;
            audit::append(w, &entry(Kind::EnrolmentLinkMade, &by, from.as_ref(), person, Some(&maker.reason)))?;
            let who = match by.person() {
                Some(by) => identity::profile(w, by)?.name,
                None => organisation,
            };
            let facts = [("by", who), ("reason", maker.reason.as_str().to_owned())];
            notices::tell(w, person, LetterKind::EnrolmentLink, &facts, &Scene::elsewhere())?;
            Ok(Outcome::Done((identity::profile(w, person)?.name, code)))
        })
        .await?;
    Ok(made.map(|(name, code)| card(app, "enrol", person, &name, &code, lifetime)))
}
