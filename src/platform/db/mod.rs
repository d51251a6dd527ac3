//! The databases: one set of queries for SQLite and Postgres.
//!
//! [`Db`] owns a few operating-system threads, each with one connection, behind a bounded queue; all
//! statements of a request travel as one job. Stores write a query once inside `each!`, and it is compiled
//! for both. A row that a unique key finds is read by `get_result`: `first` would bind a LIMIT, and SQLite plans a
//! statement anew each time that is bound. Diesel is named here, in `vault/store.rs` and in the rooms' `store.rs`, nowhere else.

mod connect;
mod executor;
mod job;
mod lane;
mod migrate;
mod prepared;
pub mod schema;
#[cfg(test)]
pub mod testing;
mod thread;
pub mod types;
mod writer;

use diesel::pg::PgConnection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sqlite::SqliteConnection;

pub use connect::{DbTarget, Pooling};
pub use executor::{Db, DbLimits};
pub use job::JobContext;
pub use prepared::prepared_update;
pub use types::Json;

use crate::kernel::fault::FaultKind;
use crate::kernel::{Entropy, Fault, Timestamp};
use crate::platform::vault::Vault;

/// One open connection to either database, inside a job.
pub enum Conn<'a> {
    /// Postgres.
    Pg(&'a mut PgConnection),
    /// SQLite.
    Lite(&'a mut SqliteConnection),
}

/// Compiles one query body for both databases: `each!(w.conn, c => table.load(c))`.
#[macro_export]
macro_rules! each {
    ($conn:expr, $c:ident => $body:expr) => {
        match &mut $conn {
            $crate::platform::db::Conn::Pg($c) => {
                let $c = &mut **$c;
                $body
            }
            $crate::platform::db::Conn::Lite($c) => {
                let $c = &mut **$c;
                $body
            }
        }
    };
}

/// What a domain verb works with: a connection (inside a transaction when writing), the keys, the time and
/// randomness. Made by `App::read` and `App::write`.
pub struct Work<'a> {
    /// The connection.
    pub conn: Conn<'a>,
    /// The keys that open and seal stored values.
    pub vault: &'a Vault,
    /// The time of this job.
    pub now: Timestamp,
    /// Randomness.
    pub entropy: &'a dyn Entropy,
}

impl From<DieselError> for Fault {
    fn from(error: DieselError) -> Self {
        let kind = match &error {
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
            | DieselError::BrokenTransactionManager => FaultKind::DatabaseAway,
            DieselError::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _) => FaultKind::WritesRefused,
            DieselError::DatabaseError(_, info) if takes_no_writes(info.message()) => FaultKind::WritesRefused,
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => FaultKind::Busy,
            DieselError::DatabaseError(_, info) if gone(info.message()) => FaultKind::DatabaseAway,
            DieselError::DatabaseError(_, info) if given_up(info.message()) => FaultKind::Busy,
            DieselError::DeserializationError(_) => FaultKind::Corrupt,
            _ => FaultKind::Database,
        };
        // Diesel's text names tables and constraints, and on a failed constraint may quote a value: keep the kind only.
        match &error {
            DieselError::DatabaseError(class, info) => {
                Self::new(kind, format!("{class:?}: {}", info.message().lines().next().unwrap_or_default()))
            }
            other => Self::new(kind, other),
        }
    }
}

/// Texts with which libpq and Postgres say that this connection is over.
fn gone(message: &str) -> bool {
    [
        "server closed the connection",
        "terminating connection",
        "connection to server",
        "could not receive data",
        "no connection to the server",
        "the database system is",
    ]
    .iter()
    .any(|text| message.contains(text))
}

/// Texts with which SQLite and Postgres say that nothing can be written until an administrator makes room or gives the
/// file back.
fn takes_no_writes(message: &str) -> bool {
    ["disk is full", "readonly database", "disk I/O error", "No space left on device", "in a read-only transaction"]
        .iter()
        .any(|text| message.contains(text))
}

/// Texts with which SQLite and Postgres say that others were faster or that it took too long.
fn given_up(message: &str) -> bool {
    ["database is locked", "canceling statement due to", "deadlock detected"].iter().any(|text| message.contains(text))
}

/// Whether a statement failed because a row with the same unique value is there already.
pub fn is_duplicate(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}
