//! Rows of `groups` and `memberships`.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::each;
use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};
use crate::kernel::text::name_as_read;
use crate::platform::db::Work;
use crate::platform::db::schema::{groups, memberships, service};

/// The name of a group, if it is there.
pub fn find(w: &mut Work<'_>, id: GroupId) -> Result<Option<String>, Fault> {
    Ok(each!(w.conn, c => groups::table.find(id).select(groups::name).get_result(c).optional())?)
}

/// Finds a group by its name, as people read it.
pub fn find_by_name(w: &mut Work<'_>, name: &str) -> Result<Option<GroupId>, Fault> {
    Ok(each!(w.conn, c => groups::table.filter(groups::name_as_read.eq(name_as_read(name))).select(groups::id).get_result(c).optional())?)
}

pub(super) fn insert_if_absent(w: &mut Work<'_>, id: GroupId, name: &str) -> Result<bool, Fault> {
    let names = (groups::name.eq(name), groups::name_as_read.eq(name_as_read(name)));
    let row = (groups::id.eq(id), names, groups::created_at.eq(w.now));
    let made = each!(w.conn, c => diesel::insert_into(groups::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(made == 1)
}

/// Keeps the groups, what is open to them, and the names of groups and applications from others who want to change them,
/// until the end of the caller's transaction: what is looked up then is so when it is written. The first thing such a
/// transaction takes, so that no two wait for each other.
/// An update that changes nothing is a lock both databases know; this row is always there and changed by nothing else.
pub fn hold_all(w: &mut Work<'_>) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(service::table).set(service::id.eq(1)).execute(c))?;
    Ok(())
}

pub(super) fn list_as_read(w: &mut Work<'_>) -> Result<Vec<(GroupId, String, String)>, Fault> {
    Ok(each!(w.conn, c => groups::table.select((groups::id, groups::name, groups::name_as_read)).load(c))?)
}

/// All groups with their names, by name.
pub fn list(w: &mut Work<'_>) -> Result<Vec<(GroupId, String)>, Fault> {
    Ok(each!(w.conn, c => groups::table.order(groups::name.asc()).select((groups::id, groups::name)).load(c))?)
}

/// The names of all groups.
pub fn names(w: &mut Work<'_>) -> Result<Vec<String>, Fault> {
    Ok(each!(w.conn, c => groups::table.order(groups::name.asc()).select(groups::name).load(c))?)
}

/// The groups a person is in.
pub fn list_of(w: &mut Work<'_>, person: PersonId) -> Result<Vec<(GroupId, String)>, Fault> {
    Ok(each!(w.conn, c => memberships::table
        .inner_join(groups::table)
        .filter(memberships::person_id.eq(person))
        .order(groups::name.asc())
        .select((groups::id, groups::name))
        .load(c))?)
}

/// The names of the groups each of some people is in, by name; who is in none is not there.
pub fn names_of_each(w: &mut Work<'_>, people: &[PersonId]) -> Result<HashMap<PersonId, Vec<String>>, Fault> {
    let rows: Vec<(PersonId, String)> = each!(w.conn, c => memberships::table
        .inner_join(groups::table)
        .filter(memberships::person_id.eq_any(people.iter().copied()))
        .order(groups::name.asc())
        .select((memberships::person_id, groups::name))
        .load(c))?;
    let mut found: HashMap<PersonId, Vec<String>> = HashMap::new();
    for (person, name) in rows {
        found.entry(person).or_default().push(name);
    }
    Ok(found)
}

pub(super) fn insert_member(w: &mut Work<'_>, group: GroupId, person: PersonId) -> Result<bool, Fault> {
    let row = (memberships::group_id.eq(group), memberships::person_id.eq(person), memberships::created_at.eq(w.now));
    let made = each!(w.conn, c => diesel::insert_into(memberships::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(made == 1)
}

pub(super) fn delete_member(w: &mut Work<'_>, group: GroupId, person: PersonId) -> Result<bool, Fault> {
    let gone = each!(w.conn, c => diesel::delete(memberships::table.find((group, person))).execute(c))?;
    Ok(gone == 1)
}

pub(super) fn list_members(w: &mut Work<'_>, group: GroupId) -> Result<Vec<PersonId>, Fault> {
    Ok(each!(w.conn, c => memberships::table.filter(memberships::group_id.eq(group)).select(memberships::person_id).load(c))?)
}

/// How many people are in each group; a group without any is not there.
pub fn count_members(w: &mut Work<'_>) -> Result<HashMap<GroupId, i64>, Fault> {
    let rows: Vec<(GroupId, i64)> = each!(w.conn, c => memberships::table
        .group_by(memberships::group_id)
        .select((memberships::group_id, count_star()))
        .load(c))?;
    Ok(rows.into_iter().collect())
}

pub(super) fn set_name(w: &mut Work<'_>, id: GroupId, name: &str) -> Result<(), Fault> {
    let set = (groups::name.eq(name), groups::name_as_read.eq(name_as_read(name)));
    each!(w.conn, c => diesel::update(groups::table.find(id)).set(set).execute(c))?;
    Ok(())
}

/// Removes a group; its members leave it.
pub fn delete(w: &mut Work<'_>, id: GroupId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::delete(groups::table.find(id)).execute(c))?;
    Ok(())
}
