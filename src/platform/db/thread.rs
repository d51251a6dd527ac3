//! A database thread and the one connection it owns.

use std::time::{Duration, Instant};

use super::connect::{DbTarget, OpenConnection, connect_for_jobs};
use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;

/// Starts a database thread.
pub(super) fn spawn(name: &str, serve: impl FnOnce() + Send + 'static) -> Result<(), Fault> {
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn(serve);
    spawned.map(|_| ()).map_err(|error| Fault::internal(format!("cannot start a database thread: {error}")))
}

/// One thread's connection, and when it may next be opened after a failure.
#[derive(Default)]
pub(super) struct Slot {
    connected: Option<OpenConnection>,
    retry_at: Option<Instant>,
    wait: Duration,
}

impl Slot {
    /// Closes the connection; the next job opens another.
    pub(super) fn close(&mut self) {
        self.connected = None;
    }

    /// The open connection; opens one if none is.
    pub(super) fn get(&mut self, target: &DbTarget) -> Result<&mut OpenConnection, Fault> {
        // Ended while nothing was asked: opened again, before anything is sent.
        if self.connected.as_mut().is_some_and(|connected| !connected.is_open()) {
            self.connected = None;
        }
        if self.connected.is_none() {
            if self.retry_at.is_some_and(|at| Instant::now() < at) {
                return Err(Fault::new(FaultKind::DatabaseAway, "the database is away; waiting before the next try"));
            }
            match connect_for_jobs(target) {
                Ok(open) => {
                    self.connected = Some(open);
                    self.retry_at = None;
                    self.wait = Duration::ZERO;
                }
                Err(fault) => {
                    self.wait = (self.wait * 2).clamp(Duration::from_millis(100), Duration::from_secs(2));
                    self.retry_at = Some(Instant::now() + self.wait);
                    return Err(fault);
                }
            }
        }
        self.connected.as_mut().ok_or_else(|| Fault::internal("a connection was opened and is not there"))
    }
}
