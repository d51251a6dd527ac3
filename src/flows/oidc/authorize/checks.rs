//! The ordered table of checks on the form of an authorization request; what they refuse is told to the application.

use super::claims_parameter::Wanted;
use super::hint::Hint;
use super::rejection::Rejection;
use crate::domain::client::Client;
use crate::domain::grant::Prompt;
use crate::flows::oidc::error::OAuthError::InvalidRequest;
use crate::flows::oidc::error::{OAuthError, Refused, refused};
use crate::flows::oidc::params::Params;
use crate::flows::oidc::{pkce, scope};
use crate::kernel::proof::Acr;

/// What the checks read.
pub(super) struct Draft<'a> {
    pub(super) params: &'a Params,
    pub(super) client: &'a Client,
    /// The hint, if it is an ID token of ours.
    pub(super) hint: Option<&'a Hint>,
    /// The `claims` parameter.
    pub(super) claims: Result<Wanted, ()>,
}

/// One check.
type Check = (&'static str, fn(&Draft<'_>) -> Result<(), Refused>);

/// The table, in order.
const CHECKS: &[Check] = &[
    ("repeated", repeated),
    ("length", length),
    ("characters", characters),
    ("request_object", request_object),
    ("response_type", response_type),
    ("response_mode", response_mode),
    ("scope", scopes),
    ("prompt", prompt),
    ("max_age", max_age),
    ("pkce", pkce_form),
    ("claims", claims),
    ("acr", acr),
    ("id_token_hint", id_token_hint),
    ("subject", subject),
];

/// The first check that refuses.
pub(super) fn check(draft: &Draft<'_>) -> Result<(), Rejection> {
    CHECKS.iter().try_for_each(|(name, check)| check(draft).map_err(|refused| Rejection::of(name, refused)))
}

/// The parameters we read, each with the most bytes of its value (SE-19) and what is said when there are more of them or it
/// comes twice. State and nonce come back byte for byte (OA-19); a hint is a whole ID token and is not kept.
macro_rules! known {
    ($($name:literal $most:literal,)+) => {
        &[$(($name, $most, concat!($name, " is longer than ", $most, " bytes"), concat!($name, " appears twice"))),+]
    };
}
const KNOWN: &[(&str, usize, &str, &str)] = known! {
    "state" 2048,
    "nonce" 1024,
    "claims" 2048,
    "id_token_hint" 8192,
    "scope" 512,
    "prompt" 512,
    "login_hint" 512,
    "acr_values" 512,
    "response_type" 512,
    "response_mode" 512,
    "max_age" 512,
    "code_challenge" 512,
    "code_challenge_method" 512,
};

fn repeated(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-07
    if let Some((.., twice)) = KNOWN.iter().find(|(name, ..)| draft.params.is_repeated(name)) {
        return Err(refused(InvalidRequest, twice));
    }
    if draft.params.has_repeated() { Err(refused(InvalidRequest, "a parameter appears twice")) } else { Ok(()) }
}

fn length(draft: &Draft<'_>) -> Result<(), Refused> {
    // TH-15, SE-19
    match KNOWN.iter().find(|(name, most, ..)| draft.params.get(name).is_some_and(|value| value.len() > *most)) {
        Some((_, _, longer, _)) => Err(refused(InvalidRequest, longer)),
        None => Ok(()),
    }
}

fn characters(draft: &Draft<'_>) -> Result<(), Refused> {
    // WB-13: no database takes NUL in text.
    if draft.params.has_nul() { Err(refused(InvalidRequest, "a parameter contains NUL")) } else { Ok(()) }
}

