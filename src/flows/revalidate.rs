//! Proofs are looked at when a request begins, and its body can arrive long after. What is done in someone's name is done
//! only while their session is open and their account on: looked at again in the write that does it, with the account
//! held, so that anyone who ends a session has ended what is on its way in it (SE-08, SE-09, SE-10).

use crate::app::App;
use crate::domain::access::{self, AdminActor, Right};
use crate::domain::identity::{self, PersonState};
use crate::domain::{passkey, password, session, totp};
use crate::kernel::fault::FaultKind;
use crate::kernel::ids::{PersonId, SessionId};
use crate::kernel::proof::{AuthEvent, Method};
use crate::kernel::time::CLOCK_TOLERANCE;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// Holds the account of someone who changes something of their own.
///
/// # Errors
/// When their session has ended or their account is switched off: then nothing is done.
pub fn hold(w: &mut Work<'_>, person: PersonId, in_session: SessionId) -> Result<(), Fault> {
    if identity::hold(w, person)? == Some(PersonState::Active) && session::is_open(w, in_session)? { Ok(()) } else { Err(lapsed(w.now)) }
}

/// One write in the name of an administrator, which needs `right` now. Their account is held, and with it that of whom the
/// act is about, both in one order and before anything else: of two who act on each other one waits.
///
/// # Errors
/// When they do not have the right, or no longer have it, or their session has ended; and those of the work.
pub async fn act<R: Send + 'static>(
    app: &App,
    actor: &AdminActor,
    right: Right,
    about: Option<PersonId>,
    work: impl FnOnce(&mut Work<'_>) -> Result<R, Fault> + Send + 'static,
) -> Result<R, Fault> {
    actor.demand(right)?;
    let by = actor.in_session();
    app.write(move |w| {
        let Some((person, in_session)) = by else { return work(w) };
        if let Some(first) = about.filter(|about| *about < person) {
            identity::hold(w, first)?;
        }
        hold(w, person, in_session)?;
        if let Some(second) = about.filter(|about| *about > person) {
            identity::hold(w, second)?;
        }
        if !access::gives(w, person, right)? {
            return Err(lapsed(w.now));
        }
        work(w)
    })
    .await
}

/// Whether what was proved still holds: a password that was changed since no longer proves anything, nor does an authenticator
/// or a passkey when none is left that was there then (SE-10, RC-07). Called with the account held.
///
/// # Errors
/// When the database cannot be asked.
pub fn still_hold(w: &mut Work<'_>, person: PersonId, events: &[AuthEvent]) -> Result<bool, Fault> {
    // What a clock ahead of time dated was made before now, too.
    let ahead = w.now.plus(CLOCK_TOLERANCE);
    for event in events {
        let was_there = |made: Timestamp| made <= event.at || made > ahead;
        let holds = match event.method {
            Method::Password => password::find(w, person)?.is_some_and(|stored| was_there(stored.changed_at)),
            Method::Totp => totp::list(w, person)?.iter().any(|totp| was_there(totp.created_at)),
            Method::Passkey => passkey::list(w, person)?.iter().any(|passkey| was_there(passkey.created_at)),
            // Its set is void when the ways are made anew; what it stood beside says so.
            Method::RecoveryCode => true,
        };
        if !holds {
            return Ok(false);
        }
    }
    Ok(true)
}

fn lapsed(at: Timestamp) -> Fault {
    Fault::new(FaultKind::Lapsed, format!("a session or a right that a request began with was over at {at}"))
}
