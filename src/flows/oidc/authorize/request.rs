//! Taking an authorization request: checked against the application's registration, then kept.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::params::Params;
use super::super::scope;
use super::checks::{CHECKS, Draft};
use super::respond::error_url;
use crate::app::App;
use crate::domain::client::{self, Client};
use crate::domain::grant::{AuthorizationRequest, ClaimsWanted, Prompt};
use crate::domain::policy::{self, Need};
use crate::flows::Caller;
use crate::flows::oidc::error::{OAuthError, refused};
use crate::flows::spaces::{REQUEST, REQUEST_OF_DEVICE, REQUEST_OF_SESSION};
use crate::flows::throttle::{Asker, ByAsker};
use crate::kernel::ids::RequestId;
use crate::kernel::proof::Acr;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::jws;
use crate::platform::crypto::token::{AttemptCookie, TokenHash};
use crate::platform::ephemeral::Key;

/// A request as kept: bound to the browser that brought it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredRequest {
    pub(in crate::flows::oidc) request: AuthorizationRequest,
    pub(in crate::flows::oidc) binding: TokenHash<AttemptCookie>,
    /// The application's name, for pages on the way back to it.
    pub(in crate::flows::oidc) client_name: String,
    /// The subject an `id_token_hint` or the `claims` named.
    pub(in crate::flows::oidc) expected_subject: Option<String>,
}

/// Where requests are kept, by who asks.
pub(super) const SPACES: ByAsker<StoredRequest> = ByAsker { session: &REQUEST_OF_SESSION, device: &REQUEST_OF_DEVICE, stranger: &REQUEST };

