//! `/setup`: who the first administrator is, and what to do with a link that no longer works.

use serde::Serialize;

use crate::kernel::Timestamp;
use crate::platform::render::Page;
use crate::web::pages::parts::{FieldError, Progress};

/// Name, username, email. Posts `link`, `name`, `username`, `email` to `/setup`.
#[derive(Clone, Debug, Serialize)]
pub struct SetupNamePage {
    /// Which link the form is for.
    pub link: String,
    /// How far one is.
    pub progress: Progress,
    /// This service sends mail.
    pub mail: bool,
    /// What was typed.
    pub name: String,
    /// What was typed.
    pub username: String,
    /// What was typed.
    pub email: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for SetupNamePage {
    const TEMPLATE: &'static str = "pages/enrolment/setup_name.html";
}

/// Why a set-up link does not open anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum LinkState {
    /// It was used.
    Used {
        /// When.
        at: Timestamp,
    },
    /// A newer link replaced it.
    Replaced {
        /// When.
        at: Timestamp,
    },
    /// Its hour is over.
    Ended {
        /// When.
        at: Timestamp,
    },
    /// There never was such a link.
    Unknown,
    /// None was opened in this browser, or its cookie was not kept.
    Missing,
}

/// A set-up link that was used, has ended, or never was.
#[derive(Clone, Debug, Serialize)]
pub struct SetupEndedPage {
    /// Why.
    pub link: LinkState,
    /// The command that prints a new link, as it can be typed; none when an administrator exists.
    pub command: Option<String>,
}

impl Page for SetupEndedPage {
    const TEMPLATE: &'static str = "pages/enrolment/setup_ended.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::text::TextProblem;
    use crate::platform::render::testing::Samples;

    impl Samples for SetupNamePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                link: "hyzNat7ZkC8".into(),
                progress: Progress { at: 1, of: None },
                mail: false,
                name: String::new(),
                username: String::new(),
                email: String::new(),
                errors: vec![],
            };
            vec![
                (
                    "errors",
                    Self {
                        name: "Ana Example".into(),
                        username: "a b".into(),
                        email: "ana".into(),
                        errors: vec![
                            FieldError::new("username", "error-username-invalid"),
                            FieldError::new("email", "error-email-invalid"),
                        ],
                        ..page.clone()
                    },
                ),
                (
                    "empty",
                    Self {
                        errors: vec![
                            FieldError::new("name", "error-name-missing"),
                            FieldError::unfit("name", TextProblem::TooLong, "error-name-invalid"),
                            FieldError::new("username", "error-username-missing"),
                            FieldError::new("username", "error-username-taken"),
                            FieldError::new("email", "error-email-taken"),
                        ],
                        ..page.clone()
                    },
                ),
                ("first_with_mail", Self { mail: true, ..page.clone() }),
                ("first", page),
            ]
        }
    }

    impl Samples for SetupEndedPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let at = Timestamp::from_seconds(1_777_817_520);
            let command = Some("vouchsafe setup-link".to_owned());
            vec![
                ("used", Self { link: LinkState::Used { at }, command: None }),
                ("replaced", Self { link: LinkState::Replaced { at }, command: command.clone() }),
                ("ended", Self { link: LinkState::Ended { at }, command: command.clone() }),
                ("missing", Self { link: LinkState::Missing, command: command.clone() }),
                ("unknown", Self { link: LinkState::Unknown, command }),
                ("unknown_set_up", Self { link: LinkState::Unknown, command: None }),
            ]
        }
    }
}
