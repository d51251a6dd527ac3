//! Rows of `persons`, `person_values`, `login_names` and `word_prefixes`. A filter of people also reads `roles` and
//! `memberships`, so that the database pages through what is left.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::listing::{PageStart, PeopleFilter};
use super::{Attribute, NameKind, Person, PersonState};
use crate::each;
use crate::kernel::ids::{IndexKeyId, PersonId, ValueId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::platform::db::schema::{login_names, memberships, person_values, persons, roles, word_prefixes};

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

/// Keeps an account's row until the transaction ends, so that what is decided about its sign-in methods is decided
/// by one at a time. Says its state; `None` when there is no such account.
/// An update that changes nothing is a lock both databases know.
pub fn hold(w: &mut Work<'_>, id: PersonId) -> Result<Option<PersonState>, Fault> {
    each!(w.conn, c => diesel::update(persons::table.find(id)).set(persons::id.eq(id)).execute(c))?;
    Ok(each!(w.conn, c => persons::table.find(id).select(persons::state).get_result(c).optional())?)
}

/// A query of accounts, narrowed to those that a filter lets through. A macro, as the two databases have two types of query.
macro_rules! narrowed {
    ($query:expr, $filter:expr) => {{
        let mut query = $query.filter(persons::state.ne(PersonState::Erased)).into_boxed();
        if let Some(state) = $filter.state {
            query = query.filter(persons::state.eq(state));
        }
        if $filter.administrators {
            let holders = roles::table.filter(roles::group_id.is_null()).select(roles::person_id);
            query = query.filter(persons::id.eq_any(holders));
        }
        if let Some(group) = $filter.group {
            let members = memberships::table.filter(memberships::group_id.eq(group)).select(memberships::person_id);
            query = query.filter(persons::id.eq_any(members));
        }
        if let Some(only) = $filter.only {
            query = query.filter(persons::id.eq(only));
        }
        for beginning in &$filter.beginnings {
            let having = word_prefixes::table.filter(word_prefixes::digest.eq(*beginning)).select(word_prefixes::person_id);
            query = query.filter(persons::id.eq_any(having));
        }
        query
    }};
}

/// A page of the accounts that a filter lets through, in the order of the list: the newest first.
pub fn list(w: &mut Work<'_>, filter: &PeopleFilter, from: PageStart, most: i64) -> Result<Vec<Person>, Fault> {
    let mut rows: Vec<StoredPerson> = each!(w.conn, c => {
        let query = narrowed!(persons::table.select(StoredPerson::as_select()), filter);
        match from {
            PageStart::First => query.order(persons::id.desc()),
            PageStart::After(id) => query.filter(persons::id.lt(id)).order(persons::id.desc()),
            PageStart::Before(id) => query.filter(persons::id.gt(id)).order(persons::id.asc()),
        }
        .limit(most)
        .load(c)
    })?;
    if matches!(from, PageStart::Before(_)) {
        rows.reverse();
    }
    rows.into_iter().map(Person::try_from).collect()
}

/// How many accounts a filter lets through, and how many of them stand before one in the list.
pub fn count(w: &mut Work<'_>, filter: &PeopleFilter, before: Option<PersonId>) -> Result<i64, Fault> {
    Ok(each!(w.conn, c => {
        let query = narrowed!(persons::table.select(count_star()), filter);
        match before {
            Some(id) => query.filter(persons::id.gt(id)).get_result(c),
            None => query.get_result(c),
        }
    })?)
}

/// How many accounts are in each state; a state without any is not there.
pub fn count_states(w: &mut Work<'_>) -> Result<HashMap<PersonState, i64>, Fault> {
    let rows: Vec<(PersonState, i64)> =
        each!(w.conn, c => persons::table.group_by(persons::state).select((persons::state, count_star())).load(c))?;
    Ok(rows.into_iter().collect())
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

/// Whose login name has a digest, and of which kind it is.
pub(super) fn find_holder(w: &mut Work<'_>, key: IndexKeyId, digest: &[u8]) -> Result<Option<(PersonId, NameKind)>, Fault> {
    Ok(each!(w.conn, c => login_names::table
        .filter(login_names::key_id.eq(key).and(login_names::digest.eq(digest)))
        .select((login_names::person_id, login_names::kind))
        .get_result(c)
        .optional())?)
}

pub(super) fn delete_login_names(w: &mut Work<'_>, person: PersonId, kind: NameKind) -> Result<(), Fault> {
    let gone = login_names::table.filter(login_names::person_id.eq(person).and(login_names::kind.eq(kind)));
    each!(w.conn, c => diesel::delete(gone).execute(c))?;
    Ok(())
}

pub(super) fn delete_value(w: &mut Work<'_>, person: PersonId, attribute: Attribute) -> Result<(), Fault> {
    let gone = person_values::table.filter(person_values::person_id.eq(person).and(person_values::attribute.eq(attribute)));
    each!(w.conn, c => diesel::delete(gone).execute(c))?;
    Ok(())
}

/// Notes that a person's values changed now, by the row of one of them.
pub(super) fn touch_value(w: &mut Work<'_>, person: PersonId, attribute: Attribute) -> Result<(), Fault> {
    let now = w.now;
    let row = person_values::table.filter(person_values::person_id.eq(person).and(person_values::attribute.eq(attribute)));
    each!(w.conn, c => diesel::update(row).set(person_values::changed_at.eq(now)).execute(c))?;
    Ok(())
}

pub(super) fn delete_word_prefixes(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::delete(word_prefixes::table.filter(word_prefixes::person_id.eq(person))).execute(c))?;
    Ok(())
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

pub(super) fn list_values_of_each(w: &mut Work<'_>, people: &[PersonId]) -> Result<Vec<(PersonId, ValueRow)>, Fault> {
    Ok(each!(w.conn, c => person_values::table
        .filter(person_values::person_id.eq_any(people.iter().copied()))
        .select((person_values::person_id, ValueRow::as_select()))
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
