//! The steps of a sign-in after its first: `/login/<id>/passkey`, `/login/<id>/totp`, `/login/<id>/recovery`, `/login/<id>/wait`,
//! `/login/<id>/again`.

use serde::Serialize;

use crate::kernel::Timestamp;
use crate::kernel::proof::Method;
use crate::platform::render::Page;
use crate::web::pages::parts::{AskingApp, CeremonyAddresses, FieldError, SigningIn};

/// The passkey as the second step.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeyStepPage {
    /// The attempt's id.
    pub flow: String,
    /// The attempt's version.
    pub step: u64,
    /// Who signs in; nobody is named where someone signed in confirms it.
    pub who: Option<SigningIn>,
    /// The application it is for.
    pub asking: Option<AskingApp>,
    /// The passkey ceremony.
    pub ceremony: CeremonyAddresses,
    /// The account also has an authenticator: offer `/login/<id>/totp`.
    pub totp: bool,
    /// A recovery code would do: offer `/login/<id>/recovery`.
    pub recovery: bool,
}

impl Page for PasskeyStepPage {
    const TEMPLATE: &'static str = "pages/sign_in/passkey.html";
}

/// The code of an authenticator. Posts `step` and `code` to `/login/<id>/totp`.
#[derive(Clone, Debug, Serialize)]
pub struct TotpStepPage {
    /// The attempt's id.
    pub flow: String,
    /// The attempt's version.
    pub step: u64,
    /// Who signs in; nobody is named where someone signed in confirms it.
    pub who: Option<SigningIn>,
    /// The application it is for.
    pub asking: Option<AskingApp>,
    /// The names of the person's authenticators. For a decoy: one of a plain name.
    pub authenticators: Vec<String>,
    /// The account also has a passkey: offer `/login/<id>/passkey`.
    pub passkey: bool,
    /// A recovery code would do: offer `/login/<id>/recovery`.
    pub recovery: bool,
    /// All authenticators are switched off after too many wrong codes: no field, other ways only.
    pub disabled: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for TotpStepPage {
    const TEMPLATE: &'static str = "pages/sign_in/totp.html";
}

/// A recovery code. Posts `step` and `code` to `/login/<id>/recovery`.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryCodePage {
    /// The attempt's id.
    pub flow: String,
    /// The attempt's version.
    pub step: u64,
    /// Who signs in; nobody is named where someone signed in confirms it.
    pub who: Option<SigningIn>,
    /// The application it is for.
    pub asking: Option<AskingApp>,
    /// There is something to type: the account has codes, and one would do here.
    pub usable: bool,
    /// The codes are switched off after too many wrong ones.
    pub disabled: bool,
    /// The account also has an authenticator: offer `/login/<id>/totp`.
    pub totp: bool,
    /// The account also has a passkey: offer `/login/<id>/passkey`.
    pub passkey: bool,
    /// What the person who runs the host types to let someone in who has nothing left.
    pub command: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for RecoveryCodePage {
    const TEMPLATE: &'static str = "pages/sign_in/recovery_code.html";
}

/// Signed in by a recovery code.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryCodeUsedPage {
    /// How many codes are left.
    pub left: usize,
    /// It is time for new ones.
    pub few: bool,
    /// With a code this person changes their sign-in methods; anyone who has a role does not.
    pub oneself: bool,
    /// What is typed on the host for a person whom no other administrator can help.
    pub command: Option<String>,
    /// The application it was for.
    pub asking: Option<AskingApp>,
    /// Where it goes on.
    pub next: String,
}

impl Page for RecoveryCodeUsedPage {
    const TEMPLATE: &'static str = "pages/sign_in/recovery_code_used.html";
}

/// What a pause is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Paused {
    /// Everything but passkeys, from this network.
    Network,
    /// Something that may be done a few times only in a while.
    Again,
    /// One method of this account.
    #[serde(untagged)]
    Method(Method),
}

/// Slowed down (TH-01, TH-12). Answered with 429 and `Retry-After`.
#[derive(Clone, Debug, Serialize)]
pub struct PausedPage {
    /// What is paused.
    pub paused: Paused,
    /// Until when.
    pub until: Timestamp,
    /// How long that is from now.
    pub seconds: u64,
    /// Where a passkey can be used meanwhile, such as `/login`; passkeys are never paused.
    pub passkey: Option<String>,
    /// Where to go on when the pause is over.
    pub next: String,
}

impl Page for PausedPage {
    const TEMPLATE: &'static str = "pages/sign_in/paused.html";
}

/// Why a sign-in cannot go on here.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Interruption {
    /// The browser did not send our cookie back.
    CookieLost,
    /// The attempt is older than an hour, or the server was restarted since.
    TooOld,
    /// It was finished in another tab.
    Finished {
        /// The name of who is signed in now.
        name: String,
    },
}

/// Interrupted, with one way on.
#[derive(Clone, Debug, Serialize)]
pub struct InterruptedPage {
    /// Why.
    pub interruption: Interruption,
    /// The application it was for, when that is still known.
    pub asking: Option<AskingApp>,
    /// What an application asked is known again, by the browser.
    pub kept: bool,
    /// Where the one button leads: starts again and keeps the application's request, or goes on.
    pub next: String,
}

