//! Roles: what a person may do as an administrator, everywhere or for one group. The first is the owner.
//!
//! An [`Administrator`] is the proof that someone with a role has elevated their rights in a session and uses them; an
//! [`AdminActor`] that they also showed within the last minutes that it is them. Only [`elevated`] and
//! [`AdminActor::at_the_host`] make them, and every verb that uses an administrator's power names the [`Right`] it needs.

mod actor;
mod store;

use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};
use crate::platform::db::Work;
use crate::text_enum;

pub use actor::{AdminActor, Administrator, Elevation, SessionStanding, elevated};
pub use store::roles_of_each;

text_enum! {
    /// A role.
    pub enum Role {
        /// May do everything, also to other administrators.
        Owner = "owner",
        /// May enrol people and help them back in.
        People = "people",
        /// May register applications and change them.
        Applications = "applications",
    }
}

/// What a role gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// To see people, to enrol them and to help them back in.
    People,
    /// To register applications and to change them.
    Applications,
    /// To give roles, and to act on people who have one (EN-15).
    Administrators,
}

impl Role {
    /// Whether this role gives a right.
    pub fn gives(self, right: Right) -> bool {
        match self {
            Self::Owner => true,
            Self::People => right == Right::People,
            Self::Applications => right == Right::Applications,
        }
    }
}

/// Gives a person a role; for one group, or everywhere.
pub fn grant_role(w: &mut Work<'_>, person: PersonId, role: Role, group: Option<GroupId>, by: Option<PersonId>) -> Result<(), Fault> {
    store::insert(w, person, role, group, by)
}

/// Whether a person's roles everywhere give a right now.
pub fn gives(w: &mut Work<'_>, person: PersonId, right: Right) -> Result<bool, Fault> {
    Ok(store::list(w, person)?.into_iter().any(|(role, group)| group.is_none() && role.gives(right)))
}

/// A person's roles.
pub fn roles(w: &mut Work<'_>, person: PersonId) -> Result<Vec<(Role, Option<GroupId>)>, Fault> {
    store::list(w, person)
}

/// Whether this server has an owner, that is, whether it is set up.
pub fn any_owner(w: &mut Work<'_>) -> Result<bool, Fault> {
    store::any(w, Role::Owner)
}

/// Everybody who is an owner, whatever the state of their account.
pub fn owners(w: &mut Work<'_>) -> Result<Vec<PersonId>, Fault> {
    store::holders(w, Role::Owner)
}
