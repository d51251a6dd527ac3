//! The only place that names a cipher: envelopes, password hashes, signatures, tokens, comparison (CR-02).

pub mod envelope;
pub mod jws;
pub mod merkle;
pub mod password_hash;
pub mod token;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::{digest, hkdf, hmac};
use subtle::ConstantTimeEq;

use crate::kernel::Entropy;

/// The operating system's randomness.
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // A machine without randomness cannot be trusted with anything: the process ends (CVE-156).
        if SystemRandom::new().fill(bytes).is_err() {
            tracing::error!("the operating system gives no randomness");
            std::process::abort();
        }
    }
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest.as_ref().try_into().unwrap_or_default()
}

/// HMAC with SHA-256.
pub fn hmac_sha256(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), bytes);
    tag.as_ref().try_into().unwrap_or_default()
}

/// A key derived with HKDF-SHA-256 (RFC 5869).
pub fn hkdf_sha256(secret: &[u8; 32], salt: &[u8], info: &[u8]) -> [u8; 32] {
    struct Thirtytwo;
    impl hkdf::KeyType for Thirtytwo {
        fn len(&self) -> usize {
            32
        }
    }
    let mut out = [0; 32];
    let info = [info];
    let derived = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    if derived.expand(&info, Thirtytwo).and_then(|okm| okm.fill(&mut out)).is_err() {
        // Only an absurd length can fail, and ours is constant.
        std::process::abort();
    }
    out
}

/// Whether two byte strings are equal, in time that depends on their lengths only (CR-04).
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}
