//! The person's answer: allow, with the claims they chose, or decline.

use super::authorize::{self, Decision, error_url, grant_code, standing};
use super::claims::{self, Claim};
use super::error::{OAuthError, refused};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::session::Session;
use crate::flows::Caller;
use crate::kernel::Fault;
use crate::kernel::ids::RequestId;

/// What the person decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes, with these of what may be declined.
    Allow(Vec<Claim>),
    /// No.
    Decline,
}

/// Carries an answer out. Everything is checked again: the session, its proofs, who may use the application.
pub async fn answer(app: &App, caller: &Caller, session: &Session, id: RequestId, answer: Answer) -> Result<Decision, Fault> {
    let Some(standing) = standing(app, caller, session, id).await? else { return Ok(Decision::Gone) };
    if !standing.is_open_to(session) {
        return authorize::decide(app, caller, Some(session), id).await;
    }
    match answer {
        Answer::Allow(chosen) => {
            let asked = claims::asked(&standing.stored.request, &standing.client.scopes);
            let claims: Vec<Claim> = asked.into_iter().filter(|claim| claim.needed() || chosen.contains(claim)).collect();
            grant_code(app, caller, session, &standing, &claims, true).await
        }
        Answer::Decline => {
            if app.ephemeral.take(&authorize::key(id)).await?.is_none() {
                return Ok(Decision::Gone);
            }
            let (person, client, trace) = (session.person, standing.client.id, caller.audit_origin());
            app.write(move |w| {
                let entry = Entry::new(Kind::ConsentDeclined, Actor::Person(person)).about(person).with(client);
                audit::append(w, &entry.personal(Some(person), trace)).map(|_| ())
            })
            .await?;
            let request = &standing.stored.request;
            let denied = refused(OAuthError::AccessDenied, "the person declined");
            let url = error_url(app, &request.redirect_uri, request.state.as_deref(), denied);
            Ok(Decision::Redirect { url, app: standing.client.name })
        }
    }
}
