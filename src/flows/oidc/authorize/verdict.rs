//! The one decision about an authorization: request, session, access and consent, in this order. Pure; reads nothing but
//! what [`Standing`] holds.

use super::received::{Asked, Request};
use super::rejection::{NotTold, Rejection};
use super::standing::{Decision, PersonStanding, Standing};
use crate::domain::consent::Change;
use crate::domain::grant::Prompt;
use crate::domain::session::Session;
use crate::flows::oidc::claims::{self, Claim};
use crate::flows::oidc::error::OAuthError;
use crate::flows::oidc::pkce;

/// What an authorization comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::flows::oidc) enum Verdict {
    /// Told to the person on a page; the browser is sent nowhere (OA-03).
    Page(NotTold),
    /// Told to the application.
    Error(Rejection),
    /// The person must sign in.
    SignIn(SignInReason),
    /// The person cannot use the application.
    Denied(Denial),
    /// The person must be asked.
    Consent(ConsentReason),
    /// A code with these claims.
    Code(Given),
}

/// Why a person cannot use an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// They are in none of the groups that may.
    NotAllowed,
    /// It needs these claims, and their account has no value for them.
    Lacks(Vec<Claim>),
}

/// Why the person must sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInReason {
    /// Nobody is signed in.
    First,
    /// The sign-in is too old or too weak for the request.
    Again,
    /// The application asks for another person than the one who is signed in (OA-66).
    AnotherPerson,
}

/// Why the person must be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentReason {
    /// They have not decided about this application yet.
    First,
    /// The application asked for the question.
    Requested,
    /// Any program could pretend to be this application (RFC 8252 section 8.6).
    EachTime,
    /// What they decided about has changed in these ways.
    Changed(Vec<Change>),
}

/// What a code gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::flows::oidc) struct Given {
    /// The claims.
    pub(super) claims: Vec<Claim>,
    /// Whether the person decided just now.
    pub(super) decided_now: bool,
}

const LOGIN: Rejection = Rejection::new("session", OAuthError::LoginRequired, "the person must sign in first");
const ANOTHER: Rejection = Rejection::new("person", OAuthError::LoginRequired, "another person is signed in than the request names");
const OFF: Rejection = Rejection::new("client_enabled", OAuthError::UnauthorizedClient, "this application is disabled");
const CLOSED: Rejection = Rejection::new("access", OAuthError::AccessDenied, "this person may not use this application");
const INCOMPLETE: Rejection =
    Rejection::new("claims", OAuthError::InteractionRequired, "the account has no value for a claim that this application needs");
const LACKING: Rejection =
    Rejection::new("claims", OAuthError::AccessDenied, "the account has no value for a claim that this application needs");
const UNASKED: Rejection = Rejection::new("consent", OAuthError::ConsentRequired, "the person must be asked first");
const DECLINED: Rejection = Rejection { declined: true, ..Rejection::new("consent", OAuthError::AccessDenied, "the person declined") };

impl Verdict {
    /// Whether it answers the application; a request is answered once.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self, Self::Error(_) | Self::Code(_))
    }
    /// The check that refused; a request that needs its person is refused only where no page is shown.
    pub(super) fn check(&self) -> &'static str {
        match self {
            Self::Page(not_told) => not_told.check(),
            Self::Error(rejection) => rejection.check,
            Self::Denied(Denial::NotAllowed) => CLOSED.check,
            Self::Denied(Denial::Lacks(_)) => LACKING.check,
            Self::SignIn(_) | Self::Consent(_) | Self::Code(_) => "navigation",
        }
    }
}

/// Decides.
pub(in crate::flows::oidc) fn verdict(standing: &Standing, session: Option<&Session>) -> Verdict {
    decide(standing, session).unwrap_or_else(|verdict| verdict)
}

/// The checks in order; the first that fails is the verdict.
fn decide(standing: &Standing, session: Option<&Session>) -> Result<Verdict, Verdict> {
    let asked = addressed(standing)?;
    enabled(asked)?;
    let request = well_formed(asked)?;
    pkce::required(&asked.client, &request.terms()).map_err(|refused| Verdict::Error(Rejection::of("pkce", refused)))?;
    let (session, person) = signed_in(standing, session, asked)?;
    expected(person, session, asked, request)?;
    authenticated(standing, session, asked, request)?;
    allowed(standing, person, asked)?;
    complete(standing, person, asked)?;
    consent(standing, person, asked, request)
}

/// What needs a page becomes this error where the application asked to see none (OpenID Connect Core section 3.1.2.6).
fn shown(asked: &Asked, page: Verdict, error: Rejection) -> Verdict {
    if asked.silent { Verdict::Error(error) } else { page }
}

