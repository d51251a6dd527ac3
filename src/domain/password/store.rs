//! Rows of `passwords`.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::each;
use crate::kernel::ids::PersonId;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::{idle_tries, passwords};

#[derive(Queryable, Selectable)]
#[diesel(table_name = passwords)]
pub(super) struct PasswordRow {
    pub(super) hash: Vec<u8>,
    pub(super) failures: i32,
    pub(super) changed_at: Timestamp,
}

pub(super) fn find(w: &mut Work<'_>, person: PersonId) -> Result<Option<PasswordRow>, Fault> {
    Ok(each!(w.conn, c => passwords::table.find(person).select(PasswordRow::as_select()).get_result(c).optional())?)
}

/// Which of some people have a password.
pub fn holders_among(w: &mut Work<'_>, people: &[PersonId]) -> Result<HashSet<PersonId>, Fault> {
    let rows: Vec<PersonId> = each!(w.conn, c => passwords::table
        .filter(passwords::person_id.eq_any(people.iter().copied()))
        .select(passwords::person_id)
        .load(c))?;
    Ok(rows.into_iter().collect())
}

pub(super) fn upsert(w: &mut Work<'_>, person: PersonId, sealed: &[u8]) -> Result<(), Fault> {
    let row = (passwords::person_id.eq(person), passwords::hash.eq(sealed), passwords::failures.eq(0), passwords::changed_at.eq(w.now));
    let again = (passwords::hash.eq(sealed), passwords::failures.eq(0), passwords::changed_at.eq(w.now));
    each!(w.conn, c => diesel::insert_into(passwords::table)
        .values(row)
        .on_conflict(passwords::person_id)
        .do_update()
        .set(again)
        .execute(c))?;
    Ok(())
}

pub(super) fn replace_hash(w: &mut Work<'_>, person: PersonId, read: Timestamp, sealed: &[u8]) -> Result<bool, Fault> {
    let changed = each!(w.conn, c => diesel::update(passwords::table.find(person).filter(passwords::changed_at.eq(read)))
        .set(passwords::hash.eq(sealed))
        .execute(c))?;
    Ok(changed == 1)
}

/// Counts a try before it is looked at: one conditional write. False when there were too many wrong ones in a row
/// and the password is switched off until it is set anew (TH-01, TH-04).
pub fn count_try(w: &mut Work<'_>, person: PersonId, disable_after: i32) -> Result<bool, Fault> {
    let changed = each!(w.conn, c => diesel::update(passwords::table.find(person).filter(passwords::failures.lt(disable_after)))
        .set(passwords::failures.eq(passwords::failures + 1))
        .execute(c))?;
    Ok(changed == 1)
}

/// Counts a try that nothing is at stake in: a name nobody has, an account whose password is not looked at. It costs
/// what [`count_try`] costs, so that time tells nobody which it was (TH-08). `slot` spreads the load.
pub fn count_idle_try(w: &mut Work<'_>, slot: u8) -> Result<(), Fault> {
    let row = (idle_tries::slot.eq(i32::from(slot)), idle_tries::tries.eq(1_i64));
    each!(w.conn, c => diesel::insert_into(idle_tries::table)
        .values(row)
        .on_conflict(idle_tries::slot)
        .do_update()
        .set(idle_tries::tries.eq(idle_tries::tries + 1_i64))
        .execute(c))?;
    Ok(())
}

/// Takes a counted try back that could not be looked at (PW-12).
pub fn uncount_try(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(passwords::table.find(person).filter(passwords::failures.gt(0)))
        .set(passwords::failures.eq(passwords::failures - 1))
        .execute(c))?;
    Ok(())
}

/// Forgets wrong tries after a right one.
pub fn clear_failures(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(passwords::table.find(person)).set(passwords::failures.eq(0)).execute(c))?;
    Ok(())
}

pub(super) fn delete(w: &mut Work<'_>, person: PersonId) -> Result<bool, Fault> {
    Ok(each!(w.conn, c => diesel::delete(passwords::table.find(person)).execute(c))? == 1)
}
