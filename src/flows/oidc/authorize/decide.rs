//! What happens to a kept request: sign in first, ask the person, refuse, or answer. Decided anew each time from what
//! is kept and what is true now.

use std::time::Duration;

use super::super::claims::{self, Claim};
use super::super::error::{OAuthError, Refused, refused};
use super::request::{StoredRequest, find, key};
use super::respond::{code_url, error_url};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Access, Client};
use crate::domain::consent::{self, Consent};
use crate::domain::grant::{self, CodeTerms, NewGrant, Prompt};
use crate::domain::identity::{self, Profile};
use crate::domain::policy::{self, Need};
use crate::domain::{group, session::Session};
use crate::flows::Caller;
use crate::kernel::Fault;
use crate::kernel::ids::{PersonId, RequestId};

/// What happens.
#[derive(Debug)]
pub enum Decision {
    /// The person must sign in, or prove it again.
    SignIn {
        /// Somebody is signed in, and it is not enough or not the one asked for.
        again: bool,
    },
    /// The person must be asked.
    Consent(Box<Question>),
    /// The person may not use this application.
    Denied {
        /// Its name.
        app: String,
        /// Who runs it.
        run_by: String,
        /// The name of the account.
        person: String,
        /// The groups that may.
        groups: Vec<String>,
    },
    /// The application is switched off.
    Off {
        /// Its name.
        app: String,
        /// Who runs it.
        run_by: String,
        /// What people are to read.
        text: String,
    },
    /// The address of the request is not the application's any more.
    UnknownRedirect {
        /// The application's name.
        app: String,
        /// The address.
        sent: String,
    },
    /// The answer to the application.
    Redirect {
        /// The whole address.
        url: String,
        /// The application's name.
        app: String,
    },
    /// There is no such request in this browser.
    Gone,
}

/// What the person is asked.
#[derive(Debug)]
pub struct Question {
    /// The application.
    pub client: Client,
    /// What it asks for.
    pub claims: Vec<Claim>,
    /// Who is asked.
    pub asked: PersonId,
    /// The person's values.
    pub profile: Profile,
    /// The number it will know them by.
    pub subject: String,
    /// What was agreed before.
    pub before: Option<Consent>,
    /// Where the answer goes.
    pub redirect_uri: String,
}

/// Everything true about a request and a session now.
pub(in crate::flows::oidc) struct Standing {
    pub(in crate::flows::oidc) stored: StoredRequest,
    pub(in crate::flows::oidc) client: Client,
    pub(in crate::flows::oidc) need: Need,
    pub(in crate::flows::oidc) allowed: bool,
    pub(in crate::flows::oidc) consent: Option<Consent>,
    pub(in crate::flows::oidc) profile: Profile,
    pub(in crate::flows::oidc) subject: String,
}

impl Standing {
    /// Whether the application named somebody else than who is signed in (OA-66).
    pub(in crate::flows::oidc) fn is_another_person(&self) -> bool {
        self.stored.expected_subject.as_ref().is_some_and(|expected| *expected != self.subject)
    }
    /// Whether nothing but the person's word is missing: the application is on, still as it was when it asked, and open to
    /// who is signed in.
    pub(in crate::flows::oidc) fn is_open_to(&self, session: &Session) -> bool {
        !self.client.disabled
            && self.client.redirects_to(&self.stored.request.redirect_uri)
            && self.outgrown().is_none()
            && !self.is_another_person()
            && self.need.met_by(&session.events)
            && self.allowed
    }
    /// What was demanded of the application since it asked: a request waits for an hour, and an exemption that was taken back
    /// is taken back at once (OA-30).
    fn outgrown(&self) -> Option<Refused> {
        let (client, request) = (&self.client, &self.stored.request);
        let openid = request.scopes.iter().any(|scope| scope == "openid");
        match &request.code_challenge {
            None if client.pkce_required => Some(refused(OAuthError::InvalidRequest, "code_challenge is required (PKCE S256)")),
            None if openid && client.nonce_required && request.nonce.is_none() => {
                Some(refused(OAuthError::InvalidRequest, "nonce is required without PKCE"))
            }
            _ => None,
        }
    }
}

