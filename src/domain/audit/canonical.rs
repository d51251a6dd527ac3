//! The canonical form of an entry, over which its leaf hash is taken.
//!
//! Version 1: the byte `01`, then each field as a four-byte big-endian length and its bytes, in this order: id
//! (16 bytes), book, kind, time (microseconds since 1970, eight bytes, big-endian), kind of actor, actor id or
//! nothing, subject id or nothing, client id or nothing, facts (the JSON text as stored), then the hash of each
//! personal part in order of place. Leaf hash: `SHA-256(0x00 || SHA-256(salt || canonical form))`.

use uuid::Uuid;

use crate::kernel::Timestamp;

/// The fields of an entry that its hash covers.
pub struct Canonical<'a> {
    /// The entry's id.
    pub id: Uuid,
    /// `audit` or `ledger`.
    pub book: &'a str,
    /// What happened.
    pub kind: &'a str,
    /// When.
    pub at: Timestamp,
    /// Person, client, system, host or unknown.
    pub actor_kind: &'a str,
    /// Who, if they have an id.
    pub actor: Option<Uuid>,
    /// About whom.
    pub subject: Option<Uuid>,
    /// About which application.
    pub client: Option<Uuid>,
    /// The facts as JSON text.
    pub facts: &'a str,
    /// Salted hashes of the personal parts.
    pub parts: Vec<&'a [u8]>,
}

/// Writes the canonical form, version 1.
pub fn canonical(entry: &Canonical<'_>) -> Vec<u8> {
    let mut out = vec![1];
    let mut field = |bytes: &[u8]| {
        out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(bytes);
    };
    let id = |id: &Option<Uuid>| id.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    field(entry.id.as_bytes());
    field(entry.book.as_bytes());
    field(entry.kind.as_bytes());
    field(&entry.at.micros().to_be_bytes());
    field(entry.actor_kind.as_bytes());
    field(&id(&entry.actor));
    field(&id(&entry.subject));
    field(&id(&entry.client));
    field(entry.facts.as_bytes());
    for part in &entry.parts {
        field(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::crypto::merkle;

    /// Computed with another program from the description above.
    #[test]
    fn test_vector() {
        let entry = Canonical {
            id: Uuid::from_u128(1),
            book: "audit",
            kind: "sign_in.succeeded",
            at: Timestamp::from_seconds(1_795_435_200),
            actor_kind: "person",
            actor: Some(Uuid::from_u128(2)),
            subject: Some(Uuid::from_u128(2)),
            client: None,
            facts: "{\"methods\":\"passkey\"}",
            parts: vec![&[7; 32]],
        };
        let bytes = canonical(&entry);
        assert_eq!(data_encoding::HEXLOWER.encode(&merkle::leaf_hash(&[9; 16], &bytes)), VECTOR);
    }
    const VECTOR: &str = "bcdd1d43cbbe6b69b259b29affc315cd35fca5c67056fa99a1a5b1550ae3e23c";
}
