//! What a person's own pages show of their account.

use crate::app::App;
use crate::domain::access::{self, Role};
use crate::domain::client::{self, Client};
use crate::domain::group;
use crate::domain::identity::{self, Profile};
use crate::domain::session::{self, Session, SessionDetail};
use crate::kernel::Fault;
use crate::kernel::address::origin_of;
use crate::kernel::ids::{GroupId, PersonId};
use crate::platform::db::Work;

/// What a person is called.
///
/// # Errors
/// When the database cannot be asked.
pub async fn profile(app: &App, person: PersonId) -> Result<Profile, Fault> {
    app.read(move |w| identity::profile(w, person)).await
}

/// What the navigation says of someone who is signed in.
pub struct Shown {
    /// What they are called.
    pub name: String,
    /// Their roles, each for a group or for everything.
    pub roles: Vec<(Role, Option<GroupId>)>,
}

/// What the navigation says of someone.
///
/// # Errors
/// When the database cannot be asked.
pub async fn shown(app: &App, person: PersonId) -> Result<Shown, Fault> {
    app.read(move |w| Ok(Shown { name: identity::profile(w, person)?.name, roles: access::roles(w, person)? })).await
}

/// What the first page of an account shows beside its sign-in methods.
pub struct Home {
    /// What the person is called.
    pub profile: Profile,
    /// The session the page is shown in.
    pub session: SessionDetail,
    /// The person's roles, each for a group or for everything.
    pub roles: Vec<(Role, Option<GroupId>)>,
    /// Who vouched for the address, by name; `None` also when it was done on the host.
    pub vouched_by: Option<String>,
    /// The applications they may open.
    pub apps: Vec<Openable>,
}

/// An application that a person may open by its address.
pub struct Openable {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
}

/// The applications a person may open, by name. What is installed on a device has no address to open.
fn openable(w: &mut Work<'_>, person: PersonId) -> Result<Vec<Openable>, Fault> {
    let groups: Vec<GroupId> = group::list_of(w, person)?.into_iter().map(|(id, _)| id).collect();
    let open = |client: &Client| !client.disabled && !client.demo && !client.native && client.access.allows(&groups);
    let mut apps: Vec<Openable> = client::list(w)?.into_iter().filter(open).filter_map(address_of).collect();
    apps.sort_by_key(|app| app.name.to_lowercase());
    Ok(apps)
}

/// Where an application is opened: at the root of where it is answered, by https if it is anywhere.
fn address_of(client: Client) -> Option<Openable> {
    let by = |scheme: &str| client.redirect_uris.iter().map(|uri| origin_of(uri.as_str())).find(|origin| origin.starts_with(scheme));
    let origin = by("https://").or_else(|| by("http://"))?;
    Some(Openable { name: client.name, address: format!("{origin}/") })
}

/// The first page of an account.
///
/// # Errors
/// When the database cannot be asked.
pub async fn home(app: &App, session: Session) -> Result<Home, Fault> {
    app.read(move |w| {
        let (profile, roles) = (identity::profile(w, session.person)?, access::roles(w, session.person)?);
        let vouched_by = match profile.email_vouch.as_ref().and_then(|vouch| vouch.by) {
            Some(by) => identity::name_of(w, by)?,
            None => None,
        };
        let apps = openable(w, session.person)?;
        Ok(Home { profile, session: session::detail(w, &session)?, roles, vouched_by, apps })
    })
    .await
}
