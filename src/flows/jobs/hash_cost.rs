//! What a password hash costs: measured at each start, on one thread, after the server answers. The dearest figure of any
//! node holds for all and is raised, never lowered, by itself. Hashes are made anew at the next sign-in (PW-10).

use std::sync::Arc;
use std::time::Duration;

use crate::app::{App, HASH_COST};
use crate::domain::setting;
use crate::kernel::Fault;
use crate::platform::crypto::password_hash::{HashCost, calibrate};
use crate::platform::db::Work;

/// How often a cost that another node raised is taken over.
const LOOK: Duration = Duration::from_secs(600);

pub(super) async fn keep(app: Arc<App>) {
    match measure(&app).await {
        Ok(cost) => use_from_now(&app, cost),
        Err(fault) => tracing::warn!(%fault, "the cost of password hashes could not be measured; the one in force holds"),
    }
    loop {
        tokio::time::sleep(LOOK).await;
        match app.read(|w| setting::find::<HashCost>(w, HASH_COST)).await {
            Ok(Some(cost)) if cost != app.hash_cost() => use_from_now(&app, cost),
            Ok(_) => {}
            Err(fault) => tracing::warn!(%fault, "the cost of password hashes could not be read; the one in force holds"),
        }
    }
}

fn use_from_now(app: &App, cost: HashCost) {
    app.set_hash_cost(cost);
    tracing::info!("checking a password takes {} MiB of memory and {} passes over it", cost.memory_kib / 1024, cost.passes);
}

async fn measure(app: &App) -> Result<HashCost, Fault> {
    let in_force = app.read(|w| setting::find::<HashCost>(w, HASH_COST)).await?.unwrap_or(HashCost::FLOOR);
    let most = app.settings.password.memory_max_kib;
    let measured = tokio::task::spawn_blocking(move || calibrate(in_force, most)).await.map_err(Fault::internal)?;
    app.write(move |w| raise(w, measured)).await
}

/// Stores a cost unless one at least as dear is there, and returns the one that holds.
pub(super) fn raise(w: &mut Work<'_>, measured: HashCost) -> Result<HashCost, Fault> {
    let mut known = setting::choose(w, HASH_COST, &measured)?;
    while measured.is_dearer_than(known) && !setting::replace_if(w, HASH_COST, &known, &measured)? {
        known = setting::find(w, HASH_COST)?.unwrap_or(known);
    }
    Ok(if measured.is_dearer_than(known) { measured } else { known })
}
