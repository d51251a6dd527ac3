//! What a person's own pages show of their account.

use crate::app::App;
use crate::domain::access::{self, Role};
use crate::domain::identity::{self, Profile};
use crate::domain::session::{self, Detail, Session};
use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};

/// What a person is called.
///
/// # Errors
/// When the database cannot be asked.
pub async fn profile(app: &App, person: PersonId) -> Result<Profile, Fault> {
    app.read(move |w| identity::profile(w, person)).await
}

/// What the first page of an account shows beside its sign-in methods.
pub struct Home {
    /// What the person is called.
    pub profile: Profile,
    /// The session the page is shown in.
    pub session: Detail,
    /// The person's roles, each for a group or for everything.
    pub roles: Vec<(Role, Option<GroupId>)>,
}

/// The first page of an account.
///
/// # Errors
/// When the database cannot be asked.
pub async fn home(app: &App, session: Session) -> Result<Home, Fault> {
    app.read(move |w| {
        let (profile, roles) = (identity::profile(w, session.person)?, access::roles(w, session.person)?);
        Ok(Home { profile, session: session::detail(w, &session)?, roles })
    })
    .await
}
