//! The ID token (OpenID Connect Core section 2).

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::domain::client::Client;
use crate::domain::grant::CodeRow;
use crate::domain::signing::SigningKey;
use crate::kernel::proof::amr;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::sha256;

/// Signs the ID token of a claimed code; `members` are the claims asked for in it.
pub(super) fn sign(
    app: &App,
    key: &SigningKey,
    client: &Client,
    code: &CodeRow,
    subject: &str,
    access_token: &str,
    members: Map<String, Value>,
) -> Result<String, Fault> {
    let now = app.now();
    let auth_time: Timestamp = code.events.iter().map(|event| event.at).max().unwrap_or(now);
    let mut claims = members;
    let mut put = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    put("iss", json!(app.settings.origin().as_str()));
    put("sub", json!(subject));
    put("aud", json!(client.client_id));
    put("exp", json!(now.plus(app.settings.oidc.id_token).seconds()));
    put("iat", json!(now.seconds()));
    put("auth_time", json!(auth_time.seconds()));
    put("acr", json!(code.acr));
    put("amr", json!(amr(&code.events)));
    put("sid", json!(code.sid.to_string()));
    put("at_hash", json!(half_hash(access_token)));
    if let Some(nonce) = &code.nonce {
        put("nonce", json!(nonce));
    }
    key.pair.sign_jwt(&key.kid, "JWT", &Value::Object(claims))
}

/// The left half of the SHA-256, as all our algorithms use that hash (section 3.1.3.6; OA-62).
fn half_hash(token: &str) -> String {
    let [half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = sha256(token.as_bytes());
    BASE64URL_NOPAD.encode(&half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_an_access_token_is_its_left_half() {
        // OA-62; the example of OpenID Connect Core appendix A.3
        assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
