//! `/fresh`: confirm again before a change, with the same proofs as a sign-in, and return to the same place.
//!
//! The form posts `to` and `password` to `/fresh`; the code step that follows is `/f/<id>/totp`.

use serde::Serialize;

use super::parts::{Ceremony, FieldError};
use crate::platform::render::Page;

/// Confirm again.
#[derive(Clone, Debug, Serialize)]
pub struct FreshPage {
    /// The key of the page to return to, never an address.
    pub to: String,
    /// The name the password belongs to, for password managers.
    pub username: String,
    /// The passkey ceremony, when the account has a passkey.
    pub ceremony: Option<Ceremony>,
    /// The account has a password and an authenticator.
    pub password: bool,
    /// A recovery code is not enough for what comes next.
    pub unaided: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for FreshPage {
    const TEMPLATE: &'static str = "pages/fresh.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            to: "me_security".into(),
            username: "ana".into(),
            ceremony: Some(Ceremony::under("/fresh/passkey", "?to=me_security")),
            password: true,
            unaided: false,
            errors: vec![],
        };
        vec![
            ("passkey", Self { password: false, ..page.clone() }),
            ("password", Self { ceremony: None, ..page.clone() }),
            ("wrong", Self { errors: vec![FieldError { field: "password", ..FieldError::current_password_wrong() }], ..page.clone() }),
            ("unaided", Self { to: "recovery".into(), unaided: true, ..page.clone() }),
            ("nothing", Self { to: "recovery".into(), unaided: true, ceremony: None, password: false, ..page.clone() }),
            ("both", page),
        ]
    }
}
