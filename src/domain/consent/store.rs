//! Rows of `consents`.

use diesel::prelude::*;

use super::{Affected, Consent, Shown};
use crate::each;
use crate::kernel::ids::{ClientId, ConsentId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::schema::{clients, consents};
use crate::platform::db::{Conn, Json, Work};

type Columns = (String, Json<Vec<String>>, Timestamp, Option<Json<Shown>>);

/// What a person agreed to give an application.
pub fn find(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<Option<Consent>, Fault> {
    let row: Option<Columns> = each!(w.conn, c => consents::table
        .filter(consents::person_id.eq(person).and(consents::client_id.eq(client)))
        .select((consents::scopes, consents::claims, consents::given_at, consents::shown))
        .get_result(c)
        .optional())?;
    Ok(row.map(consent))
}

/// The same, held: nobody withdraws it before this write ends.
pub fn find_held(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<Option<Consent>, Fault> {
    let held = consents::table.filter(consents::person_id.eq(person).and(consents::client_id.eq(client))).select((
        consents::scopes,
        consents::claims,
        consents::given_at,
        consents::shown,
    ));
    let row: Option<Columns> = match &mut w.conn {
        // SQLite knows no such lock and needs none: one writes at a time.
        Conn::Pg(c) => held.for_key_share().get_result(&mut **c).optional()?,
        Conn::Lite(c) => held.get_result(&mut **c).optional()?,
    };
    Ok(row.map(consent))
}

fn consent((scopes, claims, given_at, shown): Columns) -> Consent {
    Consent {
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        claims: claims.0,
        given_at,
        shown: shown.map(|shown| shown.0),
    }
}

/// A decision and the application it is about.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The application.
    pub client: ClientId,
    /// What was decided.
    pub consent: Consent,
}

/// Everything a person decided, newest first.
pub fn list_of(w: &mut Work<'_>, person: PersonId) -> Result<Vec<Decided>, Fault> {
    let rows: Vec<(ClientId, Columns)> = each!(w.conn, c => consents::table
        .filter(consents::person_id.eq(person))
        .order(consents::given_at.desc())
        .select((consents::client_id, (consents::scopes, consents::claims, consents::given_at, consents::shown)))
        .load(c))?;
    Ok(rows.into_iter().map(|(client, columns)| Decided { client, consent: consent(columns) }).collect())
}

/// Changes which claims a person gives; false when there is no decision to change.
pub fn set_claims(w: &mut Work<'_>, person: PersonId, client: ClientId, claims: &[String]) -> Result<bool, Fault> {
    let changed = each!(w.conn, c => diesel::update(consents::table
        .filter(consents::person_id.eq(person).and(consents::client_id.eq(client))))
        .set(consents::claims.eq(Json(claims.to_vec())))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn upsert(w: &mut Work<'_>, id: ConsentId, person: PersonId, client: ClientId, consent: &Consent) -> Result<(), Fault> {
    let decided = (
        consents::scopes.eq(consent.scopes.join(" ")),
        consents::claims.eq(Json(consent.claims.clone())),
        consents::given_at.eq(consent.given_at),
        consents::shown.eq(consent.shown.clone().map(Json)),
    );
    let again = decided.clone();
    let row = (consents::id.eq(id), consents::person_id.eq(person), consents::client_id.eq(client), decided);
    each!(w.conn, c => diesel::insert_into(consents::table)
        .values(row)
        .on_conflict((consents::person_id, consents::client_id))
        .do_update()
        .set(again)
        .execute(c))?;
    Ok(())
}

/// How many people agreed to give an application something.
pub fn count(w: &mut Work<'_>, client: ClientId) -> Result<i64, Fault> {
    Ok(each!(w.conn, c => consents::table.filter(consents::client_id.eq(client)).count().get_result(c))?)
}

/// Forgets what was agreed. False when nothing was.
pub fn delete(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<bool, Fault> {
    let gone = each!(w.conn, c => diesel::delete(consents::table
        .filter(consents::person_id.eq(person).and(consents::client_id.eq(client))))
        .execute(c))?;
    Ok(gone == 1)
}

/// The person has not been told of the newest change of the application.
#[diesel::dsl::auto_type]
fn is_untold() -> _ {
    let changed = clients::shown_changed_at;
    let untold = consents::told_at.is_null().or(consents::told_at.assume_not_null().lt(changed.assume_not_null()));
    changed.is_not_null().and(consents::given_at.lt(changed.assume_not_null())).and(untold)
}

/// Decisions about applications that changed since, at most `most`, whose people have not been told.
pub fn list_affected(w: &mut Work<'_>, most: i64) -> Result<Vec<Affected>, Fault> {
    let rows: Vec<(PersonId, ClientId, Option<Json<Shown>>)> = each!(w.conn, c => consents::table
        .inner_join(clients::table)
        .filter(is_untold())
        .order(consents::id.asc())
        .limit(most)
        .select((consents::person_id, consents::client_id, consents::shown))
        .load(c))?;
    Ok(rows.into_iter().map(|(person, client, shown)| Affected { person, client, shown: shown.map(|shown| shown.0) }).collect())
}

/// Notes that a person is told now; false when another node was faster.
pub fn note_told(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<bool, Fault> {
    let now = w.now;
    let changed = each!(w.conn, c => diesel::update(consents::table
        .filter(consents::person_id.eq(person).and(consents::client_id.eq(client)))
        .filter(consents::told_at.is_null().or(consents::told_at.lt(now))))
        .set(consents::told_at.eq(now))
        .execute(c))?;
    Ok(changed == 1)
}
