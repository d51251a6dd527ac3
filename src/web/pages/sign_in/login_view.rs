//! `/login`: sign in with a name and a password, or with a passkey alone.
//!
//! The form posts `name`, `password` and, for an application, `request` to `/login`.

use serde::Serialize;

use crate::platform::render::Page;
use crate::web::pages::parts::{AskingApp, CeremonyAddresses, FieldError};

/// Why someone who is signed in signs in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    /// The sign-in is too old or too weak.
    Stronger,
    /// They want to use another account.
    Other,
    /// The application asks for another person.
    Expected,
}

impl Again {
    /// From the word in the address.
    pub fn parse(word: &str) -> Self {
        match word {
            "other" => Self::Other,
            "expected" => Self::Expected,
            _ => Self::Stronger,
        }
    }
}

/// The sign-in page.
#[derive(Clone, Debug, Serialize)]
pub struct LoginPage {
    /// The application it is for; without one it ends in the account.
    pub asking: Option<AskingApp>,
    /// The id of the application's request, kept in a hidden field.
    pub request: Option<String>,
    /// The page of ours that was asked for before, kept in a hidden field.
    pub to: Option<String>,
    /// Why someone who is signed in signs in again.
    pub again: Option<Again>,
    /// Name and password were refused: the page says what helps when strangers' guesses are the cause.
    pub refused: bool,
    /// What was typed as the name, kept after a refusal; the password never is.
    pub name: String,
    /// The passkey ceremony of this page.
    pub ceremony: CeremonyAddresses,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "pages/sign_in/login.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for LoginPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let plain = Self {
                asking: None,
                request: None,
                to: None,
                again: None,
                refused: false,
                name: String::new(),
                ceremony: CeremonyAddresses::under("/login/passkey", ""),
                errors: vec![],
            };
            let app = Self {
                asking: Some(AskingApp::sample()),
                request: Some("r1".into()),
                ceremony: CeremonyAddresses::under("/login/passkey", "?request=r1"),
                ..plain.clone()
            };
            vec![
                (
                    "wrong",
                    Self {
                        refused: true,
                        name: "ana@acme.example".into(),
                        errors: vec![FieldError::new("password", "error-credentials")],
                        ..app.clone()
                    },
                ),
                ("no_name", Self { errors: vec![FieldError::new("name", "error-login-name-missing")], ..plain.clone() }),
                ("again", Self { again: Some(Again::Stronger), name: "ana".into(), ..app.clone() }),
                ("other", Self { again: Some(Again::Other), ..app.clone() }),
                ("expected", Self { again: Some(Again::Expected), ..app.clone() }),
                ("page", Self { to: Some("/me/security".into()), ..plain.clone() }),
                ("app", app),
                ("plain", plain),
            ]
        }
    }
}
