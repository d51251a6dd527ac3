//! SQLite's one writer. A commit waits for the disk, so jobs that wait meanwhile are committed together: each in a
//! savepoint of its own, so that one that fails takes back its own statements and no others, and nobody is answered
//! before the commit that keeps their work. A job that is alone has the transaction for itself.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use diesel::Connection;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::result::Error as DieselError;
use diesel::sqlite::SqliteConnection;
use tokio::sync::oneshot;

use super::connect::{DbTarget, OpenConnection};
use super::job::{DEADLINE, JobContext, wait_for};
use super::lane::{Lane, LaneSender};
use super::thread::{Slot, spawn};
use super::{Conn, Work};
use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;

/// The most jobs of one commit: the first of them does not wait long for the others.
const MOST_TOGETHER: usize = 32;

/// Does its statements and says how to answer.
type WriteJob = Box<dyn FnOnce(Result<&mut SqliteConnection, Fault>, Company) -> Finished + Send>;
/// Answers: with what the job came to, or with why nothing of it was kept.
type Reply = Box<dyn FnOnce(Option<Lost>) + Send>;

/// Whether a job shares its transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Company {
    Alone,
    Others,
}

/// What a job did.
struct Finished {
    /// Its statements are to be kept.
    keep: bool,
    answer: Reply,
}

/// Why a job's work was not kept, for each of those that were to be committed together.
#[derive(Clone, Copy)]
enum Lost {
    /// Another of them panicked.
    Panic,
    /// SQLite itself took all of it back, when the disk was full for example.
    TakenBack,
    /// The commit failed.
    Commit(FaultKind),
}

impl From<Lost> for Fault {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Panic => Self::new(FaultKind::Busy, "a database job that was to be committed together with this one panicked"),
            Lost::TakenBack => Self::new(FaultKind::WritesRefused, "SQLite took the whole transaction back"),
            Lost::Commit(kind) => Self::new(kind, "the commit failed"),
        }
    }
}

struct QueuedWrite {
    job: WriteJob,
    since: Instant,
}

impl QueuedWrite {
    /// Answers without a connection.
    fn fail(self, fault: Fault) {
        ((self.job)(Err(fault), Company::Alone).answer)(None);
    }
}

/// The writer's queue. Cheap to clone.
#[derive(Clone)]
pub(super) struct Writer(Arc<LaneSender<QueuedWrite>>);

impl Writer {
    /// Starts the writer's thread.
    pub(super) fn start(queue: usize, target: &Arc<DbTarget>) -> Result<Self, Fault> {
        let sender = LaneSender::new(queue);
        let (lane, target) = (sender.lane(), target.clone());
        spawn("db-writer", move || serve(&lane, &target))?;
        Ok(Self(Arc::new(sender)))
    }

    /// Runs statements in one transaction: `Ok` commits, a fault rolls them back.
    pub(super) async fn write<R: Send + 'static>(
        &self,
        context: JobContext,
        work: impl FnOnce(&mut Work<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let (answer, outcome) = oneshot::channel();
        let job: WriteJob = Box::new(move |connection, company| {
            let work = |c: &mut SqliteConnection| work(&mut context.work(Conn::Lite(c)));
            let result = connection.and_then(|c| if company == Company::Alone { work(c) } else { c.transaction(work) });
            let keep = result.is_ok();
            // That no one listens any longer is no reason to stop: the work is done either way.
            Finished { keep, answer: Box::new(move |lost| drop(answer.send(lost.map_or(result, |lost| Err(lost.into()))))) }
        });
        self.0.push(QueuedWrite { job, since: Instant::now() })?;
        wait_for(outcome).await
    }
}

fn serve(lane: &Lane<QueuedWrite>, target: &DbTarget) {
    let mut slot = Slot::default();
    while let Some(first) = lane.next() {
        let mut jobs = vec![first];
        jobs.extend(lane.waiting(MOST_TOGETHER - 1));
        match slot.get(target) {
            Ok(OpenConnection::Lite(connection)) => {
                if !commit_together(connection, jobs) {
                    slot = Slot::default();
                }
            }
            Ok(OpenConnection::Pg(_)) => tracing::error!("the writer of SQLite was given a Postgres"),
            Err(fault) => jobs.into_iter().for_each(|queued| queued.fail(Fault::new(fault.kind, &fault))),
        }
    }
}

