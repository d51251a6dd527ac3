//! `/login`: sign in with a name and a password, or with a passkey alone.
//!
//! The form posts `name`, `password` and, for an application, `request` to `/login`.

use serde::Serialize;

use crate::platform::render::Page;
use crate::web::pages::parts::{Asking, Ceremony, FieldError};

/// The sign-in page.
#[derive(Clone, Debug, Serialize)]
pub struct LoginPage {
    /// The application it is for; without one it ends in the account.
    pub asking: Option<Asking>,
    /// The id of the application's request, kept in a hidden field.
    pub request: Option<String>,
    /// The person signed in before, and the application asks for a stronger or a newer sign-in.
    pub again: bool,
    /// The person signed in wants to be somebody else.
    pub other: bool,
    /// What was typed as the name, kept after a refusal; the password never is.
    pub name: String,
    /// The passkey ceremony of this page.
    pub ceremony: Ceremony,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "pages/sign_in/login.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            asking: None,
            request: None,
            again: false,
            other: false,
            name: String::new(),
            ceremony: Ceremony::under("/login/passkey", ""),
            errors: vec![],
        };
        let app = Self {
            asking: Some(Asking::sample()),
            request: Some("r1".into()),
            ceremony: Ceremony::under("/login/passkey", "?request=r1"),
            ..plain.clone()
        };
        vec![
            ("wrong", Self { name: "ana@acme.example".into(), errors: vec![FieldError::wrong_credentials()], ..app.clone() }),
            ("no_name", Self { errors: vec![FieldError::login_name_missing()], ..plain.clone() }),
            ("again", Self { again: true, name: "ana".into(), ..app.clone() }),
            ("other", Self { other: true, ..app.clone() }),
            ("app", app),
            ("plain", plain),
        ]
    }
}
