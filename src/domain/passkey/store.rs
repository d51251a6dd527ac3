//! Rows of `passkeys`.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{NewPasskey, Passkey, Proof};
use crate::each;
use crate::kernel::ids::{PasskeyId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::passkeys;
use crate::platform::db::types::AnyUuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = passkeys)]
pub(super) struct PasskeyRow {
    pub(super) id: PasskeyId,
    pub(super) person_id: PersonId,
    pub(super) credential_id: Vec<u8>,
    pub(super) public_key: Vec<u8>,
    pub(super) counter: i64,
    pub(super) backup_eligible: bool,
    pub(super) backup_state: bool,
    pub(super) aaguid: AnyUuid,
    pub(super) transports: String,
    pub(super) name: Vec<u8>,
    pub(super) version: i64,
    pub(super) created_at: Timestamp,
    pub(super) last_used_at: Option<Timestamp>,
}

pub(super) fn list(w: &mut Work<'_>, person: PersonId) -> Result<Vec<PasskeyRow>, Fault> {
    Ok(each!(w.conn, c => passkeys::table
        .filter(passkeys::person_id.eq(person))
        .order(passkeys::id.asc())
        .select(PasskeyRow::as_select())
        .load(c))?)
}

/// How many passkeys each of some people has; who has none is not there.
pub fn count_each(w: &mut Work<'_>, people: &[PersonId]) -> Result<HashMap<PersonId, i64>, Fault> {
    let rows: Vec<(PersonId, i64)> = each!(w.conn, c => passkeys::table
        .filter(passkeys::person_id.eq_any(people.iter().copied()))
        .group_by(passkeys::person_id)
        .select((passkeys::person_id, count_star()))
        .load(c))?;
    Ok(rows.into_iter().collect())
}

pub(super) fn count(w: &mut Work<'_>, person: PersonId) -> Result<i64, Fault> {
    Ok(each!(w.conn, c => passkeys::table.filter(passkeys::person_id.eq(person)).count().get_result(c))?)
}

pub(super) fn find_by_credential(w: &mut Work<'_>, credential_id: &[u8]) -> Result<Option<PasskeyRow>, Fault> {
    Ok(each!(w.conn, c => passkeys::table
        .filter(passkeys::credential_id.eq(credential_id))
        .select(PasskeyRow::as_select())
        .get_result(c)
        .optional())?)
}

/// False when the credential id is taken: decided by the unique index, so also between two transactions.
pub(super) fn insert(w: &mut Work<'_>, id: PasskeyId, person: PersonId, name: &[u8], new: &NewPasskey) -> Result<bool, Fault> {
    let row = (
        passkeys::id.eq(id),
        passkeys::person_id.eq(person),
        passkeys::credential_id.eq(&new.credential_id),
        passkeys::public_key.eq(&new.public_key),
        passkeys::algorithm.eq(new.algorithm),
        passkeys::counter.eq(i64::from(new.counter)),
        passkeys::user_verified.eq(true),
        passkeys::backup_eligible.eq(new.backup_eligible),
        passkeys::backup_state.eq(new.backup_state),
        passkeys::aaguid.eq(AnyUuid(new.aaguid)),
        passkeys::transports.eq(new.transports.join(",")),
        passkeys::name.eq(name),
        passkeys::version.eq(0),
        passkeys::created_at.eq(w.now),
    );
    let stored = each!(w.conn, c => diesel::insert_into(passkeys::table)
        .values(row)
        .on_conflict(passkeys::credential_id)
        .do_nothing()
        .execute(c))?;
    Ok(stored == 1)
}

/// Writes a use down, over the version that was checked and no other: of parallel uses of one answer, one wins
/// (WA-36, WA-37).
pub fn claim_use(w: &mut Work<'_>, passkey: &Passkey, proof: &Proof) -> Result<bool, Fault> {
    let set = (
        passkeys::counter.eq(i64::from(proof.counter)),
        passkeys::backup_state.eq(proof.backup_state),
        passkeys::last_used_at.eq(w.now),
        passkeys::version.eq(passkey.version + 1),
    );
    let changed = each!(w.conn, c => diesel::update(passkeys::table
        .filter(passkeys::id.eq(passkey.id).and(passkeys::version.eq(passkey.version))))
        .set(set)
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn rename(w: &mut Work<'_>, person: PersonId, id: PasskeyId, name: &[u8]) -> Result<bool, Fault> {
    let changed = each!(w.conn, c => diesel::update(passkeys::table
        .filter(passkeys::id.eq(id).and(passkeys::person_id.eq(person))))
        .set(passkeys::name.eq(name))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn delete(w: &mut Work<'_>, person: PersonId, id: PasskeyId) -> Result<bool, Fault> {
    let gone = each!(w.conn, c => diesel::delete(passkeys::table
        .filter(passkeys::id.eq(id).and(passkeys::person_id.eq(person))))
        .execute(c))?;
    Ok(gone == 1)
}

pub(super) fn delete_all(w: &mut Work<'_>, person: PersonId) -> Result<usize, Fault> {
    Ok(each!(w.conn, c => diesel::delete(passkeys::table.filter(passkeys::person_id.eq(person))).execute(c))?)
}
