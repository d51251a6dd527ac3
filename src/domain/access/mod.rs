//! Roles: what a person may do as an administrator, everywhere or for one group. The first is the owner.

mod store;

use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};
use crate::platform::db::Work;
use crate::text_enum;

text_enum! {
    /// A role.
    pub enum Role {
        /// May do everything, also to other administrators.
        Owner = "owner",
    }
}

/// Gives a person a role; for one group, or everywhere.
pub fn grant_role(w: &mut Work<'_>, person: PersonId, role: Role, group: Option<GroupId>, by: Option<PersonId>) -> Result<(), Fault> {
    store::insert(w, person, role, group, by)
}

/// A person's roles.
pub fn roles(w: &mut Work<'_>, person: PersonId) -> Result<Vec<(Role, Option<GroupId>)>, Fault> {
    store::list(w, person)
}

/// Whether this server has an owner, that is, whether it is set up.
pub fn any_owner(w: &mut Work<'_>) -> Result<bool, Fault> {
    store::any(w, Role::Owner)
}
