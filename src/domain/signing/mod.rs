//! Keys that sign tokens: one current key for each algorithm, made once for all nodes, the private part sealed.

mod keys;
mod published;
mod store;

pub use keys::{KeySet, SigningKeys};
pub use published::{Document, Documents, Published};
use store::KeyRow;
use zeroize::Zeroizing;

use crate::kernel::Fault;
use crate::kernel::ids::{SigningKeyId, UuidId};
use crate::platform::crypto::envelope::FieldLabel;
use crate::platform::crypto::jws::{Algorithm, SigningPair};
use crate::platform::db::{Json, Work};

const PRIVATE: FieldLabel = FieldLabel("signing_key.private");

/// A signing key, opened.
#[derive(Clone)]
pub struct SigningKey {
    /// The key id in tokens and in the published set: the RFC 7638 thumbprint.
    pub kid: String,
    /// The pair.
    pub pair: SigningPair,
    /// The public part as published.
    pub public_jwk: serde_json::Value,
}

/// Stores a new key as the current one of its algorithm unless there is one. True when this one was stored.
pub fn insert_if_absent(w: &mut Work<'_>, pair: &SigningPair, private: &Zeroizing<Vec<u8>>) -> Result<bool, Fault> {
    let id = SigningKeyId::make(w.now, w.entropy);
    let sealed = w.service_key()?.seal(PRIVATE, id.uuid().as_bytes(), private)?;
    let kid = pair.thumbprint();
    let (algorithm, public_jwk) = (pair.algorithm().as_str().to_owned(), Json(pair.public_jwk(&kid)));
    store::insert_if_absent(w, KeyRow { id, kid, algorithm, public_jwk, private_key: sealed })
}

/// All current keys.
pub fn list(w: &mut Work<'_>) -> Result<Vec<SigningKey>, Fault> {
    let service = w.service_key()?;
    let mut keys = Vec::new();
    for row in store::list(w)? {
        let algorithm = Algorithm::parse(&row.algorithm).ok_or_else(|| Fault::corrupt("signing_keys", "algorithm", row.id))?;
        let private = service.open(PRIVATE, row.id.uuid().as_bytes(), &row.private_key)?;
        keys.push(SigningKey { pair: SigningPair::from_pkcs8(algorithm, &private)?, kid: row.kid, public_jwk: row.public_jwk.0 });
    }
    Ok(keys)
}