impl Page for InterruptedPage {
    const TEMPLATE: &'static str = "pages/sign_in/interrupted.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for PasskeyStepPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                flow: "a1".into(),
                step: 1,
                who: Some(SigningIn::sample()),
                asking: Some(AskingApp::sample()),
                ceremony: CeremonyAddresses::under("/login/a1/passkey", ""),
                totp: true,
                recovery: true,
            };
            vec![("only", Self { asking: None, totp: false, recovery: false, ..page.clone() }), ("both", page)]
        }
    }

    impl Samples for TotpStepPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                flow: "a1".into(),
                step: 2,
                who: Some(SigningIn::sample()),
                asking: Some(AskingApp::sample()),
                authenticators: vec!["Ana’s phone".into()],
                passkey: true,
                recovery: true,
                disabled: false,
                errors: vec![],
            };
            let with = |error| Self { errors: vec![error], ..page.clone() };
            vec![
                ("wrong", with(FieldError::new("code", "error-code-wrong"))),
                ("used", with(FieldError::new("code", "error-code-used").with("seconds", 12_u64))),
                ("clock_slow", with(FieldError::new("code", "error-clock-slow").with("seconds", 95_u64))),
                ("malformed", with(FieldError::new("code", "error-code-malformed"))),
                ("missing", with(FieldError::new("code", "error-code-missing"))),
                ("disabled", Self { disabled: true, ..page.clone() }),
                ("disabled_alone", Self { disabled: true, passkey: false, recovery: false, ..page.clone() }),
                ("disabled_recovery", Self { disabled: true, passkey: false, ..page.clone() }),
                ("alone", Self { passkey: false, recovery: false, asking: None, ..page.clone() }),
                ("two", Self { authenticators: vec!["Ana’s phone".into(), "Tablet <old>".into()], ..page.clone() }),
                ("first", page),
            ]
        }
    }

    impl Samples for RecoveryCodePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                flow: "a1".into(),
                step: 2,
                who: Some(SigningIn::sample()),
                asking: Some(AskingApp::sample()),
                usable: true,
                disabled: false,
                totp: true,
                passkey: true,
                command: "vouchsafe admin recover NAME --reason \"...\"".into(),
                errors: vec![],
            };
            let with = |error| Self { errors: vec![error], ..page.clone() };
            vec![
                ("wrong", with(FieldError::new("code", "error-recovery-wrong"))),
                ("used", with(FieldError::new("code", "error-recovery-used"))),
                ("malformed", with(FieldError::new("code", "error-recovery-malformed"))),
                ("missing", with(FieldError::new("code", "error-recovery-missing"))),
                ("disabled", Self { usable: false, disabled: true, passkey: false, ..page.clone() }),
                ("none", Self { usable: false, totp: false, passkey: false, asking: None, ..page.clone() }),
                ("first", page),
            ]
        }
    }

    impl Samples for RecoveryCodeUsedPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { left: 9, few: false, oneself: true, command: None, asking: None, next: "/me".into() };
            vec![
                ("few", Self { left: 3, few: true, ..page.clone() }),
                ("one", Self { left: 1, few: true, ..page.clone() }),
                (
                    "last",
                    Self { left: 0, few: true, asking: Some(AskingApp::sample()), next: "/authorize/continue/r1".into(), ..page.clone() },
                ),
                ("administrator", Self { oneself: false, ..page.clone() }),
                (
                    "only_owner",
                    Self {
                        oneself: false,
                        command: Some("vouchsafe admin recover NAME --reason \"...\"".into()),
                        left: 3,
                        few: true,
                        ..page.clone()
                    },
                ),
                ("many", page),
            ]
        }
    }

    impl Samples for PausedPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                paused: Paused::Method(Method::Password),
                until: Timestamp::from_seconds(1_777_817_520),
                seconds: 64,
                passkey: Some("/login".into()),
                next: "/login".into(),
            };
            vec![
                (
                    "code",
                    Self {
                        paused: Paused::Method(Method::Totp),
                        seconds: 900,
                        passkey: None,
                        next: "/login/a1/totp".into(),
                        ..page.clone()
                    },
                ),
                (
                    "recovery",
                    Self {
                        paused: Paused::Method(Method::RecoveryCode),
                        seconds: 8,
                        passkey: None,
                        next: "/login/a1/recovery".into(),
                        ..page.clone()
                    },
                ),
                (
                    "again",
                    Self { paused: Paused::Again, seconds: 2_400, passkey: None, next: "/me/security/recovery".into(), ..page.clone() },
                ),
                ("network", Self { paused: Paused::Network, seconds: 400, ..page.clone() }),
                ("password", page),
            ]
        }
    }

    impl Samples for InterruptedPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { interruption: Interruption::TooOld, asking: None, kept: false, next: "/login".into() };
            let finished = Interruption::Finished { name: "Ana Example".into() };
            vec![
                ("cookie_lost", Self { interruption: Interruption::CookieLost, ..page.clone() }),
                ("too_old_app", Self { asking: Some(AskingApp::sample()), next: "/login?request=r1".into(), ..page.clone() }),
                ("finished", Self { interruption: finished.clone(), next: "/me".into(), ..page.clone() }),
                ("too_old_kept", Self { kept: true, next: "/authorize?client_id=grafana".into(), ..page.clone() }),
                (
                    "finished_kept",
                    Self { interruption: finished.clone(), kept: true, next: "/authorize?client_id=grafana".into(), ..page.clone() },
                ),
                (
                    "finished_app",
                    Self {
                        interruption: finished,
                        asking: Some(AskingApp::sample()),
                        next: "/authorize/continue/r1".into(),
                        ..page.clone()
                    },
                ),
                ("too_old", page),
            ]
        }
    }
}
