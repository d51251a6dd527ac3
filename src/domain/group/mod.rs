//! Groups of people, and who is in which.

mod store;

use std::collections::HashMap;

use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};
use crate::kernel::text::GroupName;
use crate::platform::db::Work;

/// The name of a group, if it is there.
pub fn find(w: &mut Work<'_>, id: GroupId) -> Result<Option<String>, Fault> {
    store::find(w, id)
}

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

/// Puts a person into a group. False when they were in it.
pub fn add_member(w: &mut Work<'_>, group: GroupId, person: PersonId) -> Result<bool, Fault> {
    store::insert_member(w, group, person)
}

/// Takes a person out of a group. False when they were not in it.
pub fn remove_member(w: &mut Work<'_>, group: GroupId, person: PersonId) -> Result<bool, Fault> {
    store::delete_member(w, group, person)
}

/// Who is in a group.
pub fn members(w: &mut Work<'_>, group: GroupId) -> Result<Vec<PersonId>, Fault> {
    store::list_members(w, group)
}

/// How many people are in each group; a group without any is not there.
pub fn count_members(w: &mut Work<'_>) -> Result<HashMap<GroupId, i64>, Fault> {
    store::count_members(w)
}

/// Makes a group; `None` when one has this name as people read it, without regard to capitals.
pub fn create(w: &mut Work<'_>, name: &GroupName) -> Result<Option<GroupId>, Fault> {
    if is_taken(w, name, None)? {
        return Ok(None);
    }
    find_or_create(w, name.as_str()).map(Some)
}

/// Gives a group another name; false when another one has it.
pub fn rename(w: &mut Work<'_>, id: GroupId, name: &GroupName) -> Result<bool, Fault> {
    if is_taken(w, name, Some(id))? {
        return Ok(false);
    }
    store::set_name(w, id, name.as_str())?;
    Ok(true)
}

fn is_taken(w: &mut Work<'_>, name: &GroupName, except: Option<GroupId>) -> Result<bool, Fault> {
    let name = name.as_str().to_lowercase();
    Ok(store::list(w)?.iter().any(|(id, known)| Some(*id) != except && known.to_lowercase() == name))
}

/// Removes a group; whoever was in it is in it no more.
pub fn delete(w: &mut Work<'_>, id: GroupId) -> Result<(), Fault> {
    store::delete(w, id)
}
