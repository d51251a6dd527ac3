//! The keys that sign tokens, opened once and kept.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::watch;

use super::SigningKey;
use crate::platform::crypto::jws::Algorithm;

/// The opened keys. Cheap to clone; readers always see one whole set, and can wait for the next.
#[derive(Clone)]
pub struct SigningKeys(watch::Sender<Arc<KeySet>>);

impl Default for SigningKeys {
    fn default() -> Self {
        Self(watch::Sender::new(Arc::default()))
    }
}

/// One whole set.
#[derive(Default)]
pub struct KeySet {
    keys: Vec<SigningKey>,
}

impl KeySet {
    /// The key of an algorithm, once it has been made.
    pub fn key(&self, algorithm: Algorithm) -> Option<&SigningKey> {
        self.keys.iter().find(|key| key.pair.algorithm() == algorithm)
    }
    /// The algorithms there are keys for.
    pub fn algorithms(&self) -> Vec<Algorithm> {
        Algorithm::ALL.into_iter().filter(|algorithm| self.key(*algorithm).is_some()).collect()
    }
    /// Whether every algorithm has its key; until then what is published is not to be kept by anybody.
    pub fn is_complete(&self) -> bool {
        Algorithm::ALL.into_iter().all(|algorithm| self.key(algorithm).is_some())
    }
    /// The public keys (RFC 7517).
    pub fn public(&self) -> Vec<Value> {
        self.keys.iter().map(|key| key.public_jwk.clone()).collect()
    }
}

impl SigningKeys {
    /// The present set.
    pub fn current(&self) -> Arc<KeySet> {
        self.0.borrow().clone()
    }
    /// Keys are only ever added: of two reads that overlap, the one that saw fewer changes nothing.
    pub fn replace(&self, keys: Vec<SigningKey>) {
        self.0.send_if_modified(|present| {
            let newer = keys.len() >= present.keys.len();
            if newer {
                *present = Arc::new(KeySet { keys });
            }
            newer
        });
    }
    /// The key of an algorithm, as soon as it is there.
    pub async fn wait_for(&self, algorithm: Algorithm) -> Option<SigningKey> {
        let mut keys = self.0.subscribe();
        keys.wait_for(|keys| keys.key(algorithm).is_some()).await.ok()?.key(algorithm).cloned()
    }
}
