//! Rows of `tickets`.

use diesel::prelude::*;

use super::TicketKind;
use crate::each;
use crate::kernel::ids::{PersonId, TicketId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::tickets;

#[derive(Queryable, Selectable)]
#[diesel(table_name = tickets)]
pub(super) struct TicketRow {
    pub(super) id: TicketId,
    pub(super) person_id: Option<PersonId>,
    pub(super) expires_at: Timestamp,
    pub(super) used_at: Option<Timestamp>,
    pub(super) voided_at: Option<Timestamp>,
}

pub(super) fn void_open(w: &mut Work<'_>, kind: TicketKind, person: Option<PersonId>) -> Result<(), Fault> {
    let now = w.now;
    each!(w.conn, c => {
        let open = tickets::kind.eq(kind).and(tickets::used_at.is_null()).and(tickets::voided_at.is_null());
        match person {
            Some(person) => diesel::update(tickets::table.filter(open).filter(tickets::person_id.eq(person)))
                .set(tickets::voided_at.eq(now))
                .execute(c),
            None => diesel::update(tickets::table.filter(open).filter(tickets::person_id.is_null()))
                .set(tickets::voided_at.eq(now))
                .execute(c),
        }
    })?;
    Ok(())
}

pub(super) fn insert(
    w: &mut Work<'_>,
    id: TicketId,
    kind: TicketKind,
    hash: &[u8; 32],
    person: Option<PersonId>,
    expires_at: Timestamp,
) -> Result<(), Fault> {
    let row = (
        tickets::id.eq(id),
        tickets::kind.eq(kind),
        tickets::hash.eq(hash.as_slice()),
        tickets::person_id.eq(person),
        tickets::created_at.eq(w.now),
        tickets::expires_at.eq(expires_at),
    );
    each!(w.conn, c => diesel::insert_into(tickets::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn find(w: &mut Work<'_>, kind: TicketKind, hash: &[u8; 32]) -> Result<Option<TicketRow>, Fault> {
    Ok(each!(w.conn, c => tickets::table
        .filter(tickets::hash.eq(hash.as_slice()).and(tickets::kind.eq(kind)))
        .select(TicketRow::as_select())
        .first(c)
        .optional())?)
}

pub(super) fn ends_at(w: &mut Work<'_>, kind: TicketKind, person: PersonId) -> Result<Option<Timestamp>, Fault> {
    Ok(each!(w.conn, c => tickets::table
        .filter(tickets::person_id.eq(person).and(tickets::kind.eq(kind)))
        .filter(tickets::used_at.is_null().and(tickets::voided_at.is_null()))
        .order(tickets::created_at.desc())
        .select(tickets::expires_at)
        .first(c)
        .optional())?)
}

pub(super) fn claim(w: &mut Work<'_>, id: TicketId) -> Result<bool, Fault> {
    let now = w.now;
    let changed = each!(w.conn, c => diesel::update(tickets::table
        .filter(tickets::id.eq(id))
        .filter(tickets::used_at.is_null().and(tickets::voided_at.is_null()).and(tickets::expires_at.gt(now))))
        .set(tickets::used_at.eq(now))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let ids: Vec<TicketId> = each!(w.conn, c => tickets::table
        .filter(tickets::used_at.lt(before).or(tickets::voided_at.lt(before)))
        .select(tickets::id)
        .limit(most)
        .load(c))?;
    Ok(each!(w.conn, c => diesel::delete(tickets::table.filter(tickets::id.eq_any(&ids))).execute(c))?)
}
