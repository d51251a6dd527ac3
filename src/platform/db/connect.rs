//! Where a database is, and how a connection to it is opened.

use std::path::PathBuf;

use diesel::connection::{AnsiTransactionManager, CacheSize, SimpleConnection, TransactionManager};
use diesel::dsl::{select, sql};
use diesel::pg::PgConnection;
use diesel::sql_types::{Integer, Text};
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError, RunQueryDsl};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;
use crate::platform::secret_url;

/// A database, chosen by the scheme of `database.url`.
#[derive(Clone)]
pub enum DbTarget {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A Postgres server.
    Postgres(Postgres),
}

/// A Postgres server; the URL may hold a password and is never shown.
#[derive(Clone)]
pub struct Postgres {
    url: String,
    pooling: Pooling,
}

/// Whether a pooler stands before Postgres that lends its connections for one transaction at a time. There a statement
/// prepared in one transaction is unknown to the next, and so is what was `SET`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// Found out at start.
    Detect,
    /// A connection of ours is one of Postgres, for as long as it is open.
    Session,
    /// Each transaction has one.
    Transaction,
}

impl DbTarget {
    /// Reads `sqlite://path`, `postgres://..` or `postgresql://..`; `None` for anything else, and where it is not certain which part is
    /// the password.
    pub fn parse(url: &str) -> Option<Self> {
        match url.split_once("://")? {
            ("sqlite", path) if !path.is_empty() => Some(Self::Sqlite(path.into())),
            ("postgres" | "postgresql", _) => {
                secret_url::parse(url)?;
                Some(Self::Postgres(Postgres { url: with_timeouts(url), pooling: Pooling::Session }))
            }
            _ => None,
        }
    }

    /// The same target behind a pooler of this kind; means nothing to SQLite.
    #[must_use]
    pub fn behind(mut self, pooling: Pooling) -> Self {
        if let Self::Postgres(postgres) = &mut self {
            postgres.pooling = pooling;
        }
        self
    }

    /// Finds out what stands before Postgres, unless it is known.
    pub(super) fn detected(mut self) -> Result<Self, Fault> {
        if let Self::Postgres(postgres) = &mut self
            && postgres.pooling == Pooling::Detect
        {
            postgres.pooling = postgres.detect()?;
        }
        Ok(self)
    }

    /// Whether what belongs together must be one transaction, also where it only reads.
    pub(super) fn needs_transactions(&self) -> bool {
        matches!(self, Self::Postgres(postgres) if postgres.pooling != Pooling::Session)
    }
}

impl Postgres {
    fn connect(&self) -> Result<PgConnection, Fault> {
        let mut c = PgConnection::establish(&self.url).map_err(|error| self.away(&error))?;
        if self.pooling != Pooling::Session {
            c.set_prepared_statement_cache_size(CacheSize::Disabled);
        }
        Ok(c)
    }

    /// Two connections that are open at once and served by one process of Postgres can only be a pooler's. A pooler in use
    /// may answer by two processes, so it is asked a few times.
    fn detect(&self) -> Result<Pooling, Fault> {
        let (mut one, mut other) = (self.connect()?, self.connect()?);
        for _ in 0..4 {
            if process_of(&mut one)? == process_of(&mut other)? {
                tracing::info!("a pooler stands before Postgres: statements are not prepared, and each reading is a transaction");
                return Ok(Pooling::Transaction);
            }
        }
        Ok(Pooling::Session)
    }

    /// libpq quotes what it cannot read: its words about the address are cut there, and the password is taken out of all others.
    fn away(&self, error: &ConnectionError) -> Fault {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        let about_the_address = ["URI", "connection option", "percent-encoded"].iter().any(|word| line.contains(word));
        let line = if about_the_address { line.split(['"', ':']).next().unwrap_or_default() } else { line };
        let hidden = self.passwords().iter().fold(line.to_owned(), |line, password| line.replace(password.as_str(), "****"));
        Fault::new(FaultKind::DatabaseAway, hidden)
    }

    /// The password as it is written and as it is meant.
    fn passwords(&self) -> Vec<String> {
        let Ok(url) = Url::parse(&self.url) else { return Vec::new() };
        let written = url.password().map(str::to_owned).into_iter();
        let named = url.query_pairs().filter(|(name, _)| name.contains("pass")).map(|(_, value)| value.into_owned());
        let mut all: Vec<String> = written.chain(named).filter(|password| !password.is_empty()).collect();
        all.extend(all.clone().iter().filter_map(|password| Some(percent_decode_str(password).decode_utf8().ok()?.into_owned())));
        all
    }
}

/// The number of the process of Postgres that serves a connection.
fn process_of(c: &mut PgConnection) -> Result<i32, Fault> {
    Ok(c.transaction(|c| select(sql::<Integer>("pg_backend_pid()")).get_result(c))?)
}

