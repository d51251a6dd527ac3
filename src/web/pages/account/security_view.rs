//! `/me/security`: ways to sign in, and the pages that change them. Every address here is behind `Reauthenticated`
//! for changes; passkeys live under `/me/security/passkeys/<id>`, authenticators under
//! `/me/security/authenticators/<id>`, each with `/rename` and `/remove`, and `/add` beside them.

use serde::Serialize;

use crate::kernel::Timestamp;
use crate::kernel::proof::Method;
use crate::platform::render::Page;
use crate::web::pages::account::me_address_view::MailReach;
use crate::web::pages::enrolment::view::NewAuthenticator;
use crate::web::pages::parts::{CeremonyAddresses, FieldError, Progress};

/// One passkey.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeyCard {
    /// Its id in the address.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is kept, from the bundled list.
    pub provider: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Last use.
    pub last_used_at: Option<Timestamp>,
    /// Its provider copies it to other devices.
    pub synced: bool,
}

/// One authenticator.
#[derive(Clone, Debug, Serialize)]
pub struct AuthenticatorCard {
    /// Its id in the address.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Last use.
    pub last_used_at: Option<Timestamp>,
    /// Switched off after too many wrong codes.
    pub disabled: bool,
}

/// The password.
#[derive(Clone, Debug, Serialize)]
pub struct PasswordLine {
    /// Last change.
    pub changed_at: Timestamp,
    /// Switched off after too many wrong tries.
    pub disabled: bool,
}

/// Recovery codes: "8 of 10 left, made on 3 March".
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryLine {
    /// How many were not used yet.
    pub left: usize,
    /// How many there were.
    pub of: usize,
    /// When they were made.
    pub made_at: Timestamp,
    /// It is time for new ones.
    pub few: bool,
    /// Switched off after too many wrong tries.
    pub disabled: bool,
}

/// Ways to sign in.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityPage {
    /// Whether messages tell of what changes here.
    pub reach: MailReach,
    /// The passkeys.
    pub passkeys: Vec<PasskeyCard>,
    /// The authenticators.
    pub authenticators: Vec<AuthenticatorCard>,
    /// The password, if there is one.
    pub password: Option<PasswordLine>,
    /// The recovery codes, if there are any.
    pub recovery: Option<RecoveryLine>,
}

impl Page for SecurityPage {
    const TEMPLATE: &'static str = "pages/account/security.html";
}

/// Making recovery codes: posts nothing but the form token to `/me/security/recovery`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityRecoveryPage {
    /// Those that are there and would become void.
    pub present: Option<RecoveryLine>,
    /// There is a password; without one a recovery code opens nothing, and the page has no button.
    pub password: bool,
    /// How many there will be.
    pub of: usize,
}

impl Page for SecurityRecoveryPage {
    const TEMPLATE: &'static str = "pages/account/security_recovery.html";
}

/// New recovery codes, shown once: posts `kept` (`yes`) to `/me/security/recovery/codes`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityRecoveryCodesPage {
    /// The codes, in groups.
    pub codes: Vec<String>,
    /// Whose they are: what is typed to sign in.
    pub username: String,
    /// When they were made.
    pub made_at: Timestamp,
    /// They can still be downloaded.
    pub download: bool,
    /// How far one is, at the end of an arrival.
    pub progress: Option<Progress>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for SecurityRecoveryCodesPage {
    const TEMPLATE: &'static str = "pages/account/security_recovery_codes.html";
}

/// Adding a passkey: `/me/security/passkeys/add`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityPasskeyAddPage {
    /// The passkey ceremony; its kind is creation.
    pub ceremony: CeremonyAddresses,
}

impl Page for SecurityPasskeyAddPage {
    const TEMPLATE: &'static str = "pages/account/security_passkey_add.html";
}

/// Adding an authenticator: posts `pending`, `label` and `code` to `/me/security/authenticators/add`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityTotpAddPage {
    /// The id of the unconfirmed authenticator, kept in a hidden field.
    pub pending: String,
    /// What the app needs to know.
    pub new: NewAuthenticator,
    /// The name, as typed or proposed.
    pub label: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for SecurityTotpAddPage {
    const TEMPLATE: &'static str = "pages/account/security_totp_add.html";
}

/// Changing or setting the password: posts `current_password`, `new_password` and `end_others` (`yes`) to
/// `/me/security/password`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityPasswordPage {
    /// The account has a password, which must be given too.
    pub has_password: bool,
    /// The name the password belongs to, for password managers.
    pub username: String,
    /// The shortest password accepted.
    pub minimum: usize,
    /// End all other sessions; ticked unless the person took the tick away.
    pub end_others: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for SecurityPasswordPage {
    const TEMPLATE: &'static str = "pages/account/security_password.html";
}

/// Renaming: posts `label` to `…/<id>/rename`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityRenamePage {
    /// What.
    pub method: Method,
    /// Which.
    pub id: String,
    /// The name, as it is or as typed.
    pub label: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for SecurityRenamePage {
    const TEMPLATE: &'static str = "pages/account/security_rename.html";
}

/// Removing: posts nothing but the form token to `…/<id>/remove`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityRemovePage {
    /// What.
    pub method: Method,
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Enough ways to sign in remain without it. Otherwise the page says what to add first and has no button.
    pub allowed: bool,
    /// What remains: how many passkeys.
    pub passkeys: usize,
    /// What remains: how many authenticators.
    pub authenticators: usize,
    /// What remains: a password.
    pub password: bool,
}

