//! Sessions as a whole: whose one is, and ending all of a person's, with what was given and trusted because of them.

use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::session::{self, Session};
use crate::domain::{device, grant, policy};
use crate::flows::Caller;
use crate::kernel::Fault;
use crate::kernel::ids::{PersonId, SessionId};
use crate::platform::crypto::token::{SessionCookie, TokenHash};
use crate::platform::db::Work;

/// The live session of a cookie, of an active person, whose proofs meet what signing in needs now (AA-06, AA-07).
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(app: &App, cookie: TokenHash<SessionCookie>) -> Result<Option<Session>, Fault> {
    let limits = app.session_limits();
    let (found, ahead) = app
        .read(move |w| match session::find_live(w, &cookie, limits)? {
            Some(live) => Ok((Some(live), None)),
            None => Ok((None, session::find_from_the_future(w, &cookie)?)),
        })
        .await?;
    if let Some(ahead) = ahead {
        end_from_the_future(app, ahead).await?;
    }
    let Some(session) = found.filter(|session| policy::for_sign_in().met_by(&session.events)) else { return Ok(None) };
    if session.wants_touch(app.now()) {
        let id = session.id;
        app.write(move |w| session::touch(w, id)).await?;
    }
    Ok(Some(session))
}

/// Ends the session of a cookie when a clock ahead of time made it: it would last, and its proofs be fresh, for as long as the
/// clock was ahead.
async fn end_from_the_future(app: &App, found: Session) -> Result<(), Fault> {
    let seconds = app.now().until(found.auth_time().max(found.created_at)).as_secs();
    let ended = app
        .write(move |w| {
            let ended = session::end(w, found.id)?;
            if ended {
                grant::revoke_for_session(w, found.id)?;
                let entry = Entry::new(Kind::SessionEnded, Actor::System).about(found.person).fact("session", found.id.to_string());
                audit::append(w, &entry.fact("reason", "clock_was_ahead").fact("seconds", seconds))?;
            }
            Ok(ended)
        })
        .await?;
    if ended {
        tracing::warn!(seconds, "a session was opened while the clock was ahead; the clock was set back, and the session is ended");
    }
    Ok(())
}

/// Ends every session of a person, forgets the browsers they signed in with, and revokes what applications were given
/// (SE-08, SE-10). Says how many sessions ended.
pub(crate) fn end_all(w: &mut Work<'_>, person: PersonId) -> Result<usize, Fault> {
    device::forget_all(w, person, None)?;
    let ended = session::end_all(w, person, None)?.len();
    grant::revoke_for_person(w, person)?;
    Ok(ended)
}

/// The same for every session but one, and every browser but the one it is in.
pub(crate) fn end_others(w: &mut Work<'_>, person: PersonId, kept: SessionId, caller: &Caller) -> Result<usize, Fault> {
    let device = match &caller.device {
        Some(cookie) => device::find(w, person, cookie)?.map(|device| device.id),
        None => None,
    };
    device::forget_all(w, person, device)?;
    let ended = session::end_all(w, person, Some(kept))?;
    for session in &ended {
        grant::revoke_for_session(w, *session)?;
    }
    Ok(ended.len())
}
