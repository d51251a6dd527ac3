//! Registering applications.

use serde_json::json;

use super::parse::{Wrong, parse};
use super::typed::TypedApp;
use crate::app::App;
use crate::domain::access::{AdminActor, Right};
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Access, NewClient, Registered, RegistrationRefused};
use crate::domain::group;
use crate::flows::revalidate;
use crate::kernel::Fault;
use crate::platform::db::Work;

/// What becomes of an application whose name another one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameName {
    /// It is refused.
    Refused,
    /// It is taken: someone said that this is meant.
    Taken,
}

/// Why what was typed was not registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// What is wrong with it.
    Wrong(Vec<Wrong>),
    /// Another application has this name for people, and nobody said that this is meant.
    SameName,
}

/// Registers what someone typed, unless people could take it for another application. One write: groups and names are
/// those of that moment.
///
/// # Errors
/// When something we need is away.
pub async fn register_typed(app: &App, actor: &AdminActor, typed: TypedApp, same: SameName) -> Result<Result<Registered, Unfit>, Fault> {
    let by = actor.actor();
    revalidate::act(app, actor, Right::Applications, None, move |w| {
        group::hold_all(w)?;
        let new = match parse(&typed, &group::list(w)?) {
            Ok(new) => new,
            Err(wrong) => return Ok(Err(Unfit::Wrong(wrong))),
        };
        if same == SameName::Refused && client::has_name(w, &new.name, None)? {
            return Ok(Err(Unfit::SameName));
        }
        let registered = register_in(w, &new, by)?;
        registered.map(Ok).map_err(|refused| Fault::internal(format!("what was parsed was refused: {refused:?}")))
    })
    .await
}

/// Registers an application.
///
/// # Errors
/// When something we need is away.
pub async fn register(app: &App, actor: &AdminActor, new: NewClient) -> Result<Result<Registered, RegistrationRefused>, Fault> {
    let by = actor.actor();
    revalidate::act(app, actor, Right::Applications, None, move |w| register_in(w, &new, by)).await
}

/// The same inside a transaction of the caller's, with the record of what was chosen.
pub(in crate::flows) fn register_in(
    w: &mut Work<'_>,
    new: &NewClient,
    by: Actor,
) -> Result<Result<Registered, RegistrationRefused>, Fault> {
    let registered = match client::register(w, new, by.person())? {
        Ok(registered) => registered,
        Err(refused) => return Ok(Err(refused)),
    };
    let uris: Vec<&str> = new.redirect_uris.iter().map(|uri| uri.as_str()).collect();
    let mut entry = Entry::new(Kind::ClientRegistered, by)
        .with(registered.client.id)
        .fact("name", new.name.as_str())
        .fact("kind", new.kind.as_str())
        .fact("authentication", new.auth.as_str())
        .fact("algorithm", new.algorithm.as_str())
        .fact("claim_delivery", new.claim_delivery.as_str())
        .fact("claims", json!(new.claim_rules))
        .fact("redirect_uris", uris)
        .fact("access", if new.access == Access::Everyone { "everyone" } else { "groups" });
    let reasons = &new.address_reasons;
    for (name, reason) in [("private_http", &reasons.private_http), ("undotted_scheme", &reasons.undotted_scheme)] {
        if let Some(reason) = reason {
            entry = entry.fact(name, reason.as_str());
        }
    }
    if new.native {
        entry = entry.fact("native", true);
    }
    if new.hardened {
        entry = entry.fact("hardened", true);
    }
    if let Some(reason) = &new.own {
        entry = entry.fact("own", reason.as_str());
    }
    audit::append(w, &entry)?;
    Ok(Ok(registered))
}
