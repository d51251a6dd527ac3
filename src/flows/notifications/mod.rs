//! Telling people by another channel what happened to their account (WA-73, EN-01): a message to their confirmed address,
//! put into the outbox in the write that did it. Nobody can switch these off.

mod browser;
mod mail;
mod suspicious;

pub use browser::browser_words;
pub use mail::{mail, test_letter};
pub use suspicious::{ONCE_IN, first_factor_right, many_failures, new_browser, sign_in_finished};

use std::collections::BTreeMap;

use super::Caller;
use crate::domain::identity;
use crate::domain::outbox::{self, Body, MailKind};
use crate::domain::ticket::{self, Look, TicketKind};
use crate::kernel::ids::{PersonId, TicketId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::TicketCode;
use crate::platform::db::Work;

/// Who did it, from where, as far as a message says it.
#[derive(Clone, Debug)]
pub struct EventContext {
    browser: String,
}

impl EventContext {
    /// A browser.
    pub fn of(caller: &Caller) -> Self {
        Self::by(&caller.user_agent)
    }
    /// A browser by what it calls itself.
    pub fn by(user_agent: &str) -> Self {
        Self { browser: browser_words(user_agent) }
    }
    /// An administrator, or the person who sits at the server.
    pub fn elsewhere() -> Self {
        Self { browser: String::new() }
    }
}

/// What a message names, beside the person's name and the browser.
pub type Facts<'a> = [(&'a str, String)];

/// Tells a person, if they have a confirmed address.
pub fn tell(w: &mut Work<'_>, person: PersonId, kind: MailKind, facts: &Facts<'_>, context: &EventContext) -> Result<(), Fault> {
    let Some(body) = body(w, person, facts, context)? else { return Ok(()) };
    outbox::add(w, person, kind, &body)
}

/// Sends a person a link, if they have a confirmed address; false when they have none.
pub fn bring_link(w: &mut Work<'_>, person: PersonId, kind: MailKind, facts: &Facts<'_>, ticket: TicketId) -> Result<bool, Fault> {
    let Some(body) = body(w, person, facts, &EventContext::elsewhere())? else { return Ok(false) };
    outbox::add(w, person, kind, &Body { ticket: Some(ticket), ..body })?;
    Ok(true)
}

/// Invites someone by mail: to an address nobody has confirmed yet, which is what the link in the mail does.
pub fn invite(w: &mut Work<'_>, person: PersonId, to: &str, facts: &Facts<'_>, ticket: TicketId) -> Result<(), Fault> {
    let body = Body { to: to.to_owned(), facts: named(facts), ticket: Some(ticket) };
    outbox::add(w, person, MailKind::Invitation, &body)
}

/// Sends a code to an address nobody has confirmed yet, which is what typing the code does (E-02).
pub fn check_address(w: &mut Work<'_>, person: PersonId, to: &str, facts: &Facts<'_>, context: &EventContext) -> Result<(), Fault> {
    let mut facts = named(facts);
    facts.insert("browser".into(), context.browser.clone());
    outbox::add(w, person, MailKind::AddressCheck, &Body { to: to.to_owned(), facts, ticket: None })
}

/// The row of a link that was made in this write, for the mail that brings it.
pub fn ticket_of(w: &mut Work<'_>, kind: TicketKind, code: &TicketCode) -> Result<TicketId, Fault> {
    match ticket::look(w, kind, code)? {
        Look::Open(ticket) => Ok(ticket.id),
        _ => Err(Fault::internal("a link that was just made is not open")),
    }
}

/// A message to a confirmed address; `None` when there is none.
fn body(w: &mut Work<'_>, person: PersonId, facts: &Facts<'_>, context: &EventContext) -> Result<Option<Body>, Fault> {
    let profile = identity::profile(w, person)?;
    let Some(to) = profile.email.filter(|_| profile.email_confirmed) else { return Ok(None) };
    let mut facts = named(facts);
    facts.insert("name".into(), profile.name);
    facts.insert("browser".into(), context.browser.clone());
    Ok(Some(Body { to, facts, ticket: None }))
}

fn named(facts: &Facts<'_>) -> BTreeMap<String, String> {
    facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// An instant as messages say it.
pub fn when(at: Timestamp) -> String {
    at.to_utc().format("%-d %B %Y, %H:%M UTC").to_string()
}
