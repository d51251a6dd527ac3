//! Rows of `passwords`.

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
    Ok(each!(w.conn, c => passwords::table.find(person).select(PasswordRow::as_select()).first(c).optional())?)
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

pub(super) fn count_try(w: &mut Work<'_>, person: PersonId, disable_after: i32) -> Result<bool, Fault> {
    let changed = each!(w.conn, c => diesel::update(passwords::table.find(person).filter(passwords::failures.lt(disable_after)))
        .set(passwords::failures.eq(passwords::failures + 1))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn count_idle_try(w: &mut Work<'_>, slot: u8) -> Result<(), Fault> {
    let row = (idle_tries::slot.eq(i32::from(slot)), idle_tries::tries.eq(1_i64));
    each!(w.conn, c => diesel::insert_into(idle_tries::table)
        .values(row)
        .on_conflict(idle_tries::slot)
        .do_update()
        .set(idle_tries::tries.eq(idle_tries::tries + 1_i64))
        .execute(c))?;
    Ok(())
}

pub(super) fn uncount_try(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(passwords::table.find(person).filter(passwords::failures.gt(0)))
        .set(passwords::failures.eq(passwords::failures - 1))
        .execute(c))?;
    Ok(())
}

pub(super) fn clear_failures(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(passwords::table.find(person)).set(passwords::failures.eq(0)).execute(c))?;
    Ok(())
}

pub(super) fn delete(w: &mut Work<'_>, person: PersonId) -> Result<bool, Fault> {
    Ok(each!(w.conn, c => diesel::delete(passwords::table.find(person)).execute(c))? == 1)
}
