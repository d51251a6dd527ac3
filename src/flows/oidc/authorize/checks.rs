//! The ordered table of checks on an authorization request. Those before it (is the application known, is the address
//! its own) end on a page of ours, never in a redirect (OA-03); these are told to the application.

use super::super::error::{OAuthError, Refused, refused};
use super::super::params::Params;
use super::super::{pkce, scope};
use crate::domain::client::Client;

/// What the checks look at.
pub(super) struct Draft<'a> {
    pub(super) params: &'a Params,
    pub(super) client: &'a Client,
}

/// One check.
type Check = (&'static str, fn(&Draft<'_>) -> Result<(), Refused>);

/// The table, in order.
pub(super) const CHECKS: &[Check] = &[
    ("repeated", repeated),
    ("client_enabled", client_enabled),
    ("request_object", request_object),
    ("response_type", response_type),
    ("response_mode", response_mode),
    ("scope", scopes),
    ("prompt", prompt),
    ("max_age", max_age),
    ("pkce", pkce_form),
    ("nonce", nonce),
    ("length", length),
];

use OAuthError::InvalidRequest;

fn repeated(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-07
    if draft.params.has_repeated() { Err(refused(InvalidRequest, "a parameter appears twice")) } else { Ok(()) }
}

fn client_enabled(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-18
    let off = refused(OAuthError::UnauthorizedClient, "this application is switched off");
    if draft.client.disabled { Err(off) } else { Ok(()) }
}

fn request_object(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-71
    for (name, error) in [
        ("request", OAuthError::RequestNotSupported),
        ("request_uri", OAuthError::RequestUriNotSupported),
        ("registration", OAuthError::RegistrationNotSupported),
    ] {
        if draft.params.get(name).is_some() {
            return Err(refused(error, "this parameter is not supported"));
        }
    }
    Ok(())
}

fn response_type(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-10
    match draft.params.get("response_type") {
        Some("code") => Ok(()),
        None => Err(refused(InvalidRequest, "response_type is missing")),
        Some(_) => Err(refused(OAuthError::UnsupportedResponseType, "only response_type code is supported")),
    }
}

fn response_mode(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-11
    match draft.params.get("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => Err(refused(InvalidRequest, "only response_mode query is supported")),
    }
}

fn scopes(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-20, OA-21
    let granted = scope::granted(&draft.params.words("scope"), &draft.client.scopes);
    if granted.is_empty() { Err(refused(OAuthError::InvalidScope, "no scope this application may ask for")) } else { Ok(()) }
}

fn prompt(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-64
    let words = draft.params.words("prompt");
    if words.iter().any(|word| word == "none") && words.len() > 1 {
        return Err(refused(InvalidRequest, "prompt none stands alone"));
    }
    let known = ["none", "login", "consent", "select_account"];
    if words.iter().all(|word| known.contains(&word.as_str())) {
        Ok(())
    } else {
        Err(refused(InvalidRequest, "prompt has an unknown value"))
    }
}

fn max_age(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-65
    match draft.params.get("max_age") {
        Some(text) if text.parse::<u32>().is_err() || !text.bytes().all(|b| b.is_ascii_digit()) => {
            Err(refused(InvalidRequest, "max_age is not a number of seconds"))
        }
        _ => Ok(()),
    }
}

fn pkce_form(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-30, OA-31, OA-34
    match (draft.params.get("code_challenge"), draft.params.get("code_challenge_method")) {
        (Some(challenge), Some("S256")) if pkce::is_challenge(challenge) => Ok(()),
        (Some(_), Some("S256")) => Err(refused(InvalidRequest, "code_challenge is not 43 characters of base64url")),
        (Some(_), _) => Err(refused(InvalidRequest, "code_challenge_method must be S256")),
        (None, Some(_)) => Err(refused(InvalidRequest, "code_challenge_method without code_challenge")),
        (None, None) if draft.client.pkce_required => Err(refused(InvalidRequest, "code_challenge is required (PKCE S256)")),
        (None, None) => Ok(()),
    }
}

fn nonce(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-30: without PKCE a nonce takes its place, unless the application is exempt from that too.
    let openid = draft.params.words("scope").iter().any(|word| word == "openid");
    let without = draft.params.get("code_challenge").is_none() && draft.params.get("nonce").is_none();
    if openid && without && draft.client.nonce_required {
        return Err(refused(InvalidRequest, "nonce is required without PKCE"));
    }
    Ok(())
}

fn length(draft: &Draft<'_>) -> Result<(), Refused> {
    let long = |name: &str| draft.params.get(name).is_some_and(|value| value.len() > 4096);
    if ["state", "nonce", "claims", "login_hint", "acr_values"].into_iter().any(long) {
        return Err(refused(InvalidRequest, "a parameter is longer than 4096 bytes"));
    }
    Ok(())
}
