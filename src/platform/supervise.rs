//! Keeps background jobs running: one that panics is started again with back-off, and health says so for a while.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;

use crate::kernel::{Clock, Timestamp};

/// How long health tells of a job that ended.
const TOLD: Duration = Duration::from_secs(300);

/// The waits before a job is started again: the first, doubled each time up to the last.
#[derive(Clone, Copy)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) most: Duration,
}

impl Backoff {
    pub(crate) const JOBS: Self = Self { first: Duration::from_secs(1), most: Duration::from_secs(60) };
}

/// When which job last ended by a panic.
#[derive(Default)]
pub struct JobFailures(Mutex<BTreeMap<&'static str, Timestamp>>);

impl JobFailures {
    /// The jobs that ended within the last five minutes.
    pub fn recent(&self, now: Timestamp) -> Vec<&'static str> {
        let ended = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ended.iter().filter(|(_, at)| at.until(now) < TOLD).map(|(job, _)| *job).collect()
    }

    fn note(&self, job: &'static str, now: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(job, now);
    }
}

/// Runs a job until it returns.
pub(crate) async fn supervise<F: Future<Output = ()>>(
    name: &'static str,
    (failures, clock): (&JobFailures, &dyn Clock),
    backoff: Backoff,
    job: impl Fn() -> F,
) {
    let mut wait = backoff.first;
    while AssertUnwindSafe(job()).catch_unwind().await.is_err() {
        failures.note(name, clock.now());
        tracing::error!(job = name, seconds = wait.as_secs(), "a background job panicked and is started again");
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(backoff.most);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::kernel::time::FixedClock;

    #[tokio::test]
    async fn a_job_that_panics_is_started_again_and_told_of() {
        let (failures, clock) = (JobFailures::default(), FixedClock::at(Timestamp::from_seconds(1_795_435_200)));
        let starts = AtomicU32::new(0);
        let backoff = Backoff { first: Duration::from_millis(1), most: Duration::from_millis(2) };
        let job = || async {
            assert!(starts.fetch_add(1, Ordering::SeqCst) == 3, "ends");
        };
        supervise("mail", (&failures, &clock), backoff, job).await;
        assert_eq!(starts.load(Ordering::SeqCst), 4);
        assert_eq!(failures.recent(clock.now()), ["mail"]);
        clock.advance(TOLD);
        assert!(failures.recent(clock.now()).is_empty());
    }

    #[tokio::test]
    async fn a_job_that_returns_is_done() {
        let (failures, clock) = (JobFailures::default(), FixedClock::at(Timestamp::from_seconds(1_795_435_200)));
        supervise("keys", (&failures, &clock), Backoff::JOBS, || async {}).await;
        assert!(failures.recent(clock.now()).is_empty());
    }
}
