//! What we say about ourselves (OpenID Connect Discovery, RFC 8414): the truth and nothing else (OA-81). The bytes are made
//! once for each set of keys.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::app::App;
use crate::domain::signing::KeySet;
pub use crate::domain::signing::{Document, Documents};
use crate::kernel::address::Origin;
use crate::platform::crypto::jws::Algorithm;

/// The documents as they are now.
pub fn documents(app: &App) -> Arc<Documents> {
    app.published.of(&app.signing.current(), |keys| Documents {
        metadata: Document::of(&metadata(app.settings.origin(), keys)),
        keys: Document::of(&json!({ "keys": keys.public() })),
        may_be_kept: keys.is_complete(),
    })
}

fn metadata(origin: &Origin, keys: &KeySet) -> Value {
    let algorithms: Vec<&str> = keys.algorithms().into_iter().map(Algorithm::as_str).collect();
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
