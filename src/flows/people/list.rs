//! Who there is.

use std::collections::HashMap;

use crate::app::App;
use crate::domain::access::{self, AdminActor, Administrator, Right, Role};
use crate::domain::identity::{self, PageStart, PeopleFilter, Person, PersonState, Profile, SearchWords};
use crate::domain::ticket::{self, Newest, TicketKind};
use crate::domain::{group, passkey, password, session, totp};
use crate::kernel::ids::{GroupId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// How many people are on a page.
pub const MOST_ON_PAGE: usize = 50;

/// How many of each sign-in method someone has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodCounts {
    /// Passkeys.
    pub passkeys: usize,
    /// Authenticators.
    pub authenticators: usize,
    /// A password.
    pub password: bool,
}

/// One person.
#[derive(Clone, Debug)]
pub struct Row {
    /// The account.
    pub person: Person,
    /// What they are called.
    pub profile: Profile,
    /// Their roles.
    pub roles: Vec<Role>,
    /// Their sign-in methods.
    pub ways: MethodCounts,
    /// When they last signed in.
    pub last_signed_in: Option<Timestamp>,
    /// The names of their groups.
    pub groups: Vec<String>,
    /// Their newest link: of someone invited the invitation, of others one that resets their sign-in.
    pub link: Option<Newest>,
}

/// One person, with what their own page says of them.
#[derive(Clone, Debug)]
pub struct PersonDetail {
    /// As in the list.
    pub row: Row,
    /// Who vouched for their address, by name; `None` also when it was done on the host.
    pub vouched_by: Option<String>,
    /// Whether this administrator may act on them (EN-15).
    pub yours: bool,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct PeopleQuery {
    /// What someone typed to find people: the beginnings of words in names, usernames and addresses, or a whole one.
    pub typed: String,
    /// Only those in this state.
    pub state: Option<PersonState>,
    /// Only those with a role.
    pub administrators: bool,
    /// Only the members of this group.
    pub group: Option<GroupId>,
    /// Where the page begins.
    pub from: PageStart,
}

/// A page of people.
#[derive(Clone, Debug)]
pub struct PeopleOverview {
    /// The people, the newest first.
    pub rows: Vec<Row>,
    /// Whether others stand before the first of this page.
    pub earlier: bool,
    /// Whether others stand after the last of this page.
    pub later: bool,
    /// Which places of how many this page shows; unknown of a search with more than one page.
    pub range: Option<ListRange>,
}

/// Which places of a list a page shows, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRange {
    /// The place of the first.
    pub first: i64,
    /// The place of the last.
    pub last: i64,
    /// How many there are.
    pub total: i64,
}

/// How many people there are of each kind that a list can be narrowed to.
#[derive(Clone, Copy, Debug)]
pub struct PeopleCounts {
    /// Everyone but the erased.
    pub all: i64,
    /// Who can sign in.
    pub active: i64,
    /// Who was invited and has not come yet.
    pub invited: i64,
    /// Whose account is disabled.
    pub disabled: i64,
    /// Who has a role.
    pub administrators: i64,
}

/// A page of people.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(app: &App, by: &Administrator, asked: PeopleQuery) -> Result<PeopleOverview, Fault> {
    by.demand(Right::People)?;
    app.read(move |w| {
        let words = SearchWords::read(w, &asked.typed)?;
        let mut filter = PeopleFilter {
            state: asked.state,
            administrators: asked.administrators,
            group: asked.group,
            only: None,
            beginnings: words.as_ref().map(|words| words.beginnings.clone()).unwrap_or_default(),
        };
        let mut found = gather(w, &filter, words.as_ref(), asked.from)?;
        if words.is_some() && asked.from == PageStart::First {
            filter.beginnings = vec![];
            if let Some(person) = named_exactly(w, &filter, &asked.typed)?.filter(|named| !found.people.contains(named)) {
                found.people.insert(0, person);
            }
        }
        let range = range(w, &filter, &found, words.as_ref())?;
        Ok(PeopleOverview { earlier: found.earlier, later: found.later, range, rows: rows(w, found.people)? })
    })
    .await
}

