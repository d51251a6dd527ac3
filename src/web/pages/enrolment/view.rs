//! `/enrolment/<id>/*`: choosing and making sign-in methods, for the first administrator and for every
//! account that has too few.

use serde::Serialize;

use crate::platform::render::Page;
use crate::web::pages::parts::{AskingApp, CeremonyAddresses, FieldError, Progress};

/// Why one is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrolling {
    /// A new account.
    NewAccount,
    /// An account that signed in and needs one more way.
    OneMore,
}

/// Which way. Posts `step` and `method` (`passkey` or `password`) to `/enrolment/<id>/method`. For an account
/// that has a password the second choice is an authenticator alone and its value is `totp`.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolMethodPage {
    /// The enrolment's id.
    pub flow: String,
    /// The enrolment's version.
    pub step: u64,
    /// How far one is.
    pub progress: Option<Progress>,
    /// Why one is here.
    pub enrolling: Enrolling,
    /// The person's name.
    pub name: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for EnrolMethodPage {
    const TEMPLATE: &'static str = "pages/enrolment/method.html";
}

/// Making a passkey.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolPasskeyPage {
    /// The enrolment's id.
    pub flow: String,
    /// The enrolment's version.
    pub step: u64,
    /// How far one is.
    pub progress: Option<Progress>,
    /// The passkey ceremony; its kind is creation.
    pub ceremony: CeremonyAddresses,
}

impl Page for EnrolPasskeyPage {
    const TEMPLATE: &'static str = "pages/enrolment/passkey.html";
}

/// Choosing a password. Posts `step` and `password` to `/enrolment/<id>/password`.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolPasswordPage {
    /// The enrolment's id.
    pub flow: String,
    /// The enrolment's version.
    pub step: u64,
    /// How far one is.
    pub progress: Option<Progress>,
    /// The name the password belongs to, so that password managers save both.
    pub username: String,
    /// The shortest password accepted.
    pub minimum: usize,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for EnrolPasswordPage {
    const TEMPLATE: &'static str = "pages/enrolment/password.html";
}

/// What an authenticator app needs to know.
#[derive(Clone, Debug, Serialize)]
pub struct NewAuthenticator {
    /// The QR code as an `<svg>` element of ours.
    pub qr_svg: String,
    /// The key in groups of four.
    pub key_groups: String,
    /// The `otpauth:` link.
    pub otpauth: String,
}

/// Adding an authenticator. Posts `step`, `label` and `code` to `/enrolment/<id>/totp`.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolTotpPage {
    /// The enrolment's id.
    pub flow: String,
    /// The enrolment's version.
    pub step: u64,
    /// How far one is.
    pub progress: Option<Progress>,
    /// What the app needs to know.
    pub new: NewAuthenticator,
    /// The name of the authenticator, as typed or proposed.
    pub label: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for EnrolTotpPage {
    const TEMPLATE: &'static str = "pages/enrolment/totp.html";
}

/// Recovery codes at the end: posts `decision` (`make` or `later`) to `/enrolment/<id>/recovery`.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolRecoveryPage {
    /// The enrolment's id.
    pub flow: String,
    /// How far one is.
    pub progress: Option<Progress>,
    /// How many there will be.
    pub of: usize,
}

impl Page for EnrolRecoveryPage {
    const TEMPLATE: &'static str = "pages/enrolment/recovery_codes.html";
}

/// Done: what the person has now, and where to go on.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolDonePage {
    /// The person's name.
    pub name: String,
    /// This account is the first and administers the service.
    pub administrator: bool,
    /// A passkey was made: its name.
    pub passkey: Option<String>,
    /// A password was set.
    pub password: bool,
    /// An authenticator was added: its name.
    pub authenticator: Option<String>,
    /// How many recovery codes there are.
    pub recovery: usize,
    /// The application that waits.
    pub asking: Option<AskingApp>,
    /// Where the main button leads: the application or the account.
    pub next: String,
    /// The demo application's address, while it runs.
    pub demo: Option<String>,
}

