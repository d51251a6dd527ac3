//! Proof key for code exchange (RFC 7636), S256 only (OA-31).

use data_encoding::BASE64URL_NOPAD;

use crate::platform::crypto::{same, sha256};

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
}
