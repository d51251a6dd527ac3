//! The end of an attempt: a new session with a new cookie, or a newer proof for an open one. One place writes
//! sessions, so no entry point can forget a check (TH-14).

use super::attempt::{Attempt, Purpose};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::identity::{self, PersonState};
use crate::domain::session::{self, Limits, Place, Session};
use crate::domain::{device, grant, password as passwords};
use crate::flows::notifications::{self, EventContext};
use crate::flows::{After, Caller};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::proof::{AuthEvent, Method, acr};
use crate::platform::crypto::token::{AttemptCookie, DeviceCookie, SessionCookie, Token, TokenHash};
use crate::platform::db::Work;

/// A completed sign-in or confirmation: the cookies to set and where it leads.
#[derive(Debug)]
pub struct Signed {
    /// The new session cookie.
    pub session: Token<SessionCookie>,
    /// A device cookie to set, when the browser brought none.
    pub device: Option<Token<DeviceCookie>>,
    /// Where it leads.
    pub after: After,
    /// For a confirmation: the key of the page to return to.
    pub to: Option<String>,
}

/// Everything a finish writes, made ready outside the transaction.
#[derive(Clone)]
pub struct Plan {
    person: PersonId,
    events: Vec<AuthEvent>,
    purpose: Purpose,
    after: After,
    cookie: Token<SessionCookie>,
    device: TokenHash<DeviceCookie>,
    new_device: Option<Token<DeviceCookie>>,
    present: Option<TokenHash<SessionCookie>>,
    limits: Limits,
    known_for: std::time::Duration,
    binding: TokenHash<AttemptCookie>,
    place: Place,
    trace: serde_json::Value,
}

pub(super) fn plan(
    app: &App,
    caller: &Caller,
    attempt: &Attempt,
    events: Vec<AuthEvent>,
    present: Option<TokenHash<SessionCookie>>,
) -> Plan {
    make(app, caller, attempt.person, attempt.purpose.clone(), attempt.after, events, present)
}

fn make(
    app: &App,
    caller: &Caller,
    person: PersonId,
    purpose: Purpose,
    after: After,
    events: Vec<AuthEvent>,
    present: Option<TokenHash<SessionCookie>>,
) -> Plan {
    let new_device = caller.device.is_none().then(|| Token::<DeviceCookie>::make(&*app.entropy));
    let device = caller.device.or_else(|| new_device.as_ref().map(Token::hash)).unwrap_or(TokenHash::none());
    Plan {
        person,
        events,
        purpose,
        after,
        cookie: Token::make(&*app.entropy),
        device,
        new_device,
        present,
        limits: app.session_limits(),
        known_for: app.settings.session.known_device,
        binding: caller.binding,
        place: Place { address: caller.address.to_string(), user_agent: caller.user_agent.clone() },
        trace: caller.audit_origin(),
    }
}

/// A plan for a person who proves everything in one go: a passkey, or the end of an enrolment.
pub fn complete(
    app: &App,
    caller: &Caller,
    person: PersonId,
    purpose: Purpose,
    after: After,
    events: Vec<AuthEvent>,
    present: Option<TokenHash<SessionCookie>>,
) -> Plan {
    make(app, caller, person, purpose, after, events, present)
}

/// Carries a plan out in the caller's transaction. `None` when the person may not sign in any more, or the session to
/// be confirmed has ended or was rotated meanwhile.
pub fn finish_with(w: &mut Work<'_>, plan: &Plan) -> Result<Option<Signed>, Fault> {
    carry_out(w, plan)
}

pub(super) fn carry_out(w: &mut Work<'_>, plan: &Plan) -> Result<Option<Signed>, Fault> {
    // The account may have been switched off since the attempt began (SE-09); held, it is not while this is written.
    if identity::hold(w, plan.person)? != Some(PersonState::Active) {
        return Ok(None);
    }
    let methods: Vec<&str> = plan.events.iter().map(|event| event.method.as_str()).collect();
    let (kind, session, to, new_browser) = match &plan.purpose {
        Purpose::SignIn => {
            // Looked at before this sign-in makes the browser a known one (TH-13).
            let new = notifications::new_browser(w, plan.person, &plan.device, &EventContext::by(&plan.place.user_agent))?;
            // This browser's older session, whoever's it was, ends here (SE-02, CVE-137).
            if let Some(old) = plan.present
                && let Some(old) = session::find_live(w, &old, plan.limits)?
            {
                session::end(w, old.id)?;
                grant::revoke_for_session(w, old.id)?;
            }
            let Session { id, .. } = session::open(w, plan.person, &plan.cookie.hash(), plan.events.clone(), plan.limits, &plan.place)?;
            notifications::sign_in_finished(w, plan.person, &plan.binding)?;
            (Kind::SignInSucceeded, id, None, Some(new))
        }
        Purpose::Reauthenticate { session, cookie, to } => {
            if !session::rotate(w, *session, cookie, &plan.cookie.hash(), plan.events.clone(), plan.limits)? {
                return Ok(None);
            }
            (Kind::SessionReauthenticated, *session, Some(to.clone()), None)
        }
    };
    // A password that strangers had used up is right again: its owner typed it, with everything else (TH-01, TH-06).
    if plan.events.iter().any(|event| event.method == Method::Password) {
        passwords::clear_failures(w, plan.person)?;
    }
    device::remember(w, plan.person, &plan.device, plan.known_for)?;
    let mut entry = Entry::new(kind, Actor::Person(plan.person))
        .about(plan.person)
        .fact("methods", methods)
        .fact("acr", acr(&plan.events).as_str())
        .fact("session", session.to_string())
        .personal(Some(plan.person), plan.trace.clone());
    if let Some(new) = new_browser {
        entry = entry.fact("new_browser", new);
    }
    audit::append(w, &entry)?;
    Ok(Some(Signed { session: plan.cookie.clone(), device: plan.new_device.clone(), after: plan.after, to }))
}
