//! Rows of `known_devices`.

use diesel::prelude::*;

use super::{Device, Guessable};
use crate::each;
use crate::kernel::ids::{DeviceId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::known_devices;

pub(super) fn find(w: &mut Work<'_>, person: PersonId, hash: &[u8; 32]) -> Result<Option<Device>, Fault> {
    let now = w.now;
    let id: Option<DeviceId> = each!(w.conn, c => known_devices::table
        .filter(known_devices::person_id.eq(person).and(known_devices::cookie_hash.eq(hash.as_slice())))
        .filter(known_devices::expires_at.gt(now))
        .select(known_devices::id)
        .first(c)
        .optional())?;
    Ok(id.map(|id| Device { id }))
}

pub(super) fn owner(w: &mut Work<'_>, hash: &[u8; 32]) -> Result<Option<PersonId>, Fault> {
    let now = w.now;
    Ok(each!(w.conn, c => known_devices::table
        .filter(known_devices::cookie_hash.eq(hash.as_slice()).and(known_devices::expires_at.gt(now)))
        .order(known_devices::last_used_at.desc())
        .select(known_devices::person_id)
        .first(c)
        .optional())?)
}

pub(super) fn upsert(w: &mut Work<'_>, id: DeviceId, person: PersonId, hash: &[u8; 32], expires_at: Timestamp) -> Result<(), Fault> {
    let row = (
        known_devices::id.eq(id),
        known_devices::person_id.eq(person),
        known_devices::cookie_hash.eq(hash.as_slice()),
        known_devices::password_failures.eq(0),
        known_devices::totp_failures.eq(0),
        known_devices::recovery_failures.eq(0),
        known_devices::created_at.eq(w.now),
        known_devices::last_used_at.eq(w.now),
        known_devices::expires_at.eq(expires_at),
    );
    let again = (known_devices::last_used_at.eq(w.now), known_devices::expires_at.eq(expires_at));
    each!(w.conn, c => diesel::insert_into(known_devices::table)
        .values(row)
        .on_conflict((known_devices::person_id, known_devices::cookie_hash))
        .do_update()
        .set(again)
        .execute(c))?;
    Ok(())
}

pub(super) fn count_try(w: &mut Work<'_>, id: DeviceId, way: Guessable, disable_after: i32) -> Result<bool, Fault> {
    use known_devices::{password_failures, recovery_failures, totp_failures};
    let row = known_devices::table.find(id);
    let changed = each!(w.conn, c => match way {
        Guessable::Password => diesel::update(row.filter(password_failures.lt(disable_after)))
            .set(password_failures.eq(password_failures + 1))
            .execute(c),
        Guessable::Totp => diesel::update(row.filter(totp_failures.lt(disable_after)))
            .set(totp_failures.eq(totp_failures + 1))
            .execute(c),
        Guessable::Recovery => diesel::update(row.filter(recovery_failures.lt(disable_after)))
            .set(recovery_failures.eq(recovery_failures + 1))
            .execute(c),
    })?;
    Ok(changed == 1)
}

pub(super) fn uncount_try(w: &mut Work<'_>, id: DeviceId, way: Guessable) -> Result<(), Fault> {
    use known_devices::{password_failures, recovery_failures, totp_failures};
    let row = known_devices::table.find(id);
    each!(w.conn, c => match way {
        Guessable::Password => diesel::update(row.filter(password_failures.gt(0)))
            .set(password_failures.eq(password_failures - 1))
            .execute(c),
        Guessable::Totp => diesel::update(row.filter(totp_failures.gt(0))).set(totp_failures.eq(totp_failures - 1)).execute(c),
        Guessable::Recovery => diesel::update(row.filter(recovery_failures.gt(0)))
            .set(recovery_failures.eq(recovery_failures - 1))
            .execute(c),
    })?;
    Ok(())
}

pub(super) fn failures(w: &mut Work<'_>, id: DeviceId, way: Guessable) -> Result<i32, Fault> {
    use known_devices::{password_failures, recovery_failures, totp_failures};
    let row = known_devices::table.find(id);
    let counts = (password_failures, totp_failures, recovery_failures);
    let found: Option<(i32, i32, i32)> = each!(w.conn, c => row.select(counts).first(c).optional())?;
    let (password, totp, recovery) = found.unwrap_or_default();
    Ok(match way {
        Guessable::Password => password,
        Guessable::Totp => totp,
        Guessable::Recovery => recovery,
    })
}

pub(super) fn clear_all(w: &mut Work<'_>, person: PersonId, way: Guessable) -> Result<(), Fault> {
    use known_devices::{password_failures, person_id, recovery_failures, totp_failures};
    let rows = known_devices::table.filter(person_id.eq(person));
    each!(w.conn, c => match way {
        Guessable::Password => diesel::update(rows).set(password_failures.eq(0)).execute(c),
        Guessable::Totp => diesel::update(rows).set(totp_failures.eq(0)).execute(c),
        Guessable::Recovery => diesel::update(rows).set(recovery_failures.eq(0)).execute(c),
    })?;
    Ok(())
}

pub(super) fn clear(w: &mut Work<'_>, id: DeviceId, way: Guessable) -> Result<(), Fault> {
    use known_devices::{password_failures, recovery_failures, totp_failures};
    let row = known_devices::table.find(id);
    each!(w.conn, c => match way {
        Guessable::Password => diesel::update(row).set(password_failures.eq(0)).execute(c),
        Guessable::Totp => diesel::update(row).set(totp_failures.eq(0)).execute(c),
        Guessable::Recovery => diesel::update(row).set(recovery_failures.eq(0)).execute(c),
    })?;
    Ok(())
}

pub(super) fn delete_all(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::delete(known_devices::table.filter(known_devices::person_id.eq(person))).execute(c))?;
    Ok(())
}

pub(super) fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let ended = known_devices::expires_at.lt(before);
    let ids: Vec<DeviceId> = each!(w.conn, c => known_devices::table
        .filter(ended)
        .select(known_devices::id)
        .limit(most)
        .load(c))?;
    // Somebody may have signed in with one of them since, which makes it last again.
    Ok(each!(w.conn, c => diesel::delete(known_devices::table.filter(ended).filter(known_devices::id.eq_any(&ids))).execute(c))?)
}
