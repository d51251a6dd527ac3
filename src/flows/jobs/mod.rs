//! Background work: started after the server answers, each piece idempotent, none needed for a request.

mod deliver_mail;
mod hash_cost;
mod retention;
mod sweep;
#[cfg(test)]
mod tests;
mod watch_store;

pub use deliver_mail::deliver;
pub use watch_store::look;

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::app::App;
use crate::flows::signing_keys;

/// The running jobs.
pub struct Jobs(JoinSet<()>);

impl Jobs {
    /// Stops them.
    pub fn abort(mut self) {
        self.0.abort_all();
    }
}

/// Starts all jobs.
pub fn start(app: &Arc<App>) -> Jobs {
    let mut jobs = JoinSet::new();
    jobs.spawn(signing_keys::make_missing(app.clone()));
    jobs.spawn(hash_cost::choose(app.clone()));
    jobs.spawn(sweep::keep(app.clone()));
    jobs.spawn(retention::keep(app.clone()));
    jobs.spawn(deliver_mail::keep(app.clone()));
    jobs.spawn(watch_store::keep(app.clone()));
    Jobs(jobs)
}
