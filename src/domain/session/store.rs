//! Rows of `sessions`.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Limits, Rotation, Session};
use crate::each;
use crate::kernel::ids::{PersonId, SessionId};
use crate::kernel::proof::AuthEvent;
use crate::kernel::time::CLOCK_TOLERANCE;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::schema::{persons, sessions};
use crate::platform::db::{Json, Work, prepared_update};

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: SessionId,
    person_id: PersonId,
    events: Json<Vec<AuthEvent>>,
    created_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: Timestamp,
    rights_used_at: Option<Timestamp>,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id,
            person: row.person_id,
            events: row.events.0,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            rights_used_at: row.rights_used_at,
        }
    }
}

pub(super) fn insert(w: &mut Work<'_>, session: &Session, cookie: &[u8; 32], address: &[u8], user_agent: &[u8]) -> Result<(), Fault> {
    let row = (
        sessions::id.eq(session.id),
        sessions::cookie_hash.eq(cookie.as_slice()),
        sessions::person_id.eq(session.person),
        sessions::events.eq(Json(session.events.clone())),
        sessions::address.eq(address),
        sessions::user_agent.eq(user_agent),
        sessions::created_at.eq(session.created_at),
        sessions::last_used_at.eq(session.last_used_at),
        sessions::expires_at.eq(session.expires_at),
    );
    each!(w.conn, c => diesel::insert_into(sessions::table).values(row).execute(c))?;
    Ok(())
}

/// Only of a person who may sign in: disabling someone ends their sessions in the same moment, on every node (SE-09).
pub(super) fn find_by_cookie(w: &mut Work<'_>, cookie: &[u8; 32]) -> Result<Option<Session>, Fault> {
    let row = each!(w.conn, c => sessions::table
        .inner_join(persons::table)
        .filter(sessions::cookie_hash.eq(cookie.as_slice()).and(sessions::ended_at.is_null()))
        .filter(persons::state.eq("active"))
        .select(SessionRow::as_select())
        .get_result(c)
        .optional())?;
    Ok(row.map(Session::from))
}

/// Writes down that a session is in use.
pub fn touch(w: &mut Work<'_>, id: SessionId) -> Result<(), Fault> {
    let (now, ahead) = (w.now, w.now.plus(CLOCK_TOLERANCE));
    let used_otherwise = sessions::last_used_at.lt(now).or(sessions::last_used_at.gt(ahead));
    let session = sessions::table.find(id).filter(sessions::ended_at.is_null().and(used_otherwise));
    each!(w.conn, c => prepared_update(session, sessions::last_used_at.eq(now)).execute(c))?;
    Ok(())
}

/// Writes down that an administrator's elevated rights are in use.
pub fn touch_rights(w: &mut Work<'_>, id: SessionId) -> Result<(), Fault> {
    let now = w.now;
    each!(w.conn, c => diesel::update(sessions::table.find(id).filter(sessions::ended_at.is_null()))
        .set(sessions::rights_used_at.eq(now))
        .execute(c))?;
    Ok(())
}

/// When each of these people last opened a session.
pub fn last_opened(w: &mut Work<'_>, people: &[PersonId]) -> Result<HashMap<PersonId, Timestamp>, Fault> {
    let rows: Vec<(PersonId, Option<Timestamp>)> = each!(w.conn, c => sessions::table
        .filter(sessions::person_id.eq_any(people.iter().copied()))
        .group_by(sessions::person_id)
        .select((sessions::person_id, diesel::dsl::max(sessions::created_at)))
        .load(c))?;
    Ok(rows.into_iter().filter_map(|(person, at)| Some((person, at?))).collect())
}

/// Gives a session a new cookie and a new set of proofs after a confirmation (SE-02). False when the old cookie
/// is no longer the session's: someone else rotated it first, or it has ended, by a verb or by its limits.
pub fn rotate(w: &mut Work<'_>, id: SessionId, rotation: Rotation<'_>, limits: Limits) -> Result<bool, Fault> {
    let Rotation { old, new, events } = rotation;
    let (now, used_since, opened_since) = (w.now, w.now.minus(limits.idle), w.now.minus(limits.lifetime));
    let set = (sessions::cookie_hash.eq(new.as_bytes().as_slice()), sessions::events.eq(Json(events)), sessions::last_used_at.eq(w.now));
    let changed = each!(w.conn, c => diesel::update(sessions::table.find(id)
        .filter(sessions::cookie_hash.eq(old.as_bytes().as_slice()).and(sessions::ended_at.is_null()))
        .filter(sessions::expires_at.gt(now).and(sessions::last_used_at.gt(used_since)).and(sessions::created_at.gt(opened_since))))
        .set(set)
        .execute(c))?;
    Ok(changed == 1)
}

/// Whether a session is open now, whatever was true when its request began.
pub fn is_open(w: &mut Work<'_>, id: SessionId) -> Result<bool, Fault> {
    let now = w.now;
    let open = sessions::table.find(id).filter(sessions::ended_at.is_null().and(sessions::expires_at.gt(now)));
    Ok(each!(w.conn, c => diesel::select(diesel::dsl::exists(open)).get_result(c))?)
}

/// Ends a session. False when it had ended.
pub fn end(w: &mut Work<'_>, id: SessionId) -> Result<bool, Fault> {
    let now = w.now;
    let changed = each!(w.conn, c => diesel::update(sessions::table.find(id).filter(sessions::ended_at.is_null()))
        .set(sessions::ended_at.eq(now))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn list_open(w: &mut Work<'_>, person: PersonId) -> Result<Vec<SessionId>, Fault> {
    Ok(each!(w.conn, c => sessions::table
        .filter(sessions::person_id.eq(person).and(sessions::ended_at.is_null()))
        .select(sessions::id)
        .load(c))?)
}

pub(super) fn load_place(w: &mut Work<'_>, id: SessionId) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    Ok(each!(w.conn, c => sessions::table.find(id).select((sessions::address, sessions::user_agent)).get_result(c))?)
}

/// Deletes at most `most` that were over before `before`, with all that hangs on them; says how many. The last one of each
/// person stays: it says when they last signed in.
pub fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let newer = diesel::alias!(sessions as newer);
    let ids: Vec<SessionId> = each!(w.conn, c => sessions::table
        .filter(sessions::ended_at.lt(before).or(sessions::expires_at.lt(before)))
        .filter(diesel::dsl::exists(newer
            .filter(newer.field(sessions::person_id).eq(sessions::person_id))
            .filter(newer.field(sessions::id).gt(sessions::id))))
        .select(sessions::id)
        .limit(most)
        .load(c))?;
    Ok(each!(w.conn, c => diesel::delete(sessions::table.filter(sessions::id.eq_any(&ids))).execute(c))?)
}