/// What became of a request.
#[derive(Debug)]
pub enum Begun {
    /// No such application: a page.
    UnknownApp,
    /// Not an address of the application's: a page.
    UnknownRedirect {
        /// The application's name.
        app: String,
        /// The address sent.
        sent: String,
    },
    /// The application is switched off: a page.
    Off {
        /// Its name.
        app: String,
        /// Who runs it.
        run_by: String,
        /// What people are to read.
        text: String,
    },
    /// So malformed that the application cannot be told: a page.
    Unreadable(&'static str),
    /// An error for the application: the whole address, and its name.
    Redirect(String, String),
    /// Kept; go on there.
    Continue(RequestId),
}

/// Takes a request.
pub async fn begin(app: &App, caller: &Caller, params: &Params) -> Result<Begun, Fault> {
    if params.is_repeated("client_id") || params.is_repeated("redirect_uri") {
        return Ok(Begun::Unreadable("the parameter client_id or redirect_uri appears twice"));
    }
    let Some(client_id) = params.get("client_id").map(str::to_owned) else { return Ok(Begun::UnknownApp) };
    let Some(client) = app.read(move |w| client::find(w, &client_id)).await? else { return Ok(Begun::UnknownApp) };
    let Some(redirect_uri) = params.get("redirect_uri") else {
        return Ok(Begun::Unreadable("the parameter redirect_uri is missing"));
    };
    if !client.redirects_to(redirect_uri) {
        return Ok(Begun::UnknownRedirect { app: client.name, sent: crate::kernel::text::one_line(redirect_uri, 300) });
    }
    // Nobody is sent back to what is switched off; only who asked to see no page is told by the table below (OA-18).
    if client.disabled && !params.words("prompt").iter().any(|word| word == "none") {
        return Ok(Begun::Off { app: client.name, run_by: client.run_by, text: client.disabled_text.unwrap_or_default() });
    }
    let state = params.get("state").filter(|_| !params.is_repeated("state"));
    let tell = |refused| Ok(Begun::Redirect(error_url(app, redirect_uri, state, refused), client.name.clone()));
    let draft = Draft { params, client: &client };
    for (name, check) in CHECKS {
        if let Err(refused) = check(&draft) {
            tracing::debug!(check = name, "an authorization request was refused");
            return tell(refused);
        }
    }
    let Ok(claims) = claims_wanted(params.get("claims")) else {
        return tell(refused(OAuthError::InvalidRequest, "claims is not what OpenID Connect describes"));
    };
    let asks_known_acr = |words: &Vec<String>| words.iter().any(|word| Acr::parse(word).is_some());
    if claims.essential_acr.as_ref().is_some_and(|words| !asks_known_acr(words)) {
        // It must be met, and we could never say that it was (OA-68).
        return tell(refused(OAuthError::UnmetAuthenticationRequirements, "none of the essential acr values is one of ours"));
    }
    let expected_subject = match params.get("id_token_hint") {
        None => None,
        // The signature and the issuer are checked; that it has ended does not matter (OA-66).
        Some(hint) => match hinted_subject(app, &client, hint) {
            Some(subject) => Some(subject),
            None => return tell(refused(OAuthError::InvalidRequest, "id_token_hint is not an ID token of ours for this application")),
        },
    };
    let expected_subject = match (expected_subject, &claims.subject) {
        (Some(hinted), Some(named)) if hinted != *named => {
            return tell(refused(OAuthError::InvalidRequest, "id_token_hint and claims name two people"));
        }
        (hinted, named) => hinted.or_else(|| named.clone()),
    };
    let request = read(app, params, &client, redirect_uri, claims);
    let stored = StoredRequest { request, binding: caller.binding, client_name: client.name, expected_subject };
    let id = stored.request.id;
    app.ephemeral.put(&Asker::of(app, caller, None).await?.key(id, &SPACES), &stored).await?;
    Ok(Begun::Continue(id))
}

fn read(app: &App, params: &Params, client: &Client, redirect_uri: &str, claims: Wanted) -> AuthorizationRequest {
    let now: Timestamp = app.now();
    let owned = |name: &str| params.get(name).map(str::to_owned);
    AuthorizationRequest {
        version: 1,
        id: RequestId::make(now, &*app.entropy),
        client: client.id,
        redirect_uri: redirect_uri.to_owned(),
        scopes: scope::granted(&params.words("scope"), &client.scopes),
        state: owned("state"),
        nonce: owned("nonce"),
        code_challenge: owned("code_challenge"),
        prompt: params
            .words("prompt")
            .iter()
            .filter_map(|word| match word.as_str() {
                "none" => Some(Prompt::None),
                "login" => Some(Prompt::Login),
                "consent" => Some(Prompt::Consent),
                "select_account" => Some(Prompt::SelectAccount),
                _ => None,
            })
            .collect(),
        max_age: params.get("max_age").and_then(|text| text.parse().ok()),
        login_hint: owned("login_hint"),
        essential_acr: claims.essential_acr,
        acr_values: params.words("acr_values").into_iter().chain(claims.voluntary_acr).collect(),
        claims: claims.wanted,
        created_at: now,
    }
}

#[derive(Default)]
struct Wanted {
    wanted: ClaimsWanted,
    essential_acr: Option<Vec<String>>,
    /// Values of `acr` it would like, voluntarily.
    voluntary_acr: Vec<String>,
    /// The only person it accepts.
    subject: Option<String>,
}

/// Reads the `claims` parameter (OpenID Connect Core section 5.5): names are kept, an essential `acr` must be met, and
/// whoever has another `sub` than the one named gets no answer (section 3.1.2.2).
fn claims_wanted(text: Option<&str>) -> Result<Wanted, ()> {
    let mut wanted = Wanted::default();
    let Some(text) = text else { return Ok(wanted) };
    let Ok(Value::Object(json)) = serde_json::from_str(text) else { return Err(()) };
    for (place, list) in [("id_token", &mut wanted.wanted.id_token), ("userinfo", &mut wanted.wanted.userinfo)] {
        let members = match json.get(place) {
            None | Some(Value::Null) => continue,
            Some(Value::Object(members)) => members,
            Some(_) => return Err(()),
        };
        for (name, how) in members {
            match how {
                Value::Null | Value::Object(_) => list.push(name.clone()),
                _ => return Err(()),
            }
            if name == "acr" && place == "id_token" {
                let values = values_of(how)?;
                if how.get("essential") == Some(&Value::Bool(true)) {
                    wanted.essential_acr = (!values.is_empty()).then_some(values);
                } else {
                    wanted.voluntary_acr = values;
                }
            } else if name == "sub" {
                // Of several it would have to be one: nobody is several people, and two that differ are none.
                for value in values_of(how)? {
                    if wanted.subject.replace(value.clone()).is_some_and(|before| before != value) {
                        return Err(());
                    }
                }
            }
        }
    }
    Ok(wanted)
}

/// The values a claim may have: of `value` and of `values`, all of them text.
fn values_of(how: &Value) -> Result<Vec<String>, ()> {
    let many = match how.get("values") {
        None | Some(Value::Null) => [].as_slice(),
        Some(Value::Array(many)) => many.as_slice(),
        Some(_) => return Err(()),
    };
    let one = how.get("value").filter(|value| !value.is_null());
    one.into_iter().chain(many).map(|value| value.as_str().map(str::to_owned).ok_or(())).collect()
}

fn hinted_subject(app: &App, client: &Client, hint: &str) -> Option<String> {
    let claims = jws::verify_own(hint, &app.signing.current().public(), "JWT")?;
    let ours = claims.get("iss")?.as_str()? == app.settings.origin().as_str();
    let theirs = claims.get("aud")?.as_str()? == client.client_id;
    (ours && theirs).then(|| claims.get("sub")?.as_str().map(str::to_owned))?
}

pub(in crate::flows::oidc) fn key(id: RequestId) -> Key<StoredRequest> {
    REQUEST.key(id)
}

/// The request of this browser, if it is kept; another browser's looks like none (SE-18).
pub(in crate::flows::oidc) async fn find(app: &App, caller: &Caller, id: RequestId) -> Result<Option<StoredRequest>, Fault> {
    Ok(app.ephemeral.get(&key(id)).await?.filter(|stored| stored.binding == caller.binding))
}

impl StoredRequest {
    /// Until when it is kept.
    pub(super) fn ends(&self, app: &App) -> Timestamp {
        self.request.created_at.plus(app.settings.sign_in.attempt)
    }
    /// What the person must have proved for this request, at `now`. A sign-in made for it counts for `fresh`, so that
    /// there is time to agree; after that it is no newer than any other.
    pub(in crate::flows::oidc) fn need(&self, rules: Need, now: Timestamp, fresh: Duration) -> Need {
        let request = &self.request;
        let mut need = rules;
        if let Some(acr) = request.least_acr() {
            need = need.at_least(acr);
        }
        let for_this = request.created_at.max(now.minus(fresh));
        if let Some(seconds) = request.max_age {
            need = need.since(now.minus(Duration::from_secs(seconds)).min(for_this));
        }
        if request.prompts(Prompt::Login) || request.prompts(Prompt::SelectAccount) {
            need = need.since(for_this);
        }
        need
    }
}

/// What a sign-in page needs to know of the request it is for.
#[derive(Clone, Debug)]
pub struct Asking {
    /// What must be proved.
    pub need: Need,
    /// The application's name.
    pub client_name: String,
    /// Who runs it.
    pub run_by: String,
    /// Whom it expects: text for the name field, nothing more (OA-67).
    pub login_hint: Option<String>,
}

/// Looks at a kept request of this browser.
pub async fn look(app: &App, caller: &Caller, id: RequestId) -> Result<Option<Asking>, Fault> {
    let Some(stored) = find(app, caller, id).await? else { return Ok(None) };
    let client = stored.request.client;
    let Some(client) = app.read(move |w| client::find_by_id(w, client)).await? else { return Ok(None) };
    Ok(Some(Asking {
        need: stored.need(policy::for_sign_in(None, &[], Some(client.id)), app.now(), app.settings.session.reauthentication),
        client_name: client.name,
        run_by: client.run_by,
        login_hint: stored.request.login_hint.as_deref().map(|hint| crate::kernel::text::one_line(hint, 254)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_parameter_is_read_whole_or_refused() {
        // OA-68, OA-71
        let read = |text| claims_wanted(Some(text));
        let full = read(r#"{"id_token":{"email":null,"acr":{"essential":true,"values":["phr"]}},"userinfo":{"name":{"essential":true}}}"#)
            .unwrap();
        assert_eq!(full.wanted.id_token, ["acr", "email"]);
        assert_eq!(full.wanted.userinfo, ["name"]);
        assert_eq!(full.essential_acr, Some(vec!["phr".to_owned()]));
        let voluntary = read(r#"{"id_token":{"acr":{"values":["phr"]}}}"#).unwrap();
        assert_eq!((voluntary.essential_acr, voluntary.voluntary_acr), (None, vec!["phr".to_owned()]));
        for (text, subject) in [
            (r#"{"id_token":{"sub":{"value":"a"}}}"#, Some("a")),
            (r#"{"userinfo":{"sub":{"value":"a"}}}"#, Some("a")),
            (r#"{"id_token":{"sub":{"values":["a"]}},"userinfo":{"sub":{"value":"a"}}}"#, Some("a")),
            (r#"{"id_token":{"sub":null},"userinfo":{"sub":{"essential":true}}}"#, None),
        ] {
            assert_eq!(read(text).unwrap().subject.as_deref(), subject, "{text}");
        }
        for bad in [
            r#"{"id_token":{"sub":{"value":"a"}},"userinfo":{"sub":{"value":"b"}}}"#,
            r#"{"id_token":{"sub":{"values":["a","b"]}}}"#,
            r#"{"id_token":{"sub":{"value":1}}}"#,
            r#"{"id_token":{"acr":{"essential":true,"values":"phr"}}}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        for bad in ["", "x", "[]", r#"{"id_token":[]}"#, r#"{"id_token":{"email":3}}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
