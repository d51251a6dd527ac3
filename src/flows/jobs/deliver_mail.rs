//! Sends what is in the outbox: one letter after the other, each claimed before it is sent, so that of several nodes one
//! does it. Without a mail server letters wait, and are swept away with everything that is old.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::domain::outbox;
use crate::flows::notices;
use crate::kernel::Fault;
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
    while let Some(due) = app.write(outbox::claim).await? {
        let letter = notices::letter(app, &due);
        let written = app.renderer.letter("en", &app.settings.server.organisation, &letter)?;
        let (id, kind) = (due.id, due.kind.as_str());
        let outgoing = Outgoing {
            id: &id.to_string(),
            at: due.at,
            to: &due.body.to,
            subject: written.subject,
            text: written.text,
            html: written.html,
        };
        match mailer.send(outgoing).await {
            Delivery::Sent => {
                app.write(move |w| outbox::sent(w, id)).await?;
                tracing::info!(letter = %id, kind, "a letter went out");
                gone += 1;
            }
            Delivery::Later(why) => {
                let again = app.write(move |w| outbox::failed(w, id)).await?;
                tracing::warn!(letter = %id, kind, why, again, "a letter could not go out");
            }
            Delivery::Refused(why) => {
                app.write(move |w| outbox::refused(w, id)).await?;
                tracing::warn!(letter = %id, kind, why, "a letter was refused for good");
            }
        }
    }
    Ok(gone)
}
