//! Database threads: each owns one connection and takes jobs from the bounded queue of [`super::lane`].
//!
//! What writes to SQLite goes to the one thread of [`super::writer`]; everything else to these.
//!
//! A full queue answers at once (503 with `Retry-After`), a job that waited too long is dropped unseen, and whoever asked
//! is answered by then even if the database says nothing at all. A panic in a job costs that job its connection and
//! nothing else, and a broken connection is opened again with back-off.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::dsl::{select, sql};
use diesel::sql_types::Text;
use diesel::{Connection, RunQueryDsl};
use tokio::sync::oneshot;

use super::connect::{DbTarget, OpenConnection, bound_transaction, connect};
use super::job::{DEADLINE, JobContext, wait_for};
use super::lane::{Lane, LaneSender};
use super::migrate;
use super::thread::{Slot, spawn};
use super::writer::Writer;
use super::{Conn, Work};
use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;

/// How many connections, and how many jobs may wait for them.
#[derive(Clone, Copy, Debug)]
pub struct DbLimits {
    /// Connections to Postgres, or readers of SQLite (which always has one writer besides).
    pub connections: usize,
    /// Jobs that may wait; more are answered with "busy".
    pub queue: usize,
}

/// What a job gets: a connection, or why there is none. It answers whether the connection is still good.
type ConnectionJob = Box<dyn FnOnce(Result<&mut OpenConnection, Fault>) -> bool + Send>;

struct QueuedJob {
    job: ConnectionJob,
    since: Instant,
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    lane: Arc<LaneSender<QueuedJob>>,
    /// SQLite's one writer.
    writer: Option<Writer>,
    target: Arc<DbTarget>,
    /// The last write failed because none is taken.
    writes_refused: Arc<AtomicBool>,
}

impl Db {
    /// Whether there is a database that a server has begun to use. Makes nothing. Blocking.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn is_begun(target: &DbTarget) -> Result<bool, Fault> {
        migrate::is_begun(target)
    }

    /// Opens the database: connects once (so that a wrong address is told at start), brings the tables up to
    /// date, lets `begin` look at it, and starts the threads. Blocking; call before the server runs.
    ///
    /// # Errors
    /// When the database cannot be reached, a migration fails, or `begin` refuses.
    pub fn open<T, E: From<Fault>>(
        target: DbTarget,
        limits: DbLimits,
        begin: impl FnOnce(&mut Conn<'_>) -> Result<T, E>,
    ) -> Result<(Self, T), E> {
        let target = target.detected()?;
        migrate::up(&target)?;
        let begun = match connect(&target)? {
            OpenConnection::Pg(mut c) => {
                AnsiTransactionManager::begin_transaction(&mut c).map_err(Fault::from)?;
                let begun = begin(&mut Conn::Pg(&mut c))?;
                AnsiTransactionManager::commit_transaction(&mut c).map_err(Fault::from)?;
                begun
            }
            OpenConnection::Lite(mut c) => begin(&mut Conn::Lite(&mut c))?,
        };
        let target = Arc::new(target);
        let lane = start(limits, &target)?;
        let writer = match *target {
            DbTarget::Sqlite(_) => Some(Writer::start(limits.queue, &target)?),
            DbTarget::Postgres(_) => None,
        };
        Ok((Self { lane, writer, target, writes_refused: Arc::default() }, begun))
    }

    /// The name of the database's kind, for pages and logs.
    pub fn kind(&self) -> &'static str {
        match *self.target {
            DbTarget::Sqlite(_) => "SQLite",
            DbTarget::Postgres(_) => "Postgres",
        }
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<&std::path::Path> {
        match &*self.target {
            DbTarget::Sqlite(file) => Some(file),
            DbTarget::Postgres(_) => None,
        }
    }

    /// Runs statements that change nothing, outside a transaction where that can be.
    pub async fn read<R: Send + 'static>(
        &self,
        context: JobContext,
        work: impl FnOnce(&mut Work<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let in_transaction = self.target.needs_transactions();
        run(&self.lane, move |connected| match connected {
            OpenConnection::Pg(c) if in_transaction => c.transaction(|c| {
                bound_transaction(c)?;
                work(&mut context.work(Conn::Pg(c)))
            }),
            OpenConnection::Pg(c) => work(&mut context.work(Conn::Pg(c))),
            OpenConnection::Lite(c) => work(&mut context.work(Conn::Lite(c))),
        })
        .await
    }

    /// Runs statements in one transaction: `Ok` commits, a fault rolls everything back.
    pub async fn write<R: Send + 'static>(
        &self,
        context: JobContext,
        work: impl FnOnce(&mut Work<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let outcome = match &self.writer {
            Some(writer) => writer.write(context, work).await,
            None => self.write_to_postgres(context, work).await,
        };
        match &outcome {
            Ok(_) => self.writes_refused.store(false, Ordering::Relaxed),
            Err(fault) if fault.kind == FaultKind::WritesRefused => self.writes_refused.store(true, Ordering::Relaxed),
            Err(_) => {}
        }
        outcome
    }

    async fn write_to_postgres<R: Send + 'static>(
        &self,
        context: JobContext,
        work: impl FnOnce(&mut Work<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let bounds_needed = self.target.needs_transactions();
        run(&self.lane, move |connected| match connected {
            OpenConnection::Pg(c) => c.transaction(|c| {
                if bounds_needed {
                    bound_transaction(c)?;
                }
                work(&mut context.work(Conn::Pg(c)))
            }),
            OpenConnection::Lite(_) => Err(Fault::internal("SQLite is written to by its writer alone")),
        })
        .await
    }

    /// Whether writes are taken. Postgres says so; SQLite is asked by a write that changes nothing, once one was refused.
    ///
    /// # Errors
    /// When the database is away or takes no writes.
    pub async fn check_writes(&self, context: JobContext) -> Result<(), Fault> {
        if self.writer.is_none() {
            return self.read(context, postgres_takes_writes).await;
        }
        if !self.writes_refused.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.write(context, |w| match &mut w.conn {
            Conn::Lite(c) => Ok(c.batch_execute("UPDATE service SET id = id")?),
            Conn::Pg(_) => Ok(()),
        })
        .await
    }
}