/// False when the connection must no longer be used.
fn commit_together(connection: &mut SqliteConnection, jobs: Vec<QueuedWrite>) -> bool {
    let mut answers: Vec<Reply> = Vec::new();
    let company = if jobs.len() == 1 { Company::Alone } else { Company::Others };
    let mut waiting = Some(jobs);
    let (mut taken_back, mut given_up) = (false, false);
    // A deferred transaction that turns to writing later fails immediately when another writes.
    let committed = catch_unwind(AssertUnwindSafe(|| {
        connection.immediate_transaction(|connection| {
            // Who waited too long has been answered; the job is dropped unseen.
            for QueuedWrite { job, .. } in waiting.take().into_iter().flatten().filter(|queued| queued.since.elapsed() <= DEADLINE) {
                let finished = job(Ok(&mut *connection), company);
                answers.push(finished.answer);
                given_up = company == Company::Alone && !finished.keep;
                if given_up {
                    return Err(DieselError::RollbackTransaction);
                }
                // What comes after SQLite has ended the transaction would be kept, job by job, while everybody is told
                // that nothing was.
                taken_back = !is_within_one(connection);
                if taken_back {
                    return Err(DieselError::RollbackTransaction);
                }
            }
            Ok(())
        })
    }));
    let lost = match committed {
        Ok(Ok(())) => None,
        // Its own fault says why; nothing of it is left, also where SQLite had taken it back before.
        Ok(Err(_)) if given_up => None,
        Ok(Err(_)) if taken_back => {
            tracing::error!("SQLite took a whole transaction back; the jobs after the one that failed were not begun");
            Some(Lost::TakenBack)
        }
        Ok(Err(error)) => {
            let fault = Fault::from(error);
            tracing::warn!(%fault, "a commit failed");
            Some(Lost::Commit(fault.kind))
        }
        Err(_) => {
            tracing::error!("a database job panicked; its connection is closed");
            Some(Lost::Panic)
        }
    };
    if let (Some(jobs), Some(lost)) = (waiting, lost) {
        // No transaction could begin, so none of them did.
        jobs.into_iter().for_each(|queued| queued.fail(lost.into()));
    }
    answers.into_iter().for_each(|answer| answer(lost));
    lost.is_none() && is_between_transactions(connection)
}

/// Whether the connection is as the next jobs need it.
fn is_between_transactions(connection: &mut SqliteConnection) -> bool {
    let status = AnsiTransactionManager::transaction_manager_status_mut(connection);
    matches!(status.transaction_depth(), Ok(None))
}

