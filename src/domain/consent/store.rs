//! Rows of `consents`.

use diesel::prelude::*;

use super::Consent;
use crate::each;
use crate::kernel::ids::{ClientId, ConsentId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::schema::consents;
use crate::platform::db::{Json, Work};

pub(super) fn find(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<Option<Consent>, Fault> {
    let row: Option<(String, Json<Vec<String>>, Timestamp)> = each!(w.conn, c => consents::table
        .filter(consents::person_id.eq(person).and(consents::client_id.eq(client)))
        .select((consents::scopes, consents::claims, consents::given_at))
        .first(c)
        .optional())?;
    Ok(row.map(|(scopes, claims, given_at)| Consent {
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        claims: claims.0,
        given_at,
    }))
}

pub(super) fn upsert(
    w: &mut Work<'_>,
    id: ConsentId,
    person: PersonId,
    client: ClientId,
    scopes: &str,
    claims: Vec<String>,
) -> Result<(), Fault> {
    let row = (
        consents::id.eq(id),
        consents::person_id.eq(person),
        consents::client_id.eq(client),
        consents::scopes.eq(scopes),
        consents::claims.eq(Json(claims.clone())),
        consents::given_at.eq(w.now),
    );
    let again = (consents::scopes.eq(scopes), consents::claims.eq(Json(claims)), consents::given_at.eq(w.now));
    each!(w.conn, c => diesel::insert_into(consents::table)
        .values(row)
        .on_conflict((consents::person_id, consents::client_id))
        .do_update()
        .set(again)
        .execute(c))?;
    Ok(())
}

pub(super) fn count(w: &mut Work<'_>, client: ClientId) -> Result<i64, Fault> {
    Ok(each!(w.conn, c => consents::table.filter(consents::client_id.eq(client)).count().get_result(c))?)
}

pub(super) fn delete(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<bool, Fault> {
    let gone = each!(w.conn, c => diesel::delete(consents::table
        .filter(consents::person_id.eq(person).and(consents::client_id.eq(client))))
        .execute(c))?;
    Ok(gone == 1)
}
