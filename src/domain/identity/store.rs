//! Rows of `persons`, `person_values`, `login_names` and `word_prefixes`.

use diesel::prelude::*;

use super::{Attribute, NameKind, Person, PersonState};
use crate::each;
use crate::kernel::ids::{IndexKeyId, PersonId, ValueId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::{login_names, person_values, persons, word_prefixes};

#[derive(Queryable, Selectable)]
#[diesel(table_name = persons)]
struct StoredPerson {
    id: PersonId,
    state: PersonState,
    handle: Vec<u8>,
    created_at: Timestamp,
}

impl TryFrom<StoredPerson> for Person {
    type Error = Fault;
    fn try_from(row: StoredPerson) -> Result<Self, Fault> {
        let handle = row.handle.try_into().map_err(|_| Fault::corrupt("persons", "handle", row.id))?;
        Ok(Self { id: row.id, state: row.state, handle, created_at: row.created_at })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = person_values)]
pub(super) struct ValueRow {
    pub(super) id: ValueId,
    pub(super) attribute: Attribute,
    pub(super) value: Vec<u8>,
    pub(super) checked_at: Option<Timestamp>,
    pub(super) changed_at: Timestamp,
    pub(super) vouch: Option<Vec<u8>>,
    pub(super) vouched_at: Option<Timestamp>,
}

pub(super) fn insert(w: &mut Work<'_>, person: &Person) -> Result<(), Fault> {
    let row = (
        persons::id.eq(person.id),
        persons::state.eq(person.state),
        persons::handle.eq(person.handle.as_slice()),
        persons::created_at.eq(person.created_at),
        persons::updated_at.eq(person.created_at),
    );
    each!(w.conn, c => diesel::insert_into(persons::table).values(row).execute(c))?;
    Ok(())
}

/// Finds an account.
pub fn find(w: &mut Work<'_>, id: PersonId) -> Result<Option<Person>, Fault> {
    let row = each!(w.conn, c => persons::table.find(id).select(StoredPerson::as_select()).get_result(c).optional())?;
    row.map(Person::try_from).transpose()
}

/// Finds the account a passkey's user handle names (WA-60).
pub fn find_by_handle(w: &mut Work<'_>, handle: &[u8]) -> Result<Option<Person>, Fault> {
    let row =
        each!(w.conn, c => persons::table.filter(persons::handle.eq(handle)).select(StoredPerson::as_select()).get_result(c).optional())?;
    row.map(Person::try_from).transpose()
}

/// Keeps an account's row until the transaction ends, so that what is decided about its ways to sign in is decided
/// by one at a time. Says its state; `None` when there is no such account.
/// An update that changes nothing is a lock both databases know.
pub fn hold(w: &mut Work<'_>, id: PersonId) -> Result<Option<PersonState>, Fault> {
    each!(w.conn, c => diesel::update(persons::table.find(id)).set(persons::id.eq(id)).execute(c))?;
    Ok(each!(w.conn, c => persons::table.find(id).select(persons::state).get_result(c).optional())?)
}

/// A page of accounts, the newest first: those made before `before`, in one state if named.
pub fn list(w: &mut Work<'_>, state: Option<PersonState>, before: Option<PersonId>, most: i64) -> Result<Vec<Person>, Fault> {
    let rows: Vec<StoredPerson> = each!(w.conn, c => {
        let mut query = persons::table.select(StoredPerson::as_select()).order(persons::id.desc()).limit(most).into_boxed();
        if let Some(state) = state {
            query = query.filter(persons::state.eq(state));
        }
        if let Some(before) = before {
            query = query.filter(persons::id.lt(before));
        }
        query.load(c)
    })?;
    rows.into_iter().map(Person::try_from).collect()
}

/// How many accounts are in a state.
pub fn count(w: &mut Work<'_>, state: PersonState) -> Result<i64, Fault> {
    Ok(each!(w.conn, c => persons::table.filter(persons::state.eq(state)).count().get_result(c))?)
}

/// Moves an account to another state.
pub fn set_state(w: &mut Work<'_>, id: PersonId, state: PersonState) -> Result<(), Fault> {
    let set = (persons::state.eq(state), persons::updated_at.eq(w.now));
    each!(w.conn, c => diesel::update(persons::table.find(id)).set(set).execute(c))?;
    Ok(())
}

pub(super) fn find_by_digest(w: &mut Work<'_>, key: IndexKeyId, digest: &[u8]) -> Result<Option<PersonId>, Fault> {
    Ok(each!(w.conn, c => login_names::table
        .filter(login_names::key_id.eq(key).and(login_names::digest.eq(digest)))
        .select(login_names::person_id)
        .get_result(c)
        .optional())?)
}

/// A name to sign in with, as it is stored: found by its digest, read by nobody without the person's key.
pub(super) struct NewLoginName<'a> {
    pub(super) key: IndexKeyId,
    pub(super) digest: &'a [u8],
    pub(super) person: PersonId,
    pub(super) kind: NameKind,
    pub(super) sealed: &'a [u8],
}

