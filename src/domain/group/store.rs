//! Rows of `groups` and `memberships`.

use diesel::prelude::*;

use crate::each;
use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};
use crate::platform::db::Work;
use crate::platform::db::schema::{groups, memberships};

pub(super) fn find_by_name(w: &mut Work<'_>, name: &str) -> Result<Option<GroupId>, Fault> {
    Ok(each!(w.conn, c => groups::table.filter(groups::name.eq(name)).select(groups::id).first(c).optional())?)
}

pub(super) fn insert_if_absent(w: &mut Work<'_>, id: GroupId, name: &str) -> Result<(), Fault> {
    let row = (groups::id.eq(id), groups::name.eq(name), groups::created_at.eq(w.now));
    each!(w.conn, c => diesel::insert_into(groups::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(super) fn list(w: &mut Work<'_>) -> Result<Vec<(GroupId, String)>, Fault> {
    Ok(each!(w.conn, c => groups::table.order(groups::name.asc()).select((groups::id, groups::name)).load(c))?)
}

pub(super) fn names(w: &mut Work<'_>) -> Result<Vec<String>, Fault> {
    Ok(each!(w.conn, c => groups::table.order(groups::name.asc()).select(groups::name).load(c))?)
}

pub(super) fn list_of(w: &mut Work<'_>, person: PersonId) -> Result<Vec<(GroupId, String)>, Fault> {
    Ok(each!(w.conn, c => memberships::table
        .inner_join(groups::table)
        .filter(memberships::person_id.eq(person))
        .order(groups::name.asc())
        .select((groups::id, groups::name))
        .load(c))?)
}

pub(super) fn insert_member(w: &mut Work<'_>, group: GroupId, person: PersonId) -> Result<(), Fault> {
    let row = (memberships::group_id.eq(group), memberships::person_id.eq(person), memberships::created_at.eq(w.now));
    each!(w.conn, c => diesel::insert_into(memberships::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(super) fn delete_member(w: &mut Work<'_>, group: GroupId, person: PersonId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::delete(memberships::table.find((group, person))).execute(c))?;
    Ok(())
}