/// Gathers what is true now. `None` when the request or its application is gone.
pub(in crate::flows::oidc) async fn standing(
    app: &App,
    caller: &Caller,
    session: &Session,
    id: RequestId,
) -> Result<Option<Standing>, Fault> {
    let Some(stored) = find(app, caller, id).await? else { return Ok(None) };
    let (person, client) = (session.person, stored.request.client);
    let found = app
        .write(move |w| {
            let Some(client) = client::find_by_id(w, client)? else { return Ok(None) };
            let groups: Vec<_> = group::list_of(w, person)?.into_iter().map(|(id, _)| id).collect();
            let rules = policy::for_sign_in(Some(person), &groups, Some(client.id));
            let allowed = client.access.allows(&groups);
            let consent = consent::find(w, person, client.id)?;
            let profile = identity::profile(w, person)?;
            let subject = client::subject(w, person, &client)?;
            Ok(Some((client, rules, allowed, consent, profile, subject)))
        })
        .await?;
    Ok(found.map(|(client, rules, allowed, consent, profile, subject)| Standing {
        need: stored.need(rules, app.now(), app.settings.session.reauthentication),
        stored,
        client,
        allowed,
        consent,
        profile,
        subject,
    }))
}

/// Decides what happens to a request of this browser.
pub async fn decide(app: &App, caller: &Caller, session: Option<&Session>, id: RequestId) -> Result<Decision, Fault> {
    let Some(stored) = find(app, caller, id).await? else { return Ok(Decision::Gone) };
    let silent = stored.request.prompts(Prompt::None);
    let Some(session) = session else {
        return if silent { tell(app, &stored, LOGIN).await } else { Ok(Decision::SignIn { again: false }) };
    };
    let Some(standing) = standing(app, caller, session, id).await? else { return Ok(Decision::Gone) };
    if !standing.client.redirects_to(&standing.stored.request.redirect_uri) {
        return Ok(Decision::UnknownRedirect { app: standing.client.name, sent: standing.stored.request.redirect_uri });
    }
    if standing.client.disabled {
        let off = refused(OAuthError::UnauthorizedClient, "this application is switched off");
        return if silent { tell(app, &standing.stored, off).await } else { Ok(closed(standing.client)) };
    }
    if let Some(refused) = standing.outgrown() {
        return tell(app, &standing.stored, refused).await;
    }
    if standing.is_another_person() || !standing.need.met_by(&session.events) {
        return if silent { tell(app, &standing.stored, LOGIN).await } else { Ok(Decision::SignIn { again: true }) };
    }
    if !standing.allowed {
        let denied = refused(OAuthError::AccessDenied, "this person may not use this application");
        return if silent { tell(app, &standing.stored, denied).await } else { not_for_them(app, standing).await };
    }
    let asked = claims::asked(&standing.stored.request, &standing.client.scopes);
    match agreed(&standing, &asked) {
        Some(claims) => grant_code(app, caller, session, &standing, &claims, false).await,
        None if silent => tell(app, &standing.stored, refused(OAuthError::ConsentRequired, "the person must be asked first")).await,
        None => Ok(Decision::Consent(Box::new(Question {
            claims: asked,
            asked: session.person,
            redirect_uri: standing.stored.request.redirect_uri,
            client: standing.client,
            profile: standing.profile,
            subject: standing.subject,
            before: standing.consent,
        }))),
    }
}

fn closed(client: Client) -> Decision {
    Decision::Off { app: client.name, run_by: client.run_by, text: client.disabled_text.unwrap_or_default() }
}

/// Says which groups may: whoever is not in one can ask to be put into it.
async fn not_for_them(app: &App, standing: Standing) -> Result<Decision, Fault> {
    let client = standing.client;
    let groups = match client.access {
        Access::Everyone => vec![],
        Access::Groups(allowed) => {
            let all = app.read(group::list).await?;
            all.into_iter().filter(|(id, _)| allowed.contains(id)).map(|(_, name)| name).collect()
        }
    };
    Ok(Decision::Denied { person: standing.profile.login().to_owned(), app: client.name, run_by: client.run_by, groups })
}

