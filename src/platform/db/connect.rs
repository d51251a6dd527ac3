//! Where a database is, and how a connection to it is opened.

use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError};

use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;

/// A database, chosen by the scheme of `database.url`.
#[derive(Clone)]
pub enum Target {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A Postgres server; the URL may hold a password and is never shown.
    Postgres(String),
}

impl Target {
    /// Reads `sqlite://path`, `postgres://..` or `postgresql://..`; `None` for anything else.
    pub fn parse(url: &str) -> Option<Self> {
        match url.split_once("://")? {
            ("sqlite", path) if !path.is_empty() => Some(Self::Sqlite(path.into())),
            ("postgres" | "postgresql", _) => Some(Self::Postgres(with_connect_timeout(url))),
            _ => None,
        }
    }
}

/// A server that does not answer must cost seconds, not minutes.
fn with_connect_timeout(url: &str) -> String {
    if url.contains("connect_timeout=") {
        return url.to_owned();
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}connect_timeout=5")
}

/// An open connection of either kind, as a database thread owns it.
pub(super) enum Connected {
    Pg(PgConnection),
    Lite(SqliteConnection),
}

/// Makes the file readable by its owner only, before anything is in it; the files beside it follow its mode. Opening
/// it says better than we could when this does not work, and a file that is there keeps the mode its owner gave it.
fn make_private(path: &std::path::Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

pub(super) fn connect(target: &Target) -> Result<Connected, Fault> {
    match target {
        Target::Postgres(url) => Ok(Connected::Pg(PgConnection::establish(url).map_err(away)?)),
        Target::Sqlite(path) => {
            make_private(path);
            let mut c = SqliteConnection::establish(&path.to_string_lossy()).map_err(away)?;
            // busy_timeout first: switching to WAL itself takes a lock. FULL: a one-use claim survives a power cut.
            c.batch_execute(
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;",
            )?;
            Ok(Connected::Lite(c))
        }
    }
}

fn away(error: ConnectionError) -> Fault {
    let text = error.to_string();
    // libpq may repeat the connection string's host, never its password; one line is enough for the log.
    Fault::new(FaultKind::DatabaseAway, text.lines().next().unwrap_or_default())
}
