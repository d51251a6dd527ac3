//! Rows of `outbox`.

use diesel::prelude::*;

use super::MailKind;
use crate::each;
use crate::kernel::ids::{MailId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::outbox;

/// A row. The kind stays text: one that only a newer version knows must not make the others unreadable.
#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub(super) struct MailRow {
    pub(super) id: MailId,
    pub(super) person_id: PersonId,
    pub(super) kind: String,
    pub(super) body: Option<Vec<u8>>,
    pub(super) tries: i32,
    pub(super) next_try_at: Timestamp,
    pub(super) created_at: Timestamp,
}

/// A message to be kept.
pub(super) struct NewLetter<'a> {
    pub(super) id: MailId,
    pub(super) person: PersonId,
    pub(super) kind: MailKind,
    pub(super) body: &'a [u8],
    pub(super) browser: Option<&'a [u8]>,
    pub(super) next_try_at: Timestamp,
}

pub(super) fn insert(w: &mut Work<'_>, new: &NewLetter<'_>) -> Result<(), Fault> {
    let row = (
        outbox::id.eq(new.id),
        outbox::person_id.eq(new.person),
        outbox::kind.eq(new.kind),
        outbox::body.eq(new.body),
        outbox::browser.eq(new.browser),
        outbox::tries.eq(0),
        outbox::next_try_at.eq(new.next_try_at),
        outbox::created_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(outbox::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn list_due(w: &mut Work<'_>, after: Timestamp, most: i64) -> Result<Vec<MailRow>, Fault> {
    let now = w.now;
    Ok(each!(w.conn, c => outbox::table
        .filter(outbox::sent_at.is_null().and(outbox::given_up_at.is_null()).and(outbox::next_try_at.le(now)))
        .filter(outbox::created_at.gt(after))
        .order(outbox::next_try_at.asc())
        .limit(most)
        .select(MailRow::as_select())
        .load(c))?)
}

pub(super) fn list_old(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<Vec<MailRow>, Fault> {
    Ok(each!(w.conn, c => outbox::table
        .filter(outbox::sent_at.is_null().and(outbox::given_up_at.is_null()).and(outbox::created_at.le(before)))
        .limit(most)
        .select(MailRow::as_select())
        .load(c))?)
}

/// The browsers that messages of a kind about a person wait for.
pub(super) fn list_waiting(w: &mut Work<'_>, person: PersonId, kind: MailKind) -> Result<Vec<Vec<u8>>, Fault> {
    let found: Vec<Option<Vec<u8>>> = each!(w.conn, c => outbox::table
        .filter(outbox::person_id.eq(person).and(outbox::kind.eq(kind)))
        .filter(outbox::sent_at.is_null().and(outbox::given_up_at.is_null()))
        .select(outbox::browser)
        .load(c))?;
    Ok(found.into_iter().flatten().collect())
}

pub(super) fn delete_waiting(w: &mut Work<'_>, person: PersonId, kind: MailKind, browser: &[u8; 32]) -> Result<(), Fault> {
    each!(w.conn, c => diesel::delete(outbox::table
        .filter(outbox::person_id.eq(person).and(outbox::kind.eq(kind)).and(outbox::browser.eq(browser.as_slice())))
        .filter(outbox::sent_at.is_null().and(outbox::given_up_at.is_null())))
        .execute(c))?;
    Ok(())
}

pub(super) fn claim(w: &mut Work<'_>, id: MailId, seen: Timestamp, until: Timestamp) -> Result<bool, Fault> {
    let changed = each!(w.conn, c => diesel::update(outbox::table.find(id)
        .filter(outbox::next_try_at.eq(seen).and(outbox::sent_at.is_null()).and(outbox::given_up_at.is_null())))
        .set((outbox::next_try_at.eq(until), outbox::tries.eq(outbox::tries + 1)))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn find(w: &mut Work<'_>, id: MailId) -> Result<Option<MailRow>, Fault> {
    Ok(each!(w.conn, c => outbox::table.find(id).select(MailRow::as_select()).get_result(c).optional())?)
}

pub(super) fn set_next_try(w: &mut Work<'_>, id: MailId, at: Timestamp) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(outbox::table.find(id)).set(outbox::next_try_at.eq(at)).execute(c))?;
    Ok(())
}

pub(super) fn set_sent(w: &mut Work<'_>, id: MailId) -> Result<(), Fault> {
    let set = (outbox::sent_at.eq(w.now), outbox::body.eq(None::<Vec<u8>>));
    each!(w.conn, c => diesel::update(outbox::table.find(id)).set(set).execute(c))?;
    Ok(())
}

/// False when it has gone, or another node gave it up first.
pub(super) fn set_given_up(w: &mut Work<'_>, id: MailId) -> Result<bool, Fault> {
    let set = (outbox::given_up_at.eq(w.now), outbox::body.eq(None::<Vec<u8>>));
    let changed = each!(w.conn, c => diesel::update(outbox::table.find(id)
        .filter(outbox::sent_at.is_null().and(outbox::given_up_at.is_null())))
        .set(set)
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn delete(w: &mut Work<'_>, id: MailId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::delete(outbox::table.find(id)).execute(c))?;
    Ok(())
}

/// Whether a message of a kind about a person, written at that instant, has gone.
pub fn was_sent(w: &mut Work<'_>, person: PersonId, kind: MailKind, at: Timestamp) -> Result<bool, Fault> {
    let found: i64 = each!(w.conn, c => outbox::table
        .filter(outbox::person_id.eq(person).and(outbox::kind.eq(kind)))
        .filter(outbox::created_at.eq(at).and(outbox::sent_at.is_not_null()))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

/// Whether a message of a kind about a person was written after an instant, no matter how it ended.
pub fn was_written(w: &mut Work<'_>, person: PersonId, kind: MailKind, after: Timestamp) -> Result<bool, Fault> {
    let found: i64 = each!(w.conn, c => outbox::table
        .filter(outbox::person_id.eq(person).and(outbox::kind.eq(kind)).and(outbox::created_at.gt(after)))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

pub(super) fn is_repeated(w: &mut Work<'_>, person: PersonId, kind: MailKind, except: MailId, after: Timestamp) -> Result<bool, Fault> {
    let found: i64 = each!(w.conn, c => outbox::table
        .filter(outbox::person_id.eq(person).and(outbox::kind.eq(kind)).and(outbox::created_at.gt(after)))
        .filter(outbox::id.ne(except).and(outbox::tries.gt(0)).and(outbox::given_up_at.is_null()))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

/// Deletes at most `most` rows of messages written before `before`; says how many.
pub fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let old: Vec<MailId> = each!(w.conn, c => outbox::table
        .filter(outbox::created_at.lt(before))
        .limit(most)
        .select(outbox::id)
        .load(c))?;
    Ok(each!(w.conn, c => diesel::delete(outbox::table.filter(outbox::id.eq_any(old))).execute(c))?)
}