/// How many people there are of each kind.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(app: &App, by: &Administrator) -> Result<PeopleCounts, Fault> {
    by.demand(Right::People)?;
    app.read(|w| {
        let states = identity::count_states(w)?;
        let of = |state| states.get(&state).copied().unwrap_or(0);
        let (active, invited, disabled) = (of(PersonState::Active), of(PersonState::Invited), of(PersonState::Disabled));
        let administrators = identity::count(w, &PeopleFilter { administrators: true, ..PeopleFilter::default() }, None)?;
        Ok(PeopleCounts { all: active + invited + disabled, active, invited, disabled, administrators })
    })
    .await
}

/// The people of a page, in its order.
struct Found {
    people: Vec<Person>,
    earlier: bool,
    later: bool,
}

/// How often a page is filled up: the database finds some people too many by hashes of word beginnings.
const MOST_ROUNDS: usize = 8;

/// Reads on until a page is full and one more is seen, or the list ends.
fn gather(w: &mut Work<'_>, filter: &PeopleFilter, words: Option<&SearchWords>, from: PageStart) -> Result<Found, Fault> {
    let backwards = matches!(from, PageStart::Before(_));
    let chunk = MOST_ON_PAGE + 1;
    let (mut people, mut at, mut more) = (Vec::new(), from, true);
    for _ in 0..MOST_ROUNDS {
        let read = identity::list(w, filter, at, i64::try_from(chunk).unwrap_or(i64::MAX))?;
        more = read.len() == chunk;
        at = match (backwards, read.first(), read.last()) {
            (true, Some(first), _) => PageStart::Before(first.id),
            (false, _, Some(last)) => PageStart::After(last.id),
            _ => at,
        };
        let hits = match words {
            Some(words) => with_words(w, words, read)?,
            None => read,
        };
        let place = if backwards { 0 } else { people.len() };
        people.splice(place..place, hits);
        if people.len() > MOST_ON_PAGE || !more {
            break;
        }
    }
    let excess = people.len().saturating_sub(MOST_ON_PAGE);
    more |= excess > 0;
    let dropped = if backwards { 0..excess } else { people.len() - excess..people.len() };
    people.drain(dropped);
    let further = from != PageStart::First;
    Ok(if backwards { Found { people, earlier: more, later: further } } else { Found { people, earlier: further, later: more } })
}

/// Those of some people whose opened names have the words.
fn with_words(w: &mut Work<'_>, words: &SearchWords, read: Vec<Person>) -> Result<Vec<Person>, Fault> {
    let ids: Vec<PersonId> = read.iter().map(|person| person.id).collect();
    let profiles = identity::profiles(w, &ids)?;
    Ok(read.into_iter().filter(|person| profiles.get(&person.id).is_some_and(|profile| words.match_profile(profile))).collect())
}

/// Whose whole username or address was typed, if the filter lets them through.
fn named_exactly(w: &mut Work<'_>, filter: &PeopleFilter, typed: &str) -> Result<Option<Person>, Fault> {
    let Some(person) = identity::find_by_login_name(w, typed)? else { return Ok(None) };
    let alone = PeopleFilter { only: Some(person.id), ..filter.clone() };
    Ok((identity::count(w, &alone, None)? == 1).then_some(person))
}

fn range(w: &mut Work<'_>, filter: &PeopleFilter, found: &Found, words: Option<&SearchWords>) -> Result<Option<ListRange>, Fault> {
    let Some(first) = found.people.first() else { return Ok(None) };
    let shown = i64::try_from(found.people.len()).unwrap_or(i64::MAX);
    if words.is_some() {
        let whole = !found.earlier && !found.later;
        return Ok(whole.then_some(ListRange { first: 1, last: shown, total: shown }));
    }
    let before = identity::count(w, filter, Some(first.id))?;
    Ok(Some(ListRange { first: before + 1, last: before + shown, total: identity::count(w, filter, None)? }))
}

