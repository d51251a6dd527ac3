//! Inviting someone: the account is there from the first moment, with its data key, and has no sign-in method.

use std::time::Duration;

use super::{Card, PersonOutcome, act_on, entry, maker_name};
use crate::app::App;
use crate::domain::access::{self, Right, Role};
use crate::domain::audit::{self, Kind};
use crate::domain::group;
use crate::domain::identity::{self, Created, NameKind, NewPerson, PersonState};
use crate::domain::ticket::{self, TicketKind, TicketMaker};
use crate::flows::{ActingAdmin, notifications, revalidate};
use crate::kernel::address::Origin;
use crate::kernel::fault::FaultKind;
use crate::kernel::ids::PersonId;
use crate::kernel::text::{DisplayName, EmailAddress, GroupName, Reason, Username};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::TicketCode;
use crate::platform::db::Work;

/// Who is invited.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Their name.
    pub name: DisplayName,
    /// What they will type to sign in.
    pub username: Username,
    /// Where mail reaches them.
    pub email: Option<EmailAddress>,
    /// The groups they will be in; those that are not there are made.
    pub groups: Vec<GroupName>,
    /// The role they will have.
    pub role: Option<Role>,
    /// Why, as they will read it.
    pub reason: Reason,
}

/// The result of inviting.
pub enum Invited {
    /// They are invited.
    Made(Card),
    /// Someone has this name or address; nothing was made.
    Taken {
        /// Which.
        name: NameKind,
        /// Who, if it is someone who was invited and has not come yet.
        invited: Option<PersonId>,
    },
    /// This administrator may not give that role (EN-15).
    NotYours,
}

/// Invites someone. One write makes the account in state `invited` with its key, values, names, groups and role, the
/// link, and the record.
///
/// # Errors
/// When something we need is away.
pub async fn invite(app: &App, admin: &ActingAdmin, new: NewInvitation) -> Result<Invited, Fault> {
    if new.role.is_some() && !admin.actor.may(Right::Administrators) {
        return Ok(Invited::NotYours);
    }
    let (lifetime, names) = (app.settings.links.invitation, new.clone());
    let (by, post) = (admin.clone(), Post::of(app, admin));
    let written = revalidate::act(app, &admin.actor, Right::People, None, move |w| invite_in(w, &by, &new, lifetime, post.as_ref())).await;
    let made = match written {
        Err(fault) if fault.kind == FaultKind::Database => {
            // The name may have been taken at the same moment, which the database refuses.
            let taken = names.clone();
            app.read(move |w| taken_name(w, &taken)).await?.map_or(Err(fault), |(name, holder)| Ok(Err((name, holder))))?
        }
        written => written?,
    };
    Ok(match made {
        Ok((link, mailed)) => Invited::Made(Card { mailed, ..card(app, "invite", names.name.as_str(), &link) }),
        Err((name, holder)) => Invited::Taken { name, invited: holder },
    })
}

type Holder = (NameKind, Option<PersonId>);

fn taken_name(w: &mut Work<'_>, new: &NewInvitation) -> Result<Option<Holder>, Fault> {
    let email = new.email.as_ref().map(|email| (NameKind::Email, email.as_str()));
    for (kind, text) in [(NameKind::Username, new.username.as_str())].into_iter().chain(email) {
        if let Some(holder) = identity::find_by_login_name(w, text)? {
            return Ok(Some((kind, (holder.state == PersonState::Invited).then_some(holder.id))));
        }
    }
    Ok(None)
}

fn invite_in(
    w: &mut Work<'_>,
    admin: &ActingAdmin,
    new: &NewInvitation,
    lifetime: Duration,
    post: Option<&Post>,
) -> Result<Result<(NewLink, bool), Holder>, Fault> {
    if !new.groups.is_empty() {
        group::hold_all(w)?;
    }
    if let Some(taken) = taken_name(w, new)? {
        return Ok(Err(taken));
    }
    let account = NewPerson {
        handle: identity::new_handle(w.entropy),
        name: new.name.clone(),
        username: Some(new.username.clone()),
        email: new.email.clone(),
        state: PersonState::Invited,
    };
    let Created::Made(person) = identity::create(w, &account)? else {
        return Err(Fault::internal("a name was free and taken in one transaction"));
    };
    let person = person.id;
    audit::append(w, &entry(Kind::PersonCreated, admin, person, None).fact("by", "invitation"))?;
    for name in &new.groups {
        let is_new = group::find_by_name(w, name.as_str())?.is_none();
        let group = group::find_or_create(w, name.as_str())?;
        if is_new {
            audit::append(w, &super::groups::record(Kind::GroupMade, admin, group).fact("name", name.as_str()))?;
        }
        group::add_member(w, group, person)?;
        audit::append(w, &entry(Kind::GroupJoined, admin, person, None).fact("group", group.to_string()))?;
    }
    if let Some(role) = new.role {
        access::grant_role(w, person, role, None, admin.person())?;
        audit::append(w, &entry(Kind::RoleGranted, admin, person, None).fact("role", role.as_str()))?;
    }
    let maker = TicketMaker { by: admin.person(), reason: new.reason.clone() };
    let code = ticket::issue_for(w, TicketKind::Invitation, person, lifetime, &maker)?;
    audit::append(w, &entry(Kind::InvitationMade, admin, person, Some(&new.reason)))?;
    let link = NewLink { person, code, lifetime };
    let mailed = mail(w, post, admin, &link, &new.reason)?;
    Ok(Ok((link, mailed)))
}

