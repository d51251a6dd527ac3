//! `/people/invite`: inviting someone.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::access::{AdminActor, Right, Role};
use crate::domain::identity::NameKind;
use crate::flows::people::{self, Invited, NewInvitation};
use crate::kernel::text::{DisplayName, EmailAddress, GroupName, Reason, TextProblem, Username};
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::admin::frame;
use crate::web::pages::admin::person_card::hand_over;
use crate::web::pages::done::Done;
use crate::web::pages::parts::FieldError;

/// Inviting someone. Posts `name`, `username`, `email`, `groups`, `role` and `reason` to `/people/invite`.
#[derive(Clone, Debug, Serialize)]
pub struct PeopleInvitePage {
    /// What was typed.
    pub name: String,
    /// What was typed.
    pub username: String,
    /// What was typed.
    pub email: String,
    /// What was typed: names with commas between them.
    pub groups: String,
    /// The groups there are.
    pub known_groups: Vec<String>,
    /// The roles that can be given, `none` first; empty when this administrator gives none.
    pub roles: Vec<&'static str>,
    /// The chosen role.
    pub role: String,
    /// What was typed.
    pub reason: String,
    /// How many hours the link will work.
    pub hours: u64,
    /// The id of someone who has this name and was invited already.
    pub already: Option<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for PeopleInvitePage {
    const TEMPLATE: &'static str = "pages/admin/people_invite.html";
}

/// Who is invited.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct InviteForm {
    name: String,
    username: String,
    email: String,
    groups: String,
    role: String,
    reason: String,
}

/// Shows the form.
pub async fn show(app: Shared, browser: Browser, admin: ReauthenticatedAdmin) -> Result<HttpResponse, Failure> {
    let page = invite_page(&app, &admin.actor, InviteForm::default(), vec![]).await?;
    frame::page(&app, &browser, &admin, &page).await
}

/// Takes the form.
pub async fn submit(app: Shared, browser: Browser, admin: ReauthenticatedAdmin, form: Posted<InviteForm>) -> Result<HttpResponse, Failure> {
    let Posted(form) = form;
    let new = match parse(&form) {
        Ok(new) => new,
        Err(errors) => {
            let page = invite_page(&app, &admin.actor, form, errors).await?;
            return frame::answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await;
        }
    };
    match people::invite(&app, &admin.acting(browser.caller()), new).await? {
        Invited::Made(card) => {
            let person = card.person;
            if card.mailed {
                return Ok(Done::InvitationMailed.at(&format!("/people/{person}")));
            }
            hand_over(&app, &browser, &admin, card).await
        }
        Invited::Taken { name, invited } => {
            let error = match name {
                NameKind::Username => FieldError::new("username", "error-username-taken"),
                NameKind::Email => FieldError::new("email", "error-email-taken"),
            };
            let page = invite_page(&app, &admin.actor, form, vec![error]).await?;
            let page = PeopleInvitePage { already: invited.map(|id| id.to_string()), ..page };
            frame::answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        Invited::NotYours => Err(Failure::Forbidden),
    }
}

async fn invite_page(app: &App, actor: &AdminActor, form: InviteForm, errors: Vec<FieldError>) -> Result<PeopleInvitePage, Failure> {
    let roles = Role::ALL.iter().rev().map(|role| role.as_str());
    Ok(PeopleInvitePage {
        name: form.name,
        username: form.username,
        email: form.email,
        groups: form.groups,
        known_groups: people::group_names(app).await?,
        roles: if actor.may(Right::Administrators) { std::iter::once("none").chain(roles).collect() } else { vec![] },
        role: form.role,
        reason: form.reason,
        hours: app.settings.links.invitation.as_secs() / 3600,
        already: None,
        errors,
    })
}

/// Everything that is wrong is said together.
fn parse(form: &InviteForm) -> Result<NewInvitation, Vec<FieldError>> {
    let mut errors = Vec::new();
    let person = parse_person(&form.name, &form.username, &form.email).map_err(|wrong| errors.extend(wrong));
    let mut note = |error: FieldError| errors.push(error);
    let names = form.groups.split(',').filter(|name| !name.trim().is_empty());
    let groups =
        names.map(GroupName::parse).collect::<Result<Vec<_>, _>>().map_err(|_| note(FieldError::new("groups", "error-groups-invalid")));
    let reason = parse_reason(&form.reason).map_err(&mut note);
    match (person, groups, reason) {
        (Ok((name, username, email)), Ok(groups), Ok(reason)) => {
            Ok(NewInvitation { name, username, email, groups, role: Role::parse(&form.role), reason })
        }
        _ => Err(errors),
    }
}

/// A name, a username, and an email if there is one.
pub(in crate::web::pages) type TypedDetails = (DisplayName, Username, Option<EmailAddress>);

/// What a person is called, as typed. Everything that is wrong is said together.
pub(in crate::web::pages) fn parse_person(name: &str, username: &str, email: &str) -> Result<TypedDetails, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut note = |error: FieldError| errors.push(error);
    let name = DisplayName::parse(name).map_err(|problem| match problem {
        TextProblem::Empty => note(FieldError::new("name", "error-name-missing")),
        other => note(FieldError::unfit("name", other, "error-name-invalid")),
    });
    let username = Username::parse(username).map_err(|problem| match problem {
        TextProblem::Empty => note(FieldError::new("username", "error-username-missing")),
        other => note(FieldError::unfit("username", other, "error-username-invalid")),
    });
    let email = match EmailAddress::parse(email) {
        Ok(email) => Ok(Some(email)),
        Err(TextProblem::Empty) => Ok(None),
        Err(_) => {
            note(FieldError::new("email", "error-email-invalid"));
            Err(())
        }
    };
    match (name, username, email) {
        (Ok(name), Ok(username), Ok(email)) => Ok((name, username, email)),
        _ => Err(errors),
    }
}

