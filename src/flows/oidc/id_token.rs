//! The ID token (OpenID Connect Core section 2).

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::domain::client::Client;
use crate::domain::grant::CodeRow;
use crate::domain::signing::SigningKey;
use crate::kernel::proof::amr;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::jws::Algorithm;
use crate::platform::crypto::{sha256, sha512};

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
    put("at_hash", json!(half_hash(key.pair.algorithm(), access_token)));
    if let Some(nonce) = &code.nonce {
        put("nonce", json!(nonce));
    }
    key.pair.sign_jwt(&key.kid, "JWT", &Value::Object(claims))
}

/// `at_hash`: the left half of the hash that the signature's algorithm uses (section 3.1.3.6; OA-62). Ed25519 uses SHA-512
/// (RFC 8032 section 5.1).
fn half_hash(algorithm: Algorithm, token: &str) -> String {
    let bytes = token.as_bytes();
    match algorithm {
        Algorithm::Rs256 | Algorithm::Es256 => encoded_half(&sha256(bytes)),
        Algorithm::EdDsa => encoded_half(&sha512(bytes)),
    }
}

fn encoded_half(hash: &[u8]) -> String {
    BASE64URL_NOPAD.encode(hash.get(..hash.len() / 2).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_an_access_token_is_the_left_half_of_its_algorithms_hash() {
        // OA-62; SHA-256 is the example of OpenID Connect Core appendix A.3, SHA-512 is Python's hashlib
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
            assert_eq!(half_hash(algorithm, token), "77QmUPtjPfzWtF2AnpK9RQ");
        }
        assert_eq!(half_hash(Algorithm::EdDsa, token), "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM");
    }
}