fn postgres_takes_writes(w: &mut Work<'_>) -> Result<(), Fault> {
    let Conn::Pg(c) = &mut w.conn else { return Ok(()) };
    let read_only: String = select(sql::<Text>("current_setting('transaction_read_only')")).get_result(&mut **c)?;
    if read_only == "off" {
        return Ok(());
    }
    Err(Fault::new(FaultKind::WritesRefused, "Postgres takes no writes: it is a standby, or set to read only"))
}

async fn run<R: Send + 'static>(
    lane: &LaneSender<QueuedJob>,
    work: impl FnOnce(&mut OpenConnection) -> Result<R, Fault> + Send + 'static,
) -> Result<R, Fault> {
    let (answer, outcome) = oneshot::channel();
    let job: ConnectionJob = Box::new(move |connected| {
        let (result, good) = match connected {
            Ok(connected) => tried(work(connected), connected),
            Err(fault) => (Err(fault), false),
        };
        // Nobody listening any more is no reason to stop: the work is done either way.
        let _ = answer.send(result);
        good
    });
    lane.push(QueuedJob { job, since: Instant::now() })?;
    wait_for(outcome).await
}

/// The outcome of some work, and whether its connection is still good. What failed because the connection is over is
/// told so, in whatever words and language the server said it.
fn tried<R>(result: Result<R, Fault>, connected: &mut OpenConnection) -> (Result<R, Fault>, bool) {
    match result {
        // A connection to a server that takes no writes is closed: its name may lead to another one by now.
        Err(fault) if fault.kind == FaultKind::WritesRefused => (Err(fault), false),
        Err(mut fault) if matches!(fault.kind, FaultKind::Database | FaultKind::DatabaseAway | FaultKind::Busy) => {
            let good = fault.kind != FaultKind::DatabaseAway && connected.is_good();
            if !good {
                fault.kind = FaultKind::DatabaseAway;
            }
            (Err(fault), good)
        }
        result => (result, true),
    }
}

fn start(limits: DbLimits, target: &Arc<DbTarget>) -> Result<Arc<LaneSender<QueuedJob>>, Fault> {
    let sender = LaneSender::new(limits.queue);
    for number in 0..limits.connections {
        let (lane, target) = (sender.lane(), target.clone());
        spawn(&format!("db-{number}"), move || serve(&lane, &target))?;
    }
    Ok(Arc::new(sender))
}

fn serve(lane: &Lane<QueuedJob>, target: &DbTarget) {
    let mut slot = Slot::default();
    while let Some(QueuedJob { job, since }) = lane.next() {
        if since.elapsed() > DEADLINE {
            continue;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| job(slot.get(target))));
        match outcome {
            Ok(true) => {}
            Ok(false) => slot.close(),
            Err(_) => {
                tracing::error!("a database job panicked; its connection is closed");
                slot.close();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::testing::{context, on_sqlite_file};

    /// LG-10: nothing is written to a file that is read only, its requests are told to come again, and it is over by itself.
    #[test]
    fn a_read_only_file_is_told_of_and_outlived() {
        on_sqlite_file(&|url| {
            let limits = DbLimits { connections: 1, queue: 8 };
            let (db, ()) = Db::open::<_, Fault>(DbTarget::parse(url).unwrap(), limits, |_| Ok(())).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let run = |sql: &'static str| {
                let work = move |w: &mut Work<'_>| match &mut w.conn {
                    Conn::Lite(c) => Ok(c.batch_execute(sql)?),
                    Conn::Pg(_) => Err(Fault::internal("not SQLite")),
                };
                runtime.block_on(db.write(context(), work))
            };
            run("PRAGMA query_only = ON").unwrap();
            let refused = run("CREATE TABLE t (x)").unwrap_err();
            assert_eq!(refused.kind, FaultKind::WritesRefused, "{refused}");
            assert!(refused.is_temporary() && db.writes_refused.load(Ordering::Relaxed));
            runtime.block_on(db.check_writes(context())).unwrap();
            run("CREATE TABLE t (x)").unwrap();
            assert!(!db.writes_refused.load(Ordering::Relaxed));
        });
    }
}
