//! Background work: started after the server answers, each piece idempotent, none needed for a request.

mod deliver_mail;
mod hash_cost;
mod retention;
mod sweep;
mod tell_changes;
#[cfg(test)]
mod tests;
mod watch_store;

pub use deliver_mail::deliver;
pub use tell_changes::tell_of_changes;
pub use watch_store::look;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::app::App;
use crate::flows::signing_keys;
use crate::platform::supervise::{Backoff, supervise};
use crate::platform::telemetry;

/// The running jobs.
pub struct Jobs(JoinSet<()>);

impl Jobs {
    fn add<F: Future<Output = ()> + Send + 'static>(&mut self, app: &Arc<App>, name: &'static str, job: fn(Arc<App>) -> F) {
        let app = app.clone();
        self.0.spawn(async move {
            supervise(name, (&app.job_failures, &*app.clock), Backoff::JOBS, || job(app.clone())).await;
        });
    }

    /// Stops them.
    pub fn abort(mut self) {
        self.0.abort_all();
    }
}

/// Starts all jobs. One that panics is started again.
pub fn start(app: &Arc<App>) -> Jobs {
    let mut jobs = Jobs(JoinSet::new());
    jobs.add(app, "signing keys", signing_keys::make_missing);
    jobs.add(app, "hash cost", hash_cost::keep);
    jobs.add(app, "sweep", sweep::keep);
    jobs.add(app, "retention", retention::keep);
    jobs.add(app, "log", omitted_lines);
    jobs.add(app, "mail", deliver_mail::keep);
    jobs.add(app, "changed applications", tell_changes::keep);
    jobs.add(app, "store watch", watch_store::keep);
    jobs
}

/// Tells every minute how many lines of the log were left out.
async fn omitted_lines(_: Arc<App>) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        telemetry::tell_omitted();
    }
}
