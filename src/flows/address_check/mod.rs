//! A person shows that they read what is sent to their address, by typing a code off a message: only then is anything told
//! there (EN-01, EN-08, WA-73, TH-13), and only then do applications hear that it is confirmed (OA-70).
//!
//! A code belongs to one person, one session and the address as it was. It is kept as a keyed digest, works once and for
//! a day at most, and a newer one makes it void (OT-11, RC-04, RC-05). Tries and emails are counted where all nodes count.

pub(super) mod sent_code;

use std::time::Duration;

use super::Caller;
use super::notifications::{self, EventContext};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::identity;
use crate::domain::session::Session;
use crate::flows::spaces::{ADDRESS_CHECK, ADDRESS_CODES, ADDRESS_MAILS};
use crate::kernel::ids::{AttemptId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::same;
use crate::platform::crypto::token::MailedCode;
use crate::platform::ephemeral::Key;
use sent_code::SentCode;

const DAY: Duration = Duration::from_secs(86_400);
/// So many tries one code has.
pub const MOST_TRIES: u64 = 5;
/// So many messages of this kind one person gets in a day (RC-06).
pub const MOST_LETTERS: u64 = 5;

/// What there is to confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The address.
    pub address: String,
    /// Until when the code works that was sent there for this session, if one does.
    pub until: Option<Timestamp>,
}

/// The result of asking for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Done,
    /// There is nothing to confirm, or no mail server.
    NothingToDo,
    /// There were too many messages; the next goes from this instant on.
    TooMany(Timestamp),
}

/// The result of a typed code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressCodeOutcome {
    /// The address is confirmed.
    Confirmed,
    /// There is no longer anything to confirm.
    NothingToDo,
    /// Not the code; so many tries are left.
    Wrong(u64),
    /// There is no code that works: it was used, replaced or guessed at too often, its time is over, or it was sent for
    /// another session or to another address.
    Ended,
}

/// One place for each person: a new code makes the old one void, in whatever session it was asked for.
fn key(person: PersonId) -> Key<SentCode> {
    ADDRESS_CHECK.key(person)
}

/// What this session can confirm; `None` when there is nothing, or no way to send a message.
///
/// # Errors
/// When something we need is away.
pub async fn open(app: &App, session: &Session) -> Result<Option<Open>, Fault> {
    if app.mailer.is_none() {
        return Ok(None);
    }
    let person = session.person;
    let (profile, digest) =
        app.read(move |w| Ok((identity::profile(w, person)?, identity::unconfirmed_email_digest(w, person, "")?))).await?;
    let (Some(address), Some(digest)) = (profile.email, digest) else { return Ok(None) };
    let mut until = None;
    if let Some(check) = find(app, session).await?
        && same(&check.address, &digest)
        && app.ephemeral.count(&ADDRESS_CODES.key(check.id)).await? < MOST_TRIES
    {
        until = Some(check.until);
    }
    Ok(Some(Open { address, until }))
}

async fn find(app: &App, session: &Session) -> Result<Option<SentCode>, Fault> {
    let found = app.ephemeral.get(&key(session.person)).await?;
    Ok(found.filter(|check| check.session == session.id))
}

/// Sends a code to the address of a signed-in person.
///
/// # Errors
/// When something we need is away.
pub async fn send(app: &App, session: &Session, caller: &Caller) -> Result<Sent, Fault> {
    let Some(open) = open(app, session).await? else { return Ok(Sent::NothingToDo) };
    let (person, to) = (session.person, open.address);
    let (mails, from) = app.ephemeral.bump(&ADDRESS_MAILS.key(person)).await?;
    if mails > MOST_LETTERS {
        return Ok(Sent::TooMany(from));
    }
    let (code, now) = (MailedCode::make(&*app.entropy), app.now());
    let ends = session.expires_at.min(session.created_at.plus(app.session_limits().lifetime)).min(now.plus(DAY));
    let shown = code.clone();
    let digests = app
        .read(move |w| {
            let address = identity::unconfirmed_email_digest(w, person, "")?;
            Ok(address.zip(identity::unconfirmed_email_digest(w, person, shown.expose())?))
        })
        .await?;
    let Some((address, digest)) = digests else { return Ok(Sent::NothingToDo) };
    let check = SentCode { id: AttemptId::make(now, &*app.entropy), session: session.id, address, code: digest, until: ends };
    // Before the mail is written: none brings a code that nobody knows.
    app.ephemeral.put(&key(person).until(ends), &check).await?;
    let context = EventContext::of(caller);
    app.write(move |w| {
        let name = identity::profile(w, person)?.name;
        let facts = [("name", name), ("code", code.expose().to_owned()), ("ends", notifications::when(ends))];
        notifications::check_address(w, person, &to, &facts, &context)
    })
    .await?;
    Ok(Sent::Done)
}

/// Takes a typed code.
///
/// # Errors
/// When something we need is away.
pub async fn confirm(app: &App, session: &Session, caller: &Caller, code: MailedCode) -> Result<AddressCodeOutcome, Fault> {
    let person = session.person;
    let typed = app.read(move |w| identity::unconfirmed_email_digest(w, person, code.expose())).await?;
    let Some(typed) = typed else { return Ok(AddressCodeOutcome::NothingToDo) };
    let Some(check) = find(app, session).await? else { return Ok(AddressCodeOutcome::Ended) };
    // Counted before it is looked at; the count outlives the code.
    let (tries, _) = app.ephemeral.bump(&ADDRESS_CODES.key(check.id)).await?;
    if tries > MOST_TRIES {
        return Ok(AddressCodeOutcome::Ended);
    }
    if !same(&check.code, &typed) {
        return Ok(if tries == MOST_TRIES { AddressCodeOutcome::Ended } else { AddressCodeOutcome::Wrong(MOST_TRIES - tries) });
    }
    // Of any number of posts one takes it; a newer one that came between is not this one.
    if app.ephemeral.take(&key(person)).await?.is_none_or(|taken| taken.id != check.id) {
        return Ok(AddressCodeOutcome::Ended);
    }
    let trace = caller.audit_origin();
    app.write(move |w| {
        identity::hold(w, person)?;
        // The address may have become another one meanwhile: this code says nothing about that.
        match identity::unconfirmed_email_digest(w, person, "")? {
            None => return Ok(AddressCodeOutcome::NothingToDo),
            Some(now) if !same(&now, &check.address) => return Ok(AddressCodeOutcome::Ended),
            Some(_) => identity::confirm_email(w, person)?,
        }
        let entry = Entry::new(Kind::EmailConfirmed, Actor::Person(person)).about(person);
        audit::append(w, &entry.personal(Some(person), trace))?;
        Ok(AddressCodeOutcome::Confirmed)
    })
    .await
}
