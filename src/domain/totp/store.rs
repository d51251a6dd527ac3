//! Rows of `totps`.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::STEP;
use crate::each;
use crate::kernel::ids::{PersonId, TotpId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::{totp_steps, totps};

#[derive(Queryable, Selectable)]
#[diesel(table_name = totps)]
pub(super) struct TotpRow {
    pub(super) id: TotpId,
    pub(super) name: Vec<u8>,
    pub(super) seed: Vec<u8>,
    pub(super) last_step: i64,
    pub(super) failures: i32,
    pub(super) created_at: Timestamp,
    pub(super) last_used_at: Option<Timestamp>,
}

pub(super) fn list(w: &mut Work<'_>, person: PersonId) -> Result<Vec<TotpRow>, Fault> {
    Ok(each!(w.conn, c => totps::table
        .filter(totps::person_id.eq(person))
        .order(totps::id.asc())
        .select(TotpRow::as_select())
        .load(c))?)
}

/// The ids of a person's authenticators, oldest first.
pub fn ids(w: &mut Work<'_>, person: PersonId) -> Result<Vec<TotpId>, Fault> {
    let rows = totps::table.filter(totps::person_id.eq(person));
    Ok(each!(w.conn, c => rows.order(totps::id.asc()).select(totps::id).load(c))?)
}

/// How many authenticators each of some people has; who has none is not there.
pub fn count_each(w: &mut Work<'_>, people: &[PersonId]) -> Result<HashMap<PersonId, i64>, Fault> {
    let rows: Vec<(PersonId, i64)> = each!(w.conn, c => totps::table
        .filter(totps::person_id.eq_any(people.iter().copied()))
        .group_by(totps::person_id)
        .select((totps::person_id, count_star()))
        .load(c))?;
    Ok(rows.into_iter().collect())
}

pub(super) fn count(w: &mut Work<'_>, person: PersonId) -> Result<i64, Fault> {
    Ok(each!(w.conn, c => totps::table.filter(totps::person_id.eq(person)).count().get_result(c))?)
}

/// An authenticator to be added, with its name and seed sealed.
pub(super) struct NewTotp<'a> {
    pub(super) id: TotpId,
    pub(super) person: PersonId,
    pub(super) name: &'a [u8],
    pub(super) seed: &'a [u8],
    pub(super) last_step: i64,
}

pub(super) fn insert(w: &mut Work<'_>, new: &NewTotp<'_>) -> Result<(), Fault> {
    let row = (
        totps::id.eq(new.id),
        totps::person_id.eq(new.person),
        totps::name.eq(new.name),
        totps::seed.eq(new.seed),
        totps::last_step.eq(new.last_step),
        totps::failures.eq(0),
        totps::created_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(totps::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn count_try(w: &mut Work<'_>, id: TotpId, disable_after: i32) -> Result<bool, Fault> {
    let changed = each!(w.conn, c => diesel::update(totps::table.find(id).filter(totps::failures.lt(disable_after)))
        .set(totps::failures.eq(totps::failures + 1))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn uncount_try(w: &mut Work<'_>, id: TotpId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(totps::table.find(id).filter(totps::failures.gt(0)))
        .set(totps::failures.eq(totps::failures - 1))
        .execute(c))?;
    Ok(())
}

/// Spends a step, whatever the clock did since: one row or refuse (OT-01, OT-08).
pub(super) fn spend_step(w: &mut Work<'_>, id: TotpId, step: i64) -> Result<bool, Fault> {
    let row = (totp_steps::totp_id.eq(id), totp_steps::step.eq(step));
    Ok(each!(w.conn, c => diesel::insert_into(totp_steps::table).values(row).on_conflict_do_nothing().execute(c))? == 1)
}

/// Takes the last step back to `step`: only if it is later than `latest`, which no honest clock has reached.
pub(super) fn take_step_back(w: &mut Work<'_>, id: TotpId, step: i64, latest: i64) -> Result<bool, Fault> {
    let now = w.now;
    let changed = each!(w.conn, c => diesel::update(totps::table.find(id).filter(totps::last_step.gt(latest)))
        .set((totps::last_step.eq(step), totps::failures.eq(0), totps::last_used_at.eq(now)))
        .execute(c))?;
    Ok(changed == 1)
}

/// Forgets steps spent before `before`, about `most` at a time; says how many.
pub fn sweep_steps(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let old = totp_steps::step.lt(before.seconds().div_euclid(STEP));
    let ids: Vec<TotpId> = each!(w.conn, c => totp_steps::table.filter(old).select(totp_steps::totp_id).limit(most).load(c))?;
    Ok(each!(w.conn, c => diesel::delete(totp_steps::table.filter(old).filter(totp_steps::totp_id.eq_any(&ids))).execute(c))?)
}

/// Makes a step the last one: only if no step as late was (OT-03).
pub(super) fn claim_step(w: &mut Work<'_>, id: TotpId, step: i64) -> Result<bool, Fault> {
    let now = w.now;
    let changed = each!(w.conn, c => diesel::update(totps::table.find(id).filter(totps::last_step.lt(step)))
        .set((totps::last_step.eq(step), totps::failures.eq(0), totps::last_used_at.eq(now)))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn rename(w: &mut Work<'_>, person: PersonId, id: TotpId, name: &[u8]) -> Result<bool, Fault> {
    let changed = each!(w.conn, c => diesel::update(totps::table.filter(totps::id.eq(id).and(totps::person_id.eq(person))))
        .set(totps::name.eq(name))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn delete(w: &mut Work<'_>, person: PersonId, id: TotpId) -> Result<bool, Fault> {
    let gone = each!(w.conn, c => diesel::delete(totps::table.filter(totps::id.eq(id).and(totps::person_id.eq(person)))).execute(c))?;
    Ok(gone == 1)
}

pub(super) fn delete_all(w: &mut Work<'_>, person: PersonId) -> Result<usize, Fault> {
    Ok(each!(w.conn, c => diesel::delete(totps::table.filter(totps::person_id.eq(person))).execute(c))?)
}