pub(super) fn insert_login_name(w: &mut Work<'_>, name: &NewLoginName<'_>) -> Result<(), Fault> {
    let row = (
        login_names::key_id.eq(name.key),
        login_names::digest.eq(name.digest),
        login_names::person_id.eq(name.person),
        login_names::kind.eq(name.kind),
        login_names::value.eq(name.sealed),
        login_names::created_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(login_names::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn list_values(w: &mut Work<'_>, person: PersonId) -> Result<Vec<ValueRow>, Fault> {
    Ok(each!(w.conn, c => person_values::table
        .filter(person_values::person_id.eq(person))
        .select(ValueRow::as_select())
        .load(c))?)
}

/// What an account has a value for.
pub fn attributes(w: &mut Work<'_>, person: PersonId) -> Result<Vec<Attribute>, Fault> {
    Ok(each!(w.conn, c => person_values::table.filter(person_values::person_id.eq(person)).select(person_values::attribute).load(c))?)
}

pub(super) fn insert_value(w: &mut Work<'_>, id: ValueId, person: PersonId, attribute: Attribute, sealed: &[u8]) -> Result<(), Fault> {
    let row = (
        person_values::id.eq(id),
        person_values::person_id.eq(person),
        person_values::attribute.eq(attribute),
        person_values::value.eq(sealed),
        person_values::source.eq("person"),
        person_values::changed_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(person_values::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn insert_word_prefixes(w: &mut Work<'_>, person: PersonId, digests: &[i32]) -> Result<(), Fault> {
    each!(w.conn, c => {
        for digest in digests {
            let row = (word_prefixes::digest.eq(*digest), word_prefixes::person_id.eq(person));
            diesel::insert_into(word_prefixes::table).values(row).on_conflict_do_nothing().execute(c)?;
        }
    });
    Ok(())
}

/// Notes that a person reads what is sent to their address.
pub fn confirm_email(w: &mut Work<'_>, id: PersonId) -> Result<(), Fault> {
    let now = w.now;
    each!(w.conn, c => diesel::update(login_names::table
        .filter(login_names::person_id.eq(id).and(login_names::kind.eq(NameKind::Email))))
        .set(login_names::confirmed_at.eq(now))
        .execute(c))?;
    each!(w.conn, c => diesel::update(person_values::table
        .filter(person_values::person_id.eq(id).and(person_values::attribute.eq(Attribute::Email))))
        .set(person_values::checked_at.eq(now))
        .execute(c))?;
    Ok(())
}

pub(super) fn set_vouch(w: &mut Work<'_>, value: ValueId, vouch: Option<&[u8]>) -> Result<(), Fault> {
    let set = (person_values::vouch.eq(vouch), person_values::vouched_at.eq(vouch.map(|_| w.now)));
    each!(w.conn, c => diesel::update(person_values::table.find(value)).set(set).execute(c))?;
    Ok(())
}

pub(super) fn find_value(w: &mut Work<'_>, person: PersonId, attribute: Attribute) -> Result<Option<ValueRow>, Fault> {
    Ok(each!(w.conn, c => person_values::table
        .filter(person_values::person_id.eq(person).and(person_values::attribute.eq(attribute)))
        .select(ValueRow::as_select())
        .get_result(c)
        .optional())?)
}

#[cfg(test)]
pub(super) fn replace_value(w: &mut Work<'_>, value: ValueId, sealed: &[u8]) -> Result<(), Fault> {
    let set = (person_values::value.eq(sealed), person_values::changed_at.eq(w.now));
    each!(w.conn, c => diesel::update(person_values::table.find(value)).set(set).execute(c))?;
    Ok(())
}
