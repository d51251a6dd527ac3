//! An authorization request as it arrived: who asks, where it is answered, and what it asks for.

use std::time::Duration;

use super::checks::{self, Draft};
use super::claims_parameter;
use super::hint::Hint;
use super::rejection::{NotTold, Rejection};
use crate::domain::client::Client;
use crate::domain::consent::Shown;
use crate::domain::grant::{AuthorizationRequest, Prompt};
use crate::domain::policy::{self, Need};
use crate::flows::oidc::claims::{self, Claim};
use crate::flows::oidc::consent::TEXT_VERSION;
use crate::flows::oidc::params::Params;
use crate::flows::oidc::pkce::Terms;
use crate::flows::oidc::scope;
use crate::kernel::address::host_of;
use crate::kernel::ids::RequestId;
use crate::kernel::{Entropy, Timestamp};

/// A request of a known application.
#[derive(Clone, Debug)]
pub(in crate::flows::oidc) struct Asked {
    /// The application as it is registered now.
    pub(super) client: Client,
    /// Where it wants to be answered.
    pub(super) redirect_uri: String,
    /// Given back unchanged.
    pub(super) state: Option<String>,
    /// It asked to see no page.
    pub(super) silent: bool,
    /// What it asks for, or why that cannot be answered.
    pub(super) request: Result<Request, Rejection>,
}

/// A request that passed every check of its form.
#[derive(Clone, Debug)]
pub(in crate::flows::oidc) struct Request {
    pub(in crate::flows::oidc) request: AuthorizationRequest,
    /// The subject an `id_token_hint` or the `claims` named.
    pub(super) expected_subject: Option<String>,
}

/// The `client_id` of a request.
pub(super) fn client_id(params: &Params) -> Result<&str, NotTold> {
    if let Some(name) = ["client_id", "redirect_uri"].into_iter().find(|name| params.is_repeated(name)) {
        return Err(NotTold::Repeated(name));
    }
    params.get("client_id").ok_or(NotTold::NoClientId)
}

/// Reads the request of `client`.
pub(super) fn read(params: &Params, client: Client, hint: Option<&Hint>, now: Timestamp, entropy: &dyn Entropy) -> Result<Asked, NotTold> {
    let Some(redirect_uri) = params.get("redirect_uri").map(str::to_owned) else {
        let registered = client.redirect_addresses();
        return Err(NotTold::NoRedirect { app: client.name, client_id: client.client_id, registered });
    };
    let draft = Draft { params, client: &client, hint, claims: claims_parameter::read(params.get("claims")) };
    let request = checks::check(&draft).map(|()| {
        let id = RequestId::make(now, entropy);
        let named = draft.claims.as_ref().ok().and_then(|claims| claims.subject.clone());
        Request { expected_subject: hint.map(|hint| hint.subject.clone()).or(named), request: draft.request(id, &redirect_uri, now) }
    });
    Ok(Asked {
        state: params.get("state").filter(|_| !params.is_repeated("state")).map(str::to_owned),
        silent: params.words("prompt").iter().any(|word| word == "none"),
        client,
        redirect_uri,
        request,
    })
}

impl Draft<'_> {
    fn request(&self, id: RequestId, redirect_uri: &str, now: Timestamp) -> AuthorizationRequest {
        let Self { params, client, .. } = self;
        let owned = |name: &str| params.get(name).map(str::to_owned);
        let claims = self.claims.clone().unwrap_or_default();
        AuthorizationRequest {
            version: 1,
            id,
            client: client.id,
            redirect_uri: redirect_uri.to_owned(),
            scopes: scope::granted(&params.words("scope"), &client.scopes),
            state: owned("state"),
            nonce: owned("nonce"),
            code_challenge: owned("code_challenge"),
            prompt: params.words("prompt").iter().filter_map(|word| Prompt::parse(word)).collect(),
            max_age: params.get("max_age").and_then(|text| text.parse().ok()),
            login_hint: owned("login_hint"),
            essential_acr: claims.essential_acr,
            acr_values: params.words("acr_values").into_iter().chain(claims.voluntary_acr).collect(),
            claims: claims.wanted,
            created_at: now,
        }
    }
}

impl Asked {
    /// What the page about a request shows of the application.
    pub(super) fn shown(&self, request: &AuthorizationRequest) -> Shown {
        let words = |claims: Vec<Claim>| claims.iter().map(|claim| claim.as_str().to_owned()).collect();
        Shown {
            name: self.client.name.clone(),
            run_by: self.client.run_by.clone(),
            hosts: vec![host_of(&self.redirect_uri)],
            claims: words(claims::asked(request, &self.client)),
            needed: words(claims::needed(request, &self.client)),
            own: self.client.own.as_ref().map(|own| own.reason.clone()),
            text_version: TEXT_VERSION,
        }
    }
}

impl Request {
    /// What PKCE is decided by.
    pub(super) fn terms(&self) -> Terms<'_> {
        let request = &self.request;
        Terms { scopes: &request.scopes, code_challenge: request.code_challenge.as_deref(), nonce: request.nonce.as_deref() }
    }
    /// What the person must have proved at `now`. A sign-in made for this request counts for `recent`, so that there is time
    /// to decide; after that it is as old as any other.
    pub(super) fn need(&self, now: Timestamp, recent: Duration) -> Need {
        let request = &self.request;
        let mut need = policy::for_sign_in();
        if let Some(acr) = request.least_acr() {
            need = need.at_least(acr);
        }
        let for_this = request.created_at.max(now.minus(recent));
        if let Some(seconds) = request.max_age {
            need = need.since(now.minus(Duration::from_secs(seconds)).min(for_this));
        }
        if request.prompts(Prompt::Login) || request.prompts(Prompt::SelectAccount) {
            need = need.since(for_this);
        }
        need
    }
}
