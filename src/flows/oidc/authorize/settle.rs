//! The transaction of an authorization: what is true, the verdict on it, and what that writes.

use std::time::Duration;

use serde_json::Value;

use super::hint::Hint;
use super::kept::KeptRequest;
use super::received::{self, Asked, Request};
use super::rejection::NotTold;
use super::standing::{self, ConsentAnswer, Standing};
use super::verdict::{Given, Verdict, verdict};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client;
use crate::domain::consent::{self, Consent};
use crate::domain::grant::{self, ChosenClaims, CodeTerms, NewGrant};
use crate::domain::session::{self, Session};
use crate::flows::Caller;
use crate::flows::oidc::claims;
use crate::flows::oidc::consent as decisions;
use crate::flows::oidc::params::Params;
use crate::kernel::Fault;
use crate::platform::crypto::token::{Code, SessionCookie, Token, TokenHash};
use crate::platform::db::Work;

/// What the transaction needs from outside.
#[derive(Clone)]
pub(super) struct Inputs {
    pub(super) cookie: Option<TokenHash<SessionCookie>>,
    pub(super) form_key: [u8; 32],
    limits: session::Limits,
    recent: Duration,
    code_lifetime: Duration,
    origin: Value,
    answer: Option<ConsentAnswer>,
}

/// What is true, and what it comes to.
pub(super) struct SettledRequest {
    pub(super) standing: Standing,
    pub(super) session: Option<Session>,
    pub(super) verdict: Verdict,
    /// The code, once the verdict has been carried out.
    pub(super) code: Option<Token<Code>>,
}

impl Inputs {
    pub(super) fn of(app: &App, caller: &Caller, cookie: Option<TokenHash<SessionCookie>>, answer: Option<ConsentAnswer>) -> Self {
        Self {
            cookie,
            form_key: *app.form_key(),
            limits: app.session_limits(),
            recent: app.settings.session.reauthentication,
            code_lifetime: app.settings.oidc.code,
            origin: caller.audit_origin(),
            answer,
        }
    }
}

/// Decides on a request that has just arrived.
pub(super) fn arrived(w: &mut Work<'_>, params: &Params, hint: Option<&Hint>, inputs: &Inputs) -> Result<SettledRequest, Fault> {
    let asked = match received::client_id(params) {
        Err(stop) => Err(stop),
        Ok(client_id) => match client::find(w, client_id)? {
            None => Err(NotTold::UnknownClient { sent: client_id.to_owned() }),
            Some(client) => received::read(params, client, hint, w.now, w.entropy),
        },
    };
    settle(w, asked, inputs)
}

/// Decides on a kept request; `None` when its application is gone.
pub(super) fn kept(w: &mut Work<'_>, kept: &KeptRequest, inputs: &Inputs) -> Result<Option<SettledRequest>, Fault> {
    let Some(client) = client::find_by_id(w, kept.request.client)? else { return Ok(None) };
    settle(w, Ok(kept.asked(client)), inputs).map(Some)
}

fn settle(w: &mut Work<'_>, asked: Result<Asked, NotTold>, inputs: &Inputs) -> Result<SettledRequest, Fault> {
    let session = match &inputs.cookie {
        Some(cookie) => session::find_live(w, cookie, inputs.limits)?,
        None => None,
    };
    let person = match (&session, &asked) {
        (Some(session), Ok(asked)) => Some(standing::person(w, session, asked)?),
        _ => None,
    };
    let mut standing = Standing { asked, person, answer: inputs.answer.clone(), now: w.now, recent: inputs.recent };
    standing.keep_answer_to_its_page(session.as_ref(), &inputs.form_key);
    let verdict = verdict(&standing, session.as_ref());
    Ok(SettledRequest { standing, session, verdict, code: None })
}

/// Writes what the verdict means: the code with its grant, a decision given or withdrawn.
pub(super) fn carry_out(w: &mut Work<'_>, mut settled: SettledRequest, inputs: &Inputs) -> Result<SettledRequest, Fault> {
    if let (Some(session), Ok(_)) = (&settled.session, &settled.standing.asked)
        && session.wants_touch(w.now)
    {
        session::touch(w, session.id)?;
    }
    settled.hold_decision(w)?;
    let (Some(session), Ok(asked)) = (&settled.session, &settled.standing.asked) else { return Ok(settled) };
    match (&settled.verdict, &asked.request) {
        (Verdict::Error(rejection), _) if rejection.declined => {
            decisions::decline(w, session.person, asked.client.id, &inputs.origin)?;
        }
        (Verdict::Code(given), Ok(request)) => {
            if given.decided_now {
                let decided = decided(w, &settled.standing, asked, request, given);
                decisions::give(w, session.person, asked.client.id, &decided, &inputs.origin)?;
            }
            let claims = claims::chosen(&request.request, asked.client.claim_delivery, &given.claims);
            settled.code = Some(code(w, session, request, claims, inputs.code_lifetime)?);
        }
        _ => {}
    }
    Ok(settled)
}

impl SettledRequest {
    /// Holds the decision that a code rests on, and judges again when it is not what was read before: whoever withdraws it has
    /// come before, or waits and ends what is given here (OA-112).
    fn hold_decision(&mut self, w: &mut Work<'_>) -> Result<(), Fault> {
        let (Verdict::Code(Given { decided_now: false, .. }), Some(session)) = (&self.verdict, &self.session) else { return Ok(()) };
        let (Ok(asked), Some(person)) = (&self.standing.asked, &mut self.standing.person) else { return Ok(()) };
        person.consent = consent::find_held(w, session.person, asked.client.id)?;
        self.verdict = verdict(&self.standing, Some(session));
        Ok(())
    }
}

/// The decision as it is kept: with what the page showed, and every scope that was asked about.
fn decided(w: &Work<'_>, standing: &Standing, asked: &Asked, request: &Request, given: &Given) -> Consent {
    let about = claims::asked(&request.request, &asked.client);
    let mut scopes = request.request.scopes.clone();
    scopes.extend(about.iter().map(|claim| claim.scope().to_owned()));
    scopes.sort();
    scopes.dedup();
    let before = standing.person.as_ref().and_then(|person| person.consent.as_ref()).and_then(|consent| consent.shown.as_ref());
    let registered: Vec<String> = asked.client.redirect_uris.iter().map(|uri| crate::kernel::address::host_of(uri.as_str())).collect();
    Consent {
        scopes,
        claims: given.claims.iter().map(|claim| claim.as_str().to_owned()).collect(),
        given_at: w.now,
        shown: Some(asked.shown(&request.request).after(before, &registered)),
    }
}

/// Makes the grant and its code.
fn code(w: &mut Work<'_>, session: &Session, request: &Request, claims: ChosenClaims, lifetime: Duration) -> Result<Token<Code>, Fault> {
    let asked = &request.request;
    let new = NewGrant {
        person: session.person,
        client: asked.client,
        session: session.id,
        scopes: asked.scopes.clone(),
        claims,
        acr: asked.acr_to_say(&session.events),
        events: session.events.clone(),
    };
    let terms = CodeTerms {
        redirect_uri: asked.redirect_uri.clone(),
        code_challenge: asked.code_challenge.clone(),
        nonce: asked.nonce.clone(),
        lifetime,
    };
    let (grant, code) = grant::mint(w, &new, &terms)?;
    let entry = Entry::new(Kind::CodeIssued, Actor::Person(new.person)).about(new.person).with(new.client);
    audit::append(w, &entry.fact("grant", grant.to_string()).fact("scopes", new.scopes))?;
    Ok(code)
}

#[cfg(test)]
mod tests;
