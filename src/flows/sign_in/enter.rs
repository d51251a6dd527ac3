//! The only place that opens a session or gives one a new cookie, so that no way in can forget a check (TH-14): at the end
//! of a sign-in, of a re-authentication and of an enrolment.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::identity::{self, PersonState};
use crate::domain::session::{self, Limits, NewSession, OpenedFrom, Rotation};
use crate::domain::{device, grant, password};
use crate::flows::Caller;
use crate::flows::notifications::{self, EventContext};
use crate::kernel::Fault;
use crate::kernel::ids::{PersonId, SessionId};
use crate::kernel::proof::{AuthEvent, Method, acr};
use crate::platform::crypto::token::{DeviceCookie, SessionCookie, Token, TokenHash};
use crate::platform::db::Work;

/// What entering is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum EntryPurpose {
    /// A new session.
    SignIn {
        /// The page that was asked for before; none for the person's first page, or an application's request.
        to: Option<String>,
    },
    /// The first session of an account whose factors were made on the way; its owner knows, or is told of it otherwise.
    Enrolment,
    /// A newer proof for an open session: only its own person can give it (OA-77).
    Reauthenticate {
        /// The session.
        session: SessionId,
        /// Its cookie when this began.
        cookie: TokenHash<SessionCookie>,
        /// The page to return to.
        to: String,
    },
}

/// The cookies of a person who is signed in now.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The new session cookie.
    pub session: Token<SessionCookie>,
    /// The new device cookie.
    pub device: Token<DeviceCookie>,
}

/// What entering needs beside who enters, made ready outside the transaction.
#[derive(Clone)]
pub(crate) struct Entrance {
    new: Entered,
    limits: Limits,
    known_for: Duration,
    caller: Caller,
}

impl Entrance {
    pub(crate) fn prepare(app: &App, caller: &Caller) -> Self {
        Self {
            new: Entered { session: Token::make(&*app.entropy), device: Token::make(&*app.entropy) },
            limits: app.session_limits(),
            known_for: app.settings.session.known_device,
            caller: caller.clone(),
        }
    }
}

/// Opens a session, or gives the one that is proved again a new cookie. `None` when the person may no longer sign in, or
/// the session to be proved again has ended or was rotated meanwhile.
pub(crate) fn enter(
    w: &mut Work<'_>,
    entrance: &Entrance,
    person: PersonId,
    events: &[AuthEvent],
    purpose: &EntryPurpose,
) -> Result<Option<Entered>, Fault> {
    // The account may have been switched off since the attempt began (SE-09); held, it is not while this is written.
    if identity::hold(w, person)? != Some(PersonState::Active) {
        return Ok(None);
    }
    let entry = |kind| Entry::new(kind, Actor::Person(person)).about(person);
    let (entry, session) = match purpose {
        EntryPurpose::SignIn { .. } => {
            // Asked before this sign-in makes the browser a known one (TH-13).
            let new = notifications::new_browser(w, person, entrance.caller.device.as_ref(), &EventContext::of(&entrance.caller))?;
            (entry(Kind::SignInSucceeded).fact("new_browser", new), entrance.open(w, person, events)?)
        }
        EntryPurpose::Enrolment => (entry(Kind::SignInSucceeded), entrance.open(w, person, events)?),
        EntryPurpose::Reauthenticate { session, cookie, .. } => {
            let new = entrance.new.session.hash();
            let rotation = Rotation { old: cookie, new: &new, events: events.to_vec() };
            if !session::rotate(w, *session, rotation, entrance.limits)? {
                return Ok(None);
            }
            (entry(Kind::SessionReauthenticated), *session)
        }
    };
    // A password that strangers had used up is right again: its owner typed it, with everything else (TH-01, TH-06).
    if events.iter().any(|event| event.method == Method::Password) {
        password::clear_failures(w, person)?;
    }
    device::renew(w, person, entrance.caller.device.as_ref(), &entrance.new.device.hash(), entrance.known_for)?;
    let methods: Vec<&str> = events.iter().map(|event| event.method.as_str()).collect();
    let entry = entry.fact("methods", methods).fact("acr", acr(events).as_str()).fact("session", session.to_string());
    audit::append(w, &entry.personal(Some(person), entrance.caller.audit_origin()))?;
    Ok(Some(entrance.new.clone()))
}

impl Entrance {
    /// Opens a session in place of the one this browser had, no matter whose it was (SE-02, CVE-137).
    fn open(&self, w: &mut Work<'_>, person: PersonId, events: &[AuthEvent]) -> Result<SessionId, Fault> {
        if let Some(old) = &self.caller.session
            && let Some(old) = session::find_live(w, old, self.limits)?
        {
            session::end(w, old.id)?;
            grant::revoke_for_session(w, old.id)?;
        }
        let place = OpenedFrom { address: self.caller.address.to_string(), user_agent: self.caller.user_agent.clone() };
        let new = NewSession { cookie: &self.new.session.hash(), events: events.to_vec(), place: &place };
        let session = session::open(w, person, new, self.limits)?;
        notifications::sign_in_finished(w, person, &self.caller.binding)?;
        Ok(session.id)
    }
}
