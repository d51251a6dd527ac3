//! Sends what is in the outbox: one message after the other, each claimed before it is sent, so that of several nodes one
//! does it. A message that cannot be read, written or sent stops none behind it. Without a mail server messages wait three
//! days, in case one is set, and are then given up by the sweep.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::domain::outbox::{self, Claimed, Due, MailKind, Unsendable};
use crate::domain::{identity, password, ticket};
use crate::flows::notifications;
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::platform::db::Work;
use crate::platform::mail::{Delivery, Mailer, Outgoing};

/// How often the outbox is looked at.
const LOOK: Duration = Duration::from_secs(5);

/// Sends for as long as the server runs.
pub(super) async fn keep(app: Arc<App>) {
    let Some(mailer) = app.mailer.clone() else { return };
    loop {
        if let Err(fault) = deliver(&app, &mailer).await {
            tracing::warn!(%fault, "the outbox could not be worked off; trying again");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Sends everything whose turn it is; says how many went.
pub async fn deliver(app: &App, mailer: &Mailer) -> Result<usize, Fault> {
    let mut gone = 0;
    while let Some(claimed) = app.write(next).await? {
        match claimed {
            Claimed::Due(due) => gone += usize::from(send(app, mailer, &due).await?),
            Claimed::Unsendable(Unsendable { id, why, again }) => tracing::warn!(mail = %id, why, again, "a mail cannot be sent"),
        }
    }
    Ok(gone)
}

/// Claims the next mail, and looks whether it still says something true.
fn next(w: &mut Work<'_>) -> Result<Option<Claimed>, Fault> {
    let due = match outbox::claim(w, hold)? {
        Some(Claimed::Due(due)) => due,
        other => return Ok(other),
    };
    let unsendable = |why| Ok(Some(Claimed::Unsendable(Unsendable { id: due.id, why, again: false })));
    // Used, withdrawn, replaced or over: it would lead to a page that opens nothing.
    if let Some(link) = due.body.ticket
        && !ticket::is_open(w, link)?
    {
        outbox::refused(w, due.id, "link_ended")?;
        return unsendable("link_ended");
    }
    // Anyone who typed the password that was right then knows one that is no longer valid.
    if due.kind == MailKind::SignInUnfinished && password::find(w, due.person)?.is_none_or(|stored| stored.changed_at > due.at) {
        outbox::forget(w, due.id)?;
        return unsendable("password_changed");
    }
    // Of those that waited side by side one goes.
    if due.kind == MailKind::SignInUnfinished && outbox::is_repeated(w, &due, w.now.minus(notifications::ONCE_IN))? {
        outbox::forget(w, due.id)?;
        return unsendable("told_already");
    }
    Ok(Some(Claimed::Due(due)))
}

/// Holds the person's row for a message that is sent once among several, so that two nodes do not take one each.
fn hold(w: &mut Work<'_>, kind: MailKind, person: PersonId) -> Result<(), Fault> {
    if kind == MailKind::SignInUnfinished {
        identity::hold(w, person)?;
    }
    Ok(())
}

/// Sends one message; true when it went.
async fn send(app: &App, mailer: &Mailer, due: &Due) -> Result<bool, Fault> {
    let (id, kind) = (due.id, due.kind.as_str());
    let mail = notifications::mail(&app.settings, due);
    let written = match app.renderer.mail("en", &app.settings.server.organisation, &mail) {
        Ok(written) => written,
        Err(fault) => {
            let again = app.write(move |w| outbox::failed(w, id, "not_written")).await?;
            tracing::warn!(mail = %id, kind, %fault, again, "a mail could not be written");
            return Ok(false);
        }
    };
    let outgoing =
        Outgoing { id: &id.to_string(), at: due.at, to: &due.body.to, subject: written.subject, text: written.text, html: written.html };
    match mailer.send(outgoing).await {
        Delivery::Sent => {
            app.write(move |w| outbox::sent(w, id)).await?;
            tracing::info!(mail = %id, kind, "a mail went out");
            return Ok(true);
        }
        Delivery::Later(why) => {
            let again = app.write(move |w| outbox::failed(w, id, "not_taken")).await?;
            tracing::warn!(mail = %id, kind, why, again, "a mail could not go out");
        }
        Delivery::Refused(why) => {
            app.write(move |w| outbox::refused(w, id, "refused")).await?;
            tracing::warn!(mail = %id, kind, why, "a mail was refused for good");
        }
    }
    Ok(false)
}
