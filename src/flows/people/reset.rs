//! Helping someone back in: a reset link, never a password (RC-14). The old ways work until the
//! new ones are made, and are removed in that write.

use super::invite::{NewLink, Post, card};
use super::{Card, PersonOutcome, act_on, entry, maker_name};
use crate::app::App;
use crate::domain::access::{AdminActor, Right};
use crate::domain::audit::{self, Kind};
use crate::domain::identity::{self, PersonState};
use crate::domain::outbox::MailKind;
use crate::domain::ticket::{self, TicketKind, TicketMaker};
use crate::flows::ActingAdmin;
use crate::flows::notifications::{self, EventContext};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::text::Reason;

/// How a link reaches its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handover {
    /// By mail, and nobody else ever sees it; as a card where that cannot be.
    Mail,
    /// As a card, handed over in person. Their confirmed address is told of it (EN-09, RC-12).
    Card,
}

/// The address a link can be sent to: confirmed, of an active person, where mail is set up. `None` when there is none.
///
/// # Errors
/// When the database cannot be asked.
pub async fn mail_address(app: &App, actor: &AdminActor, person: PersonId) -> Result<Option<String>, Fault> {
    actor.demand(Right::People)?;
    if app.mailer.is_none() {
        return Ok(None);
    }
    app.read(move |w| {
        if identity::find(w, person)?.is_none_or(|account| account.state != PersonState::Active) {
            return Ok(None);
        }
        let profile = identity::profile(w, person)?;
        Ok(profile.email.filter(|_| profile.email_confirmed))
    })
    .await
}

/// Makes a link by which a person makes new sign-in methods; one from before opens nothing from the same write on.
///
/// # Errors
/// When something we need is away.
pub async fn send_reset_link(
    app: &App,
    admin: &ActingAdmin,
    person: PersonId,
    reason: Reason,
    how: Handover,
) -> Result<PersonOutcome<Card>, Fault> {
    let lifetime = app.settings.links.reset;
    let organisation = app.settings.server.organisation.clone();
    let post = Post::of(app, admin).filter(|_| how == Handover::Mail);
    // Of someone switched off nothing is recovered (RC-11).
    let made = act_on(app, admin, (person, &[PersonState::Active]), move |w, by| {
        let maker = TicketMaker { by: by.person(), reason };
        let code = ticket::issue_for(w, TicketKind::Reset, person, lifetime, &maker)?;
        let mut facts = vec![
            ("by", maker_name(w, &by.actor, organisation)?),
            ("maker", if by.person().is_some() { "person" } else { "host" }.to_owned()),
            ("reason", maker.reason.as_str().to_owned()),
            ("ends", notifications::when(w.now.plus(lifetime))),
        ];
        let mailed = if let Some(post) = &post {
            facts.push(("link", post.origin.join(&format!("/reset/{}", code.expose()))));
            let ticket = notifications::ticket_of(w, TicketKind::Reset, &code)?;
            notifications::bring_link(w, person, MailKind::ResetLink, &facts, ticket)?
        } else {
            notifications::tell(w, person, MailKind::ResetLinkCreated, &facts, &EventContext::elsewhere())?;
            false
        };
        let entry = entry(Kind::ResetLinkCreated, by, person, Some(&maker.reason));
        audit::append(w, &entry.fact("by_mail", mailed))?;
        Ok(PersonOutcome::Done((identity::profile(w, person)?.name, NewLink { person, code, lifetime }, mailed)))
    })
    .await?;
    Ok(made.map(|(name, link, mailed)| Card { mailed, ..card(app, "reset", &name, &link) }))
}