/// Names of people need all of Unicode: a database in another encoding would take most of them and fail at some.
pub(super) fn check_encoding(c: &mut PgConnection) -> Result<(), Fault> {
    let encoding: String = c.transaction(|c| select(sql::<Text>("current_setting('server_encoding')")).get_result(c))?;
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(Fault::new(
        FaultKind::Database,
        format!(
            "The database is in {encoding}, in which many names cannot be kept. Make one in UTF-8 and name it in database.url:\n\n    \
             CREATE DATABASE vouchsafe ENCODING 'UTF8' TEMPLATE template0"
        ),
    ))
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
pub(super) enum OpenConnection {
    Pg(PgConnection),
    Lite(SqliteConnection),
}

/// Makes the file readable by its owner only, before anything is in it; the files beside it follow its mode. Opening
/// it says better than we could when this does not work, and a file that is there keeps the mode its owner gave it.
fn make_private(path: &std::path::Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

pub(super) fn connect(target: &DbTarget) -> Result<OpenConnection, Fault> {
    match target {
        DbTarget::Postgres(postgres) => Ok(OpenConnection::Pg(postgres.connect()?)),
        DbTarget::Sqlite(path) => {
            make_private(path);
            let mut c = SqliteConnection::establish(&path.to_string_lossy())
                .map_err(|error| Fault::new(FaultKind::DatabaseAway, error.to_string().lines().next().unwrap_or_default()))?;
            // busy_timeout first: switching to WAL itself takes a lock. FULL: a one-use claim survives a power cut.
            // temp_store: what a savepoint could take back is kept in memory, not in a file elsewhere.
            c.batch_execute(
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; \
                 PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;",
            )?;
            Ok(OpenConnection::Lite(c))
        }
    }
}

/// A statement that waits nearly as long as any request may is stopped by the server, before its request is answered with
/// an outcome nobody knows; and so is a transaction whose node has frozen: its locks would hold up all others. (Migrations
/// have no such bounds.)
const JOB_BOUNDS: &[(&str, &str)] = &[("statement_timeout", "8s"), ("idle_in_transaction_session_timeout", "30s")];

fn set_bounds(c: &mut PgConnection, set: &str) -> diesel::QueryResult<()> {
    let bounds: Vec<String> = JOB_BOUNDS.iter().map(|(name, value)| format!("{set} {name} = '{value}'")).collect();
    c.batch_execute(&bounds.join("; "))
}

/// The bounds of jobs for one transaction, where a connection cannot keep them.
pub(super) fn bound_transaction(c: &mut PgConnection) -> diesel::QueryResult<()> {
    set_bounds(c, "SET LOCAL")
}

/// A connection for jobs.
pub(super) fn connect_for_jobs(target: &DbTarget) -> Result<OpenConnection, Fault> {
    let mut connected = connect(target)?;
    if let OpenConnection::Pg(c) = &mut connected
        && !target.needs_transactions()
    {
        set_bounds(c, "SET")?;
    }
    Ok(connected)
}

impl OpenConnection {
    /// Whether the other end has not hung up while nothing was asked. What came from it is read and nothing is sent, so
    /// this costs no round trip.
    pub(super) fn is_open(&mut self) -> bool {
        match self {
            // The first look takes in the server's farewell, the second the end of the stream.
            Self::Pg(c) => (0..2).all(|_| c.notifications_iter().all(|notification| notification.is_ok())),
            Self::Lite(_) => true,
        }
    }

    /// Whether a connection on which something failed can be used again: it answers, and no transaction is left open.
    pub(super) fn is_good(&mut self) -> bool {
        match self {
            Self::Pg(c) => !AnsiTransactionManager::is_broken_transaction_manager(c) && c.batch_execute("SELECT 1").is_ok(),
            Self::Lite(c) => !AnsiTransactionManager::is_broken_transaction_manager(c) && c.batch_execute("SELECT 1").is_ok(),
        }
    }
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

    /// LG-06: neither an address that cannot be read, nor one at which nothing answers.
    #[test]
    fn no_failure_to_connect_tells_the_password() {
        for url in [
            "postgres://ana:hunter2%@127.0.0.1:1/d",
            "postgres://ana:a@hunter2@127.0.0.1:1/d",
            "postgres://ana:a/hunter2@127.0.0.1:1/d",
            "postgres://127.0.0.1:1/d?password=hunter2%",
        ] {
            assert!(DbTarget::parse(url).is_none(), "{url}");
        }
        for url in [
            "postgres://ana:hunter2@127.0.0.1:1/d",
            "postgres://ana:%68unter2@hunter2:1/d",
            "postgres://127.0.0.1:1/d?hunter2",
            "postgres://127.0.0.1:1/d?hunter2=1",
            "postgres://127.0.0.1:1/d?password=hunter2&sslmode=hunter2",
        ] {
            let Err(fault) = connect(&DbTarget::parse(url).unwrap()) else { panic!("connected to {url}") };
            assert!(!fault.to_string().contains("hunter2"), "{url}: {fault}");
        }
    }
}
