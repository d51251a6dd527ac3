//! Groups of people, and who is in which.

mod store;

use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};
use crate::platform::db::Work;

/// Finds a group by its name.
pub fn find_by_name(w: &mut Work<'_>, name: &str) -> Result<Option<GroupId>, Fault> {
    store::find_by_name(w, name)
}

/// Makes a group, or finds the one with this name.
pub fn find_or_create(w: &mut Work<'_>, name: &str) -> Result<GroupId, Fault> {
    let id = GroupId::make(w.now, w.entropy);
    store::insert_if_absent(w, id, name)?;
    store::find_by_name(w, name)?.ok_or_else(|| Fault::internal("a group was made and is not there"))
}

/// All groups with their names, by name.
pub fn list(w: &mut Work<'_>) -> Result<Vec<(GroupId, String)>, Fault> {
    store::list(w)
}

/// The names of all groups.
pub fn names(w: &mut Work<'_>) -> Result<Vec<String>, Fault> {
    store::names(w)
}

/// The groups a person is in.
pub fn list_of(w: &mut Work<'_>, person: PersonId) -> Result<Vec<(GroupId, String)>, Fault> {
    store::list_of(w, person)
}

/// Puts a person into a group.
pub fn add_member(w: &mut Work<'_>, group: GroupId, person: PersonId) -> Result<(), Fault> {
    store::insert_member(w, group, person)
}

/// Takes a person out of a group.
pub fn remove_member(w: &mut Work<'_>, group: GroupId, person: PersonId) -> Result<(), Fault> {
    store::delete_member(w, group, person)
}
