//! Which applications there are.

use crate::app::App;
use crate::domain::access::{AdminActor, Administrator, Right};
use crate::domain::client::{self, Access, Client};
use crate::domain::{group, ledger};
use crate::kernel::ids::GroupId;
use crate::kernel::{Fault, Timestamp};

/// One application.
#[derive(Clone, Debug)]
pub struct Overview {
    /// What is registered.
    pub client: Client,
    /// The names of the groups that may use it; none when everyone may.
    pub groups: Option<Vec<String>>,
    /// When it was last given something about anybody.
    pub last_released: Option<Timestamp>,
}

/// All applications, by their names.
///
/// # Errors
/// When something we need is away.
pub async fn list(app: &App, administrator: &Administrator) -> Result<Vec<Overview>, Fault> {
    administrator.demand(Right::Applications)?;
    app.read(|w| {
        let groups = group::list(w)?;
        let mut all = Vec::new();
        for client in client::list(w)? {
            let names = match &client.access {
                Access::Everyone => None,
                Access::Groups(allowed) => {
                    Some(groups.iter().filter(|(id, _)| allowed.contains(id)).map(|(_, name)| name.clone()).collect())
                }
            };
            all.push(Overview { groups: names, last_released: ledger::last_to(w, client.id)?, client });
        }
        all.sort_by_key(|overview| overview.client.name.to_lowercase());
        Ok(all)
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