impl Page for SecurityRemovePage {
    const TEMPLATE: &'static str = "pages/account/security_remove.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    fn day() -> Timestamp {
        Timestamp::from_seconds(1_777_817_520)
    }

    impl RecoveryLine {
        fn sample() -> Self {
            Self { left: 8, of: 10, made_at: day(), few: false, disabled: false }
        }
    }

    impl Samples for SecurityPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let synced = PasskeyCard {
                id: "p1".into(),
                name: "iCloud Keychain".into(),
                provider: Some("iCloud Keychain".into()),
                created_at: day(),
                last_used_at: Some(day()),
                synced: true,
            };
            let key = PasskeyCard {
                id: "p2".into(),
                name: "Blue key".into(),
                provider: None,
                last_used_at: None,
                synced: false,
                ..synced.clone()
            };
            let phone = AuthenticatorCard {
                id: "t1".into(),
                name: "Ana’s phone".into(),
                created_at: day(),
                last_used_at: Some(day()),
                disabled: false,
            };
            let off = AuthenticatorCard { id: "t2".into(), name: "Old tablet".into(), last_used_at: None, disabled: true, ..phone.clone() };
            let password = PasswordLine { changed_at: day(), disabled: false };
            let email = || "ana@acme.example".to_owned();
            let page = Self {
                reach: MailReach::Confirmed { email: email() },
                passkeys: vec![synced, key],
                authenticators: vec![phone, off],
                password: Some(password.clone()),
                recovery: Some(RecoveryLine::sample()),
            };
            vec![
                (
                    "no_passkey",
                    Self {
                        reach: MailReach::Unconfirmed { email: email() },
                        passkeys: vec![],
                        password: Some(PasswordLine { disabled: true, ..password }),
                        recovery: Some(RecoveryLine { left: 3, few: true, ..RecoveryLine::sample() }),
                        ..page.clone()
                    },
                ),
                ("passkey_only", Self { reach: MailReach::NoMail, authenticators: vec![], password: None, recovery: None, ..page.clone() }),
                (
                    "recovery_off",
                    Self {
                        reach: MailReach::NoAddress,
                        recovery: Some(RecoveryLine { left: 0, few: true, disabled: true, ..RecoveryLine::sample() }),
                        ..page.clone()
                    },
                ),
                ("full", page),
            ]
        }
    }

    impl Samples for SecurityRecoveryPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { present: None, password: true, of: 10 };
            vec![
                ("again", Self { present: Some(RecoveryLine::sample()), ..page.clone() }),
                ("no_password", Self { password: false, ..page.clone() }),
                ("first", page),
            ]
        }
    }

    impl Samples for SecurityRecoveryCodesPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let codes = ["7KQ2-9VXM-4T8C-0HRD", "3MTZ-PW5X-8ABF-N6JG"];
            let page = Self {
                codes: codes.iter().cycle().take(10).map(|code| (*code).to_owned()).collect(),
                username: "ana".into(),
                made_at: day(),
                download: true,
                progress: None,
                errors: vec![],
            };
            vec![
                ("not_kept", Self { errors: vec![FieldError::new("kept", "error-recovery-not-kept")], download: false, ..page.clone() }),
                ("enrolment", Self { progress: Some(Progress { at: 5, of: Some(5) }), ..page.clone() }),
                ("first", page),
            ]
        }
    }

    impl Samples for SecurityPasskeyAddPage {
        fn samples() -> Vec<(&'static str, Self)> {
            vec![("first", Self { ceremony: CeremonyAddresses::under("/me/security/passkeys/add", "") })]
        }
    }

    impl Samples for SecurityTotpAddPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { pending: "n1".into(), new: NewAuthenticator::sample(), label: "My phone".into(), errors: vec![] };
            vec![
                ("wrong", Self { errors: vec![FieldError::new("code", "error-code-wrong")], ..page.clone() }),
                (
                    "too_many",
                    Self {
                        errors: vec![FieldError::new("form", "error-too-many"), FieldError::new("label", "error-label-invalid")],
                        ..page.clone()
                    },
                ),
                ("first", page),
            ]
        }
    }

    impl Samples for SecurityPasswordPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { has_password: true, username: "ana".into(), minimum: 12, end_others: true, errors: vec![] };
            vec![
                (
                    "wrong",
                    Self {
                        errors: vec![
                            FieldError::new("current_password", "error-current-password"),
                            FieldError::new("new_password", "error-password-short").with("minimum", 12_u64),
                        ],
                        end_others: false,
                        ..page.clone()
                    },
                ),
                ("set", Self { has_password: false, ..page.clone() }),
                ("change", page),
            ]
        }
    }

    impl Samples for SecurityRenamePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { method: Method::Passkey, id: "p1".into(), label: "Blue key".into(), errors: vec![] };
            vec![
                ("authenticator", Self { method: Method::Totp, id: "t1".into(), label: "Ana’s phone".into(), ..page.clone() }),
                ("invalid", Self { errors: vec![FieldError::new("label", "error-label-missing")], label: String::new(), ..page.clone() }),
                ("passkey", page),
            ]
        }
    }

    impl Samples for SecurityRemovePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                method: Method::Passkey,
                id: "p1".into(),
                name: "Blue key".into(),
                allowed: true,
                passkeys: 1,
                authenticators: 1,
                password: true,
            };
            vec![
                ("last", Self { allowed: false, passkeys: 0, authenticators: 0, password: false, ..page.clone() }),
                (
                    "authenticator",
                    Self {
                        method: Method::Totp,
                        id: "t1".into(),
                        name: "Ana’s phone".into(),
                        authenticators: 0,
                        password: false,
                        ..page.clone()
                    },
                ),
                ("passkey", page),
            ]
        }
    }
}
