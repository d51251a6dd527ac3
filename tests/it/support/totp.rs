//! An authenticator app: RFC 6238 codes of a base32 key, six digits, thirty seconds, SHA-1. Written from the RFC and not
//! with the server's library, so that the two check each other.

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use vouchsafe::kernel::Timestamp;

use super::wall_clock;

/// A phone with one key, beside a server whose time cannot be moved: gives each code once.
pub struct Phone {
    /// The key, base32.
    pub key: String,
    last: i64,
}

impl Phone {
    /// One with this key.
    pub fn new(key: String) -> Self {
        Self { key, last: 0 }
    }

    /// A code that has not been used: of now, or, when that was used, of the next half minute, which counts already.
    pub async fn code(&mut self) -> String {
        self.last = self.ready().await;
        code(&self.key, Timestamp::from_seconds(self.last * 30))
    }

    /// Waits until there is such a code; says of which half minute.
    pub async fn ready(&self) -> i64 {
        let now = || wall_clock().seconds().div_euclid(30);
        let step = (self.last + 1).max(now());
        while now() < step - 1 {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        step
    }
}

/// The code at an instant. `key` is base32 as people see it: groups and small letters are fine.
pub fn code(key: &str, at: Timestamp) -> String {
    let key: String = key.chars().filter(|c| !c.is_whitespace() && *c != '=').collect::<String>().to_uppercase();
    let key = BASE32_NOPAD.decode(key.as_bytes()).unwrap_or_else(|error| panic!("not base32: {key:?}: {error}"));
    hotp(&key, u64::try_from(at.seconds() / 30).unwrap())
}

/// RFC 4226, section 5.3.
fn hotp(key: &[u8], counter: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let digest = hmac::sign(&key, &counter.to_be_bytes());
    let digest = digest.as_ref();
    let offset = usize::from(digest[19] & 0x0f);
    let word = u32::from_be_bytes(digest[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

#[test]
fn codes_are_those_of_the_rfc() {
    // RFC 6238, appendix B, cut to six digits.
    let key = BASE32_NOPAD.encode(b"12345678901234567890");
    for (at, expected) in
        [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
    {
        assert_eq!(code(&key, Timestamp::from_seconds(at)), expected);
    }
    assert_eq!(code("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", Timestamp::from_seconds(59)), "287082");
}
