//! What a person's own pages show of their account.

use crate::app::App;
use crate::domain::access::{self, Role};
use crate::domain::identity::{self, Profile};
use crate::domain::session::{self, Session, SessionDetail};
use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};

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
        Ok(Home { profile, session: session::detail(w, &session)?, roles, vouched_by })
    })
    .await
}
