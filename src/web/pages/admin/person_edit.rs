//! `/people/<id>/edit`: what a person is called.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::domain::identity::{NameKind, ProfileChange};
use crate::flows::people::{self, PersonEdited, PersonOutcome};
use crate::kernel::ids::PersonId;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::admin::frame;
use crate::web::pages::admin::people_invite::{parse_person, parse_reason};
use crate::web::pages::admin::person::after;
use crate::web::pages::done::Done;
use crate::web::pages::parts::FieldError;

/// Editing a person. Posts `name`, `username`, `email` and `reason` to `/people/<id>/edit`.
#[derive(Clone, Debug, Serialize)]
pub struct PersonEditPage {
    /// Whose.
    pub id: String,
    /// What they are called now.
    pub person: String,
    /// What was typed.
    pub name: String,
    /// What was typed.
    pub username: String,
    /// What was typed.
    pub email: String,
    /// What the fields said when the form was first shown.
    pub shown: ShownDetails,
    /// What was typed.
    pub reason: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for PersonEditPage {
    const TEMPLATE: &'static str = "pages/admin/person_edit.html";
}

/// What the fields said when the form was first shown, sent back with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ShownDetails {
    /// The name.
    pub name: String,
    /// The username.
    pub username: String,
    /// The email.
    pub email: String,
}

/// What they are called from now on, and why.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PersonEditForm {
    name: String,
    username: String,
    email: String,
    was_name: String,
    was_username: String,
    was_email: String,
    reason: String,
}

impl PersonEditForm {
    /// What was changed on the form, and nothing else: a value that someone else changed meanwhile stays so.
    fn change(&self) -> Result<ProfileChange, Vec<FieldError>> {
        let (name, username, email) = parse_person(&self.name, &self.username, &self.email)?;
        Ok(ProfileChange {
            name: (self.name != self.was_name).then_some(name),
            username: (self.username != self.was_username).then_some(username),
            email: (self.email != self.was_email).then_some(email),
        })
    }
}

/// Shows the form, filled in with what they are called.
pub async fn show(app: Shared, browser: Browser, admin: ReauthenticatedAdmin, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let id: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    let profile = people::find(&app, admin.actor.looks(), id).await?.ok_or(Failure::NotFound)?.row.profile;
    let shown = ShownDetails {
        name: profile.name.clone(),
        username: profile.username.unwrap_or_default(),
        email: profile.email.unwrap_or_default(),
    };
    let page = PersonEditPage {
        id: id.to_string(),
        person: profile.name,
        name: shown.name.clone(),
        username: shown.username.clone(),
        email: shown.email.clone(),
        shown,
        reason: String::new(),
        errors: vec![],
    };
    frame::page(&app, &browser, &admin, &page).await
}

/// Saves it.
pub async fn submit(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    id: web::Path<String>,
    Posted(form): Posted<PersonEditForm>,
) -> Result<HttpResponse, Failure> {
    let id: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    let errors = match (form.change(), parse_reason(&form.reason)) {
        (Ok(new), Ok(reason)) => match people::edit(&app, &admin.acting(browser.caller()), id, new, reason).await? {
            PersonOutcome::Done(PersonEdited::NameTaken(NameKind::Username)) => vec![FieldError::new("username", "error-username-taken")],
            PersonOutcome::Done(PersonEdited::NameTaken(NameKind::Email)) => vec![FieldError::new("email", "error-email-taken")],
            outcome => return after(id, outcome.map(|_| Done::PersonEdited)),
        },
        (person, reason) => person.err().into_iter().flatten().chain(reason.err()).collect(),
    };
    let profile = people::find(&app, admin.actor.looks(), id).await?.ok_or(Failure::NotFound)?.row.profile;
    let page = PersonEditPage {
        id: id.to_string(),
        person: profile.name,
        name: form.name,
        username: form.username,
        email: form.email,
        shown: ShownDetails { name: form.was_name, username: form.was_username, email: form.was_email },
        reason: form.reason,
        errors,
    };
    frame::answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for PersonEditPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                id: "01a2094e-84be-7374-8cb4-aa55cbd9c4c2".into(),
                person: "Ben Crater".into(),
                name: "Ben Carter".into(),
                username: "ben".into(),
                email: "ben@acme.example".into(),
                shown: ShownDetails { name: "Ben Crater".into(), username: "bne".into(), email: "ben@acme.example".into() },
                reason: String::new(),
                errors: vec![],
            };
            let wrong = vec![FieldError::new("username", "error-username-taken"), FieldError::new("reason", "error-reason-missing")];
            vec![("wrong", Self { errors: wrong, ..page.clone() }), ("first", page)]
        }
    }
}
