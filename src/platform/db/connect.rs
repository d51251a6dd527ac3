//! Where a database is, and how a connection to it is opened.

use std::path::PathBuf;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
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
            ("postgres" | "postgresql", _) => Some(Self::Postgres(with_timeouts(url))),
            _ => None,
        }
    }
}

/// How long libpq waits, in its own words: for a server to let us in, and for one that has vanished without a word.
const TIMEOUTS: &[(&str, &str)] =
    &[("connect_timeout", "5"), ("tcp_user_timeout", "15000"), ("keepalives_idle", "15"), ("keepalives_interval", "5")];

/// A server that does not answer must cost seconds, not minutes. What the address says itself stays.
fn with_timeouts(url: &str) -> String {
    TIMEOUTS.iter().filter(|(name, _)| !url.contains(&format!("{name}="))).fold(url.to_owned(), |url, (name, value)| {
        let joint = if url.ends_with(['?', '&']) {
            ""
        } else if url.contains('?') {
            "&"
        } else {
            "?"
        };
        format!("{url}{joint}{name}={value}")
    })
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

/// A connection for jobs. A statement that waits nearly as long as any request may is stopped by the server, before
/// whoever asked is told that nobody knows what became of it; and so is a transaction whose node has frozen: its locks
/// would hold up all others. (Migrations have no such bounds.)
pub(super) fn connect_for_jobs(target: &Target) -> Result<Connected, Fault> {
    let mut connected = connect(target)?;
    if let Connected::Pg(c) = &mut connected {
        c.batch_execute("SET statement_timeout = '8s'; SET idle_in_transaction_session_timeout = '30s'")?;
    }
    Ok(connected)
}

impl Connected {
    /// Whether a connection on which something failed can be used again: it answers, and no transaction is left open.
    pub(super) fn is_good(&mut self) -> bool {
        match self {
            Self::Pg(c) => !AnsiTransactionManager::is_broken_transaction_manager(c) && c.batch_execute("SELECT 1").is_ok(),
            Self::Lite(c) => !AnsiTransactionManager::is_broken_transaction_manager(c) && c.batch_execute("SELECT 1").is_ok(),
        }
    }
}

fn away(error: ConnectionError) -> Fault {
    let text = error.to_string();
    // libpq may repeat the connection string's host, never its password; one line is enough for the log.
    Fault::new(FaultKind::DatabaseAway, text.lines().next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_the_timeouts_it_lacks() {
        // LG-10
        let rest = "tcp_user_timeout=15000&keepalives_idle=15&keepalives_interval=5";
        for (url, with) in [
            ("postgres://h/d", format!("postgres://h/d?connect_timeout=5&{rest}")),
            ("postgres://h/d?", format!("postgres://h/d?connect_timeout=5&{rest}")),
            ("postgres://h/d?sslmode=prefer", format!("postgres://h/d?sslmode=prefer&connect_timeout=5&{rest}")),
            ("postgres://h/d?connect_timeout=1", format!("postgres://h/d?connect_timeout=1&{rest}")),
        ] {
            assert_eq!(with_timeouts(url), with);
        }
    }
}
