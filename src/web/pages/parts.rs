//! Pieces that several pages share: what an application asks, the addresses of a passkey ceremony, how far
//! one is, and the messages beside fields.

use actix_web::http::StatusCode;
use serde::Serialize;

use crate::kernel::text::{TextProblem, code_point};
use crate::platform::render::{Arg, Text};

/// The application a sign-in is for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AskingApp {
    /// The application's name.
    pub app: String,
    /// Who runs it.
    pub run_by: String,
    /// The address that turns back to it before anybody has signed in.
    pub turn_back: Option<String>,
}

/// Who signs in, once a first proof says it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SigningIn {
    /// The name they sign in with.
    pub name: String,
    /// Where someone else begins.
    pub not_you: String,
}

/// The two addresses a passkey script posts JSON to. Start answers the options; finish answers
/// `{"next": "/path"}` or `{"message": "words"}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CeremonyAddresses {
    /// Where the options come from.
    pub start: String,
    /// Where the answer goes.
    pub finish: String,
}

impl CeremonyAddresses {
    /// The ceremony under `base`, such as `/login/<id>/passkey`, with an optional query that begins with `?`.
    pub fn under(base: &str, query: &str) -> Self {
        Self { start: format!("{base}/start{query}"), finish: format!("{base}/finish{query}") }
    }
}

/// "Step 2 of 4"; "Step 2" while it is open how many there will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Where one is, from one.
    pub at: u8,
    /// How many there are, once that is known.
    pub of: Option<u8>,
}

/// The status of a form that has these errors: 422 for what is wrong, so that machines see what people read.
pub fn status_of(errors: &[FieldError]) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// What is wrong with one field: the words stand beside it and in the summary, which links to it.
/// `field` is the field's name, or `form` for the whole form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldError {
    /// The field's name, which is also its id.
    pub field: &'static str,
    /// The words.
    pub text: Text,
}

impl FieldError {
    /// The message with this key beside a field.
    pub fn new(field: &'static str, key: &'static str) -> Self {
        Self { field, text: Text::new(key) }
    }
    /// The same message with a value in it.
    pub fn with(self, name: &'static str, value: impl Into<Arg>) -> Self {
        Self { text: self.text.with(name, value), ..self }
    }
    /// A name that cannot be used: the sentence names the character that is in the way, else it is the one of `key`.
    pub fn unfit(field: &'static str, problem: TextProblem, key: &'static str) -> Self {
        match problem {
            TextProblem::Forbidden(c) => Self::new(field, "error-character-hidden").with("code", code_point(c)),
            TextProblem::Borrowed(c) => {
                Self::new(field, "error-character-borrowed").with("character", c.to_string()).with("code", code_point(c))
            }
            TextProblem::Empty | TextProblem::TooLong | TextProblem::Malformed => Self::new(field, key),
        }
    }
}

#[cfg(test)]
mod samples {
    use super::*;

    impl AskingApp {
        /// An example.
        pub fn sample() -> Self {
            Self { app: "Grafana".into(), run_by: "Acme IT".into(), turn_back: Some("/authorize/cancel/r1".into()) }
        }
    }

    impl SigningIn {
        /// An example.
        pub fn sample() -> Self {
            Self { name: "ana".into(), not_you: "/login?again=other".into() }
        }
    }
}