/// One person; `None` when there is no such person.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(app: &App, by: &Administrator, id: PersonId) -> Result<Option<PersonDetail>, Fault> {
    by.demand(Right::People)?;
    let may = by.may(Right::Administrators);
    app.read(move |w| {
        let Some(person) = identity::find(w, id)? else { return Ok(None) };
        let Some(row) = rows(w, vec![person])?.pop() else { return Ok(None) };
        let yours = may || row.roles.is_empty();
        let vouched_by = match row.profile.email_vouch.as_ref().and_then(|vouch| vouch.by) {
            Some(by) => identity::name_of(w, by)?,
            None => None,
        };
        Ok(Some(PersonDetail { row, vouched_by, yours }))
    })
    .await
}

/// Whether there is such a person, with a name that can still be read.
///
/// # Errors
/// When the database cannot be asked.
pub async fn exists(app: &App, by: &AdminActor, id: PersonId) -> Result<bool, Fault> {
    by.demand(Right::People)?;
    app.read(move |w| Ok(identity::find(w, id)?.is_some_and(|person| person.state != PersonState::Erased))).await
}

/// Who signs in with a name.
///
/// # Errors
/// When the database cannot be asked.
pub async fn named(app: &App, by: &AdminActor, typed: &str) -> Result<Option<PersonId>, Fault> {
    by.demand(Right::People)?;
    let typed = typed.to_owned();
    app.read(move |w| Ok(identity::find_by_login_name(w, &typed)?.map(|person| person.id))).await
}

/// All that a list says of some people, by a number of queries that does not grow with them.
fn rows(w: &mut Work<'_>, people: Vec<Person>) -> Result<Vec<Row>, Fault> {
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let (invited, others): (Vec<&Person>, Vec<&Person>) = people.iter().partition(|person| person.state == PersonState::Invited);
    let ids_of = |some: &[&Person]| some.iter().map(|person| person.id).collect::<Vec<_>>();
    let mut links = ticket::newest_of_each(w, TicketKind::Invitation, &ids_of(&invited))?;
    links.extend(ticket::newest_of_each(w, TicketKind::Reset, &ids_of(&others))?);
    let mut profiles = identity::profiles(w, &ids)?;
    let mut roles = access::roles_of_each(w, &ids)?;
    let mut groups = group::names_of_each(w, &ids)?;
    let (passkeys, authenticators) = (passkey::count_each(w, &ids)?, totp::count_each(w, &ids)?);
    let (passwords, last) = (password::holders_among(w, &ids)?, session::last_opened(w, &ids)?);
    let number =
        |counts: &HashMap<PersonId, i64>, id: &PersonId| counts.get(id).and_then(|count| usize::try_from(*count).ok()).unwrap_or(0);
    let row = |person: Person| {
        let id = person.id;
        Row {
            // Of someone erased nothing can be opened.
            profile: profiles.remove(&id).unwrap_or_default(),
            roles: roles.remove(&id).unwrap_or_default(),
            ways: MethodCounts {
                passkeys: number(&passkeys, &id),
                authenticators: number(&authenticators, &id),
                password: passwords.contains(&id),
            },
            last_signed_in: last.get(&id).copied(),
            groups: groups.remove(&id).unwrap_or_default(),
            link: links.remove(&id),
            person,
        }
    };
    Ok(people.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::testing::person;
    use crate::platform::db::testing::{count_statements, each_backend};

    #[test]
    fn a_list_costs_as_many_statements_for_many_as_for_few() {
        each_backend(|w| {
            let mut cost = |people: usize| {
                (0..people).for_each(|number| assert_ne!(person(w, &format!("Person {number}")).to_string(), ""));
                count_statements(w, |w| {
                    let found = gather(w, &PeopleFilter::default(), None, PageStart::First).unwrap();
                    assert!(found.people.len() >= people.min(MOST_ON_PAGE));
                    assert!(range(w, &PeopleFilter::default(), &found, None).unwrap().is_some());
                    assert!(rows(w, found.people).unwrap().iter().all(|row| row.profile.name.starts_with("Person")));
                })
            };
            let few = cost(3);
            assert_eq!((cost(40), few), (few, 13));
        });
    }
}