const LOGIN: Refused = refused(OAuthError::LoginRequired, "the person must sign in first");

/// What the person agreed to before, if that covers everything this request asks for. A public application's identity is
/// not sure: its user is asked each time (OA-110).
fn agreed(standing: &Standing, asked: &[Claim]) -> Option<Vec<Claim>> {
    if standing.stored.request.prompts(Prompt::Consent) || standing.client.is_asked_for_each_time() {
        return None;
    }
    if !standing.client.consent_required {
        return Some(asked.to_vec());
    }
    let before = standing.consent.as_ref()?;
    let scopes_covered = standing.stored.request.scopes.iter().all(|scope| before.scopes.contains(scope));
    let claims_covered = asked.iter().all(|claim| before.scopes.iter().any(|scope| scope == claim.scope()));
    let given = |claim: &Claim| before.claims.iter().any(|word| word == claim.as_str());
    (scopes_covered && claims_covered).then(|| asked.iter().copied().filter(given).collect())
}

/// Ends a request with an error for the application; it is answered once.
async fn tell(app: &App, stored: &StoredRequest, refused: Refused) -> Result<Decision, Fault> {
    if app.ephemeral.take(&key(stored.request.id)).await?.is_none() {
        return Ok(Decision::Gone);
    }
    let request = &stored.request;
    let url = error_url(app, &request.redirect_uri, request.state.as_deref(), refused);
    Ok(Decision::Redirect { url, app: stored.client_name.clone() })
}

/// Makes the grant and its code, and remembers a consent given just now; ends the request, which is answered once.
pub(in crate::flows::oidc) async fn grant_code(
    app: &App,
    caller: &Caller,
    session: &Session,
    standing: &Standing,
    claims: &[Claim],
    consented: bool,
) -> Result<Decision, Fault> {
    let request = &standing.stored.request;
    if app.ephemeral.take(&key(request.id)).await?.is_none() {
        return Ok(Decision::Gone);
    }
    let new = NewGrant {
        person: session.person,
        client: standing.client.id,
        session: session.id,
        scopes: request.scopes.clone(),
        claims: claims::chosen(request, standing.client.claim_delivery, claims),
        acr: request.acr_to_say(&session.events),
        events: session.events.clone(),
    };
    let lifetime: Duration = app.settings.oidc.code;
    let terms = CodeTerms {
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
        nonce: request.nonce.clone(),
        lifetime,
    };
    let words: Vec<String> = claims.iter().map(|claim| claim.as_str().to_owned()).collect();
    let asked: Vec<Claim> = claims::asked(request, &standing.client.scopes);
    let mut covered = request.scopes.clone();
    covered.extend(asked.iter().map(|claim| claim.scope().to_owned()));
    covered.sort();
    covered.dedup();
    let trace = caller.audit_origin();
    let minted = app
        .write(move |w| {
            let actor = Actor::Person(new.person);
            if consented {
                consent::give(w, new.person, new.client, &covered, &words)?;
                let entry = Entry::new(Kind::ConsentGiven, actor).about(new.person).with(new.client).fact("scopes", covered.clone());
                audit::append(w, &entry.fact("claims", words.clone()).personal(Some(new.person), trace))?;
            }
            let (grant, code) = grant::mint(w, &new, &terms)?;
            let entry = Entry::new(Kind::CodeIssued, actor).about(new.person).with(new.client).fact("grant", grant.to_string());
            audit::append(w, &entry.fact("scopes", new.scopes.clone()))?;
            Ok(code)
        })
        .await;
    let code = match minted {
        Ok(code) => code,
        Err(fault) => {
            // Nothing was given, so nothing is used up: the person can try again.
            app.ephemeral.put(&key(request.id), &standing.stored, standing.stored.time_left(app)).await?;
            return Err(fault);
        }
    };
    Ok(Decision::Redirect { url: code_url(app, request, code.expose()), app: standing.client.name.clone() })
}
