//! `vouchsafe invite` and `vouchsafe admin reset`: what the administrators' pages do, for anyone who has the host. Both
//! print a link that works once; neither knows a password (RC-14).

use super::args::{AdminReset, InviteArguments, PersonCommand, PersonEdit, PersonReason};
use super::once::{Printed, PrintedSecret};
use super::screen::span;
use super::{CommandFailure, listen};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::identity::{NameKind, ProfileChange};
use crate::flows::ActingAdmin;
use crate::flows::people::{self, Card, Handover, Invited, NewInvitation, PersonEdited, PersonOutcome};
use crate::kernel::ids::PersonId;
use crate::kernel::text::{DisplayName, EmailAddress, GroupName, Reason, TextProblem, Username};

/// Invites someone.
pub(super) async fn invite(app: &App, typed: &InviteArguments) -> Result<Printed, CommandFailure> {
    let stop = |text: &str| CommandFailure(text.to_owned());
    let group = |name: &String| {
        GroupName::parse(name).map_err(|problem| unfit("--group", problem, "--group needs 1 to 60 characters on one line."))
    };
    let groups = typed.group.iter().map(group).collect::<Result<_, _>>()?;
    let new = NewInvitation {
        name: display_name(&typed.name)?,
        username: user_name(&typed.username)?,
        email: typed.email.as_deref().map(address).transpose()?,
        groups,
        role: match &typed.role {
            Some(word) => Some(Role::parse(word).ok_or_else(|| stop("--role is owner, people or applications."))?),
            None => None,
        },
        reason: reason(&typed.reason)?,
    };
    match people::invite(app, &ActingAdmin::at_the_host(), new).await? {
        Invited::Made(card) => {
            let by_hand = if typed.email.is_some() { " No email was sent: give them the link yourself." } else { "" };
            Ok(invited(app, &card, &format!("{} is invited.{by_hand}", card.name)))
        }
        Invited::Taken { name: NameKind::Username, invited: Some(person) } if typed.again => {
            match people::send_invitation(app, &ActingAdmin::at_the_host(), person).await? {
                PersonOutcome::Done(card) => {
                    Ok(invited(app, &card, &format!("This is a new link for {}. The previous link no longer works.", card.name)))
                }
                PersonOutcome::NotThere | PersonOutcome::NotYours => Err(stop("The invitation no longer exists.")),
            }
        }
        Invited::Taken { name, invited } => {
            let what = if name == NameKind::Username { "username" } else { "email address" };
            let also = if invited.is_some() { " and has a pending invitation; --again creates a new link" } else { "" };
            Err(CommandFailure(format!("Someone already has this {what}{also}.")))
        }
        Invited::NotYours => Err(stop("You cannot give this role here.")),
    }
}

fn invited(app: &App, card: &Card, first: &str) -> Printed {
    Printed { text: printed(app, card, first), made: PrintedSecret::Invitation(card.person) }
}

/// Creates a reset link for someone who is locked out.
pub(super) async fn reset(app: &App, typed: &AdminReset) -> Result<String, CommandFailure> {
    let host = ActingAdmin::at_the_host();
    let nobody = || CommandFailure("There is no active account with that name.".to_owned());
    let person = people::named(app, &host.actor, &typed.name).await?.ok_or_else(nobody)?;
    match people::send_reset_link(app, &host, person, reason(&typed.reason)?, Handover::Card).await? {
        PersonOutcome::Done(card) => {
            // The audit log has it too; this line is for anyone who watches the log (RC-14).
            tracing::warn!(person = %person, "a reset link was created on the host");
            let first = format!(
                "This link resets the sign-in of {}. The old sign-in methods stop working when the reset is complete. Any earlier link no longer works.",
                card.name
            );
            Ok(printed(app, &card, &first))
        }
        PersonOutcome::NotThere | PersonOutcome::NotYours => Err(nobody()),
    }
}

/// What administrators do with a person's account.
pub(super) async fn act_on(app: &App, command: &PersonCommand) -> Result<String, CommandFailure> {
    match command {
        PersonCommand::Vouch(typed) => vouch(app, typed).await,
        PersonCommand::WithdrawVouch(typed) => withdraw_vouch(app, typed).await,
        PersonCommand::Edit(typed) => edit(app, typed).await,
    }
}

async fn who(app: &App, typed: &str) -> Result<PersonId, CommandFailure> {
    let found = people::named(app, &ActingAdmin::at_the_host().actor, typed).await?;
    found.ok_or_else(|| CommandFailure(format!("No one signs in as {typed}.")))
}