impl Page for EnrolDonePage {
    const TEMPLATE: &'static str = "pages/enrolment/done.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for EnrolMethodPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                flow: "e1".into(),
                step: 1,
                progress: Some(Progress { at: 2, of: None }),
                enrolling: Enrolling::NewAccount,
                name: "Ana Example".into(),
                errors: vec![],
            };
            vec![
                ("one_more", Self { enrolling: Enrolling::OneMore, progress: None, ..page.clone() }),
                ("moved_on", Self { errors: vec![FieldError::new("form", "error-moved-on")], ..page.clone() }),
                ("new", page),
            ]
        }
    }

    impl Samples for EnrolPasskeyPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                flow: "e1".into(),
                step: 2,
                progress: Some(Progress { at: 3, of: Some(3) }),
                ceremony: CeremonyAddresses::under("/enrolment/e1/passkey", ""),
            };
            vec![("first", page)]
        }
    }

    impl Samples for EnrolPasswordPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                flow: "e1".into(),
                step: 2,
                progress: Some(Progress { at: 3, of: Some(5) }),
                username: "ana".into(),
                minimum: 12,
                errors: vec![],
            };
            let with = |error| Self { errors: vec![error], ..page.clone() };
            vec![
                ("short", with(FieldError::new("password", "error-password-short").with("minimum", 12_u64))),
                ("common", with(FieldError::new("password", "error-password-common"))),
                ("context", with(FieldError::new("password", "error-password-context"))),
                ("long", with(FieldError::new("password", "error-password-long"))),
                ("missing", with(FieldError::new("password", "error-password-missing"))),
                ("first", page),
            ]
        }
    }

    impl NewAuthenticator {
        /// An example whose picture is only a drawing.
        pub fn sample() -> Self {
            Self {
                qr_svg: r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" shape-rendering="crispEdges"><path fill="currentColor" d="M4 4h7v7h-7zM18 4h7v7h-7zM4 18h7v7h-7zM13 5h2v3h-2zM12 12h5v2h-5zM19 14h3v3h-3zM14 18h3v6h-3zM20 20h5v2h-5z"/></svg>"#.into(),
                key_groups: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP".into(),
                otpauth: "otpauth://totp/Acme:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme".into(),
            }
        }
    }

    impl Samples for EnrolTotpPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                flow: "e1".into(),
                step: 3,
                progress: Some(Progress { at: 4, of: Some(5) }),
                new: NewAuthenticator::sample(),
                label: "My phone".into(),
                errors: vec![],
            };
            vec![
                ("wrong", Self { errors: vec![FieldError::new("code", "error-code-wrong")], ..page.clone() }),
                ("clock", Self { errors: vec![FieldError::new("code", "error-clock-slow").with("seconds", 95_u64)], ..page.clone() }),
                (
                    "fast",
                    Self {
                        errors: vec![
                            FieldError::new("code", "error-clock-fast").with("seconds", 95_u64),
                            FieldError::new("label", "error-label-missing"),
                        ],
                        ..page.clone()
                    },
                ),
                ("first", page),
            ]
        }
    }

    impl Samples for EnrolRecoveryPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { flow: "e1".into(), progress: Some(Progress { at: 5, of: Some(5) }), of: 10 };
            vec![("one_more", Self { progress: None, ..page.clone() }), ("new", page)]
        }
    }

    impl Samples for EnrolDonePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                name: "Ana Example".into(),
                administrator: true,
                passkey: Some("iCloud Keychain".into()),
                password: false,
                authenticator: None,
                recovery: 10,
                asking: None,
                next: "/me".into(),
                demo: Some("http://127.0.0.1:8081/".into()),
            };
            vec![
                (
                    "password",
                    Self { passkey: None, password: true, authenticator: Some("My phone".into()), recovery: 0, demo: None, ..page.clone() },
                ),
                (
                    "app",
                    Self {
                        administrator: false,
                        demo: None,
                        asking: Some(AskingApp::sample()),
                        next: "/authorize/continue/r1".into(),
                        ..page.clone()
                    },
                ),
                ("passkey", page),
            ]
        }
    }
}
