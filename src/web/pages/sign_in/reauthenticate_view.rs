//! `/reauthenticate`: confirm again before a change, with the same proofs as a sign-in, and return to the same place.
//!
//! The form posts `to` and `password` to `/reauthenticate`; the code step that follows is `/login/<id>/totp`.

use serde::Serialize;

use crate::platform::render::Page;
use crate::web::pages::parts::{Ceremony, FieldError};

/// Confirm again.
#[derive(Clone, Debug, Serialize)]
pub struct ReauthenticatePage {
    /// The key of the page to return to, never an address.
    pub to: String,
    /// What is about to be done, such as `person-disable`.
    pub act: String,
    /// It is about one's own ways to sign in, and not about what administrators do.
    pub own: bool,
    /// The name the password belongs to, for password managers.
    pub username: String,
    /// The passkey ceremony, when the account has a passkey.
    pub ceremony: Option<Ceremony>,
    /// The password can begin a confirmation: the account has no passkey, or a recovery code comes next.
    pub password: bool,
    /// The account has a passkey, and recovery codes that may stand for it.
    pub by_code: bool,
    /// A recovery code is not enough for what comes next.
    pub without_recovery_code: bool,
    /// Another way to sign in can be added with a recovery code: not by whoever has a role.
    pub may_add: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for ReauthenticatePage {
    const TEMPLATE: &'static str = "pages/sign_in/reauthenticate.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for ReauthenticatePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                to: "security".into(),
                act: "security".into(),
                own: true,
                username: "ana".into(),
                ceremony: Some(Ceremony::under("/reauthenticate/passkey", "?to=security")),
                password: false,
                by_code: false,
                without_recovery_code: false,
                may_add: true,
                errors: vec![],
            };
            let password = Self { ceremony: None, password: true, ..page.clone() };
            let acts = |act: &str| Self { act: act.into(), own: false, without_recovery_code: true, may_add: false, ..page.clone() };
            vec![
                ("passkey", page.clone()),
                (
                    "wrong",
                    Self { errors: vec![FieldError { field: "password", ..FieldError::current_password_wrong() }], ..password.clone() },
                ),
                ("password", password.clone()),
                ("by_code", Self { password: true, by_code: true, ..page.clone() }),
                (
                    "without_recovery_code",
                    Self { to: "recovery".into(), act: "recovery".into(), without_recovery_code: true, ..page.clone() },
                ),
                ("person", acts("person-disable")),
                ("person_password", Self { ceremony: None, password: true, ..acts("person") }),
                ("app", acts("app-delete")),
                ("group", acts("group-new")),
                (
                    "nothing",
                    Self { to: "recovery".into(), act: "recovery".into(), without_recovery_code: true, ceremony: None, ..page.clone() },
                ),
                (
                    "administrator",
                    Self { to: "passkey".into(), act: "passkey".into(), without_recovery_code: true, may_add: false, ..password },
                ),
                (
                    "administrator_nothing",
                    Self {
                        to: "passkey".into(),
                        act: "passkey".into(),
                        without_recovery_code: true,
                        may_add: false,
                        ceremony: None,
                        ..page
                    },
                ),
            ]
        }
    }
}
