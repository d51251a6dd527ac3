//! Groups of people, and who is in which.

mod store;

use std::collections::{HashMap, HashSet};

use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};
use crate::kernel::text::{GroupName, name_as_read};
use crate::platform::db::Work;

/// The name of a group, if it is there.
pub fn find(w: &mut Work<'_>, id: GroupId) -> Result<Option<String>, Fault> {
    store::find(w, id)
}

/// Keeps the groups, what is open to them, and the names of groups and applications from others who want to change them,
/// until the end of the caller's transaction: what is looked up then is so when it is written. The first thing such a
/// transaction takes, so that no two wait for each other.
pub fn hold_all(w: &mut Work<'_>) -> Result<(), Fault> {
    store::hold_all(w)
}

/// Brings the names as people read them up to the rules of this version. A group whose name now reads as another's keeps what
/// it had, until one of them is renamed.
pub fn refresh_names(w: &mut Work<'_>) -> Result<(), Fault> {
    let all = store::list_as_read(w)?;
    let mut taken: HashSet<String> = all.iter().map(|(.., known)| known.clone()).collect();
    for (id, name, known) in all {
        let now = name_as_read(&name);
        if now != known && taken.insert(now) {
            store::set_name(w, id, &name)?;
        }
    }
    Ok(())
}

/// Finds a group by its name, as people read it.
pub fn find_by_name(w: &mut Work<'_>, name: &str) -> Result<Option<GroupId>, Fault> {
    store::find_by_name(w, name)
}

/// Makes a group, or finds the one with this name, as people read it.
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

/// Makes a group; `None` when one has a name that people could take for this one.
pub fn create(w: &mut Work<'_>, name: &GroupName) -> Result<Option<GroupId>, Fault> {
    let id = GroupId::make(w.now, w.entropy);
    Ok(store::insert_if_absent(w, id, name.as_str())?.then_some(id))
}

/// Gives a group another name; false when another one has a name that people could take for it. Asked while [`hold_all`]
/// keeps the names.
pub fn rename(w: &mut Work<'_>, id: GroupId, name: &GroupName) -> Result<bool, Fault> {
    if store::find_by_name(w, name.as_str())?.is_some_and(|known| known != id) {
        return Ok(false);
    }
    store::set_name(w, id, name.as_str())?;
    Ok(true)
}

/// Removes a group; whoever was in it is in it no more.
pub fn delete(w: &mut Work<'_>, id: GroupId) -> Result<(), Fault> {
    store::delete(w, id)
}
