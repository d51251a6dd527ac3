//! Sessions: signed-in browsers. The id is stable and shown to nobody; the cookie rotates and is kept as a hash.
//! A session keeps how and when the person proved who they are; `amr`, `acr` and `auth_time` follow from that.

mod store;

use std::time::Duration;

use crate::kernel::ids::{PersonId, SessionId, UuidId};
use crate::kernel::proof::AuthEvent;
use crate::kernel::time::CLOCK_TOLERANCE;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::FieldLabel;
use crate::platform::crypto::token::{SessionCookie, TokenHash};
use crate::platform::db::Work;
use crate::platform::vault::open_with;
pub use store::{end, is_open, last_opened, rotate, sweep, touch, touch_rights};

const ADDRESS: FieldLabel = FieldLabel("session.address");
const USER_AGENT: FieldLabel = FieldLabel("session.user_agent");

/// How long sessions last; read from the settings at each use, so that lower limits hold for open sessions (SE-12).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From sign-in to the end, whatever happens.
    pub lifetime: Duration,
    /// Without use.
    pub idle: Duration,
}

/// From where a session was opened.
#[derive(Clone, Debug)]
pub struct OpenedFrom {
    /// The network address.
    pub address: String,
    /// What the browser said it is.
    pub user_agent: String,
}

/// A session that is alive.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id; never the cookie.
    pub id: SessionId,
    /// Whose it is.
    pub person: PersonId,
    /// The complete set of proofs of the last sign-in or confirmation.
    pub events: Vec<AuthEvent>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// When an administrator's elevated rights were last used in it, to the minute.
    pub rights_used_at: Option<Timestamp>,
}

impl Session {
    /// When the person last proved who they are (`auth_time`).
    pub fn auth_time(&self) -> Timestamp {
        self.events.iter().map(|event| event.at).max().unwrap_or(self.created_at)
    }
    /// Whether the last use should be written down again: at most once a minute.
    pub fn wants_touch(&self, now: Timestamp) -> bool {
        now.since(self.last_used_at) >= Duration::from_secs(60) || self.last_used_at > now.plus(CLOCK_TOLERANCE)
    }
    /// Whether it was opened, or proved again, by a clock that was ahead and has been set back: how old its proofs are is
    /// not known.
    fn is_from_the_future(&self, now: Timestamp) -> bool {
        self.created_at.max(self.auth_time()) > now.plus(CLOCK_TOLERANCE)
    }
}

/// A session with what is personal, for its owner.
#[derive(Clone, Debug)]
pub struct SessionDetail {
    /// The session.
    pub session: Session,
    /// From where it was opened.
    pub place: OpenedFrom,
}

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// The cookie that will find it.
    pub cookie: &'a TokenHash<SessionCookie>,
    /// The proofs of this sign-in.
    pub events: Vec<AuthEvent>,
    /// From where it is opened.
    pub place: &'a OpenedFrom,
}

/// What a confirmation changes in a session.
#[derive(Clone, Debug)]
pub struct Rotation<'a> {
    /// The cookie the session had when the confirmation began.
    pub old: &'a TokenHash<SessionCookie>,
    /// The cookie it gets.
    pub new: &'a TokenHash<SessionCookie>,
    /// The proofs it rests on from now on.
    pub events: Vec<AuthEvent>,
}

/// Opens a session.
pub fn open(w: &mut Work<'_>, person: PersonId, new: NewSession<'_>, limits: Limits) -> Result<Session, Fault> {
    let NewSession { cookie, events, place } = new;
    let session = Session {
        id: SessionId::make(w.now, w.entropy),
        person,
        events,
        created_at: w.now,
        last_used_at: w.now,
        expires_at: w.now.plus(limits.lifetime),
        rights_used_at: None,
    };
    let key = w.person_key(person)?;
    let row = session.id.uuid();
    let address = key.seal(ADDRESS, row.as_bytes(), place.address.as_bytes())?;
    let user_agent = key.seal(USER_AGENT, row.as_bytes(), place.user_agent.as_bytes())?;
    store::insert(w, &session, cookie.as_bytes(), &address, &user_agent)?;
    Ok(session)
}

/// Finds the live session of a cookie: not ended, within both limits, of a person who may sign in (SE-05, SE-09).
pub fn find_live(w: &mut Work<'_>, cookie: &TokenHash<SessionCookie>, limits: Limits) -> Result<Option<Session>, Fault> {
    let now = w.now;
    let found = store::find_by_cookie(w, cookie.as_bytes())?;
    Ok(found.filter(|session| {
        !session.is_from_the_future(now)
            && session.expires_at > now
            && session.created_at.plus(limits.lifetime) > now
            && session.last_used_at.plus(limits.idle) > now
    }))
}

/// Finds the session of a cookie that a clock ahead of time made.
pub fn find_from_the_future(w: &mut Work<'_>, cookie: &TokenHash<SessionCookie>) -> Result<Option<Session>, Fault> {
    let now = w.now;
    Ok(store::find_by_cookie(w, cookie.as_bytes())?.filter(|session| session.is_from_the_future(now)))
}

/// Ends all sessions of a person, but for one if named; says which.
pub fn end_all(w: &mut Work<'_>, person: PersonId, except: Option<SessionId>) -> Result<Vec<SessionId>, Fault> {
    let mut ended = Vec::new();
    for session in store::list_open(w, person)? {
        if Some(session) != except && store::end(w, session)? {
            ended.push(session);
        }
    }
    Ok(ended)
}

/// A session with its place, for its owner.
pub fn detail(w: &mut Work<'_>, session: &Session) -> Result<SessionDetail, Fault> {
    let key = w.person_key(session.person)?;
    let (address, user_agent) = store::load_place(w, session.id)?;
    let row = session.id.uuid();
    Ok(SessionDetail {
        session: session.clone(),
        place: OpenedFrom {
            address: open_with(&key, ADDRESS, row.as_bytes(), &address)?,
            user_agent: open_with(&key, USER_AGENT, row.as_bytes(), &user_agent)?,
        },
    })
}
