//! What we say about ourselves (OpenID Connect Discovery, RFC 8414): the truth and nothing else (OA-81).

use serde_json::{Value, json};

use crate::app::App;
use crate::platform::crypto::jws::Algorithm;

/// The metadata; the same at both well-known addresses.
pub fn metadata(app: &App) -> Value {
    let origin = app.settings.origin();
    // Also while the key of RS256 is being made: it must be among them (OpenID Connect Discovery, section 3), an answer waits
    // for the key, and clients that read this once would refuse RS256 for as long as they run.
    let algorithms = Algorithm::ALL.map(Algorithm::as_str);
    json!({
        "issuer": origin.as_str(),
        "authorization_endpoint": origin.join("/authorize"),
        "token_endpoint": origin.join("/token"),
        "userinfo_endpoint": origin.join("/userinfo"),
        "jwks_uri": origin.join("/jwks.json"),
        "end_session_endpoint": origin.join("/logout"),
        "scopes_supported": super::scope::KNOWN,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "claim_types_supported": ["normal"],
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash",
            "name", "preferred_username", "email", "email_verified", "updated_at"
        ],
        "acr_values_supported": ["aal2", "phr", "phrh"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["en"],
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    })
}