/// A link that was made in this write.
pub(super) struct NewLink {
    pub(super) person: PersonId,
    pub(super) code: TicketCode,
    pub(super) lifetime: Duration,
}

/// How a link goes out by mail.
pub(super) struct Post {
    pub(super) origin: Origin,
    pub(super) organisation: String,
}

impl Post {
    /// For an administrator in a browser, where mail is set up; at the host the link is printed.
    pub(super) fn of(app: &App, admin: &ActingAdmin) -> Option<Self> {
        let settings = &app.settings;
        let ready = app.mailer.is_some() && admin.caller.is_some();
        ready.then(|| Self { origin: settings.origin().clone(), organisation: settings.server.organisation.clone() })
    }
}

/// Puts an invitation into the outbox; false when it cannot go by mail.
fn mail(w: &mut Work<'_>, post: Option<&Post>, admin: &ActingAdmin, link: &NewLink, reason: &Reason) -> Result<bool, Fault> {
    let invited = identity::profile(w, link.person)?;
    let (Some(post), Some(to)) = (post, invited.email) else { return Ok(false) };
    let by = maker_name(w, &admin.actor, post.organisation.clone())?;
    let facts = [
        ("name", invited.name),
        ("by", by),
        ("reason", reason.as_str().to_owned()),
        ("ends", notifications::when(w.now.plus(link.lifetime))),
        ("link", post.origin.join(&format!("/invite/{}", link.code.expose()))),
    ];
    let ticket = notifications::ticket_of(w, TicketKind::Invitation, &link.code)?;
    notifications::invite(w, link.person, &to, &facts, ticket)?;
    Ok(true)
}

pub(super) fn card(app: &App, page: &str, name: &str, link: &NewLink) -> Card {
    // From the configured address only, whatever a request says of where it went (EN-05).
    let address = app.settings.origin().join(&format!("/{page}/{}", link.code.expose()));
    let ends_at: Timestamp = app.now().plus(link.lifetime);
    Card { person: link.person, name: name.to_owned(), address, ends_at, mailed: false }
}

/// Sends an invited person a new link; the one before opens nothing from the same write on. The reason stays.
///
/// # Errors
/// When something we need is away.
pub async fn send_invitation(app: &App, admin: &ActingAdmin, person: PersonId) -> Result<PersonOutcome<Card>, Fault> {
    let lifetime = app.settings.links.invitation;
    let post = Post::of(app, admin);
    let made = act_on(app, admin, (person, &[PersonState::Invited]), move |w, by| {
        let Some(last) = ticket::newest(w, TicketKind::Invitation, person)? else { return Ok(PersonOutcome::NotThere) };
        let Some(before) = ticket::maker(w, last.id, person)? else { return Ok(PersonOutcome::NotThere) };
        let maker = TicketMaker { by: by.person(), reason: before.reason };
        let code = ticket::issue_for(w, TicketKind::Invitation, person, lifetime, &maker)?;
        audit::append(w, &entry(Kind::InvitationMade, by, person, Some(&maker.reason)))?;
        let link = NewLink { person, code, lifetime };
        let mailed = mail(w, post.as_ref(), by, &link, &maker.reason)?;
        Ok(PersonOutcome::Done((identity::profile(w, person)?.name, link, mailed)))
    })
    .await?;
    Ok(made.map(|(name, link, mailed)| Card { mailed, ..card(app, "invite", &name, &link) }))
}

/// Withdraws whatever link is open for a person: an invitation, or a reset link. Anyone who is on the way
/// with it is stopped.
///
/// # Errors
/// When something we need is away.
pub async fn withdraw(app: &App, admin: &ActingAdmin, person: PersonId) -> Result<PersonOutcome<()>, Fault> {
    act_on(app, admin, (person, PersonState::ALL), move |w, by| {
        let mut any = false;
        for (kind, told) in [(TicketKind::Invitation, Kind::InvitationWithdrawn), (TicketKind::Reset, Kind::ResetLinkWithdrawn)] {
            if ticket::withdraw(w, kind, person)? {
                audit::append(w, &entry(told, by, person, None))?;
                any = true;
            }
        }
        Ok(if any { PersonOutcome::Done(()) } else { PersonOutcome::NotThere })
    })
    .await
}