/// Why an administrator acts, as typed.
pub(in crate::web::pages) fn parse_reason(typed: &str) -> Result<Reason, FieldError> {
    Reason::parse(typed).map_err(|problem| match problem {
        TextProblem::Empty => FieldError::new("reason", "error-reason-missing"),
        _ => FieldError::new("reason", "error-reason-invalid"),
    })
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for PeopleInvitePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                name: String::new(),
                username: String::new(),
                email: String::new(),
                groups: String::new(),
                known_groups: vec!["Everyone in the office".into(), "Warehouse".into()],
                roles: vec!["none", "applications", "people", "owner"],
                role: String::new(),
                reason: String::new(),
                hours: 72,
                already: None,
                errors: vec![],
            };
            let typed = Self {
                name: "Ben Example".into(),
                username: "ben".into(),
                email: "ben@acme.example".into(),
                groups: "Warehouse".into(),
                role: "people".into(),
                reason: "Starts on Monday".into(),
                ..page.clone()
            };
            vec![
                (
                    "errors",
                    Self {
                        errors: vec![
                            FieldError::new("name", "error-name-missing"),
                            FieldError::new("groups", "error-groups-invalid"),
                            FieldError::new("reason", "error-reason-missing"),
                        ],
                        ..page.clone()
                    },
                ),
                (
                    "already",
                    Self {
                        already: Some("01a2".into()),
                        errors: vec![FieldError::new("username", "error-username-taken")],
                        ..typed.clone()
                    },
                ),
                (
                    "taken",
                    Self {
                        errors: vec![FieldError::new("email", "error-email-taken"), FieldError::new("reason", "error-reason-invalid")],
                        ..typed
                    },
                ),
                ("no_roles", Self { roles: vec![], known_groups: vec![], ..page.clone() }),
                ("first", page),
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once() {
        let form = InviteForm { email: "ben".into(), groups: "Warehouse, \u{202e}".into(), ..InviteForm::default() };
        let fields: Vec<_> = parse(&form).err().unwrap().iter().map(|error| error.field).collect();
        assert_eq!(fields, ["name", "username", "email", "groups", "reason"]);
        let form = InviteForm {
            name: "Ben Example".into(),
            username: "ben".into(),
            groups: "Warehouse, Night shift,".into(),
            role: "none".into(),
            reason: "Starts on Monday".into(),
            ..InviteForm::default()
        };
        let new = parse(&form).unwrap();
        assert_eq!(new.groups.iter().map(GroupName::as_str).collect::<Vec<_>>(), ["Warehouse", "Night shift"]);
        assert!(new.role.is_none() && new.email.is_none());
    }
}
