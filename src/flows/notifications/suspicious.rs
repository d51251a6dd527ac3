//! What may be someone else (TH-13): a browser that is new to an account, a right password with nothing after it, many
//! failures. Each is told once, and no more than once a day, to the person's confirmed address.

use std::time::Duration;

use super::{EventContext, body, tell};
use crate::domain::audit::{self, Book, Kind};
use crate::domain::outbox::{self, MailKind, Wait};
use crate::domain::{device, session};
use crate::flows::Caller;
use crate::kernel::Fault;
use crate::kernel::ids::{PersonId, UuidId};
use crate::platform::crypto::token::{AttemptCookie, DeviceCookie, TokenHash};
use crate::platform::db::Work;

/// How long the step after the password may take before its owner hears of it.
const SECOND_STEP: Duration = Duration::from_secs(300);
/// So many failures in an hour are many.
const MANY: i64 = 10;
const HOUR: Duration = Duration::from_secs(3_600);
/// How often the same thing is told.
pub const ONCE_IN: Duration = Duration::from_secs(86_400);

/// Whether a browser has not signed in to this account before; if so, and someone else's browser did, the person is told.
/// Asked in the write that signs it in, before that is written down.
pub fn new_browser(
    w: &mut Work<'_>,
    person: PersonId,
    device: Option<&TokenHash<DeviceCookie>>,
    context: &EventContext,
) -> Result<bool, Fault> {
    if let Some(cookie) = device
        && device::find(w, person, cookie)?.is_some()
    {
        return Ok(false);
    }
    // The very first sign-in is news to nobody.
    if !session::last_opened(w, &[person])?.is_empty() {
        tell(w, person, MailKind::NewSignIn, &[], context)?;
    }
    Ok(true)
}

/// The password was right: unless a sign-in of this browser ends within five minutes, its owner is told. The mail waits
/// in the database, so that a restart forgets none and any node sends it.
pub fn first_factor_right(w: &mut Work<'_>, person: PersonId, caller: &Caller) -> Result<(), Fault> {
    let Some(body) = body(w, person, &[], &EventContext::of(caller))? else { return Ok(()) };
    outbox::add_later(w, person, MailKind::SignInUnfinished, &body, Wait { browser: &caller.binding, time: SECOND_STEP })
}

/// A sign-in of this browser ended well: nothing is to be told about its beginnings.
pub fn sign_in_finished(w: &mut Work<'_>, person: PersonId, browser: &TokenHash<AttemptCookie>) -> Result<(), Fault> {
    outbox::cancel(w, person, MailKind::SignInUnfinished, browser)
}

/// A try failed and was written down: with the tenth in an hour the person is told. A name nobody has costs the same
/// questions (TH-08).
pub fn many_failures(w: &mut Work<'_>, person: Option<PersonId>, caller: &Caller) -> Result<(), Fault> {
    let who = person.unwrap_or(PersonId::from_uuid(uuid::Uuid::nil()));
    let failures = audit::count_since(w, Book::Audit, Kind::SignInRefused, who, w.now.minus(HOUR))?;
    let told = outbox::was_written(w, who, MailKind::ManyFailures, w.now.minus(ONCE_IN))?;
    match person {
        Some(person) if failures >= MANY && !told => tell(w, person, MailKind::ManyFailures, &[], &EventContext::of(caller)),
        _ => Ok(()),
    }
}
