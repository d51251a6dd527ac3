//! `/me/security`: sign-in methods.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::flows::factors;
use crate::kernel::Timestamp;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, Shared, SignedIn};
use crate::web::pages::account::frame::{self, DoneQuery, profile};
use crate::web::pages::account::me_address_view::MailReach;
use crate::web::pages::account::security_recovery::{RecoveryLine, line};

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

/// Shows the list.
pub async fn show(app: Shared, browser: Browser, signed_in: SignedIn, query: web::Query<DoneQuery>) -> Result<HttpResponse, Failure> {
    let person = signed_in.session.person;
    let ways = factors::list(&app, person).await?;
    let off = |failures: i32| failures >= app.settings.sign_in.disable_after;
    let passkeys = ways.passkeys.into_iter().map(|passkey| PasskeyCard {
        id: passkey.id.to_string(),
        provider: passkey.provider().map(str::to_owned),
        name: passkey.name,
        created_at: passkey.created_at,
        last_used_at: passkey.last_used_at,
        synced: passkey.backup_eligible,
    });
    let authenticators = ways.authenticators.into_iter().map(|totp| AuthenticatorCard {
        id: totp.id.to_string(),
        name: totp.name,
        created_at: totp.created_at,
        last_used_at: totp.last_used_at,
        disabled: off(totp.failures),
    });
    let page = SecurityPage {
        reach: MailReach::of(&app, &profile(&app, person).await?),
        passkeys: passkeys.collect(),
        authenticators: authenticators.collect(),
        password: ways.password.map(|stored| PasswordLine { changed_at: stored.changed_at, disabled: off(stored.failures) }),
        recovery: ways.recovery.map(|status| line(status, app.settings.sign_in.disable_after)),
    };
    frame::page_after(&app, &browser, person, &query, &page).await
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    fn day() -> Timestamp {
        Timestamp::from_seconds(1_777_817_520)
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
}
