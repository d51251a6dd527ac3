//! The link that makes the first administrator: a new one at each start and on command, only while there is none.

use crate::app::App;
use crate::domain::access;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::ticket::{self, TicketKind};
use crate::kernel::Fault;

/// A link, to be shown once.
pub struct SetupLink {
    /// The whole address.
    pub address: String,
}

/// Who asks for a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupLinkFor {
    /// The server, starting.
    System,
    /// Someone at the command line of the host.
    Host,
}

/// Whether there is an owner, and so nothing to set up.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_set_up(app: &App) -> Result<bool, Fault> {
    app.read(access::any_owner).await
}

/// Makes a link; open ones become void. `None` when there is an administrator (CVE-118).
pub async fn issue(app: &App, asker: SetupLinkFor) -> Result<Option<SetupLink>, Fault> {
    let lifetime = app.settings.links.setup;
    let code = app
        .write(move |w| {
            if access::any_owner(w)? {
                return Ok(None);
            }
            let code = ticket::issue(w, TicketKind::SetUp, None, lifetime)?;
            let actor = if asker == SetupLinkFor::Host { Actor::Host } else { Actor::System };
            audit::append(w, &Entry::new(Kind::SetUpLinkMade, actor))?;
            Ok(Some(code))
        })
        .await?;
    Ok(code.map(|code| SetupLink { address: app.settings.origin().join(&format!("/setup/{}", code.expose())) }))
}
