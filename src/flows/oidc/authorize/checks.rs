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
    ("length", length),
    ("characters", characters),
    ("client_enabled", client_enabled),
    ("request_object", request_object),
    ("response_type", response_type),
    ("response_mode", response_mode),
    ("scope", scopes),
    ("prompt", prompt),
    ("max_age", max_age),
    ("pkce", pkce_form),
    ("nonce", nonce),
];

/// The longest value of a parameter, in bytes; what is kept for an hour for anybody who asks must be small (SE-19).
/// First those that may be longer: the state and the nonce are the application's own and come back byte for byte
/// (OA-19), a hint is a whole ID token and is not kept.
const LONGEST: [(&str, usize); 4] = [("state", 2048), ("nonce", 1024), ("claims", 2048), ("id_token_hint", 8192)];
const LONGEST_OTHER: usize = 512;
const LIMITED: [&str; 11] = [
    "state",
    "nonce",
    "claims",
    "id_token_hint",
    "scope",
    "prompt",
    "login_hint",
    "acr_values",
    "response_type",
    "response_mode",
    "max_age",
];

use OAuthError::InvalidRequest;

fn repeated(draft: &Draft<'_>) -> Result<(), Refused> {
    // OA-07
    if draft.params.has_repeated() { Err(refused(InvalidRequest, "a parameter appears twice")) } else { Ok(()) }
}

fn characters(draft: &Draft<'_>) -> Result<(), Refused> {
    // WB-13: NUL is text to no database.
    if draft.params.has_nul() { Err(refused(InvalidRequest, "a parameter contains NUL")) } else { Ok(()) }
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
    // TH-15, SE-19
    let longest = |name: &str| LONGEST.iter().find(|(limited, _)| *limited == name).map_or(LONGEST_OTHER, |(_, most)| *most);
    let long = |name: &&str| draft.params.get(name).is_some_and(|value| value.len() > longest(name));
    match LIMITED.iter().find(|name| long(name)) {
        Some(_) => Err(refused(InvalidRequest, "a parameter is too long")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::{Access, ClaimDelivery, ClientAuth, ClientKind};
    use crate::kernel::Timestamp;
    use crate::kernel::ids::ClientId;
    use crate::platform::crypto::OsEntropy;
    use crate::platform::crypto::jws::Algorithm;

    type Changes<'a> = &'a [(&'a str, &'a str)];

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn client() -> Client {
        Client {
            id: ClientId::make(Timestamp::from_seconds(1), &OsEntropy),
            client_id: "app".into(),
            name: "App".into(),
            run_by: String::new(),
            kind: ClientKind::Confidential,
            auth: ClientAuth::SecretBasic,
            native: false,
            algorithm: Algorithm::Rs256,
            claim_delivery: ClaimDelivery::IdTokenAndUserinfo,
            sector: "app".into(),
            access: Access::Everyone,
            scopes: vec!["openid".into(), "profile".into()],
            pkce_required: true,
            no_pkce: None,
            nonce_required: true,
            no_nonce: None,
            consent_required: true,
            demo: false,
            disabled: false,
            disabled_text: None,
            created_at: Timestamp::from_seconds(1),
            redirect_uris: vec![],
            post_logout_redirect_uris: vec![],
        }
    }

    /// The first check that refuses an honest request with these changes, and with what.
    fn first(client: &Client, changes: &[(&str, &str)]) -> Option<(&'static str, &'static str)> {
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
        let draft = Draft { params: &params, client };
        CHECKS.iter().find_map(|(name, check)| check(&draft).err().map(|refused| (*name, refused.error.as_str())))
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
            ("pkce", &[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"), // OA-30
            ("pkce", &[("code_challenge_method", "plain")], "invalid_request"),                    // OA-31
            ("pkce", &[("code_challenge_method", "")], "invalid_request"),
            ("pkce", &[("code_challenge_method", "s256")], "invalid_request"),
            ("pkce", &[("code_challenge", "")], "invalid_request"),
            ("pkce", &[("code_challenge", "short")], "invalid_request"), // OA-34
            ("pkce", &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")], "invalid_request"),
            ("length", &[("state", &longer)], "invalid_request"), // SE-19
            ("length", &[("nonce", &longer)], "invalid_request"),
            ("length", &[("claims", &longer)], "invalid_request"),
            ("length", &[("scope", &long)], "invalid_request"),
            ("length", &[("prompt", &long)], "invalid_request"),
            ("length", &[("acr_values", &long)], "invalid_request"),
            ("length", &[("login_hint", &long)], "invalid_request"),
        ];
        for (check, changes, error) in rows {
            assert_eq!(first(&client(), changes), Some((*check, *error)), "{changes:?}");
        }
        let off = Client { disabled: true, ..client() };
        assert_eq!(first(&off, &[]), Some(("client_enabled", "unauthorized_client"))); // OA-18
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
            &[("acr_values", "gold silver")], // OA-68
        ];
        for changes in passes {
            assert_eq!(first(&client(), changes), None, "{changes:?}");
        }
    }

    #[test]
    fn exemptions_are_separate() {
        // OA-30
        let without = [("code_challenge", ""), ("code_challenge_method", "")];
        let bare = [("code_challenge", ""), ("code_challenge_method", ""), ("nonce", "")];
        let no_pkce = Client { pkce_required: false, ..client() };
        assert_eq!(first(&no_pkce, &without), None);
        assert_eq!(first(&no_pkce, &bare), Some(("nonce", "invalid_request")));
        assert_eq!(first(&no_pkce, &[("nonce", "")]), None, "a challenge is there");
        let neither = Client { nonce_required: false, ..no_pkce };
        assert_eq!(first(&neither, &bare), None);
        let no_nonce = Client { nonce_required: false, ..client() };
        assert_eq!(first(&no_nonce, &without), Some(("pkce", "invalid_request")));
    }
}
