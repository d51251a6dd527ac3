//! Looks how the short-lived store is, now and then: the operator of the server reads in the log and on the
//! administrators' pages that it is away, or that it may drop what is in use (SE-19).

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::platform::ephemeral::{Ephemeral, Eviction, StoreState};

/// How often. It costs one question.
const LOOK: Duration = Duration::from_secs(15);

/// Looks for as long as the server runs. The store of this process has nothing to tell.
pub(super) async fn keep(app: Arc<App>) {
    if matches!(app.ephemeral, Ephemeral::Memory(_)) {
        return;
    }
    loop {
        look(&app).await;
        tokio::time::sleep(LOOK).await;
    }
}

/// Looks once; a change is said in the log, because a screen scrolls away.
pub async fn look(app: &App) -> StoreState {
    let found = app.ephemeral.eviction().await;
    let state = match &found {
        Ok(Eviction::Allowed(policy)) => StoreState::Evicts(policy.clone()),
        Ok(Eviction::Never) => StoreState::Fine,
        Ok(Eviction::Unknown) => StoreState::Unknown,
        Err(_) => StoreState::Away,
    };
    let before = app.set_store_state(state.clone());
    match found {
        _ if before == state => {}
        Err(fault) => tracing::warn!(%fault, "Redis does not answer: no one can sign in until it does"),
        Ok(Eviction::Allowed(policy)) => {
            tracing::warn!(
                policy,
                "Redis may drop values that are in use: sign-ins and pauses can be lost; set maxmemory-policy noeviction"
            );
        }
        Ok(Eviction::Never) => tracing::info!("Redis is as it should be"),
        Ok(Eviction::Unknown) => {
            tracing::info!(
                "Redis answers; whether it may drop values that are in use it does not say: its maxmemory-policy should be noeviction"
            );
        }
    }
    state
}
