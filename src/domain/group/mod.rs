//! Groups of people, and who is in which.

mod store;

use std::collections::HashSet;

use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};
use crate::kernel::text::{GroupName, name_as_read};
use crate::platform::db::Work;
pub use store::{count_members, delete, find, find_by_name, hold_all, list, list_of, names, names_of_each};

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

/// Makes a group, or finds the one with this name, as people read it.
pub fn find_or_create(w: &mut Work<'_>, name: &str) -> Result<GroupId, Fault> {
    let id = GroupId::make(w.now, w.entropy);
    store::insert_if_absent(w, id, name)?;
    store::find_by_name(w, name)?.ok_or_else(|| Fault::internal("a group was made and is not there"))
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
