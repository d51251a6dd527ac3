//! Who there is.

use std::collections::HashMap;

use crate::app::App;
use crate::domain::access::{self, AdminActor, Administrator, Right, Role};
use crate::domain::identity::{self, Person, PersonState, Profile};
use crate::domain::ticket::{self, Newest, TicketKind};
use crate::domain::{group, passkey, password, session, totp};
use crate::kernel::ids::PersonId;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// How many people are on a page.
pub const MOST_ON_PAGE: usize = 50;

/// How many of each way to sign in somebody has.
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
    /// Their ways to sign in.
    pub ways: MethodCounts,
    /// When they last signed in.
    pub last_signed_in: Option<Timestamp>,
    /// Their newest link: of somebody invited the invitation, of others one to make new ways to sign in.
    pub link: Option<Newest>,
}

/// One person, with what their own page says of them.
#[derive(Clone, Debug)]
pub struct PersonDetail {
    /// As in the list.
    pub row: Row,
    /// The names of their groups.
    pub groups: Vec<String>,
    /// Who vouched for their address, by name; `None` also when it was done on the host.
    pub vouched_by: Option<String>,
    /// Whether this administrator may act on them (EN-15).
    pub yours: bool,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct PeopleQuery {
    /// Only those who were invited and have not come yet.
    pub invited: bool,
    /// Only those after this one.
    pub after: Option<PersonId>,
}

/// A page of people.
#[derive(Clone, Debug)]
pub struct PeopleOverview {
    /// The people, the newest first.
    pub rows: Vec<Row>,
    /// How many were invited and have not come yet.
    pub invited: i64,
    /// The last of this page, if others follow.
    pub more_after: Option<PersonId>,
}

/// A page of people.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(app: &App, by: &Administrator, asked: PeopleQuery) -> Result<PeopleOverview, Fault> {
    by.demand(Right::People)?;
    app.read(move |w| {
        let state = asked.invited.then_some(PersonState::Invited);
        let most = i64::try_from(MOST_ON_PAGE).unwrap_or(i64::MAX);
        let mut people = identity::list(w, state, asked.after, most + 1)?;
        let more = people.len() > MOST_ON_PAGE;
        people.truncate(MOST_ON_PAGE);
        let more_after = people.last().filter(|_| more).map(|person| person.id);
        let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
        let last = session::last_opened(w, &ids)?;
        let rows = people.into_iter().map(|person| row(w, person, &last)).collect::<Result<_, _>>()?;
        Ok(PeopleOverview { rows, invited: identity::count(w, PersonState::Invited)?, more_after })
    })
    .await
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
        let last = session::last_opened(w, &[id])?;
        let row = row(w, person, &last)?;
        let groups = group::list_of(w, id)?.into_iter().map(|(_, name)| name).collect();
        let yours = may || row.roles.is_empty();
        let vouched_by = match row.profile.email_vouch.as_ref().and_then(|vouch| vouch.by) {
            Some(by) => identity::name_of(w, by)?,
            None => None,
        };
        Ok(Some(PersonDetail { row, groups, vouched_by, yours }))
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

fn row(w: &mut Work<'_>, person: Person, last: &HashMap<PersonId, Timestamp>) -> Result<Row, Fault> {
    let id = person.id;
    let invited = person.state == PersonState::Invited;
    Ok(Row {
        // Of somebody erased nothing can be opened.
        profile: if person.state == PersonState::Erased { Profile::default() } else { identity::profile(w, id)? },
        roles: access::roles(w, id)?.into_iter().map(|(role, _)| role).collect(),
        ways: MethodCounts {
            passkeys: passkey::list(w, id)?.len(),
            authenticators: totp::list(w, id)?.len(),
            password: password::find(w, id)?.is_some(),
        },
        last_signed_in: last.get(&id).copied(),
        link: ticket::newest(w, if invited { TicketKind::Invitation } else { TicketKind::Reset }, id)?,
        person,
    })
}
