//! What a job of the database has with it, and how whoever asked waits for its answer.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::{Conn, Work};
use crate::kernel::fault::FaultKind;
use crate::kernel::{Entropy, Fault, Timestamp};
use crate::platform::vault::Vault;

/// A job that waited this long is dropped: whoever asked has been answered.
pub(super) const DEADLINE: Duration = Duration::from_secs(10);

/// Everything a [`Work`] has besides its connection.
pub struct JobContext {
    /// The keys.
    pub vault: Vault,
    /// The time of the job.
    pub now: Timestamp,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl JobContext {
    pub(super) fn work<'a>(&'a self, conn: Conn<'a>) -> Work<'a> {
        Work { conn, vault: &self.vault, now: self.now, entropy: &*self.entropy }
    }
}

/// Waits for a job's answer. The thread goes on waiting for a database that says nothing; whoever asked must not.
pub(super) async fn wait_for<R>(outcome: oneshot::Receiver<Result<R, Fault>>) -> Result<R, Fault> {
    match tokio::time::timeout(DEADLINE, outcome).await {
        Ok(Ok(result)) => result,
        Err(_) => Err(Fault::new(FaultKind::DatabaseAway, "the database did not answer in time")),
        Ok(Err(_)) => Err(Fault::new(FaultKind::Busy, "the database job was dropped: it waited too long, or it panicked")),
    }
}
