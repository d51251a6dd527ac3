//! `/people/invite`: who is invited, and why.

use serde::Serialize;

use crate::platform::render::Page;
use crate::web::pages::parts::FieldError;

/// Inviting somebody. Posts `name`, `username`, `email`, `groups`, `role` and `reason` to `/people/invite`.
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
    /// The id of somebody who has this name and was invited already.
    pub already: Option<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for PeopleInvitePage {
    const TEMPLATE: &'static str = "pages/admin/people_invite.html";
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
