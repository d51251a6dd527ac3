//! What we say about ourselves (OpenID Connect Discovery, RFC 8414): the truth and nothing else (OA-81). The bytes are made
//! once for each set of keys.

use std::sync::{Arc, PoisonError, RwLock};

use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::app::App;
use crate::flows::signing_keys::KeySet;
use crate::kernel::address::Origin;
use crate::platform::crypto::jws::Algorithm;
use crate::platform::crypto::sha256;

/// A published document.
#[derive(Debug)]
pub struct Document {
    /// JSON.
    pub text: String,
    /// Changes with the text (RFC 9110 section 8.8.3).
    pub etag: String,
}

/// What is published while one set of keys is in force: all of it says the same of them.
#[derive(Debug)]
pub struct Documents {
    /// The metadata; the same at both well-known addresses.
    pub metadata: Document,
    /// The public keys (RFC 7517).
    pub keys: Document,
    /// Whether others may keep it: not before every key is made (OA-82).
    pub may_be_kept: bool,
}

/// The documents of the present set of keys.
#[derive(Default)]
pub struct Published(RwLock<Option<(Arc<KeySet>, Arc<Documents>)>>);

/// The documents as they are now.
pub fn documents(app: &App) -> Arc<Documents> {
    let keys = app.signing.current();
    let Published(made) = &app.published;
    if let Some((of, documents)) = &*made.read().unwrap_or_else(PoisonError::into_inner)
        && Arc::ptr_eq(of, &keys)
    {
        return documents.clone();
    }
    let documents = Arc::new(Documents {
        metadata: Document::of(&metadata(app.settings.origin(), &keys)),
        keys: Document::of(&json!({ "keys": keys.public() })),
        may_be_kept: keys.is_complete(),
    });
    *made.write().unwrap_or_else(PoisonError::into_inner) = Some((keys, documents.clone()));
    documents
}

impl Document {
    fn of(value: &Value) -> Self {
        let text = value.to_string();
        let etag = format!("\"{}\"", HEXLOWER.encode(sha256(text.as_bytes()).get(..8).unwrap_or_default()));
        Self { text, etag }
    }
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
