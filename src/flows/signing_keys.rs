//! Reading the keys that sign tokens, and making those that are missing.
//!
//! ES256 and EdDSA are made immediately, RS256 in the background, because it takes seconds. Each is inserted if absent, so
//! that of several nodes starting together one wins and all use its key.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::signing::{self, SigningKey};
use crate::kernel::Fault;
use crate::platform::crypto::jws::{Algorithm, SigningPair};

/// How long an application's answer waits for a key that is being made.
const PATIENCE: Duration = Duration::from_secs(10);

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
    tokio::time::timeout(PATIENCE, app.signing.wait_for(algorithm)).await.ok()?
}
