//! Deletes rows that are over: once an hour, in small batches, so that nobody waits long for the one writer of SQLite.
//! Every node does it; a row that another node was faster with is simply gone.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::domain::{device, grant, outbox, session, ticket, totp};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// How often.
const EVERY: Duration = Duration::from_secs(3_600);
/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);
/// How long rows stay that can still explain something: sessions with what they gave, links. Far longer than any token
/// lives (`oidc.access_token` is an hour at most), so that a code presented again finds its grant (OA-26).
const LONG: Duration = Duration::from_secs(30 * 86_400);
/// The most rows of one transaction.
const BATCH: i64 = 500;

/// How many rows of each kind were deleted, and how many messages given up that were never sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Swept {
    pub(super) access_tokens: usize,
    pub(super) codes: usize,
    pub(super) grants: usize,
    pub(super) sessions: usize,
    pub(super) links: usize,
    pub(super) mails: usize,
    pub(super) unsent: usize,
    pub(super) devices: usize,
    pub(super) totp_steps: usize,
}

/// Sweeps at the start and then every hour.
pub(super) async fn keep(app: Arc<App>) {
    let mut due = app.now();
    loop {
        if app.now() >= due {
            due = app.now().plus(EVERY);
            match sweep(&app).await {
                Ok(swept) if swept == Swept::default() => {}
                Ok(swept) => tracing::info!(
                    access_tokens = swept.access_tokens,
                    codes = swept.codes,
                    grants = swept.grants,
                    sessions = swept.sessions,
                    links = swept.links,
                    mails = swept.mails,
                    unsent = swept.unsent,
                    devices = swept.devices,
                    totp_steps = swept.totp_steps,
                    "rows that were over have been deleted, and letters too old to go given up"
                ),
                Err(fault) => tracing::warn!(%fault, "rows that are over could not be deleted; trying again in an hour"),
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Deletes what is over now. Grants go before their sessions, so that no batch takes much with it.
pub(super) async fn sweep(app: &App) -> Result<Swept, Fault> {
    let (day, long) = (app.now().minus(DAY), app.now().minus(LONG));
    Ok(Swept {
        access_tokens: all(app, grant::sweep_access_tokens, day).await?,
        codes: all(app, grant::sweep_codes, day).await?,
        grants: all(app, grant::sweep, long).await?,
        sessions: all(app, session::sweep, long).await?,
        links: all(app, ticket::sweep, long).await?,
        mails: all(app, outbox::sweep, long).await?,
        unsent: all(app, outbox::give_up_old, app.now().minus(outbox::GOES_WITHIN)).await?,
        devices: all(app, device::sweep, day).await?,
        totp_steps: all(app, totp::sweep_steps, day).await?,
    })
}

type Verb = fn(&mut Work<'_>, Timestamp, i64) -> Result<usize, Fault>;

/// Batch after batch, each its own transaction, until one finds nothing.
async fn all(app: &App, verb: Verb, before: Timestamp) -> Result<usize, Fault> {
    let mut total = 0;
    loop {
        let deleted = app.write(move |w| verb(w, before, BATCH)).await?;
        if deleted == 0 {
            return Ok(total);
        }
        total += deleted;
    }
}