/// Whether the connection is inside the one transaction that all jobs share, as it was left for the next.
fn is_within_one(connection: &mut SqliteConnection) -> bool {
    let status = AnsiTransactionManager::transaction_manager_status_mut(connection);
    matches!(status.transaction_depth(), Ok(Some(depth)) if depth.get() == 1)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use diesel::connection::SimpleConnection;
    use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types};

    use super::*;
    use crate::platform::db::executor::{Db, DbLimits};
    use crate::platform::db::testing::{context, on_sqlite_file};

    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = sql_types::BigInt)]
        n: i64,
    }

    fn lite<'a>(w: &'a mut Work<'_>) -> &'a mut SqliteConnection {
        match &mut w.conn {
            Conn::Lite(c) => c,
            Conn::Pg(_) => panic!("not SQLite"),
        }
    }

    async fn stored(db: &Db) -> Vec<i64> {
        let all = db.read(context(), |w| Ok(sql_query("SELECT n FROM numbers ORDER BY n").load::<Number>(lite(w))?)).await.unwrap();
        all.into_iter().map(|row| row.n).collect()
    }

    /// Runs `body` while the writer is busy with something else, which ends when the returned sender is used.
    fn on_a_busy_writer<F: Future<Output = ()>>(body: impl Fn(Db, mpsc::Sender<()>) -> F) {
        on_sqlite_file(&|url| {
            let limits = DbLimits { connections: 2, queue: 64 };
            let (db, ()) = Db::open::<_, Fault>(DbTarget::parse(url).unwrap(), limits, |_| Ok(())).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let made = db
                    .write(context(), |w| Ok(lite(w).batch_execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY); CREATE TABLE big (x)")?))
                    .await;
                made.unwrap();
                let (go, busy) = mpsc::channel::<()>();
                let (began, running) = oneshot::channel();
                let (db, other) = (db.clone(), db.clone());
                let first = tokio::spawn(async move {
                    let wait = move |_: &mut Work<'_>| {
                        let _ = began.send(());
                        busy.recv().map_err(Fault::internal)
                    };
                    other.write(context(), wait).await.unwrap();
                });
                running.await.unwrap();
                body(db, go).await;
                first.await.unwrap();
            });
        });
    }

    async fn insert(db: Db, n: i64, then: fn(i64) -> Result<(), Fault>) -> Result<(), Fault> {
        db.write(context(), move |w| {
            lite(w).batch_execute(&format!("INSERT INTO numbers VALUES ({n})"))?;
            then(n)
        })
        .await
    }

    /// A refusal of one job is no other's, and each answered job finds its work kept.
    #[test]
    fn each_of_many_is_kept_or_not_by_itself() {
        on_a_busy_writer(async |db, go| {
            let even = |n: i64| if n % 2 == 0 { Ok(()) } else { Err(Fault::internal("odd")) };
            let all: Vec<_> = (0..40).map(|n| tokio::spawn(insert(db.clone(), n, even))).collect();
            tokio::task::yield_now().await;
            go.send(()).unwrap();
            for (n, one) in (0..).zip(all) {
                let kept = one.await.unwrap().is_ok();
                assert_eq!((kept, stored(&db).await.contains(&n)), (n % 2 == 0, n % 2 == 0), "{n}");
            }
            // What a failed one took back can be taken by another.
            insert(db.clone(), 1, |_| Ok(())).await.unwrap();
            assert!(insert(db.clone(), 2, |_| Ok(())).await.is_err());
            assert_eq!(stored(&db).await.len(), 21);
        });
    }

    /// A job that has the transaction for itself takes its own work back too, and leaves the connection as it was.
    #[test]
    fn one_alone_is_kept_or_not() {
        on_a_busy_writer(async |db, go| {
            go.send(()).unwrap();
            let odd = |_: i64| Err(Fault::internal("odd"));
            let panics = |_: i64| -> Result<(), Fault> { panic!("as the test wants") };
            insert(db.clone(), 1, |_| Ok(())).await.unwrap();
            assert!(insert(db.clone(), 2, odd).await.is_err_and(|fault| !fault.is_temporary()));
            assert!(insert(db.clone(), 1, |_| Ok(())).await.is_err(), "it is there already");
            assert!(insert(db.clone(), 3, panics).await.is_err_and(|fault| fault.is_temporary()));
            insert(db.clone(), 4, |_| Ok(())).await.unwrap();
            assert_eq!(stored(&db).await, [1, 4]);
            let fill = |w: &mut Work<'_>| {
                lite(w).batch_execute("INSERT INTO numbers VALUES (5); PRAGMA max_page_count = 8")?;
                Ok(lite(w).batch_execute("INSERT INTO big VALUES (zeroblob(1000000))")?)
            };
            assert!(db.write(context(), fill).await.is_err_and(|fault| fault.is_temporary()));
            insert(db.clone(), 6, |_| Ok(())).await.unwrap();
            assert_eq!(stored(&db).await, [1, 4, 6]);
        });
    }

    /// LG-10: a disk that is full in the middle of many makes SQLite take back the whole transaction. Nothing is kept, also
    /// of those that would still have had room, and each is told so.
    #[test]
    fn a_full_disk_is_not_half_kept() {
        on_a_busy_writer(async |db, go| {
            let pages = "PRAGMA max_page_count = 8";
            let fill = |n: i64| {
                let db = db.clone();
                async move {
                    db.write(context(), move |w| {
                        let sql = match n {
                            0 => pages.to_owned(),
                            2 => "INSERT INTO big VALUES (zeroblob(1000000))".to_owned(),
                            _ => format!("INSERT INTO numbers VALUES ({n})"),
                        };
                        Ok(lite(w).batch_execute(&sql)?)
                    })
                    .await
                }
            };
            let all: Vec<_> = (0..5).map(|n| tokio::spawn(fill(n))).collect();
            tokio::task::yield_now().await;
            go.send(()).unwrap();
            for (n, one) in all.into_iter().enumerate() {
                let told = one.await.unwrap();
                assert!(told.as_ref().is_err_and(Fault::is_temporary), "{n}: {told:?}");
            }
            assert_eq!(stored(&db).await, [0; 0]);
            insert(db.clone(), 9, |_| Ok(())).await.unwrap();
            assert_eq!(stored(&db).await, [9]);
        });
    }

    /// LG-11: a panic keeps nothing of those it was to be committed with, says so to each, and stops nobody who comes after.
    #[test]
    fn a_panic_is_not_half_kept() {
        on_a_busy_writer(async |db, go| {
            let panics = |n: i64| if n == 3 { panic!("as the test wants") } else { Ok(()) };
            let all: Vec<_> = (0..6).map(|n| tokio::spawn(insert(db.clone(), n, panics))).collect();
            tokio::task::yield_now().await;
            go.send(()).unwrap();
            for one in all {
                assert!(one.await.unwrap().is_err_and(|fault| fault.is_temporary()));
            }
            assert_eq!(stored(&db).await, [0; 0]);
            insert(db.clone(), 7, |_| Ok(())).await.unwrap();
            assert_eq!(stored(&db).await, [7]);
        });
    }
}
