//! Rows of `outbox`.

use diesel::prelude::*;

use super::LetterKind;
use crate::each;
use crate::kernel::ids::{LetterId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::outbox;

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub(super) struct LetterRow {
    pub(super) id: LetterId,
    pub(super) person_id: PersonId,
    pub(super) kind: LetterKind,
    pub(super) body: Option<Vec<u8>>,
    pub(super) next_try_at: Timestamp,
    pub(super) created_at: Timestamp,
}

pub(super) fn insert(w: &mut Work<'_>, id: LetterId, person: PersonId, kind: LetterKind, body: &[u8]) -> Result<(), Fault> {
    let row = (
        outbox::id.eq(id),
        outbox::person_id.eq(person),
        outbox::kind.eq(kind),
        outbox::body.eq(body),
        outbox::tries.eq(0),
        outbox::next_try_at.eq(w.now),
        outbox::created_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(outbox::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn list_due(w: &mut Work<'_>, most: i64) -> Result<Vec<LetterRow>, Fault> {
    let now = w.now;
    Ok(each!(w.conn, c => outbox::table
        .filter(outbox::sent_at.is_null().and(outbox::given_up_at.is_null()).and(outbox::next_try_at.le(now)))
        .order(outbox::next_try_at.asc())
        .limit(most)
        .select(LetterRow::as_select())
        .load(c))?)
}

pub(super) fn claim(w: &mut Work<'_>, id: LetterId, seen: Timestamp, until: Timestamp) -> Result<bool, Fault> {
    let changed = each!(w.conn, c => diesel::update(outbox::table.find(id)
        .filter(outbox::next_try_at.eq(seen).and(outbox::sent_at.is_null()).and(outbox::given_up_at.is_null())))
        .set((outbox::next_try_at.eq(until), outbox::tries.eq(outbox::tries + 1)))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn load_tries(w: &mut Work<'_>, id: LetterId) -> Result<i32, Fault> {
    Ok(each!(w.conn, c => outbox::table.find(id).select(outbox::tries).first(c))?)
}

pub(super) fn set_next_try(w: &mut Work<'_>, id: LetterId, at: Timestamp) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(outbox::table.find(id)).set(outbox::next_try_at.eq(at)).execute(c))?;
    Ok(())
}

pub(super) fn set_sent(w: &mut Work<'_>, id: LetterId) -> Result<(), Fault> {
    let set = (outbox::sent_at.eq(w.now), outbox::body.eq(None::<Vec<u8>>));
    each!(w.conn, c => diesel::update(outbox::table.find(id)).set(set).execute(c))?;
    Ok(())
}

pub(super) fn set_given_up(w: &mut Work<'_>, id: LetterId) -> Result<(), Fault> {
    let set = (outbox::given_up_at.eq(w.now), outbox::body.eq(None::<Vec<u8>>));
    each!(w.conn, c => diesel::update(outbox::table.find(id)).set(set).execute(c))?;
    Ok(())
}

pub(super) fn was_sent(w: &mut Work<'_>, person: PersonId, kind: LetterKind, at: Timestamp) -> Result<bool, Fault> {
    let found: i64 = each!(w.conn, c => outbox::table
        .filter(outbox::person_id.eq(person).and(outbox::kind.eq(kind)))
        .filter(outbox::created_at.eq(at).and(outbox::sent_at.is_not_null()))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

pub(super) fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let old: Vec<LetterId> = each!(w.conn, c => outbox::table
        .filter(outbox::created_at.lt(before))
        .limit(most)
        .select(outbox::id)
        .load(c))?;
    Ok(each!(w.conn, c => diesel::delete(outbox::table.filter(outbox::id.eq_any(old))).execute(c))?)
}
