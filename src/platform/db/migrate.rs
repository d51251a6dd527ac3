//! Brings the tables up to date. The files are compiled in; both folders have the same names.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connect::{Connected, Target, connect};
use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number, the same for every version of the program: nodes that start together migrate one after the other.
const LOCK: i64 = 0x766f_7563_6873_6166;

pub(super) fn up(target: &Target) -> Result<(), Fault> {
    match connect(target)? {
        Connected::Pg(mut c) => {
            c.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let outcome = c.run_pending_migrations(POSTGRES).map(|_| ()).map_err(failed);
            c.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            outcome
        }
        Connected::Lite(mut c) => c.run_pending_migrations(SQLITE).map(|_| ()).map_err(failed),
    }
}

fn failed(error: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Database, format!("a migration failed: {error}"))
}
