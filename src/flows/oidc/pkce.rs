//! Proof key for code exchange (RFC 7636), S256 only (OA-31).

use data_encoding::BASE64URL_NOPAD;

use super::error::{OAuthError, Refused, refused};
use crate::domain::client::{Client, PkceRule};
use crate::domain::grant::CodeRow;
use crate::platform::crypto::{same, sha256};

/// What decides whether a request must have a challenge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<'a> {
    /// The scopes it gets.
    pub(super) scopes: &'a [String],
    /// Its challenge.
    pub(super) code_challenge: Option<&'a str>,
    /// Its nonce.
    pub(super) nonce: Option<&'a str>,
}

impl<'a> Terms<'a> {
    /// Those of a code that is presented.
    pub(super) fn of(code: &'a CodeRow) -> Self {
        Self { scopes: &code.scopes, code_challenge: code.code_challenge.as_deref(), nonce: code.nonce.as_deref() }
    }
}

/// The one rule (RFC 9700 section 2.1.1, OA-30): a public application uses PKCE, as does one that is hardened or has used it
/// before; any other confidential application sends a challenge or a nonce. A nonce protects an ID token, so without
/// `openid` only the challenge is left. Refuses with what is missing.
pub(super) fn required(client: &Client, terms: &Terms<'_>) -> Result<(), Refused> {
    if terms.code_challenge.is_some() {
        return Ok(());
    }
    let openid = terms.scopes.iter().any(|scope| scope == "openid");
    let missing = match client.pkce() {
        PkceRule::Public => "code_challenge is missing: a public application must use PKCE with S256",
        PkceRule::Hardened => "code_challenge is missing: this application is set to always use PKCE with S256",
        PkceRule::UsedBefore(_) => "code_challenge is missing: this application has used PKCE before and must go on using it",
        PkceRule::OrNonce if openid && terms.nonce.is_some() => return Ok(()),
        PkceRule::OrNonce if openid => "code_challenge and nonce are both missing: send PKCE with S256, a nonce, or both",
        PkceRule::OrNonce => "code_challenge is missing: without the scope openid there is no ID token that a nonce could protect",
    };
    Err(refused(OAuthError::InvalidRequest, missing))
}

/// Whether a challenge has the form of one: 43 characters of base64url (OA-34).
pub(super) fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Whether a verifier has the form of one: 43 to 128 unreserved characters (OA-34).
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}

/// Whether what came with the code fits what came with the request: both or neither, and the one the hash of the
/// other (OA-32, OA-33).
pub(super) fn fits(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let hashed = BASE64URL_NOPAD.encode(&sha256(verifier.as_bytes()));
            is_verifier(verifier) && same(hashed.as_bytes(), challenge.as_bytes())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::{ClientKind, testing::client};
    use crate::kernel::Timestamp;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_standard() {
        // RFC 7636 appendix B
        assert!(is_challenge(CHALLENGE));
        assert!(fits(Some(CHALLENGE), Some(VERIFIER)));
    }

    #[test]
    fn leaving_out_either_half_helps_nobody() {
        // OA-32, OA-33, OA-34, CVE-70, CVE-71
        assert!(fits(None, None));
        for (challenge, verifier) in [
            (Some(CHALLENGE), None),
            (None, Some(VERIFIER)),
            (Some(CHALLENGE), Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl")),
            (Some(CHALLENGE), Some("short")),
            (Some(CHALLENGE), Some(CHALLENGE)),
        ] {
            assert!(!fits(challenge, verifier), "{challenge:?} {verifier:?}");
        }
        let short = "a".repeat(42);
        let hash = BASE64URL_NOPAD.encode(&sha256(short.as_bytes()));
        assert!(!fits(Some(&hash), Some(&short)));
        assert!(!is_challenge(&format!("{CHALLENGE}=")));
    }

    #[test]
    fn a_request_has_pkce_or_where_that_is_enough_a_nonce() {
        // OA-30
        let plain = client();
        let public = Client { kind: ClientKind::Public, ..client() };
        let hardened = Client { hardened: true, ..client() };
        let used = Client { pkce_used_at: Some(Timestamp::from_seconds(1)), ..client() };
        let passes = |client: &Client, scope: &str, challenge: bool, nonce: bool| {
            let (scopes, challenge, nonce) = ([scope.to_owned()], challenge.then_some(CHALLENGE), nonce.then_some("n"));
            required(client, &Terms { scopes: &scopes, code_challenge: challenge, nonce }).map_err(|refused| refused.description)
        };
        for client in [&plain, &public, &hardened, &used] {
            assert_eq!(passes(client, "openid", true, false), Ok(()));
            assert!(passes(client, "openid", false, false).is_err());
        }
        assert_eq!(passes(&plain, "openid", false, true), Ok(()));
        assert!(passes(&plain, "profile", false, true).unwrap_err().contains("without the scope openid"));
        assert!(passes(&plain, "openid", false, false).unwrap_err().starts_with("code_challenge and nonce are both missing"));
        for (client, why) in [(&public, "public"), (&hardened, "always"), (&used, "used PKCE before")] {
            assert!(passes(client, "openid", false, true).unwrap_err().contains(why));
        }
    }
}
