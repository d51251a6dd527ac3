//! The set-up link: looking at it changes nothing (EN-04), naming oneself begins an enrolment.

use data_encoding::BASE64URL_NOPAD;

use super::attempt::{Enrolment, key};
use super::enrollee::{Enrollee, Newcomer, Taken};
use crate::app::App;
use crate::domain::access;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::identity;
use crate::domain::ticket::{self, Look, Ticket, TicketKind};
use crate::flows::spaces::ENROLMENT_OF_BROWSER;
use crate::flows::{After, Caller, throttle};
use crate::kernel::ids::{AttemptId, TicketId};
use crate::kernel::text::{DisplayName, EmailAddress, Username};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::TicketCode;
use crate::platform::db::Work;
use crate::platform::ephemeral::Key;

/// What a set-up link is.
#[derive(Clone, Debug)]
pub enum LinkLook {
    /// It can be used.
    Open(Ticket),
    /// It was used.
    Used(Timestamp),
    /// A newer one was made.
    Replaced(Timestamp),
    /// It ended, or an administrator exists and it never opens anything again.
    Ended(Timestamp),
    /// We never made it.
    Unknown,
}

/// Who someone says they are.
#[derive(Clone, Debug)]
pub struct TypedPerson {
    /// Their name.
    pub name: DisplayName,
    /// What they will type to sign in.
    pub username: Username,
    /// Where mail reaches them.
    pub email: Option<EmailAddress>,
}

/// The result of naming oneself.
pub enum SetupOutcome {
    /// The enrolment goes on.
    Started(Box<Enrolment>),
    /// The link opens nothing.
    Dead(LinkLook),
    /// The name or address is someone else's.
    NameTaken(Taken),
}

/// Looks at a link and at whether this server is set up.
///
/// # Errors
/// When the database cannot be asked.
pub async fn look(app: &App, code: Option<&TicketCode>) -> Result<(LinkLook, bool), Fault> {
    let code = code.cloned();
    app.read(move |w| look_at(w, code.as_ref())).await
}

fn look_at(w: &mut Work<'_>, code: Option<&TicketCode>) -> Result<(LinkLook, bool), Fault> {
    let set_up = access::any_owner(w)?;
    let Some(code) = code else { return Ok((LinkLook::Unknown, set_up)) };
    let look = match ticket::look(w, TicketKind::SetUp, code)? {
        // With an administrator no link ever works again, however it came to be (CVE-118).
        Look::Open(_) if set_up => LinkLook::Ended(w.now),
        Look::Open(ticket) => LinkLook::Open(ticket),
        Look::Used(at) => LinkLook::Used(at),
        Look::Voided(at) => LinkLook::Replaced(at),
        Look::Ended(at) => LinkLook::Ended(at),
        Look::Unknown => LinkLook::Unknown,
    };
    Ok((look, set_up))
}

/// The enrolment this browser began with this link, so that going back finds everything as it was left.
///
/// # Errors
/// When the short-lived store cannot be asked.
pub async fn returning(app: &App, caller: &Caller, ticket: TicketId) -> Result<Option<Enrolment>, Fault> {
    let Some(id) = app.ephemeral.get(&trail(caller, ticket)).await? else { return Ok(None) };
    let found = app.ephemeral.get(&key(id)).await?;
    Ok(found.filter(|enrolment| enrolment.ending.is_none()))
}

fn trail(caller: &Caller, ticket: TicketId) -> Key<AttemptId> {
    let id = format!("{ticket}.{}", BASE64URL_NOPAD.encode(caller.binding.as_bytes()));
    ENROLMENT_OF_BROWSER.key(id).made_by(ticket)
}

/// Begins an enrolment, or gives the one that was begun another name.
///
/// # Errors
/// When something we need is away.
pub async fn begin(app: &App, caller: &Caller, code: &TicketCode, typed: TypedPerson) -> Result<SetupOutcome, Fault> {
    let (presented, names) = (code.clone(), typed.clone());
    let (look, taken) = app
        .read(move |w| {
            let (look, _) = look_at(w, Some(&presented))?;
            Ok((look, name_taken(w, names.username.as_str(), names.email.as_ref().map(EmailAddress::as_str))?))
        })
        .await?;
    let LinkLook::Open(ticket) = look else {
        if throttle::is_first_in_window(app, caller, "set_up_link").await? {
            let entry = Entry::new(Kind::TicketRefused, Actor::Unknown).fact("kind", "set_up").personal(None, caller.audit_origin());
            app.write(move |w| audit::append(w, &entry)).await?;
        }
        return Ok(SetupOutcome::Dead(look));
    };
    if let Some(taken) = taken {
        return Ok(SetupOutcome::NameTaken(taken));
    }
    if let Some(mut before) = returning(app, caller, ticket.id).await? {
        if let Enrollee::New(newcomer) = &mut before.standing {
            name(newcomer, &typed);
        }
        if let Some(moved) = before.advance(app).await? {
            return Ok(SetupOutcome::Started(Box::new(moved)));
        }
    }
    let mut newcomer = Newcomer::new(ticket.id, identity::new_handle(&*app.entropy));
    name(&mut newcomer, &typed);
    let enrolment = Enrolment::new(app, caller, Enrollee::New(newcomer), After::Account);
    enrolment.store(app).await?;
    app.ephemeral.put(&trail(caller, ticket.id), &enrolment.id).await?;
    Ok(SetupOutcome::Started(Box::new(enrolment)))
}

fn name(newcomer: &mut Newcomer, typed: &TypedPerson) {
    newcomer.name = typed.name.as_str().to_owned();
    newcomer.username = typed.username.as_str().to_owned();
    newcomer.email = typed.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default();
    newcomer.taken = None;
}

/// Whether one of the names is someone's.
pub(super) fn name_taken(w: &mut Work<'_>, username: &str, email: Option<&str>) -> Result<Option<Taken>, Fault> {
    if identity::find_by_login_name(w, username)?.is_some() {
        return Ok(Some(Taken::Username));
    }
    Ok(match email {
        Some(email) if identity::find_by_login_name(w, email)?.is_some() => Some(Taken::Email),
        _ => None,
    })
}
