//! Someone whom an administrator sent a link: to join, or to make new sign-in methods. Looking at it changes nothing
//! (EN-04); what an administrator wrote into it is shown before anything is asked.

use data_encoding::BASE64URL_NOPAD;

use super::attempt::{Enrolment, key};
use super::enrollee::{Enrollee, LinkHolder, LinkPurpose};
use super::setup::LinkLook;
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::identity::{self, PersonState};
use crate::domain::ticket::{self, Look, TicketKind};
use crate::flows::spaces::ENROLMENT_OF_BROWSER;
use crate::flows::{After, Caller, throttle};
use crate::kernel::ids::{AttemptId, PersonId, TicketId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::TicketCode;
use crate::platform::db::Work;
use crate::platform::ephemeral::Key;

/// What the first page says.
#[derive(Clone, Debug)]
pub struct Welcome {
    /// The link.
    pub ticket: TicketId,
    /// Whose account it is.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they will type to sign in.
    pub login: String,
    /// Who sent the link; nobody when it was made at the host.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
    /// Until when it works.
    pub ends_at: Timestamp,
}

/// What a link turned out to be.
pub enum Invitation {
    /// It can be used.
    Open(Box<Welcome>),
    /// It opens nothing.
    Dead(LinkLook),
}

/// The result of starting.
pub enum Welcomed {
    /// The enrolment goes on.
    Started(Box<Enrolment>),
    /// The link opens nothing.
    Dead(LinkLook),
}

/// Looks at a link.
///
/// # Errors
/// When the database cannot be asked.
pub async fn look_in(app: &App, purpose: LinkPurpose, code: &TicketCode) -> Result<Invitation, Fault> {
    let code = code.clone();
    app.read(move |w| look_at(w, purpose, &code)).await
}

fn look_at(w: &mut Work<'_>, purpose: LinkPurpose, code: &TicketCode) -> Result<Invitation, Fault> {
    let open = match ticket::look(w, purpose.ticket(), code)? {
        Look::Open(open) => open,
        Look::Used(at) => return Ok(Invitation::Dead(LinkLook::Used(at))),
        Look::Voided(at) => return Ok(Invitation::Dead(LinkLook::Replaced(at))),
        Look::Ended(at) => return Ok(Invitation::Dead(LinkLook::Ended(at))),
        Look::Unknown => return Ok(Invitation::Dead(LinkLook::Unknown)),
    };
    let Some(person) = open.person else { return Ok(Invitation::Dead(LinkLook::Unknown)) };
    let Some(maker) = ticket::maker(w, open.id, person)? else { return Ok(Invitation::Dead(LinkLook::Unknown)) };
    if !identity::find(w, person)?.is_some_and(|account| purpose.fits(account.state)) {
        return Ok(Invitation::Dead(LinkLook::Ended(w.now)));
    }
    let profile = identity::profile(w, person)?;
    let login = profile.login().to_owned();
    let by = name_of(w, maker.by)?;
    let reason = maker.reason.as_str().to_owned();
    let welcome = Welcome { ticket: open.id, person, name: profile.name, login, by, reason, ends_at: open.expires_at };
    Ok(Invitation::Open(Box::new(welcome)))
}

/// The name of the person who made a link; none of the host, and of someone erased since.
fn name_of(w: &mut Work<'_>, by: Option<PersonId>) -> Result<Option<String>, Fault> {
    let Some(by) = by else { return Ok(None) };
    let there = identity::find(w, by)?.is_some_and(|account| account.state != PersonState::Erased);
    if there { Ok(Some(identity::profile(w, by)?.name)) } else { Ok(None) }
}

fn trail(caller: &Caller, ticket: TicketId) -> Key<AttemptId> {
    let id = format!("{ticket}.{}", BASE64URL_NOPAD.encode(caller.binding.as_bytes()));
    ENROLMENT_OF_BROWSER.key(id).made_by(ticket)
}

/// Begins an enrolment, or goes on with the one this browser began with this link.
///
/// # Errors
/// When something we need is away.
pub async fn start(app: &App, caller: &Caller, purpose: LinkPurpose, code: &TicketCode) -> Result<Welcomed, Fault> {
    let presented = code.clone();
    let found = app
        .read(move |w| match look_at(w, purpose, &presented)? {
            Invitation::Open(welcome) => {
                let account = identity::find(w, welcome.person)?.ok_or_else(|| Fault::internal("a link for nobody"))?;
                let email = identity::profile(w, welcome.person)?.email.unwrap_or_default();
                Ok(Ok((welcome, account.handle, email)))
            }
            Invitation::Dead(look) => Ok(Err(look)),
        })
        .await?;
    let (welcome, handle, email) = match found {
        Ok(found) => found,
        Err(look) => {
            if throttle::is_first_in_window(app, caller, purpose.page()).await? {
                let entry = Entry::new(Kind::TicketRefused, Actor::Unknown).fact("kind", purpose.ticket().as_str());
                let entry = entry.personal(None, caller.audit_origin());
                app.write(move |w| audit::append(w, &entry)).await?;
            }
            return Ok(Welcomed::Dead(look));
        }
    };
    let trail = trail(caller, welcome.ticket);
    if let Some(id) = app.ephemeral.get(&trail).await?
        && let Some(before) = app.ephemeral.get(&key(id)).await?
        && before.ending.is_none()
    {
        return Ok(Welcomed::Started(Box::new(before)));
    }
    let guest =
        LinkHolder { purpose, ticket: welcome.ticket, person: welcome.person, handle, name: welcome.name, login: welcome.login, email };
    let enrolment = Enrolment::new(app, caller, Enrollee::LinkHolder(guest), After::Account);
    enrolment.store(app).await?;
    app.ephemeral.put(&trail, &enrolment.id).await?;
    Ok(Welcomed::Started(Box::new(enrolment)))
}

/// The person who opened a link says that it is not for them: it is in wrong hands and opens nothing from now on, and the
/// record tells the administrators. False when it no longer worked.
///
/// # Errors
/// When the database cannot be asked.
pub async fn decline(app: &App, caller: &Caller, purpose: LinkPurpose, code: &TicketCode) -> Result<bool, Fault> {
    let (code, trace) = (code.clone(), caller.audit_origin());
    app.write(move |w| {
        let Invitation::Open(welcome) = look_at(w, purpose, &code)? else { return Ok(false) };
        if !ticket::decline(w, welcome.ticket)? {
            return Ok(false);
        }
        let kind = match purpose {
            LinkPurpose::Join => Kind::InvitationDeclined,
            LinkPurpose::Reset => Kind::ResetLinkDeclined,
        };
        audit::append(w, &Entry::new(kind, Actor::Unknown).about(welcome.person).personal(None, trace))?;
        Ok(true)
    })
    .await
}

/// What someone with an account is told of a reset link that is open for it: anyone who has it can take the
/// account over, so its owner must be able to see it, and to stop it, wherever they are signed in.
#[derive(Clone, Debug)]
pub struct OpenLink {
    /// Who made it; nobody when it was made at the host.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
    /// When it ends.
    pub ends_at: Timestamp,
}

/// The open reset link of an account.
///
/// # Errors
/// When the database cannot be asked.
pub async fn open_link(app: &App, person: PersonId) -> Result<Option<OpenLink>, Fault> {
    app.read(move |w| {
        let newest = ticket::newest(w, TicketKind::Reset, person)?.filter(|link| link.is_open(w.now));
        let Some(link) = newest else { return Ok(None) };
        let Some(maker) = ticket::maker(w, link.id, person)? else { return Ok(None) };
        let by = name_of(w, maker.by)?;
        Ok(Some(OpenLink { by, reason: maker.reason.as_str().to_owned(), ends_at: link.expires_at }))
    })
    .await
}

/// Its owner stops it; the record tells the administrators. False when none was open.
///
/// # Errors
/// When the database cannot be asked.
pub async fn stop_link(app: &App, caller: &Caller, person: PersonId) -> Result<bool, Fault> {
    let trace = caller.audit_origin();
    app.write(move |w| {
        let Some(link) = ticket::newest(w, TicketKind::Reset, person)? else { return Ok(false) };
        if !ticket::decline(w, link.id)? {
            return Ok(false);
        }
        let entry = Entry::new(Kind::ResetLinkDeclined, Actor::Person(person)).about(person);
        audit::append(w, &entry.personal(Some(person), trace))?;
        Ok(true)
    })
    .await
}
