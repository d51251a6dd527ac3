//! The only place that names a cipher: envelopes, password hashes, signatures, tokens, comparison (CR-02).

pub mod envelope;
mod hash_queue;
pub mod jws;
pub mod merkle;
pub mod password_hash;
pub mod token;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::{digest, hkdf, hmac};

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

/// SHA-512.
pub fn sha512(bytes: &[u8]) -> [u8; 64] {
    let digest = digest::digest(&digest::SHA512, bytes);
    digest.as_ref().try_into().unwrap_or([0; 64])
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
    verify_slices_are_equal(a, b).is_ok()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    #[test]
    fn digests_are_what_another_tool_computes() {
        // CR-07; Python's hashlib and hmac
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(HEXLOWER.encode(&sha256(b"abc")), abc);
        let abc = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
        assert_eq!(HEXLOWER.encode(&sha512(b"abc")), abc);
        let tag = hmac_sha256(&[0x0b; 32], b"Hi There");
        assert_eq!(HEXLOWER.encode(&tag), "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7");
        let derived = hkdf_sha256(&[0x0b; 32], b"salt", b"info");
        assert_eq!(HEXLOWER.encode(&derived), "20818451610896c07e77bc9ea5f06a4db922b2c726adda1af6c0a779dfe0446a");
        let plain = hkdf_sha256(&[0x0b; 32], b"", b"");
        assert_eq!(HEXLOWER.encode(&plain), "27488977d7c845fa17e618b4e225651a0a417521175396f455da2c465679eea8");
    }

    #[test]
    fn equal_is_equal_in_every_byte_and_in_length() {
        // CR-04
        assert!(same(b"", b""));
        assert!(same(b"secret", b"secret"));
        for other in [b"".as_slice(), b"secre", b"secret\0", b"Secret", b"secreT"] {
            assert!(!same(b"secret", other));
        }
    }

    #[test]
    fn random_bytes_differ() {
        // CR-09, CVE-156
        let drawn: std::collections::HashSet<[u8; 16]> = (0..1000).map(|_| (&OsEntropy as &dyn Entropy).bytes()).collect();
        assert_eq!(drawn.len(), 1000);
    }
}
