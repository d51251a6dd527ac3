//! Deletes entries of the record whose retention is over, once a day, and tells once an hour how many entries about nobody
//! known were left out. Each batch is one transaction with the entry that says what went. The keys of months that are over
//! go last.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::domain::audit::{self, Book};
use crate::kernel::{Fault, Timestamp};

const DAY: Duration = Duration::from_secs(86_400);
/// How often the clock is read.
const LOOK: Duration = Duration::from_secs(60);
/// The most entries of one transaction.
const BATCH: i64 = 500;

/// How many entries of each class were deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Expired {
    pub(super) audit: usize,
    pub(super) ledger: usize,
    pub(super) strangers: usize,
}

/// Works for as long as the server runs.
pub(super) async fn keep(app: Arc<App>) {
    let mut due = app.now();
    loop {
        if let Err(fault) = app.write(audit::note_omitted).await {
            tracing::warn!(%fault, "entries that were left out of the record could not be told; trying again");
        }
        if app.now() >= due {
            due = app.now().plus(DAY);
            match expire(&app).await {
                Ok(gone) if gone == Expired::default() => {}
                Ok(gone) => tracing::info!(
                    audit = gone.audit,
                    ledger = gone.ledger,
                    strangers = gone.strangers,
                    "entries of the record whose retention was over have been deleted"
                ),
                Err(fault) => tracing::warn!(%fault, "old entries of the record could not be deleted; trying again in a day"),
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Deletes what is over now.
pub(super) async fn expire(app: &App) -> Result<Expired, Fault> {
    let (now, record) = (app.now(), &app.settings.record);
    Ok(Expired {
        strangers: all(app, None, now.minus(record.strangers)).await?,
        audit: all(app, Some(Book::Audit), now.minus(record.audit)).await?,
        ledger: all(app, Some(Book::Ledger), now.minus(record.ledger)).await?,
    })
}

async fn all(app: &App, class: Option<Book>, before: Timestamp) -> Result<usize, Fault> {
    let mut total = 0;
    loop {
        let deleted = app.write(move |w| audit::expire(w, class, before, BATCH)).await?;
        if deleted == 0 {
            break;
        }
        total += deleted;
    }
    // Only now: nothing is left that they open.
    app.write(move |w| audit::destroy_keys(w, class, before)).await?;
    Ok(total)
}
