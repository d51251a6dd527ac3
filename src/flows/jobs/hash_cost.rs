//! What a password hash costs: measured once, on one thread, after the server answers; the first node's figure
//! holds for all. Until then the floor is used, and hashes are made anew at the next sign-in (PW-10).

use std::sync::Arc;

use crate::app::{App, HASH_COST};
use crate::domain::setting;
use crate::kernel::Fault;
use crate::platform::crypto::password_hash::{HashCost, calibrate};

pub(super) async fn choose(app: Arc<App>) {
    match chosen(&app).await {
        Ok(cost) => {
            app.set_hash_cost(cost);
            tracing::info!("checking a password takes {} MiB of memory and {} passes over it", cost.memory_kib / 1024, cost.passes);
        }
        Err(fault) => tracing::warn!(%fault, "the cost of password hashes could not be chosen; the floor holds"),
    }
}

async fn chosen(app: &App) -> Result<HashCost, Fault> {
    if let Some(cost) = app.read(|w| setting::find::<HashCost>(w, HASH_COST)).await? {
        return Ok(cost);
    }
    let most = app.settings.password.memory_max_kib;
    let measured = tokio::task::spawn_blocking(move || calibrate(most)).await.map_err(Fault::internal)?;
    app.write(move |w| setting::choose(w, HASH_COST, &measured)).await
}
