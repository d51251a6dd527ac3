//! Which applications there are.

use crate::app::App;
use crate::domain::access::{AdminActor, Administrator, Right};
use crate::domain::client::{self, Client, OpenSecret};
use crate::domain::{consent, grant, group, identity, ledger};
use crate::kernel::ids::{ClientId, GroupId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// One application.
#[derive(Clone, Debug)]
pub struct AppOverview {
    /// What is registered.
    pub client: Client,
    /// The names of the groups that may use it; none when everyone may.
    pub groups: Option<Vec<String>>,
    /// When it was last given something about anybody.
    pub last_released: Option<Timestamp>,
}

/// One application, with what its own page says of it.
#[derive(Clone, Debug)]
pub struct AppDetail {
    /// As in the list.
    pub overview: AppOverview,
    /// Its secrets that open, oldest first.
    pub secrets: Vec<OpenSecret>,
    /// The administrator who decided that it is the organisation's own, if one did.
    pub own_by: Option<String>,
}

/// What would end with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppReach {
    /// People who agreed to give it something.
    pub consents: i64,
    /// Sign-ins that still give it something.
    pub grants: i64,
}

/// Which application someone meant.
#[derive(Clone, Debug)]
pub enum NamedApp {
    /// This one.
    One(Box<Client>),
    /// None.
    Nobody,
    /// Several have this name.
    Several(Vec<Client>),
}

/// All applications, by their names.
///
/// # Errors
/// When something we need is away.
pub async fn list(app: &App, administrator: &Administrator) -> Result<Vec<AppOverview>, Fault> {
    administrator.demand(Right::Applications)?;
    app.read(|w| {
        let groups = group::list(w)?;
        let mut all = client::list(w)?.into_iter().map(|client| overview(w, client, &groups)).collect::<Result<Vec<_>, _>>()?;
        all.sort_by_key(|overview| overview.client.name.to_lowercase());
        Ok(all)
    })
    .await
}

fn overview(w: &mut Work<'_>, client: Client, groups: &[(GroupId, String)]) -> Result<AppOverview, Fault> {
    Ok(AppOverview { groups: client.access.names(groups), last_released: ledger::last_to(w, client.id)?, client })
}

/// One application; `None` when there is no such application.
///
/// # Errors
/// When something we need is away.
pub async fn find(app: &App, administrator: &Administrator, id: ClientId) -> Result<Option<AppDetail>, Fault> {
    administrator.demand(Right::Applications)?;
    app.read(move |w| {
        let Some(client) = client::find_by_id(w, id)? else { return Ok(None) };
        let groups = group::list(w)?;
        let own_by = match client.own.as_ref().and_then(|own| own.by) {
            Some(by) => identity::name_of(w, by)?,
            None => None,
        };
        let overview = overview(w, client, &groups)?;
        Ok(Some(AppDetail { overview, secrets: client::secrets(w, id)?, own_by }))
    })
    .await
}

/// What would end with an application.
///
/// # Errors
/// When something we need is away.
pub async fn reach(app: &App, administrator: &Administrator, id: ClientId) -> Result<AppReach, Fault> {
    administrator.demand(Right::Applications)?;
    app.read(move |w| Ok(AppReach { consents: consent::count(w, id)?, grants: grant::count_open(w, id)? })).await
}

/// The application someone names by its client id, or by its name without regard to capitals.
///
/// # Errors
/// When something we need is away.
pub async fn named(app: &App, administrator: &Administrator, typed: &str) -> Result<NamedApp, Fault> {
    administrator.demand(Right::Applications)?;
    let typed = typed.trim().to_owned();
    app.read(move |w| {
        if let Some(client) = client::find(w, &typed)? {
            return Ok(NamedApp::One(Box::new(client)));
        }
        let name = typed.to_lowercase();
        let mut found: Vec<Client> = client::list(w)?.into_iter().filter(|client| client.name.to_lowercase() == name).collect();
        Ok(match (found.pop(), found.is_empty()) {
            (None, _) => NamedApp::Nobody,
            (Some(client), true) => NamedApp::One(Box::new(client)),
            (Some(client), false) => {
                found.push(client);
                NamedApp::Several(found)
            }
        })
    })
    .await
}

/// The groups there are, to choose from.
///
/// # Errors
/// When something we need is away.
pub async fn known_groups(app: &App, actor: &AdminActor) -> Result<Vec<(GroupId, String)>, Fault> {
    actor.demand(Right::Applications)?;
    app.read(group::list).await
}