/// OA-01, OA-03: the application is known, and the address its own.
fn addressed(standing: &Standing) -> Result<&Asked, Verdict> {
    let asked = standing.asked.as_ref().map_err(|stop| Verdict::Page(stop.clone()))?;
    if asked.client.redirects_to(&asked.redirect_uri) {
        return Ok(asked);
    }
    Err(Verdict::Page(NotTold::UnknownRedirect { app: asked.client.name.clone(), sent: asked.redirect_uri.clone() }))
}

/// OA-18
fn enabled(asked: &Asked) -> Result<(), Verdict> {
    let client = &asked.client;
    if !client.disabled {
        return Ok(());
    }
    let text = client.disabled_text.clone().unwrap_or_default();
    Err(shown(asked, Verdict::Page(NotTold::Disabled { app: client.name.clone(), run_by: client.run_by.clone(), text }), OFF))
}

fn well_formed(asked: &Asked) -> Result<&Request, Verdict> {
    asked.request.as_ref().map_err(|rejection| Verdict::Error(*rejection))
}

fn signed_in<'a>(
    standing: &'a Standing,
    session: Option<&'a Session>,
    asked: &Asked,
) -> Result<(&'a Session, &'a PersonStanding), Verdict> {
    session.zip(standing.person.as_ref()).ok_or_else(|| shown(asked, Verdict::SignIn(SignInReason::First), LOGIN))
}

/// OA-66: the application may name whom it expects. Once another person has signed in for this request, it is told; asking
/// the same person again would never end.
fn expected(person: &PersonStanding, session: &Session, asked: &Asked, request: &Request) -> Result<(), Verdict> {
    let Some(expected) = &request.expected_subject else { return Ok(()) };
    if person.subject.as_ref() == Some(expected) {
        return Ok(());
    }
    if session.auth_time() > request.request.created_at {
        return Err(Verdict::Error(ANOTHER));
    }
    Err(shown(asked, Verdict::SignIn(SignInReason::AnotherPerson), LOGIN))
}

/// OA-64, OA-65, OA-68: the proofs are as strong and as new as rules and request ask.
fn authenticated(standing: &Standing, session: &Session, asked: &Asked, request: &Request) -> Result<(), Verdict> {
    if request.need(standing.now, standing.recent).met_by(&session.events) {
        return Ok(());
    }
    Err(shown(asked, Verdict::SignIn(SignInReason::Again), LOGIN))
}

fn allowed(standing: &Standing, person: &PersonStanding, asked: &Asked) -> Result<(), Verdict> {
    match standing.decision() {
        _ if person.allowed => Ok(()),
        Some(Decision::Decline) => Err(Verdict::Error(CLOSED)),
        _ => Err(shown(asked, Verdict::Denied(Denial::NotAllowed), CLOSED)),
    }
}

/// What the application needs can be given: it does not work without, so it gets no code without.
fn complete(standing: &Standing, person: &PersonStanding, asked: &Asked) -> Result<(), Verdict> {
    match standing.decision() {
        _ if person.lacks.is_empty() => Ok(()),
        Some(Decision::Decline) => Err(Verdict::Error(LACKING)),
        _ => Err(shown(asked, Verdict::Denied(Denial::Lacks(person.lacks.clone())), INCOMPLETE)),
    }
}

/// OA-110
fn consent(standing: &Standing, person: &PersonStanding, asked: &Asked, request: &Request) -> Result<Verdict, Verdict> {
    let claims = claims::asked(&request.request, &asked.client);
    let code = |claims, decided_now| Ok(Verdict::Code(Given { claims, decided_now }));
    match standing.decision() {
        Some(Decision::Decline) => return Err(Verdict::Error(DECLINED)),
        Some(Decision::Allow(chosen)) => {
            let needed = claims::needed(&request.request, &asked.client);
            return code(claims.into_iter().filter(|claim| needed.contains(claim) || chosen.contains(claim)).collect(), true);
        }
        None => {}
    }
    let ask = |reason| Err(shown(asked, Verdict::Consent(reason), UNASKED));
    let before = person.consent.as_ref();
    let changes = before.map(|before| before.changes(&asked.shown(&request.request), &request.request.scopes)).unwrap_or_default();
    if !changes.is_empty() {
        return ask(ConsentReason::Changed(changes));
    }
    if request.request.prompts(Prompt::Consent) {
        return ask(ConsentReason::Requested);
    }
    if asked.client.is_asked_for_each_time(&asked.redirect_uri) {
        return ask(ConsentReason::EachTime);
    }
    match before {
        None => ask(ConsentReason::First),
        Some(before) => {
            let given = |claim: &Claim| before.claims.iter().any(|word| word == claim.as_str());
            code(claims.into_iter().filter(given).collect(), false)
        }
    }
}

#[cfg(test)]
mod tests;
