//! An administrator's elevated rights: got by a fresh proof, kept by use, gone when unused.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::domain::access::{self, Elevation, SessionStanding};
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::policy::RecoveryCodes;
use crate::domain::session::{self, Session};
use crate::flows::{Caller, reauth, throttle};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::time::CLOCK_TOLERANCE;

/// Says whether a session may use an administrator's rights now, and writes their use down at most once a minute.
///
/// # Errors
/// When the database cannot be asked.
pub async fn elevated(app: &App, caller: &Caller, session: &Session) -> Result<Elevation, Fault> {
    let fresh = reauth::is_recent(app, session, RecoveryCodes::DoNotCount).await?;
    // A use that a clock ahead of time dated is none.
    let last_used = session.rights_used_at.filter(|used| *used <= app.now().plus(CLOCK_TOLERANCE));
    let standing = SessionStanding { session: session.id, person: session.person, fresh, last_used };
    let idle = app.settings.session.admin_idle;
    let elevated = app.read(move |w| access::elevated(w, standing, idle)).await?;
    let now = app.now();
    if matches!(elevated, Elevation::Yes(_)) && standing.last_used.is_none_or(|used| now.since(used) >= Duration::from_secs(60)) {
        let (id, person, trace) = (session.id, session.person, caller.audit_origin());
        let newly = standing.last_used.is_none_or(|used| used.plus(idle) <= now);
        app.write(move |w| {
            session::touch_rights(w, id)?;
            if newly {
                let entry = Entry::new(Kind::RightsElevated, Actor::Person(person)).about(person).fact("session", id.to_string());
                audit::append(w, &entry.personal(Some(person), trace))?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(elevated)
}

/// Writes down that someone was refused what is not theirs to do or to see: once for each time, up to what one network may
/// be refused in a window, then once more (LG-04, EN-15). `page` is the row of the table of routes, `of` whom or what the
/// address named.
///
/// # Errors
/// When something we need is away.
pub async fn note_refusal(app: &App, caller: &Caller, person: PersonId, page: &str, of: Option<Uuid>) -> Result<(), Fault> {
    if !throttle::is_first_in_window(app, caller, "not-theirs").await? {
        return Ok(());
    }
    let entry =
        Entry::new(Kind::ActRefused, Actor::Person(person)).about(person).fact("page", page).personal(Some(person), caller.audit_origin());
    let entry = match of {
        Some(of) => entry.fact("of", of.to_string()),
        None => entry,
    };
    app.write(move |w| audit::append(w, &entry).map(|_| ())).await
}