async fn vouch(app: &App, typed: &PersonReason) -> Result<String, CommandFailure> {
    let person = who(app, &typed.name).await?;
    match people::vouch_for_email(app, &ActingAdmin::at_the_host(), person, reason(&typed.reason)?).await? {
        PersonOutcome::Done(()) => Ok(format!("The email address of {} is now confirmed.\n", typed.name)),
        PersonOutcome::NotThere | PersonOutcome::NotYours => Err(CommandFailure(format!(
            "{} has no address to vouch for: there is none, they have confirmed it themselves, or the account is disabled.",
            typed.name
        ))),
    }
}

async fn withdraw_vouch(app: &App, typed: &PersonReason) -> Result<String, CommandFailure> {
    let person = who(app, &typed.name).await?;
    match people::withdraw_vouch(app, &ActingAdmin::at_the_host(), person, reason(&typed.reason)?).await? {
        PersonOutcome::Done(()) => Ok(format!("The email address of {} is no longer confirmed.\n", typed.name)),
        PersonOutcome::NotThere | PersonOutcome::NotYours => {
            Err(CommandFailure(format!("No one vouched for the address of {}.", typed.name)))
        }
    }
}

async fn edit(app: &App, typed: &PersonEdit) -> Result<String, CommandFailure> {
    let host = ActingAdmin::at_the_host();
    let person = who(app, &typed.person).await?;
    let gone = || CommandFailure(format!("No one signs in as {}.", typed.person));
    let email = if typed.remove_email { Some(None) } else { typed.email.as_deref().map(address).transpose()?.map(Some) };
    let new = ProfileChange {
        name: typed.name.as_deref().map(display_name).transpose()?,
        username: typed.username.as_deref().map(user_name).transpose()?,
        email,
    };
    match people::edit(app, &host, person, new, reason(&typed.reason)?).await? {
        PersonOutcome::Done(PersonEdited::Saved) => Ok(format!("The details of {} were saved.\n", typed.person)),
        PersonOutcome::Done(PersonEdited::Unchanged) => Ok(format!("The details of {} are as they were.\n", typed.person)),
        PersonOutcome::Done(PersonEdited::NameTaken(kind)) => {
            let what = if kind == NameKind::Username { "username" } else { "email" };
            Err(CommandFailure(format!("Another account has this {what}.")))
        }
        PersonOutcome::NotThere | PersonOutcome::NotYours => Err(gone()),
    }
}

fn display_name(typed: &str) -> Result<DisplayName, CommandFailure> {
    DisplayName::parse(typed).map_err(|problem| unfit("--name", problem, "--name needs 1 to 100 characters on one line."))
}

fn user_name(typed: &str) -> Result<Username, CommandFailure> {
    let otherwise = "--username takes letters, digits, dots, hyphens and underscores.";
    Username::parse(typed).map_err(|problem| unfit("--username", problem, otherwise))
}

fn address(typed: &str) -> Result<EmailAddress, CommandFailure> {
    EmailAddress::parse(typed).map_err(|_| CommandFailure("--email is not an email address.".to_owned()))
}

/// What is said of a name that cannot be used: the character that is in the way, else `otherwise`.
pub(super) fn unfit(flag: &str, problem: TextProblem, otherwise: &str) -> CommandFailure {
    match problem {
        TextProblem::Forbidden(_) | TextProblem::Borrowed(_) => CommandFailure(format!("{flag}: {problem}.")),
        TextProblem::Empty | TextProblem::TooLong | TextProblem::Malformed => CommandFailure(otherwise.to_owned()),
    }
}

pub(super) fn reason(typed: &str) -> Result<Reason, CommandFailure> {
    Reason::parse(typed).map_err(|_| CommandFailure("--reason needs 1 to 300 characters on one line.".to_owned()))
}

fn printed(app: &App, card: &Card, first: &str) -> String {
    let lifetime = app.now().until(card.ends_at);
    let mut text = format!(
        "{first}\n\n    {}\n\nWorks once, for {}. Anyone with the link can use it, so give it only to this person.\n",
        card.address,
        span(lifetime)
    );
    if app.settings.origin().is_local() {
        text += "\nThis link only works on this machine. Set server.public_url to use it elsewhere.\n";
    }
    if listen::is_silent(app.settings.origin()) {
        text += "\nNothing is running there now. Start the server before the link is opened.\n";
    }
    text
}
