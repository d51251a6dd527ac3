//! Rows of `roles`.

use std::collections::HashMap;

use diesel::prelude::*;

use super::Role;
use crate::each;
use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId, RoleId};
use crate::platform::db::Work;
use crate::platform::db::schema::roles;

pub(super) fn insert(w: &mut Work<'_>, person: PersonId, role: Role, group: Option<GroupId>, by: Option<PersonId>) -> Result<(), Fault> {
    let row = (
        roles::id.eq(RoleId::make(w.now, w.entropy)),
        roles::person_id.eq(person),
        roles::role.eq(role),
        roles::group_id.eq(group),
        roles::granted_by.eq(by),
        roles::created_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(roles::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn list(w: &mut Work<'_>, person: PersonId) -> Result<Vec<(Role, Option<GroupId>)>, Fault> {
    Ok(each!(w.conn, c => roles::table
        .filter(roles::person_id.eq(person))
        .select((roles::role, roles::group_id))
        .load(c))?)
}

/// The roles of each of some people; who has none is not there.
pub fn roles_of_each(w: &mut Work<'_>, people: &[PersonId]) -> Result<HashMap<PersonId, Vec<Role>>, Fault> {
    let rows: Vec<(PersonId, Role)> = each!(w.conn, c => roles::table
        .filter(roles::person_id.eq_any(people.iter().copied()))
        .order(roles::id.asc())
        .select((roles::person_id, roles::role))
        .load(c))?;
    let mut found: HashMap<PersonId, Vec<Role>> = HashMap::new();
    for (person, role) in rows {
        found.entry(person).or_default().push(role);
    }
    Ok(found)
}

/// Everybody who has a role.
pub(super) fn holders(w: &mut Work<'_>, role: Role) -> Result<Vec<PersonId>, Fault> {
    Ok(each!(w.conn, c => roles::table.filter(roles::role.eq(role)).select(roles::person_id).load(c))?)
}

pub(super) fn any(w: &mut Work<'_>, role: Role) -> Result<bool, Fault> {
    Ok(each!(w.conn, c => diesel::select(diesel::dsl::exists(roles::table.filter(roles::role.eq(role)))).get_result(c))?)
}
