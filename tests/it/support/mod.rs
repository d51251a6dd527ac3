//! What the tests stand on: a server, a database, a browser, an authenticator, an HTTP client and an application, each
//! of their own and gone when the test ends.

pub mod app;
pub mod authenticator;
pub mod browser;
pub mod http;
pub mod mailbox;
pub mod network;
pub mod people;
pub mod ports;
pub mod postgres;
pub mod process;
pub mod redis;
pub mod relying_party;
pub mod rows;
pub mod server;
pub mod totp;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use vouchsafe::kernel::time::SystemClock;
use vouchsafe::kernel::{Clock, Timestamp};

/// On which database a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A fresh database on the server that `tests/run` starts, with its Redis beside it.
    Postgres,
}

/// Makes two tests of one `async fn body(backend: Backend)`: one on each database.
macro_rules! both {
    ($($body:ident),+ $(,)?) => { $(
        mod $body {
            #[tokio::test]
            async fn on_sqlite() {
                super::$body($crate::support::Backend::Sqlite).await;
            }
            #[tokio::test]
            async fn on_postgres() {
                super::$body($crate::support::Backend::Postgres).await;
            }
        }
    )+ };
}
pub(crate) use both;

/// A setting of the tests. What it stands for is part of the tests, so its absence fails them.
pub fn required(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: start the tests with tests/run, which provides it"))
}

/// After this long something hangs. Nothing is late before: on a busy machine everything takes its time, and what there is to
/// wait for says itself when it has come or can no longer come.
pub const HANGS: Duration = Duration::from_secs(240);

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A name nothing else has on this machine at this time.
pub fn unique(word: &str) -> String {
    format!("{word}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

/// The wall clock, for tests against the real process: its time cannot be moved.
pub fn wall_clock() -> Timestamp {
    SystemClock.now()
}

/// A folder that goes when the test ends.
pub struct Folder(PathBuf);

impl Folder {
    /// A new, empty one.
    pub fn new() -> Self {
        let base = std::env::var_os("TEST_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
        let folder = base.join(unique("vouchsafe"));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
