//! The pages for what went wrong. Each says what happened, whose it is to fix, and one next step.

use serde::Serialize;

use crate::platform::render::Page;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Problem {
    /// 400: a request that makes no sense.
    BadRequest,
    /// 400: an application that is not registered here asks for a sign-in; nobody is sent anywhere (OA-03).
    UnknownApp {
        /// The `client_id` it sent.
        sent: String,
    },
    /// 400: an application asks to be answered at an address that is not registered for it (OA-14).
    UnknownRedirect {
        /// The application's name.
        app: String,
        /// The address it sent.
        sent: String,
    },
    /// 400: an application's request lacks what it needs to be answered, so it cannot be told.
    BadAppRequest {
        /// What is wrong with it, for its developer; plain words in English.
        detail: String,
    },
    /// 403: a sign-in needs a page, and the browser shows none for this request: an image, a script, a frame.
    NotNavigation,
    /// 403: the form did not come from our page, or its token is old (WB-01).
    FormRefused,
    /// 403: not allowed.
    Forbidden,
    /// 404: no such page.
    NotFound,
    /// 405: the page exists but not for this method.
    MethodNotAllowed,
    /// 410: it existed and has ended.
    Gone,
    /// 413: more was sent than any form of ours holds.
    TooLarge,
    /// 429: too many requests.
    TooMany {
        /// When to try again.
        seconds: u64,
    },
    /// 500: our mistake. The write was rolled back.
    Ours,
    /// 503: more to do than can be done.
    Busy {
        /// When to try again.
        seconds: u64,
    },
    /// 503: the database is away.
    Away {
        /// When to try again.
        seconds: u64,
    },
    /// 503: the store of attempts and counters is away. Signing in waits; anyone who is signed in goes on.
    SignInsWait {
        /// When to try again.
        seconds: u64,
    },
}

impl Problem {
    /// The status of the answer.
    pub const fn status(&self) -> u16 {
        match self {
            Self::BadRequest | Self::UnknownApp { .. } | Self::UnknownRedirect { .. } | Self::BadAppRequest { .. } => 400,
            Self::FormRefused | Self::Forbidden | Self::NotNavigation => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::TooMany { .. } => 429,
            Self::Ours => 500,
            Self::Busy { .. } | Self::Away { .. } | Self::SignInsWait { .. } => 503,
        }
    }
}

/// Where an error page leads.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", content = "address", rename_all = "snake_case")]
pub enum Forward {
    /// To the start.
    Home,
    /// To the same page once more.
    Again(String),
    /// Back into the sign-in that an application asked for.
    Application(String),
}

/// An error page.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    /// What went wrong.
    pub problem: Problem,
    /// Its status.
    pub status: u16,
    /// The one step forward.
    pub forward: Forward,
    /// The reference code under which the log has the event, such as `K7Q2-9VXM`.
    pub reference: Option<String>,
}

impl ErrorPage {
    /// The page for `problem`.
    pub fn new(problem: Problem, reference: Option<String>) -> Self {
        Self { status: problem.status(), problem, forward: Forward::Home, reference }
    }
    /// The same page with another step forward.
    pub fn leading(self, forward: Forward) -> Self {
        Self { forward, ..self }
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "pages/system/error.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for ErrorPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let reference = || Some("K7Q2-9VXM".to_owned());
            vec![
                ("bad_request", Self::new(Problem::BadRequest, None)),
                ("unknown_app", Self::new(Problem::UnknownApp { sent: "grafana-2".into() }, reference())),
                ("not_navigation", Self::new(Problem::NotNavigation, reference())),
                (
                    "unknown_redirect",
                    Self::new(
                        Problem::UnknownRedirect { app: "Grafana".into(), sent: "https://grafana.example.org/login/generic".into() },
                        reference(),
                    ),
                ),
                (
                    "bad_app_request",
                    Self::new(Problem::BadAppRequest { detail: "the parameter redirect_uri appears twice".into() }, reference()),
                ),
                ("form_refused", Self::new(Problem::FormRefused, reference())),
                ("form_refused_app", Self::new(Problem::FormRefused, reference()).leading(Forward::Application("/authorize?x=1".into()))),
                ("forbidden", Self::new(Problem::Forbidden, None)),
                ("not_found", Self::new(Problem::NotFound, None)),
                ("method_not_allowed", Self::new(Problem::MethodNotAllowed, None)),
                ("gone", Self::new(Problem::Gone, None)),
                ("too_large", Self::new(Problem::TooLarge, None)),
                ("too_many", Self::new(Problem::TooMany { seconds: 12 }, None)),
                ("ours", Self::new(Problem::Ours, reference())),
                ("busy", Self::new(Problem::Busy { seconds: 2 }, None)),
                (
                    "away",
                    Self::new(Problem::Away { seconds: 30 }, reference()).leading(Forward::Again("http://localhost:8080/people".into())),
                ),
                ("sign_ins_wait", Self::new(Problem::SignInsWait { seconds: 10 }, reference())),
            ]
        }
    }
}
