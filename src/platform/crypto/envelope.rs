//! Sealed values: AES-256-GCM, bound to the field and the row they belong to (CR-06).
//!
//! Form: version byte 1, id of the data key (16 bytes), nonce (12), ciphertext and tag. Associated data: the
//! field's label, a zero byte, the row id. A value moved to another row or field does not open.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::kernel::{Entropy, Fault};

/// The constant label of a sealed field; never the name of a column, so that renaming one opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldLabel(pub &'static str);

const VERSION: u8 = 1;
const ID: usize = 16;

/// A key that seals. `Debug` shows its id only.
#[derive(Clone)]
pub struct SealingKey {
    id: Uuid,
    key: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey({})", self.id)
    }
}

impl SealingKey {
    /// A key with its id.
    pub fn new(id: Uuid, key: [u8; 32]) -> Self {
        Self { id, key: Zeroizing::new(key) }
    }
    /// A new random key.
    pub fn make(id: Uuid, entropy: &dyn Entropy) -> Self {
        Self::new(id, entropy.bytes())
    }
    /// The id, which every sealed value names.
    pub fn id(&self) -> Uuid {
        self.id
    }
    /// The key itself, to be sealed under another or to derive from.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.key
    }
    /// Seals `plain` for one field of one row.
    pub fn seal(&self, field: FieldLabel, row: &[u8], plain: &[u8]) -> Result<Vec<u8>, Fault> {
        // With room for the tag: growing would leave a copy of the plain text behind in freed memory.
        let mut body = Vec::with_capacity(plain.len() + AES_256_GCM.tag_len());
        body.extend_from_slice(plain);
        let nonce = self
            .cipher()?
            .seal_in_place_append_tag(Aad::from(associated(field, row)), &mut body)
            .map_err(|_| Fault::crypto("a value could not be sealed"))?;
        let mut out = Vec::with_capacity(1 + ID + NONCE_LEN + body.len());
        out.push(VERSION);
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(nonce.as_ref());
        out.append(&mut body);
        Ok(out)
    }
    /// Opens what [`SealingKey::seal`] made for the same field and row; one error for every reason (CR-05).
    pub fn open(&self, field: FieldLabel, row: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let closed = || Fault::crypto(format!("a value of {} does not open", field.0));
        let (nonce, body) = match (key_id_of(sealed), sealed.get(1 + ID..)) {
            (Some(id), Some(rest)) if id == self.id => rest.split_at_checked(NONCE_LEN).ok_or_else(closed)?,
            _ => return Err(closed()),
        };
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| closed())?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self.cipher()?.open_in_place(nonce, Aad::from(associated(field, row)), &mut body).map_err(|_| closed())?.len();
        body.truncate(length);
        Ok(body)
    }
    fn cipher(&self) -> Result<RandomizedNonceKey, Fault> {
        RandomizedNonceKey::new(&AES_256_GCM, self.key.as_slice()).map_err(|_| Fault::crypto("not a key of AES-256"))
    }
}

/// The id of the key that sealed a value; `None` for what was never sealed.
pub fn key_id_of(sealed: &[u8]) -> Option<Uuid> {
    match sealed.split_first()? {
        (&VERSION, rest) => Uuid::from_slice(rest.get(..ID)?).ok(),
        _ => None,
    }
}

fn associated(field: FieldLabel, row: &[u8]) -> Vec<u8> {
    let mut data = field.0.as_bytes().to_vec();
    data.push(0);
    data.extend_from_slice(row);
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::crypto::OsEntropy;

    const SEED: FieldLabel = FieldLabel("totp.seed");
    const ELSEWHERE: &[u8] = b"0100000000000000000000000000000007030303030303030303030303a2f1880030c83d03cee172ce1f54317a565e66630a64";

    #[test]
    fn a_value_opens_only_where_it_belongs() {
        // CR-06
        let key = SealingKey::make(Uuid::from_u128(1), &OsEntropy);
        let sealed = key.seal(SEED, b"row 1", b"secret").unwrap();
        assert_eq!(key.open(SEED, b"row 1", &sealed).unwrap().as_slice(), b"secret");
        assert!(key.open(SEED, b"row 2", &sealed).is_err());
        assert!(key.open(FieldLabel("totp.name"), b"row 1", &sealed).is_err());
        assert!(SealingKey::make(Uuid::from_u128(1), &OsEntropy).open(SEED, b"row 1", &sealed).is_err());
        assert!(SealingKey::new(Uuid::from_u128(2), *key.bytes()).open(SEED, b"row 1", &sealed).is_err());
    }

    #[test]
    fn a_value_that_was_touched_does_not_open() {
        // CR-05, CR-06: cut anywhere, longer, or one bit changed, header included
        let key = SealingKey::make(Uuid::from_u128(1), &OsEntropy);
        let sealed = key.seal(SEED, b"row", b"secret").unwrap();
        let closed = key.open(SEED, b"other", &sealed).unwrap_err().to_string();
        for length in 0..sealed.len() {
            assert_eq!(key.open(SEED, b"row", &sealed[..length]).unwrap_err().to_string(), closed, "{length}");
        }
        assert!(key.open(SEED, b"row", &[sealed.as_slice(), b"0"].concat()).is_err());
        for bit in 0..sealed.len() * 8 {
            let mut touched = sealed.clone();
            touched[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.open(SEED, b"row", &touched).unwrap_err().to_string(), closed, "{bit}");
        }
        assert_eq!(key.open(SEED, b"row", &sealed).unwrap().as_slice(), b"secret");
    }

    #[test]
    fn every_sealing_has_its_own_nonce() {
        // CR-06
        let key = SealingKey::make(Uuid::from_u128(1), &OsEntropy);
        let nonce = |_| key.seal(SEED, b"row", b"").unwrap()[1 + ID..][..NONCE_LEN].to_vec();
        assert_eq!((0..1000).map(nonce).collect::<std::collections::HashSet<_>>().len(), 1000);
    }

    #[test]
    fn the_form_is_written_down() {
        // Version, key id, nonce, cipher text and tag; a value of nothing is a value
        let key = SealingKey::new(Uuid::from_u128(7), [9; 32]);
        let sealed = key.seal(SEED, b"", b"").unwrap();
        assert_eq!(sealed.len(), 1 + 16 + 12 + 16);
        assert_eq!(key_id_of(&sealed), Some(Uuid::from_u128(7)));
        assert_eq!(key.open(SEED, b"", &sealed).unwrap().len(), 0);
        assert_eq!(key_id_of(&[2; 45]), None);
        assert_eq!(key_id_of(&[]), None);
        // Made with another implementation (Python's cryptography): key of nines, nonce of threes.
        let elsewhere = data_encoding::HEXLOWER.decode(ELSEWHERE).unwrap();
        assert_eq!(key.open(SEED, b"row 1", &elsewhere).unwrap().as_slice(), b"secret");
    }

    #[test]
    fn a_key_prints_its_id_only() {
        // LG-06
        let key = SealingKey::new(Uuid::from_u128(7), [9; 32]);
        assert_eq!(format!("{key:?}"), "SealingKey(00000000-0000-0000-0000-000000000007)");
    }
}
