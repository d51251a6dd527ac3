//! Rows of `tickets`.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Newest, TicketKind};
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

/// A link to be kept.
pub(super) struct NewTicket {
    pub(super) id: TicketId,
    pub(super) kind: TicketKind,
    pub(super) person: Option<PersonId>,
    pub(super) made_by: Option<PersonId>,
    pub(super) reason: Option<Vec<u8>>,
}

/// Voids open links of a kind; says how many.
pub(super) fn void_open(w: &mut Work<'_>, kind: TicketKind, person: Option<PersonId>) -> Result<usize, Fault> {
    let now = w.now;
    Ok(each!(w.conn, c => {
        let open = tickets::kind.eq(kind).and(tickets::used_at.is_null()).and(tickets::voided_at.is_null());
        match person {
            Some(person) => diesel::update(tickets::table.filter(open).filter(tickets::person_id.eq(person)))
                .set(tickets::voided_at.eq(now))
                .execute(c),
            None => diesel::update(tickets::table.filter(open).filter(tickets::person_id.is_null()))
                .set(tickets::voided_at.eq(now))
                .execute(c),
        }
    })?)
}

pub(super) fn insert(w: &mut Work<'_>, new: &NewTicket, hash: &[u8; 32], expires_at: Timestamp) -> Result<(), Fault> {
    let row = (
        tickets::id.eq(new.id),
        tickets::kind.eq(new.kind),
        tickets::hash.eq(hash.as_slice()),
        tickets::person_id.eq(new.person),
        tickets::made_by.eq(new.made_by),
        tickets::reason.eq(new.reason.as_deref()),
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
        .get_result(c)
        .optional())?)
}

pub(super) fn maker(w: &mut Work<'_>, id: TicketId) -> Result<(Option<PersonId>, Option<Vec<u8>>), Fault> {
    Ok(each!(w.conn, c => tickets::table.find(id).select((tickets::made_by, tickets::reason)).get_result(c))?)
}

/// A person's newest link of a kind.
pub fn newest(w: &mut Work<'_>, kind: TicketKind, person: PersonId) -> Result<Option<Newest>, Fault> {
    Ok(newest_of_each(w, kind, &[person])?.remove(&person))
}

/// The newest link of a kind of each of some people; who has none is not there. (Old ones are swept, so there are few.)
pub fn newest_of_each(w: &mut Work<'_>, kind: TicketKind, people: &[PersonId]) -> Result<HashMap<PersonId, Newest>, Fault> {
    type Found = (Option<PersonId>, TicketId, Timestamp, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>);
    let found: Vec<Found> = each!(w.conn, c => tickets::table
        .filter(tickets::person_id.eq_any(people.iter().copied()).and(tickets::kind.eq(kind)))
        .order(tickets::id.asc())
        .select((tickets::person_id, tickets::id, tickets::expires_at, tickets::used_at, tickets::voided_at, tickets::declined_at))
        .load(c))?;
    let mut newest: HashMap<PersonId, Newest> = HashMap::new();
    for (person, id, expires_at, used_at, voided_at, declined_at) in found {
        let Some(person) = person else { continue };
        // Of several made within a millisecond the ids do not tell the last; but the others are void.
        if voided_at.is_none() || newest.get(&person).is_none_or(|known| known.voided_at.is_some()) {
            newest.insert(person, Newest { id, expires_at, used_at, voided_at, declined_at });
        }
    }
    Ok(newest)
}

pub(super) fn load_made_at(w: &mut Work<'_>, id: TicketId) -> Result<Timestamp, Fault> {
    Ok(each!(w.conn, c => tickets::table.find(id).select(tickets::created_at).get_result(c))?)
}

/// Whether a link can still be used.
pub fn is_open(w: &mut Work<'_>, id: TicketId) -> Result<bool, Fault> {
    let now = w.now;
    let found: i64 = each!(w.conn, c => tickets::table
        .filter(tickets::id.eq(id))
        .filter(tickets::used_at.is_null().and(tickets::voided_at.is_null()).and(tickets::expires_at.gt(now)))
        .count()
        .get_result(c))?;
    Ok(found == 1)
}

/// Keeps a link's row until the transaction ends, so that of several who use it the next one decides on what the last one
/// left behind. False when the link is not open. An update that changes nothing is a lock both databases know.
pub fn hold(w: &mut Work<'_>, id: TicketId) -> Result<bool, Fault> {
    let now = w.now;
    let held = each!(w.conn, c => diesel::update(tickets::table
        .filter(tickets::id.eq(id))
        .filter(tickets::used_at.is_null().and(tickets::voided_at.is_null()).and(tickets::expires_at.gt(now))))
        .set(tickets::id.eq(id))
        .execute(c))?;
    Ok(held == 1)
}

/// Withdraws a link because the person who opened it said that it is not for them. False when it was no longer open.
pub fn decline(w: &mut Work<'_>, id: TicketId) -> Result<bool, Fault> {
    let now = w.now;
    let changed = each!(w.conn, c => diesel::update(tickets::table
        .filter(tickets::id.eq(id))
        .filter(tickets::used_at.is_null().and(tickets::voided_at.is_null()).and(tickets::expires_at.gt(now))))
        .set((tickets::voided_at.eq(now), tickets::declined_at.eq(now)))
        .execute(c))?;
    Ok(changed == 1)
}

/// Uses a link: true for exactly one caller, false for everyone else, ever.
pub fn claim(w: &mut Work<'_>, id: TicketId) -> Result<bool, Fault> {
    let now = w.now;
    let changed = each!(w.conn, c => diesel::update(tickets::table
        .filter(tickets::id.eq(id))
        .filter(tickets::used_at.is_null().and(tickets::voided_at.is_null()).and(tickets::expires_at.gt(now))))
        .set(tickets::used_at.eq(now))
        .execute(c))?;
    Ok(changed == 1)
}

/// Deletes at most `most` that were used or withdrawn before `before`; says how many. One that merely ran out stays, one a
/// person and kind, and says when it ended.
pub fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let ids: Vec<TicketId> = each!(w.conn, c => tickets::table
        .filter(tickets::used_at.lt(before).or(tickets::voided_at.lt(before)))
        .select(tickets::id)
        .limit(most)
        .load(c))?;
    Ok(each!(w.conn, c => diesel::delete(tickets::table.filter(tickets::id.eq_any(&ids))).execute(c))?)
}
