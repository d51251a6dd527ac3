//! Rows of `entries` and `entry_parts`. There is no verb that changes one.

use diesel::prelude::*;

use super::budget::{Budget, BudgetOf};
use super::{Book, Kind};
use crate::each;
use crate::kernel::ids::{ClientId, EntryId, PersonId, UuidId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::{entries, entry_counts, entry_parts};
use crate::platform::db::types::AnyUuid;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = entries, treat_none_as_default_value = false)]
pub(super) struct EntryRow {
    pub(super) id: EntryId,
    pub(super) book: Book,
    pub(super) kind: Kind,
    pub(super) at: Timestamp,
    pub(super) actor_kind: String,
    pub(super) actor_id: Option<AnyUuid>,
    pub(super) subject_id: Option<PersonId>,
    pub(super) client_id: Option<ClientId>,
    pub(super) body: Vec<u8>,
    pub(super) leaf_hash: Vec<u8>,
}

#[derive(Insertable)]
#[diesel(table_name = entry_parts, treat_none_as_default_value = false)]
pub(super) struct PartRow {
    pub(super) entry_id: EntryId,
    pub(super) person_id: Option<PersonId>,
    pub(super) place: i32,
    pub(super) body: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

pub(super) fn insert(w: &mut Work<'_>, entry: &EntryRow, parts: &[PartRow]) -> Result<(), Fault> {
    each!(w.conn, c => {
        diesel::insert_into(entries::table).values(entry).execute(c)?;
        for part in parts {
            diesel::insert_into(entry_parts::table).values(part).execute(c)?;
        }
    });
    Ok(())
}

/// When an entry of this kind was last written in `book` with an application.
pub fn last_with(w: &mut Work<'_>, book: Book, kind: Kind, client: ClientId) -> Result<Option<Timestamp>, Fault> {
    Ok(each!(w.conn, c => entries::table
        .filter(entries::client_id.eq(client).and(entries::book.eq(book)).and(entries::kind.eq(kind)))
        .order(entries::id.desc())
        .select(entries::at)
        .first(c)
        .optional())?)
}

/// When an entry of this kind about a person was last written with an application.
pub fn last_about(w: &mut Work<'_>, book: Book, kind: Kind, person: PersonId, client: ClientId) -> Result<Option<Timestamp>, Fault> {
    Ok(each!(w.conn, c => entries::table
        .filter(entries::subject_id.eq(person).and(entries::client_id.eq(client)))
        .filter(entries::book.eq(book).and(entries::kind.eq(kind)))
        .order(entries::id.desc())
        .select(entries::at)
        .first(c)
        .optional())?)
}

pub(super) fn list_with(w: &mut Work<'_>, book: Book, client: ClientId, limit: i64) -> Result<Vec<EntryRow>, Fault> {
    Ok(each!(w.conn, c => entries::table
        .filter(entries::client_id.eq(client).and(entries::book.eq(book)))
        .order(entries::id.desc())
        .limit(limit.clamp(1, 500))
        .select(EntryRow::as_select())
        .load(c))?)
}

/// How many entries of a kind about a person were written in `book` since an instant.
pub fn count_since(w: &mut Work<'_>, book: Book, kind: Kind, person: PersonId, since: Timestamp) -> Result<i64, Fault> {
    // Ids sort by time: the index finds where to begin, however long the record of a person is.
    let first = first_id_at(since);
    Ok(each!(w.conn, c => entries::table
        .filter(entries::subject_id.eq(person).and(entries::book.eq(book)).and(entries::id.ge(first)))
        .filter(entries::kind.eq(kind).and(entries::at.ge(since)))
        .count()
        .get_result(c))?)
}

/// The least id that an entry of that instant can have.
fn first_id_at(at: Timestamp) -> EntryId {
    let millis = u64::try_from(at.millis()).unwrap_or(0);
    EntryId::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
}

pub(super) fn list_about(w: &mut Work<'_>, book: Book, person: PersonId, limit: i64) -> Result<Vec<EntryRow>, Fault> {
    Ok(each!(w.conn, c => entries::table
        .filter(entries::subject_id.eq(person).and(entries::book.eq(book)))
        .order(entries::id.desc())
        .limit(limit.clamp(1, 500))
        .select(EntryRow::as_select())
        .load(c))?)
}

/// Counts an entry; returns the count of its hour.
pub(super) fn count(w: &mut Work<'_>, entry: &Budget) -> Result<i64, Fault> {
    use entry_counts::entries as counted;
    let (id, kind, hour) = (AnyUuid(entry.id), entry.kind, entry.hour);
    let first = (
        entry_counts::about.eq(entry.about),
        entry_counts::about_id.eq(id),
        entry_counts::kind.eq(kind),
        entry_counts::hour.eq(hour),
        counted.eq(1),
    );
    let row = entry_counts::table.find((id, kind, hour));
    each!(w.conn, c => diesel::insert_into(entry_counts::table)
        .values(first)
        .on_conflict((entry_counts::about_id, entry_counts::kind, entry_counts::hour))
        .do_update()
        .set(counted.eq(counted + 1))
        .execute(c))?;
    Ok(each!(w.conn, c => row.select(counted).get_result(c))?)
}

/// How many counts are taken out at a time.
const COUNTS: i64 = 500;

/// Takes out counts of hours before this one.
pub(super) fn take_counts(w: &mut Work<'_>, hour: i64) -> Result<Vec<(Budget, i64)>, Fault> {
    let past = entry_counts::table.filter(entry_counts::hour.lt(hour)).order(entry_counts::hour).limit(COUNTS);
    let found: Vec<(BudgetOf, AnyUuid, Kind, i64, i64)> = each!(w.conn, c => past
        .select((entry_counts::about, entry_counts::about_id, entry_counts::kind, entry_counts::hour, entry_counts::entries))
        .load(c))?;
    let mut taken = Vec::new();
    for (about, id, kind, hour, entries) in found {
        // Of several nodes one takes it.
        if each!(w.conn, c => diesel::delete(entry_counts::table.find((id, kind, hour))).execute(c))? == 1 {
            taken.push((Budget { about, id: id.0, kind, hour }, entries));
        }
    }
    Ok(taken)
}

/// Deletes at most `most` entries of a book, or of those about nobody known, that are older than an instant.
pub(super) fn delete_before(w: &mut Work<'_>, book: Option<Book>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    // Ids sort by time: the index finds the oldest, however long the record is.
    let old = entries::id.lt(first_id_at(before));
    let of_nobody = entries::actor_kind.eq("unknown").and(entries::subject_id.is_null());
    let ids: Vec<EntryId> = match book {
        Some(book) => each!(w.conn, c => entries::table
            .filter(old.and(entries::book.eq(book)))
            .order(entries::id)
            .limit(most)
            .select(entries::id)
            .load(c))?,
        None => each!(w.conn, c => entries::table
            .filter(old.and(of_nobody))
            .order(entries::id)
            .limit(most)
            .select(entries::id)
            .load(c))?,
    };
    Ok(each!(w.conn, c => diesel::delete(entries::table.filter(entries::id.eq_any(&ids))).execute(c))?)
}

/// Every entry with its facts, for tests.
#[cfg(test)]
pub(super) fn list_all(w: &mut Work<'_>) -> Result<Vec<(Kind, serde_json::Value)>, Fault> {
    let rows: Vec<EntryRow> = each!(w.conn, c => entries::table.order(entries::id).select(EntryRow::as_select()).load(c))?;
    Ok(super::opened(w, rows)?.into_iter().map(|entry| (entry.kind, entry.facts)).collect())
}
