//! Brings the tables up to date. The files are compiled in; both folders have the same names.

use diesel::connection::SimpleConnection;
use diesel::dsl::{exists, select, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connect::{DbTarget, OpenConnection, check_encoding, connect};
use super::schema::service;
use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number, the same for every version of the program: nodes that start together migrate one after the other.
const LOCK: i64 = 0x766f_7563_6873_6166;

pub(super) fn up(target: &DbTarget) -> Result<(), Fault> {
    match connect(target)? {
        OpenConnection::Pg(mut c) => {
            check_encoding(&mut c)?;
            // One transaction, so that a pooler keeps to one connection: the lock ends with it.
            c.transaction(|c| {
                c.batch_execute(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?;
                c.run_pending_migrations(POSTGRES).map(|_| ()).map_err(failed)
            })
        }
        OpenConnection::Lite(mut c) => c.run_pending_migrations(SQLITE).map(|_| ()).map_err(failed),
    }
}

/// Whether there is a database that a server has begun to use. Makes nothing, not even the file.
pub(super) fn is_begun(target: &DbTarget) -> Result<bool, Fault> {
    if let DbTarget::Sqlite(file) = target
        && !std::fs::metadata(file).is_ok_and(|file| file.len() > 0)
    {
        return Ok(false);
    }
    match connect(target)? {
        OpenConnection::Pg(mut c) => c.transaction(|c| {
            let has_table: bool = select(sql::<Bool>("to_regclass('service') IS NOT NULL")).get_result(c)?;
            Ok(has_table && select(exists(service::table.select(service::id))).get_result(c)?)
        }),
        OpenConnection::Lite(mut c) => {
            let has_table = select(sql::<Bool>("EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'service')"));
            Ok(has_table.get_result(&mut c)? && select(exists(service::table.select(service::id))).get_result(&mut c)?)
        }
    }
}

fn failed(error: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Database, format!("a migration failed: {error}"))
}
