//! `/reauthenticate`: confirm again before a change, with the same proofs as a sign-in, and return to the same place.
//!
//! The form posts `to` and `password` to `/reauthenticate`; the code step that follows is `/login/<id>/totp`.

use serde::Serialize;

use crate::platform::render::Page;
use crate::web::pages::parts::{CeremonyAddresses, FieldError};

/// Confirm again.
#[derive(Clone, Debug, Serialize)]
pub struct ReauthenticatePage {
    /// The page to return to.
    pub to: String,
    /// The key of the sentence that says what is about to be done.
    pub act: String,
    /// It is about one's own sign-in methods, and not about what administrators do.
    pub own: bool,
    /// The name the password belongs to, for password managers.
    pub username: String,
    /// The passkey ceremony, when the account has a passkey.
    pub ceremony: Option<CeremonyAddresses>,
    /// The password can begin a confirmation: the account has no passkey, or a recovery code comes next.
    pub password: bool,
    /// The account has a passkey, and recovery codes that may stand for it.
    pub by_code: bool,
    /// A recovery code is not enough for what comes next.
    pub without_recovery_code: bool,
    /// Another sign-in method can be added with a recovery code: not by anyone who has a role.
    pub may_add: bool,
    /// How long the confirmation holds, in seconds.
    pub seconds: u64,
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
                to: "/me/security".into(),
                act: "reauthenticate-act-me-security".into(),
                own: true,
                username: "ana".into(),
                ceremony: Some(CeremonyAddresses::under("/reauthenticate/passkey", "?to=/me/security")),
                password: false,
                by_code: false,
                without_recovery_code: false,
                may_add: true,
                seconds: 900,
                errors: vec![],
            };
            let password = Self { ceremony: None, password: true, ..page.clone() };
            let acts = |act: &str| Self {
                act: format!("reauthenticate-act-{act}"),
                own: false,
                without_recovery_code: true,
                may_add: false,
                ..page.clone()
            };
            vec![
                ("passkey", page.clone()),
                ("wrong", Self { errors: vec![FieldError::new("password", "error-current-password")], ..password.clone() }),
                ("password", password.clone()),
                ("by_code", Self { password: true, by_code: true, ..page.clone() }),
                (
                    "without_recovery_code",
                    Self {
                        to: "/me/security/recovery".into(),
                        act: "reauthenticate-act-me-security-recovery".into(),
                        without_recovery_code: true,
                        ..page.clone()
                    },
                ),
                ("person", acts("people-one-disable")),
                ("person_password", Self { ceremony: None, password: true, ..acts("people-one") }),
                ("app", acts("apps-one-delete")),
                ("group", acts("groups-new")),
                (
                    "nothing",
                    Self {
                        to: "/me/security/recovery".into(),
                        act: "reauthenticate-act-me-security-recovery".into(),
                        without_recovery_code: true,
                        ceremony: None,
                        ..page.clone()
                    },
                ),
                (
                    "administrator",
                    Self {
                        to: "/me/security/passkeys/add".into(),
                        act: "reauthenticate-act-me-security-passkeys-add".into(),
                        without_recovery_code: true,
                        may_add: false,
                        ..password
                    },
                ),
                (
                    "administrator_nothing",
                    Self {
                        to: "/me/security/passkeys/add".into(),
                        act: "reauthenticate-act-me-security-passkeys-add".into(),
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
