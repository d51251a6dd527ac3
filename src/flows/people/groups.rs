//! Groups: which there are, what they open, and who is in them. Losing a group acts immediately: who may use an application is
//! asked whenever it matters (CVE-145).

use super::{PersonOutcome, entry, is_theirs};
use crate::app::App;
use crate::domain::access::{AdminActor, Administrator, Right};
use crate::domain::audit::{self, Entry, Kind};
use crate::domain::identity::{self, PersonState};
use crate::domain::{client, group};
use crate::flows::{ActingAdmin, revalidate};
use crate::kernel::Fault;
use crate::kernel::ids::{GroupId, PersonId};
use crate::kernel::text::{GroupName, Reason};
use crate::platform::db::Work;

/// A group, as administrators see it.
#[derive(Clone, Debug)]
pub struct GroupRow {
    /// Its row.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// How many people are in it.
    pub members: i64,
    /// The names of the applications open to it.
    pub apps: Vec<String>,
}

/// One change of who is in which group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Into this group.
    Join(GroupId),
    /// Out of this group.
    Leave(GroupId),
}

/// The result of giving a group a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupNamed {
    /// It has it.
    Done(GroupId),
    /// Another group has this name.
    Taken,
    /// There is no such group.
    NotThere,
    /// It opens applications, or someone in it is an administrator: that is for administrators of those (EN-15).
    NotYours,
}

/// The result of removing a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupRemoved {
    /// It is gone.
    Done,
    /// These applications are open to it: removing it would close them, which is not for administrators of people.
    InUse(Vec<String>),
    /// There is no such group.
    NotThere,
    /// Someone in it is not for this administrator to act on (EN-15).
    NotYours,
}

/// The names of all groups, to choose from.
///
/// # Errors
/// When the database cannot be asked.
pub async fn group_names(app: &App) -> Result<Vec<String>, Fault> {
    app.read(group::names).await
}

/// All groups, by their names.
///
/// # Errors
/// When something we need is away.
pub async fn list_groups(app: &App, by: &Administrator) -> Result<Vec<GroupRow>, Fault> {
    by.demand(Right::People)?;
    app.read(rows).await
}

/// One group; `None` when there is no such group.
///
/// # Errors
/// When something we need is away.
pub async fn find_group(app: &App, by: &Administrator, id: GroupId) -> Result<Option<GroupRow>, Fault> {
    Ok(list_groups(app, by).await?.into_iter().find(|row| row.id == id))
}

fn rows(w: &mut Work<'_>) -> Result<Vec<GroupRow>, Fault> {
    let (members, open) = (group::count_members(w)?, client::open_to_groups(w)?);
    let row = |(id, name): (GroupId, String)| GroupRow {
        id,
        name,
        members: members.get(&id).copied().unwrap_or(0),
        apps: open.iter().filter(|(group, _)| *group == id).map(|(_, app)| app.clone()).collect(),
    };
    Ok(group::list(w)?.into_iter().map(row).collect())
}

/// All groups, and whether a person is in each; `None` when there is no such person.
///
/// # Errors
/// When something we need is away.
pub async fn groups_of(app: &App, by: &Administrator, person: PersonId) -> Result<Option<Vec<(GroupRow, bool)>>, Fault> {
    by.demand(Right::People)?;
    app.read(move |w| {
        if identity::find(w, person)?.is_none_or(|person| person.state == PersonState::Erased) {
            return Ok(None);
        }
        let own = group::list_of(w, person)?;
        let is_in = |row: &GroupRow| own.iter().any(|(id, _)| *id == row.id);
        Ok(Some(
            rows(w)?
                .into_iter()
                .map(|row| {
                    let is_in = is_in(&row);
                    (row, is_in)
                })
                .collect(),
        ))
    })
    .await
}

/// Makes a group.
///
/// # Errors
/// When something we need is away.
pub async fn make_group(app: &App, admin: &ActingAdmin, name: GroupName) -> Result<GroupNamed, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::People, None, move |w| {
        group::hold_all(w)?;
        let Some(id) = group::create(w, &name)? else { return Ok(GroupNamed::Taken) };
        audit::append(w, &record(Kind::GroupMade, &by, id).fact("name", name.as_str()))?;
        Ok(GroupNamed::Done(id))
    })
    .await
}

