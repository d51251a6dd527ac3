//! The keys that sign tokens, opened once and kept; and making those that are missing.
//!
//! ES256 and EdDSA are made at once, RS256 in the background, because it takes seconds. Each is inserted if absent, so
//! that of several nodes starting together one wins and all use its key.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::signing::{self, SigningKey};
use crate::kernel::Fault;
use crate::platform::crypto::jws::{Algorithm, SigningPair};

/// How long an application's answer waits for a key that is being made.
const PATIENCE: Duration = Duration::from_secs(10);

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
    fn replace(&self, keys: Vec<SigningKey>) {
        self.0.send_if_modified(|present| {
            let newer = keys.len() >= present.keys.len();
            if newer {
                *present = Arc::new(KeySet { keys });
            }
            newer
        });
    }
}

/// Reads the keys from the database.
pub async fn load(app: &App) -> Result<(), Fault> {
    let keys = app.read(signing::list).await?;
    app.signing.replace(keys);
    Ok(())
}

/// Reads what another node has made, while a key is still missing here: what one node signs with, all publish.
pub async fn catch_up(app: &App) {
    if app.signing.current().is_complete() {
        return;
    }
    if let Err(fault) = load(app).await {
        tracing::warn!(%fault, "signing keys of other nodes could not be read");
    }
}

/// Makes the keys that are quick to make, if they are missing; part of starting.
pub async fn make_quick(app: &App) -> Result<(), Fault> {
    load(app).await?;
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
        if app.signing.current().key(algorithm).is_none() {
            make(app, algorithm).await?;
        }
    }
    Ok(())
}

/// Makes what is still missing, in the background; tries again when something is away.
pub async fn make_missing(app: Arc<App>) {
    while !app.signing.current().is_complete() {
        for algorithm in Algorithm::ALL {
            if app.signing.current().key(algorithm).is_some() {
                continue;
            }
            if let Err(fault) = make(&app, algorithm).await {
                tracing::warn!(%fault, algorithm = algorithm.as_str(), "a signing key could not be made; trying again");
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        }
    }
}

async fn make(app: &App, algorithm: Algorithm) -> Result<(), Fault> {
    let made = tokio::task::spawn_blocking(move || SigningPair::generate(algorithm)).await.map_err(Fault::internal)?;
    let (pair, private) = made?;
    app.write(move |w| {
        if signing::insert_if_absent(w, &pair, &private)? {
            let entry =
                Entry::new(Kind::SigningKeyMade, Actor::System).fact("algorithm", algorithm.as_str()).fact("kid", pair.thumbprint());
            audit::append(w, &entry)?;
        }
        Ok(())
    })
    .await?;
    load(app).await
}

/// The key of an algorithm; waits up to ten seconds for one that is being made. Every node makes what it misses and reads
/// what another was faster with, so nobody who waits has to ask the database.
pub async fn wait_for(app: &App, algorithm: Algorithm) -> Option<SigningKey> {
    let mut keys = app.signing.0.subscribe();
    let there = tokio::time::timeout(PATIENCE, keys.wait_for(|keys| keys.key(algorithm).is_some())).await;
    there.ok()?.ok()?.key(algorithm).cloned()
}
