//! Registering applications.

use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Access, NewClient, Refused, Registered};
use crate::kernel::Fault;
use crate::platform::db::Work;

/// Who registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registrar {
    /// Somebody at the command line of the host.
    Host,
    /// The server itself, for its demo.
    System,
}

impl Registrar {
    pub(super) fn actor(self) -> Actor {
        match self {
            Self::Host => Actor::Host,
            Self::System => Actor::System,
        }
    }
}

/// What becomes of an application whose name another one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameName {
    /// It is refused.
    Refused,
    /// It is taken: somebody said that this is meant.
    Taken,
}

/// As [`register`], but looks first at whether people could take it for another application.
pub async fn register_named(app: &App, new: NewClient, same: SameName, by: Registrar) -> Result<Result<Registered, Refused>, Fault> {
    app.write(move |w| {
        if same == SameName::Refused && client::has_name(w, &new.name)? {
            return Ok(Err(Refused::SameName));
        }
        register_in(w, &new, by)
    })
    .await
}

/// Registers an application and writes down what was chosen, exemptions with their reasons (OA-30).
pub async fn register(app: &App, new: NewClient, by: Registrar) -> Result<Result<Registered, Refused>, Fault> {
    app.write(move |w| register_in(w, &new, by)).await
}

/// The same inside a transaction of the caller's.
pub(super) fn register_in(w: &mut Work<'_>, new: &NewClient, by: Registrar) -> Result<Result<Registered, Refused>, Fault> {
    let registered = match client::register(w, new)? {
        Ok(registered) => registered,
        Err(refused) => return Ok(Err(refused)),
    };
    let uris: Vec<&str> = new.redirect_uris.iter().map(|uri| uri.as_str()).collect();
    let mut entry = Entry::new(Kind::ClientRegistered, by.actor())
        .with(registered.client.id)
        .fact("name", new.name.as_str())
        .fact("kind", new.kind.as_str())
        .fact("algorithm", new.algorithm.as_str())
        .fact("redirect_uris", uris)
        .fact("access", if new.access == Access::Everyone { "everyone" } else { "groups" });
    if new.native {
        entry = entry.fact("native", true);
    }
    if let Some(reason) = &new.no_pkce {
        entry = entry.fact("no_pkce", reason.as_str());
    }
    if let Some(reason) = &new.no_nonce {
        entry = entry.fact("no_nonce", reason.as_str());
    }
    audit::append(w, &entry)?;
    Ok(Ok(registered))
}