fn request_object(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-71
    for (name, error, text) in [
        ("request", OAuthError::RequestNotSupported, "request is not supported"),
        ("request_uri", OAuthError::RequestUriNotSupported, "request_uri is not supported"),
        ("registration", OAuthError::RegistrationNotSupported, "registration is not supported"),
    ] {
        if draft.params.get(name).is_some() {
            return Err(refused(error, text));
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
    let asked = draft.params.words("scope");
    if asked.is_empty() {
        return Err(refused(OAuthError::InvalidScope, "scope is missing"));
    }
    if scope::granted(&asked, &draft.client.scopes).is_empty() {
        return Err(refused(OAuthError::InvalidScope, "this application may ask for none of these scopes"));
    }
    Ok(())
}

fn prompt(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-64
    let words = draft.params.words("prompt");
    if words.iter().any(|word| word == "none") && words.len() > 1 {
        return Err(refused(InvalidRequest, "prompt none stands alone"));
    }
    if words.iter().all(|word| Prompt::parse(word).is_some()) {
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
    // OA-31, OA-34
    match (draft.params.get("code_challenge"), draft.params.get("code_challenge_method")) {
        (Some(challenge), Some("S256")) if pkce::is_challenge(challenge) => Ok(()),
        (Some(_), Some("S256")) => Err(refused(InvalidRequest, "code_challenge is not 43 characters of base64url")),
        (Some(_), Some(_)) => Err(refused(InvalidRequest, "code_challenge_method must be S256")),
        // Left out it would mean `plain` (RFC 7636 section 4.3).
        (Some(_), None) => Err(refused(InvalidRequest, "code_challenge_method is missing; only S256 is supported")),
        (None, Some(_)) => Err(refused(InvalidRequest, "code_challenge_method without code_challenge")),
        (None, None) => Ok(()),
    }
}

fn claims(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-71
    if draft.claims.is_ok() {
        return Ok(());
    }
    Err(refused(InvalidRequest, "claims is not what OpenID Connect Core section 5.5 describes"))
}

fn acr(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-68: it must be met, and we could never say that it was.
    let essential = draft.claims.as_ref().ok().and_then(|claims| claims.essential_acr.as_ref());
    if essential.is_none_or(|words| words.iter().any(|word| Acr::parse(word).is_some())) {
        return Ok(());
    }
    Err(refused(OAuthError::UnmetAuthenticationRequirements, "none of the essential acr values is supported"))
}

fn id_token_hint(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-66
    match (draft.params.get("id_token_hint"), draft.hint) {
        (None, _) => Ok(()),
        (Some(_), Some(hint)) if hint.audience == draft.client.client_id => Ok(()),
        (Some(_), Some(_)) => Err(refused(InvalidRequest, "id_token_hint was issued to another application")),
        (Some(_), None) => Err(refused(InvalidRequest, "id_token_hint is not an ID token of this server")),
    }
}

fn subject(draft: &Draft<'_>) -> Result<(), Refused> {
    let named = draft.claims.as_ref().ok().and_then(|claims| claims.subject.as_ref());
    match (draft.hint, named) {
        (Some(hint), Some(named)) if hint.subject != *named => Err(refused(InvalidRequest, "id_token_hint and claims name two people")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::claims_parameter;
    use super::*;
    use crate::domain::client::testing::client;

    type Changes<'a> = &'a [(&'a str, &'a str)];

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    /// The first check that refuses an honest request with these changes, and with what.
    fn first(changes: &[(&str, &str)]) -> Option<(&'static str, &'static str)> {
        let mut pairs = vec![
            ("client_id", "app"),
            ("redirect_uri", "https://app.example/cb"),
            ("response_type", "code"),
            ("scope", "openid profile"),
            ("state", "s"),
            ("nonce", "n"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        pairs.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        pairs.extend_from_slice(changes);
        let params = Params::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
        let hint = Hint { audience: "other".into(), subject: "a".into() };
        let hint = (params.get("id_token_hint") == Some("foreign")).then_some(&hint);
        let claims = claims_parameter::read(params.get("claims"));
        let draft = Draft { params: &params, client: &client(), hint, claims };
        check(&draft).err().map(|rejection| (rejection.check, rejection.refused.error.as_str()))
    }

    #[test]
    fn each_row_refuses_what_it_is_there_for() {
        let (long, longer) = ("x".repeat(513), "x".repeat(2049));
        let rows: &[(&str, Changes, &str)] = &[
            ("repeated", &[("state", "a"), ("state", "b")], "invalid_request"), // OA-07
            ("repeated", &[("unknown", "a"), ("unknown", "a")], "invalid_request"),
            ("characters", &[("nonce", "a\0b")], "invalid_request"), // WB-13
            ("request_object", &[("request", "e30.e30.")], "request_not_supported"), // OA-71
            ("request_object", &[("request_uri", "https://app.example/r")], "request_uri_not_supported"),
            ("request_object", &[("registration", "{}")], "registration_not_supported"),
            ("response_type", &[("response_type", "")], "invalid_request"), // OA-08, OA-10
            ("response_type", &[("response_type", "token")], "unsupported_response_type"),
            ("response_type", &[("response_type", "id_token")], "unsupported_response_type"),
            ("response_type", &[("response_type", "code id_token")], "unsupported_response_type"),
            ("response_type", &[("response_type", "code token")], "unsupported_response_type"),
            ("response_type", &[("response_type", "none")], "unsupported_response_type"),
            ("response_type", &[("response_type", "CODE")], "unsupported_response_type"),
            ("response_mode", &[("response_mode", "fragment")], "invalid_request"), // OA-11
            ("response_mode", &[("response_mode", "form_post")], "invalid_request"),
            ("scope", &[("scope", "")], "invalid_scope"), // OA-20
            ("scope", &[("scope", "email admin")], "invalid_scope"),
            ("prompt", &[("prompt", "none login")], "invalid_request"), // OA-64
            ("prompt", &[("prompt", "create")], "invalid_request"),
            ("max_age", &[("max_age", "-1")], "invalid_request"), // OA-65
            ("max_age", &[("max_age", "+1")], "invalid_request"),
            ("max_age", &[("max_age", "1.5")], "invalid_request"),
            ("max_age", &[("max_age", "soon")], "invalid_request"),
            ("max_age", &[("max_age", "99999999999999999999")], "invalid_request"),
            ("pkce", &[("code_challenge_method", "plain")], "invalid_request"), // OA-31
            ("pkce", &[("code_challenge_method", "")], "invalid_request"),
            ("pkce", &[("code_challenge_method", "s256")], "invalid_request"),
            ("pkce", &[("code_challenge", "")], "invalid_request"),
            ("pkce", &[("code_challenge", "short")], "invalid_request"), // OA-34
            ("pkce", &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")], "invalid_request"),
            ("claims", &[("claims", "{")], "invalid_request"), // OA-71
            ("acr", &[("claims", r#"{"id_token":{"acr":{"essential":true,"value":"gold"}}}"#)], "unmet_authentication_requirements"), // OA-68
            ("id_token_hint", &[("id_token_hint", "x.y.z")], "invalid_request"), // OA-66
            ("id_token_hint", &[("id_token_hint", "foreign")], "invalid_request"),
            ("length", &[("state", &longer)], "invalid_request"), // SE-19
            ("length", &[("nonce", &longer)], "invalid_request"),
            ("length", &[("claims", &longer)], "invalid_request"),
            ("length", &[("scope", &long)], "invalid_request"),
            ("length", &[("prompt", &long)], "invalid_request"),
            ("length", &[("acr_values", &long)], "invalid_request"),
            ("length", &[("login_hint", &long)], "invalid_request"),
        ];
        for (check, changes, error) in rows {
            assert_eq!(first(changes), Some((*check, *error)), "{changes:?}");
        }
    }

    #[test]
    fn what_is_allowed_passes() {
        let passes: &[&[(&str, &str)]] = &[
            &[],
            &[("unknown", "x"), ("empty", "")],                                               // OA-08
            &[("display", "hologram"), ("ui_locales", "tlh xx-yy"), ("claims_locales", "?")], // OA-21
            &[("scope", "profile")],                                                          // OA-21
            &[("scope", "openid admin offline_access")],                                      // OA-20
            &[("prompt", "login consent select_account")],
            &[("max_age", "0")],
            &[("max_age", "4294967295")],
            &[("response_mode", "query")],
            &[("nonce", "")],
            &[("code_challenge", ""), ("code_challenge_method", "")], // what is then needed says `pkce::required`
            &[("acr_values", "gold silver")],                         // OA-68
        ];
        for changes in passes {
            assert_eq!(first(changes), None, "{changes:?}");
        }
    }

    #[test]
    fn a_refusal_names_the_parameter_and_tells_missing_from_wrong() {
        let said = |changes: Changes| {
            let params = Params::new(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            let draft = Draft { params: &params, client: &client(), hint: None, claims: Ok(Wanted::default()) };
            check(&draft).unwrap_err().refused.description
        };
        let code = ("response_type", "code");
        let long = "x".repeat(2049);
        for (changes, text) in [
            (&[code][..], "scope is missing"),
            (&[code, ("scope", "admin")], "this application may ask for none of these scopes"),
            (&[("scope", "openid")], "response_type is missing"),
            (&[code, ("nonce", "a"), ("nonce", "b")], "nonce appears twice"),
            (&[code, ("state", &long)], "state is longer than 2048 bytes"),
            (&[code, ("scope", "openid"), ("code_challenge", CHALLENGE)], "code_challenge_method is missing; only S256 is supported"),
        ] {
            assert_eq!(said(changes), text);
        }
    }
}
