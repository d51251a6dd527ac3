//! `vouchsafe invite` and `vouchsafe admin reset`: what the administrators' pages do, for whoever has the host. Both
//! print a link that works once; neither knows a password (RC-14).

use super::args::{AdminReset, InviteArguments, PersonCommand};
use super::once::{Printed, PrintedSecret};
use super::screen::span;
use super::{CommandFailure, listen};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::identity::NameKind;
use crate::flows::ActingAdmin;
use crate::flows::people::{self, Card, Handover, Invited, NewInvitation, PersonOutcome};
use crate::kernel::text::{DisplayName, EmailAddress, GroupName, Reason, TextProblem, Username};

/// Invites somebody.
pub(super) async fn invite(app: &App, typed: &InviteArguments) -> Result<Printed, CommandFailure> {
    let stop = |text: &str| CommandFailure(text.to_owned());
    let group = |name: &String| {
        GroupName::parse(name).map_err(|problem| unfit("--group", problem, "--group needs 1 to 60 characters on one line."))
    };
    let groups = typed.group.iter().map(group).collect::<Result<_, _>>()?;
    let new = NewInvitation {
        name: DisplayName::parse(&typed.name)
            .map_err(|problem| unfit("--name", problem, "--name needs 1 to 100 characters on one line."))?,
        username: Username::parse(&typed.username)
            .map_err(|problem| unfit("--username", problem, "--username takes letters, digits, dots, hyphens and underscores."))?,
        email: typed.email.as_deref().map(EmailAddress::parse).transpose().map_err(|_| stop("--email is not an e-mail address."))?,
        groups,
        role: match &typed.role {
            Some(word) => Some(Role::parse(word).ok_or_else(|| stop("--role is owner, people or applications."))?),
            None => None,
        },
        reason: reason(&typed.reason)?,
    };
    match people::invite(app, &ActingAdmin::at_the_host(), new).await? {
        Invited::Made(card) => {
            let by_hand = if typed.email.is_some() { " Nothing was mailed: hand the link over yourself." } else { "" };
            Ok(invited(app, &card, &format!("{} is invited.{by_hand}", card.name)))
        }
        Invited::Taken { name: NameKind::Username, invited: Some(person) } if typed.again => {
            match people::send_invitation(app, &ActingAdmin::at_the_host(), person).await? {
                PersonOutcome::Done(card) => {
                    Ok(invited(app, &card, &format!("This is a new link for {}; the one before works no longer.", card.name)))
                }
                PersonOutcome::NotThere | PersonOutcome::NotYours => Err(stop("The invitation is not there any more.")),
            }
        }
        Invited::Taken { name, invited } => {
            let what = if name == NameKind::Username { "user name" } else { "e-mail address" };
            let also = if invited.is_some() { ", who was invited and has not come yet; --again makes a new link" } else { "" };
            Err(CommandFailure(format!("Somebody has this {what} already{also}.")))
        }
        Invited::NotYours => Err(stop("This role cannot be given here.")),
    }
}

fn invited(app: &App, card: &Card, first: &str) -> Printed {
    Printed { text: printed(app, card, first), made: PrintedSecret::Invitation(card.person) }
}

/// Makes a link by which somebody who is locked out makes new ways to sign in.
pub(super) async fn reset(app: &App, typed: &AdminReset) -> Result<String, CommandFailure> {
    let host = ActingAdmin::at_the_host();
    let nobody = || CommandFailure("There is nobody of that name whose account is active.".to_owned());
    let person = people::named(app, &host.actor, &typed.name).await?.ok_or_else(nobody)?;
    match people::send_reset_link(app, &host, person, reason(&typed.reason)?, Handover::Card).await? {
        PersonOutcome::Done(card) => {
            // The record has it too; this line is for whoever watches the log (RC-14).
            tracing::warn!(person = %person, "a link to new ways to sign in was made on the host");
            let first = format!(
                "With this link {} makes new ways to sign in. The old ones stop working when it is done. A link from before, if there was one, no longer works.",
                card.name
            );
            Ok(printed(app, &card, &first))
        }
        PersonOutcome::NotThere | PersonOutcome::NotYours => Err(nobody()),
    }
}

/// Vouches for an address, or takes that back.
pub(super) async fn say_about(app: &App, command: &PersonCommand) -> Result<String, CommandFailure> {
    let host = ActingAdmin::at_the_host();
    let (PersonCommand::Vouch(typed) | PersonCommand::WithdrawVouch(typed)) = command;
    let nobody = || CommandFailure(format!("Nobody signs in as {}.", typed.name));
    let person = people::named(app, &host.actor, &typed.name).await?.ok_or_else(nobody)?;
    let why = reason(&typed.reason)?;
    let vouches = matches!(command, PersonCommand::Vouch(_));
    let outcome = if vouches {
        people::vouch_for_email(app, &host, person, why).await?
    } else {
        people::withdraw_vouch(app, &host, person, why).await?
    };
    match (outcome, vouches) {
        (PersonOutcome::Done(()), true) => Ok(format!("The address of {} counts as confirmed from now on.\n", typed.name)),
        (PersonOutcome::Done(()), false) => Ok(format!("The address of {} counts as unconfirmed again.\n", typed.name)),
        (PersonOutcome::NotThere, true) => Err(CommandFailure(format!(
            "{} has no address to vouch for: there is none, they have confirmed it themselves, or the account is switched off.",
            typed.name
        ))),
        (PersonOutcome::NotThere, false) => Err(CommandFailure(format!("Nobody vouched for the address of {}.", typed.name))),
        (PersonOutcome::NotYours, _) => Err(nobody()),
    }
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
        "{first}\n\n    {}\n\nWorks once, for {}. Whoever has it can use it, so hand it to nobody else.\n",
        card.address,
        span(lifetime)
    );
    if app.settings.origin().is_local() {
        text += "\nThis link opens only on this machine. Set server.public_url first, so that it opens elsewhere too.\n";
    }
    if listen::is_silent(app.settings.origin()) {
        text += "\nNothing answers there now: start the server before the link is opened.\n";
    }
    text
}
