//! Rows of `recovery_sets` and `recovery_codes`.

use diesel::prelude::*;

use super::SetHashing;
use crate::each;
use crate::kernel::ids::{PersonId, RecoveryCodeId, RecoverySetId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::password_hash::HashCost;
use crate::platform::db::Work;
use crate::platform::db::schema::{recovery_codes, recovery_sets};

#[derive(Queryable, Selectable)]
#[diesel(table_name = recovery_sets)]
pub(super) struct SetRow {
    pub(super) id: RecoverySetId,
    salt: Vec<u8>,
    memory_kib: i32,
    passes: i32,
    pub(super) failures: i32,
    pub(super) made_at: Timestamp,
}

impl SetRow {
    pub(super) fn hashing(&self) -> Result<SetHashing, Fault> {
        let number = |column, value: i32| u32::try_from(value).map_err(|_| Fault::corrupt("recovery_sets", column, self.id));
        Ok(SetHashing {
            salt: self.salt.as_slice().try_into().map_err(|_| Fault::corrupt("recovery_sets", "salt", self.id))?,
            cost: HashCost { memory_kib: number("memory_kib", self.memory_kib)?, passes: number("passes", self.passes)? },
        })
    }
}

pub(super) fn find_set(w: &mut Work<'_>, person: PersonId) -> Result<Option<SetRow>, Fault> {
    Ok(each!(w.conn, c => recovery_sets::table
        .filter(recovery_sets::person_id.eq(person))
        .select(SetRow::as_select())
        .get_result(c)
        .optional())?)
}

pub(super) fn insert_set(w: &mut Work<'_>, id: RecoverySetId, person: PersonId, hashing: &SetHashing) -> Result<(), Fault> {
    let stored = |number: u32| i32::try_from(number).map_err(|_| Fault::internal("the cost of a hash is beyond all measure"));
    let row = (
        recovery_sets::id.eq(id),
        recovery_sets::person_id.eq(person),
        recovery_sets::salt.eq(hashing.salt.as_slice()),
        recovery_sets::memory_kib.eq(stored(hashing.cost.memory_kib)?),
        recovery_sets::passes.eq(stored(hashing.cost.passes)?),
        recovery_sets::failures.eq(0),
        recovery_sets::made_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(recovery_sets::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn delete_set(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::delete(recovery_sets::table.filter(recovery_sets::person_id.eq(person))).execute(c))?;
    Ok(())
}

pub(super) fn insert_code(w: &mut Work<'_>, id: RecoveryCodeId, set: RecoverySetId, hash: &[u8]) -> Result<(), Fault> {
    let row = (recovery_codes::id.eq(id), recovery_codes::set_id.eq(set), recovery_codes::hash.eq(hash));
    each!(w.conn, c => diesel::insert_into(recovery_codes::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn list_codes(w: &mut Work<'_>, set: RecoverySetId) -> Result<Vec<(RecoveryCodeId, Vec<u8>)>, Fault> {
    Ok(each!(w.conn, c => recovery_codes::table
        .filter(recovery_codes::set_id.eq(set))
        .select((recovery_codes::id, recovery_codes::hash))
        .load(c))?)
}

pub(super) fn count_left(w: &mut Work<'_>, set: RecoverySetId) -> Result<usize, Fault> {
    let left: i64 = each!(w.conn, c => recovery_codes::table
        .filter(recovery_codes::set_id.eq(set).and(recovery_codes::claimed_at.is_null()))
        .count()
        .get_result(c))?;
    usize::try_from(left).map_err(|_| Fault::internal("fewer than no recovery codes"))
}

/// Spends a code: one row or refuse (OT-10).
pub(super) fn claim_code(w: &mut Work<'_>, id: RecoveryCodeId) -> Result<bool, Fault> {
    let now = w.now;
    let changed = each!(w.conn, c => diesel::update(recovery_codes::table.find(id).filter(recovery_codes::claimed_at.is_null()))
        .set(recovery_codes::claimed_at.eq(now))
        .execute(c))?;
    Ok(changed == 1)
}

/// Counts a try before it is looked at: one conditional write. False when there were too many wrong ones in a row and
/// the set is switched off until a new one is made, or when there is none (TH-01, TH-04).
pub fn count_try(w: &mut Work<'_>, person: PersonId, disable_after: i32) -> Result<bool, Fault> {
    use recovery_sets::{failures, person_id};
    let changed = each!(w.conn, c => diesel::update(recovery_sets::table.filter(person_id.eq(person).and(failures.lt(disable_after))))
        .set(failures.eq(failures + 1))
        .execute(c))?;
    Ok(changed == 1)
}

/// Takes a counted try back that could not be looked at (PW-12).
pub fn uncount_try(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    use recovery_sets::{failures, person_id};
    each!(w.conn, c => diesel::update(recovery_sets::table.filter(person_id.eq(person).and(failures.gt(0))))
        .set(failures.eq(failures - 1))
        .execute(c))?;
    Ok(())
}

pub(super) fn clear_failures(w: &mut Work<'_>, set: RecoverySetId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(recovery_sets::table.find(set)).set(recovery_sets::failures.eq(0)).execute(c))?;
    Ok(())
}
