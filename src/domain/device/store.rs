//! Rows of `known_devices`.

use diesel::prelude::*;

use super::Device;
use crate::each;
use crate::kernel::ids::{DeviceId, PersonId};
use crate::kernel::proof::Method;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::known_devices;

pub(super) fn find(w: &mut Work<'_>, person: PersonId, hash: &[u8; 32]) -> Result<Option<Device>, Fault> {
    let now = w.now;
    let id: Option<DeviceId> = each!(w.conn, c => known_devices::table
        .filter(known_devices::person_id.eq(person).and(known_devices::expires_at.gt(now)))
        .filter(known_devices::cookie_hash.eq(hash.as_slice())
            .or(known_devices::previous_hash.eq(hash.as_slice()).assume_not_null().and(known_devices::previous_until.gt(now).assume_not_null())))
        .select(known_devices::id)
        .get_result(c)
        .optional())?;
    Ok(id.map(|id| Device { id }))
}

/// Puts the rows under `old`, of whichever people, under `new`.
pub(super) fn replace_cookie(w: &mut Work<'_>, old: &[u8; 32], new: &[u8; 32], overlap: Timestamp) -> Result<(), Fault> {
    let now = w.now;
    let set = (
        known_devices::cookie_hash.eq(new.as_slice()),
        known_devices::previous_hash.eq(old.as_slice()),
        known_devices::previous_until.eq(overlap),
    );
    // Two statements, each by an index of its own.
    let current = known_devices::table.filter(known_devices::cookie_hash.eq(old.as_slice()).and(known_devices::expires_at.gt(now)));
    each!(w.conn, c => diesel::update(current).set(set).execute(c))?;
    let set = (known_devices::cookie_hash.eq(new.as_slice()), known_devices::previous_until.eq(overlap));
    let previous = known_devices::table
        .filter(known_devices::previous_hash.eq(old.as_slice()).and(known_devices::previous_until.gt(now)))
        .filter(known_devices::cookie_hash.ne(new.as_slice()).and(known_devices::expires_at.gt(now)));
    each!(w.conn, c => diesel::update(previous).set(set).execute(c))?;
    Ok(())
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

/// Names the column that counts a method's failures. A passkey is not guessed and has none: `$none` stands for it.
macro_rules! failures_of {
    ($method:expr, $failures:ident => $body:expr, $none:expr) => {
        match $method {
            Method::Password => {
                use known_devices::password_failures as $failures;
                $body
            }
            Method::Totp => {
                use known_devices::totp_failures as $failures;
                $body
            }
            Method::RecoveryCode => {
                use known_devices::recovery_failures as $failures;
                $body
            }
            Method::Passkey => $none,
        }
    };
}

/// Counts a try before it is looked at. False when this device has used up its tries in a row (TH-01, TH-04).
pub fn count_try(w: &mut Work<'_>, id: DeviceId, method: Method, disable_after: i32) -> Result<bool, Fault> {
    let row = known_devices::table.find(id);
    failures_of!(method, failures => {
        let counted = each!(w.conn, c => diesel::update(row.filter(failures.lt(disable_after))).set(failures.eq(failures + 1)).execute(c))?;
        Ok(counted == 1)
    }, Ok(true))
}

/// Takes a counted try back that could not be looked at (PW-12).
pub fn uncount_try(w: &mut Work<'_>, id: DeviceId, method: Method) -> Result<(), Fault> {
    let row = known_devices::table.find(id);
    failures_of!(method, failures => {
        each!(w.conn, c => diesel::update(row.filter(failures.gt(0))).set(failures.eq(failures - 1)).execute(c))?;
        Ok(())
    }, Ok(()))
}

pub(super) fn failures(w: &mut Work<'_>, id: DeviceId, method: Method) -> Result<i32, Fault> {
    let row = known_devices::table.find(id);
    failures_of!(method, failures => {
        let found: Option<i32> = each!(w.conn, c => row.select(failures).get_result(c).optional())?;
        Ok(found.unwrap_or_default())
    }, Ok(0))
}

/// Forgets the wrong tries after a right one.
pub fn clear(w: &mut Work<'_>, id: DeviceId, method: Method) -> Result<(), Fault> {
    let row = known_devices::table.find(id);
    failures_of!(method, failures => {
        each!(w.conn, c => diesel::update(row).set(failures.eq(0)).execute(c))?;
        Ok(())
    }, Ok(()))
}

/// Forgets the wrong tries on all devices of a person, because there is something new to try: a password set anew, an
/// authenticator added. What had been used up would otherwise stay so.
pub fn clear_all(w: &mut Work<'_>, person: PersonId, method: Method) -> Result<(), Fault> {
    let rows = known_devices::table.filter(known_devices::person_id.eq(person));
    failures_of!(method, failures => {
        each!(w.conn, c => diesel::update(rows).set(failures.eq(0)).execute(c))?;
        Ok(())
    }, Ok(()))
}

pub(super) fn delete_all(w: &mut Work<'_>, person: PersonId, except: Option<DeviceId>) -> Result<(), Fault> {
    let kept: Vec<DeviceId> = except.into_iter().collect();
    let rows = known_devices::table.filter(known_devices::person_id.eq(person).and(known_devices::id.ne_all(&kept)));
    each!(w.conn, c => diesel::delete(rows).execute(c))?;
    Ok(())
}

/// Deletes at most `most` that ended before `before`; says how many.
pub fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let ended = known_devices::expires_at.lt(before);
    let ids: Vec<DeviceId> = each!(w.conn, c => known_devices::table
        .filter(ended)
        .select(known_devices::id)
        .limit(most)
        .load(c))?;
    // Someone may have signed in with one of them since, which makes it last again.
    Ok(each!(w.conn, c => diesel::delete(known_devices::table.filter(ended).filter(known_devices::id.eq_any(&ids))).execute(c))?)
}
