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

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    #[test]
    fn leaves_are_what_another_tool_computes() {
        // Python: sha256(b"\0" + sha256(salt + entry).digest()).hexdigest()
        let empty = leaf_hash(&[0; 16], b"");
        assert_eq!(HEXLOWER.encode(&empty), "010f3c650d78108940de64a8f44f461f3f290ddbce0c1081fc08a342bc299972");
        let entry = leaf_hash(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], b"entry");
        assert_eq!(HEXLOWER.encode(&entry), "43ee163283981cb8a721e668201b3274565fb19842efe082366dc624759a1da6");
    }
}
