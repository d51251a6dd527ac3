//! Leaf hashes of the record, as RFC 6962 section 2.1 makes them, over a salted commitment.

use super::sha256;

/// `SHA-256(0x00 || SHA-256(salt || canonical entry))`.
pub fn leaf_hash(salt: &[u8; 16], canonical: &[u8]) -> [u8; 32] {
    let mut committed = salt.to_vec();
    committed.extend_from_slice(canonical);
    let mut leaf = vec![0];
    leaf.extend_from_slice(&sha256(&committed));
    sha256(&leaf)
}