/// Gives a group another name. Its people and what it opens stay. A group is chosen by its name where an application asks
/// who may use it: the name of one that opens something is changed only by who could open that something.
///
/// # Errors
/// When something we need is away.
pub async fn rename_group(app: &App, admin: &ActingAdmin, id: GroupId, name: GroupName, reason: Reason) -> Result<GroupNamed, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::People, None, move |w| {
        group::hold_all(w)?;
        let Some(row) = rows(w)?.into_iter().find(|row| row.id == id) else { return Ok(GroupNamed::NotThere) };
        let old = row.name;
        if old == name.as_str() {
            return Ok(GroupNamed::Done(id));
        }
        let members = group::members(w, id)?;
        if !(row.apps.is_empty() || by.actor.may(Right::Applications)) || !are_theirs(w, &by.actor, &members)? {
            return Ok(GroupNamed::NotYours);
        }
        if !group::rename(w, id, &name)? {
            return Ok(GroupNamed::Taken);
        }
        let change = serde_json::json!({ "old": old, "new": name.as_str() });
        audit::append(w, &record(Kind::GroupRenamed, &by, id).fact("name", change).fact("reason", reason.as_str()))?;
        Ok(GroupNamed::Done(id))
    })
    .await
}

/// Removes a group that opens no application. Anyone who is in it leaves it, each with an entry of their own.
///
/// # Errors
/// When something we need is away.
pub async fn remove_group(app: &App, admin: &ActingAdmin, id: GroupId, reason: Reason) -> Result<GroupRemoved, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::People, None, move |w| {
        group::hold_all(w)?;
        let Some(row) = rows(w)?.into_iter().find(|row| row.id == id) else { return Ok(GroupRemoved::NotThere) };
        if !row.apps.is_empty() {
            return Ok(GroupRemoved::InUse(row.apps));
        }
        let members = group::members(w, id)?;
        if !are_theirs(w, &by.actor, &members)? {
            return Ok(GroupRemoved::NotYours);
        }
        for person in members {
            audit::append(w, &entry(Kind::GroupLeft, &by, person, Some(&reason)).fact("group", id.to_string()))?;
        }
        group::delete(w, id)?;
        let told = record(Kind::GroupRemoved, &by, id).fact("name", row.name).fact("reason", reason.as_str());
        audit::append(w, &told.fact("members", row.members))?;
        Ok(GroupRemoved::Done)
    })
    .await
}

/// Puts a person into groups and takes them out of others. What is so already is left alone and not recorded; a group that is
/// gone meanwhile is passed over.
///
/// # Errors
/// When something we need is away.
pub async fn move_person(
    app: &App,
    admin: &ActingAdmin,
    person: PersonId,
    moves: Vec<Move>,
    reason: Reason,
) -> Result<PersonOutcome<()>, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::People, Some(person), move |w| {
        group::hold_all(w)?;
        if identity::hold(w, person)?.is_none_or(|state| state == PersonState::Erased) {
            return Ok(PersonOutcome::NotThere);
        }
        if !is_theirs(w, &by.actor, person)? {
            return Ok(PersonOutcome::NotYours);
        }
        for step in moves {
            let (kind, id) = match step {
                Move::Join(id) => (Kind::GroupJoined, id),
                Move::Leave(id) => (Kind::GroupLeft, id),
            };
            if group::find(w, id)?.is_none() {
                continue;
            }
            let changed = match step {
                Move::Join(_) => group::add_member(w, id, person)?,
                Move::Leave(_) => group::remove_member(w, id, person)?,
            };
            if changed {
                audit::append(w, &entry(kind, &by, person, Some(&reason)).fact("group", id.to_string()))?;
            }
        }
        Ok(PersonOutcome::Done(()))
    })
    .await
}

/// Whether an administrator may act on all of these people.
fn are_theirs(w: &mut Work<'_>, actor: &AdminActor, people: &[PersonId]) -> Result<bool, Fault> {
    for person in people {
        if !is_theirs(w, actor, *person)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The record of an act on a group: who did it, and from where.
pub(super) fn record(kind: Kind, admin: &ActingAdmin, group: GroupId) -> Entry {
    admin.sign(Entry::new(kind, admin.actor.actor()).fact("group", group.to_string()))
}
