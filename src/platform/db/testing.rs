//! Runs one test body on both databases, each fresh and empty.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::Connection;
use diesel::connection::{InstrumentationEvent, SimpleConnection};

use super::connect::{DbTarget, OpenConnection, connect};
use super::{Conn, JobContext, Work, migrate};
use crate::kernel::Timestamp;
use crate::platform::crypto::OsEntropy;
use crate::platform::crypto::envelope::SealingKey;
use crate::platform::vault::Vault;

/// Monday 23 November 2026, 12:00:00 UTC: when tests begin.
pub const NOW: Timestamp = Timestamp::from_seconds(1_795_435_200);

/// Runs `body` once on a new SQLite file and once on a new Postgres database. A missing Postgres fails.
pub fn each_backend(body: impl Fn(&mut Work<'_>)) {
    on_sqlite(&body);
    on_postgres(&body);
}

/// A key of its own, the time tests begin at, and real randomness.
pub fn context() -> JobContext {
    let entropy = Arc::new(OsEntropy);
    let master = SealingKey::make(uuid::Uuid::from_u128(7), &*entropy);
    JobContext { vault: Vault::new(master), now: NOW, entropy }
}

fn run(connected: &mut OpenConnection, body: &impl Fn(&mut Work<'_>)) {
    let context = context();
    let conn = match connected {
        OpenConnection::Pg(c) => Conn::Pg(c),
        OpenConnection::Lite(c) => Conn::Lite(c),
    };
    let mut work = Work { conn, vault: &context.vault, now: context.now, entropy: &*context.entropy };
    work.found_vault().unwrap();
    body(&mut work);
}

static NEXT: AtomicU32 = AtomicU32::new(0);

fn unique() -> String {
    format!("unit_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

fn on_sqlite(body: &impl Fn(&mut Work<'_>)) {
    on_sqlite_file(&|url| {
        let target = DbTarget::parse(url).unwrap();
        migrate::up(&target).unwrap();
        run(&mut connect(&target).unwrap(), body);
    });
}

/// Runs `body` with the address of a new SQLite file.
pub fn on_sqlite_file(body: &impl Fn(&str)) {
    let file = std::env::temp_dir().join(format!("vouchsafe_{}.sqlite", unique()));
    body(&format!("sqlite://{}", file.display()));
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}

fn on_postgres(body: &impl Fn(&mut Work<'_>)) {
    on_postgres_database(&|url| {
        let target = DbTarget::parse(url).unwrap();
        migrate::up(&target).unwrap();
        run(&mut connect(&target).unwrap(), body);
    });
}

/// Runs `body` once with the address of a new SQLite file and once with that of a new Postgres database.
pub fn each_url(body: impl Fn(&str)) {
    on_sqlite_file(&body);
    on_postgres_database(&body);
}

fn on_postgres_database(body: &impl Fn(&str)) {
    let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL is not set: run tests/run, which starts a Postgres");
    let name = unique();
    let OpenConnection::Pg(mut admin) = connect(&DbTarget::parse(&server).unwrap()).unwrap() else { panic!("not Postgres") };
    admin.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let (head, tail) = server.split_at(server.find('?').unwrap_or(server.len()));
    let (base, _) = head.rsplit_once('/').unwrap();
    body(&format!("{base}/{name}{tail}"));
    admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
}

/// How many statements `work` sends to the database, those that only begin or end a transaction apart.
pub fn count_statements(w: &mut Work<'_>, work: impl FnOnce(&mut Work<'_>)) -> usize {
    let count = Arc::new(AtomicU32::new(0));
    let counting = count.clone();
    let on_event = move |event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            counting.fetch_add(1, Ordering::SeqCst);
        }
    };
    crate::each!(w.conn, c => c.set_instrumentation(on_event));
    work(w);
    crate::each!(w.conn, c => c.set_instrumentation(|_: InstrumentationEvent<'_>| ()));
    usize::try_from(count.load(Ordering::SeqCst)).unwrap()
}
