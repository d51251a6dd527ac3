//! `group`: which groups there are, and who is in them.

use super::CommandFailure;
use super::args::{GroupCommand, GroupMember};
use super::people::{reason, unfit};
use crate::app::App;
use crate::flows::ActingAdmin;
use crate::flows::people::{self, GroupNamed, GroupRow, Move, PersonOutcome};
use crate::kernel::ids::{GroupId, PersonId};
use crate::kernel::text::GroupName;

/// Runs one of them and says what to print.
pub(super) async fn run(app: &App, command: &GroupCommand) -> Result<String, CommandFailure> {
    let host = ActingAdmin::at_the_host();
    match command {
        GroupCommand::List => {
            let groups = people::list_groups(app, host.actor.looks()).await?;
            if groups.is_empty() {
                return Ok("There are no groups yet.\n".to_owned());
            }
            Ok(groups.iter().map(line).collect())
        }
        GroupCommand::Create { name } => {
            let name = GroupName::parse(name)
                .map_err(|problem| unfit("The name", problem, "A group needs a name of 1 to 60 characters on one line."))?;
            let text = name.as_str().to_owned();
            match people::make_group(app, &host, name).await? {
                GroupNamed::Done(_) => Ok(format!("The group {text} is made.\n")),
                GroupNamed::Taken | GroupNamed::NotThere | GroupNamed::NotYours => {
                    Err(CommandFailure(format!("There is already a group called {text}.")))
                }
            }
        }
        GroupCommand::Add(member) => {
            let (group, person) = both(app, &host, member).await?;
            moved(app, &host, member, person, Move::Join(group)).await?;
            Ok(format!("{} is in {}.\n", member.person, member.group))
        }
        GroupCommand::Remove(member) => {
            let (group, person) = both(app, &host, member).await?;
            let groups = people::groups_of(app, host.actor.looks(), person).await?.unwrap_or_default();
            if !groups.iter().any(|(row, is_in)| row.id == group && *is_in) {
                return Err(CommandFailure(format!("{} is not in {}.", member.person, member.group)));
            }
            moved(app, &host, member, person, Move::Leave(group)).await?;
            Ok(format!("{} is no longer in {}.\n", member.person, member.group))
        }
    }
}

fn line(group: &GroupRow) -> String {
    let people = if group.members == 1 { "1 person".to_owned() } else { format!("{} people", group.members) };
    let opens =
        if group.apps.is_empty() { "gives access to nothing".to_owned() } else { format!("gives access to {}", group.apps.join(", ")) };
    format!("{}   {people}   {opens}\n", group.name)
}

async fn both(app: &App, host: &ActingAdmin, member: &GroupMember) -> Result<(GroupId, PersonId), CommandFailure> {
    let groups = people::list_groups(app, host.actor.looks()).await?;
    let group = groups.iter().find(|group| group.name == member.group);
    let group = group.ok_or_else(|| CommandFailure(format!("There is no group called {}. See: group list", member.group)))?;
    let person = people::named(app, &host.actor, &member.person).await?;
    Ok((group.id, person.ok_or_else(|| CommandFailure(format!("No one signs in as {}.", member.person)))?))
}

async fn moved(app: &App, host: &ActingAdmin, member: &GroupMember, person: PersonId, step: Move) -> Result<(), CommandFailure> {
    match people::move_person(app, host, person, vec![step], reason(&member.reason)?).await? {
        PersonOutcome::Done(()) => Ok(()),
        PersonOutcome::NotThere | PersonOutcome::NotYours => Err(CommandFailure(format!("No one signs in as {}.", member.person))),
    }
}
