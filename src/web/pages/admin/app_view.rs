//! `/apps/<id>`: one application as administrators see it, and the pages that ask before something is done with it.

use serde::Serialize;

use crate::domain::client::PkceRule;
use crate::kernel::Timestamp;
use crate::kernel::claim::{Claim, ClaimRules};
use crate::platform::render::Page;
use crate::web::pages::admin::apps_view::AppRow;
use crate::web::pages::consent::view::ShownOwn;
use crate::web::pages::parts::FieldError;

/// A secret, as far as it can be shown.
#[derive(Clone, Debug, Serialize)]
pub struct SecretRow {
    /// Its row.
    pub id: String,
    /// The end of its id, to tell two apart.
    pub short: String,
    /// When it was made.
    pub made_at: Timestamp,
}

/// What an application must send to protect its codes.
#[derive(Clone, Debug, Serialize)]
pub struct Pkce {
    /// The rule's word: `public`, `hardened`, `used` or `or_nonce`.
    pub rule: &'static str,
    /// Since when it has used PKCE, where that is the rule.
    pub since: Option<Timestamp>,
}

impl Pkce {
    /// Of a rule.
    pub fn of(rule: PkceRule) -> Self {
        let (rule, since) = match rule {
            PkceRule::Public => ("public", None),
            PkceRule::Hardened => ("hardened", None),
            PkceRule::UsedBefore(since) => ("used", Some(since)),
            PkceRule::OrNonce => ("or_nonce", None),
        };
        Self { rule, since }
    }
}

/// A claim and who decides about it.
#[derive(Clone, Debug, Serialize)]
pub struct RuleLine {
    /// The claim.
    pub claim: &'static str,
    /// `needed`, `choice` or `never`.
    pub rule: &'static str,
}

impl RuleLine {
    /// One for each claim.
    pub fn of_all(rules: ClaimRules) -> Vec<Self> {
        Claim::ALL.map(|claim| Self { claim: claim.as_str(), rule: rules.of(claim).as_str() }).into()
    }
}

/// Addresses that an application may use for a reason only.
#[derive(Clone, Debug, Serialize)]
pub struct UnsafeAddresses {
    /// `private_http` or `undotted_scheme`.
    pub kind: &'static str,
    /// Why they are allowed.
    pub reason: String,
    /// The addresses; none when the exemption is not used.
    pub addresses: Vec<String>,
}

/// One application.
#[derive(Clone, Debug, Serialize)]
pub struct AppPage {
    /// As in the list.
    pub app: AppRow,
    /// Our name, as it is to know us.
    pub issuer: String,
    /// Where it learns everything about us.
    pub discovery: String,
    /// Where sign-ins are answered.
    pub redirect_uris: Vec<String>,
    /// Where people may be sent after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// What of these is not safe by itself, and why it is allowed.
    pub unsafe_addresses: Vec<UnsafeAddresses>,
    /// How it presents its secret, if it has one.
    pub authentication: Option<&'static str>,
    /// How its ID tokens are signed.
    pub algorithm: &'static str,
    /// Where it reads claims.
    pub claim_delivery: &'static str,
    /// Each claim, and who decides about it.
    pub claim_rules: Vec<RuleLine>,
    /// The organisation runs it itself.
    pub own: Option<ShownOwn>,
    /// What it must send to protect its codes.
    pub pkce: Pkce,
    /// What people read while it is switched off.
    pub off_text: Option<String>,
    /// Since when it is connected.
    pub since: Timestamp,
    /// Its secrets; none for an application that proves itself by PKCE alone.
    pub secrets: Vec<SecretRow>,
    /// Whether it can have one more.
    pub more_secrets: bool,
}

impl Page for AppPage {
    const TEMPLATE: &'static str = "pages/admin/app.html";
}

/// What an administrator does with an application for a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AppAct {
    /// Switches it off.
    Disable,
    /// Switches it on again.
    Enable,
    /// Lets it do without PKCE again.
    ReleasePkce,
    /// Removes it.
    Delete,
}

impl AppAct {
    /// From the address.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "disable" => Some(Self::Disable),
            "enable" => Some(Self::Enable),
            "release_pkce" => Some(Self::ReleasePkce),
            "delete" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// Asks for the reason. Posts `reason`, and to switch it off `text`, to `/apps/<id>/<act>`.
#[derive(Clone, Debug, Serialize)]
pub struct AppActPage {
    /// Its row.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What will be done.
    pub act: AppAct,
    /// People who agreed to give it something.
    pub consents: i64,
    /// Sign-ins that still give it something.
    pub grants: i64,
    /// What was typed for people to read.
    pub text: String,
    /// What was typed.
    pub reason: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for AppActPage {
    const TEMPLATE: &'static str = "pages/admin/app_act.html";
}

/// Asks whether a secret is to be revoked. Posts nothing to `/apps/<id>/secrets/<secret>`.
#[derive(Clone, Debug, Serialize)]
pub struct AppSecretPage {
    /// The application's row.
    pub id: String,
    /// The application's name.
    pub name: String,
    /// The secret's row.
    pub secret: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// It is the only one, and stays.
    pub last: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for AppSecretPage {
    const TEMPLATE: &'static str = "pages/admin/app_secret.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::claim::ClaimRule;
    use crate::platform::render::testing::Samples;

    impl SecretRow {
        /// An example.
        fn sample(id: &str, seconds: i64) -> Self {
            Self { id: id.into(), short: id.into(), made_at: Timestamp::from_seconds(seconds) }
        }
    }

    impl AppPage {
        /// An example.
        fn sample() -> Self {
            Self {
                app: AppRow::sample(),
                issuer: "https://auth.acme.example".into(),
                discovery: "https://auth.acme.example/.well-known/openid-configuration".into(),
                redirect_uris: vec!["https://grafana.example.org/login/generic_oauth".into()],
                post_logout_redirect_uris: vec![],
                unsafe_addresses: vec![],
                authentication: Some("client_secret_basic"),
                algorithm: "RS256",
                claim_delivery: "id_token_and_userinfo",
                claim_rules: RuleLine::of_all(ClaimRules::OF_OTHERS),
                own: None,
                pkce: Pkce::of(PkceRule::OrNonce),
                off_text: None,
                since: Timestamp::from_seconds(1_777_817_520),
                secrets: vec![SecretRow::sample("01a2", 1_777_817_520)],
                more_secrets: true,
            }
        }
    }

    impl Samples for AppPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self::sample();
            let full = Self {
                secrets: vec![SecretRow::sample("01a2", 1_777_817_520), SecretRow::sample("01a3", 1_778_017_520)],
                more_secrets: false,
                authentication: Some("client_secret_post"),
                claim_delivery: "userinfo",
                claim_rules: RuleLine::of_all(ClaimRules::OF_OWN.with(Claim::Username, ClaimRule::Never)),
                own: Some(ShownOwn::sample()),
                post_logout_redirect_uris: vec!["https://grafana.example.org/".into(), "https://grafana.example.org/bye".into()],
                pkce: Pkce::of(PkceRule::UsedBefore(Timestamp::from_seconds(1_778_017_520))),
                ..page.clone()
            };
            let groups = Some(vec!["Warehouse".into(), "Night shift".into()]);
            let public = AppRow { shape: "browser", run_by: String::new(), groups, last_released: None, ..page.app.clone() };
            let off = Self {
                pkce: Pkce::of(PkceRule::Hardened),
                app: AppRow { off: true, groups: Some(vec![]), ..page.app.clone() },
                off_text: Some("We move it to a new machine. It is back on Monday.".into()),
                ..full.clone()
            };
            let unsafe_addresses =
                |kind, address: &str| UnsafeAddresses { kind, reason: "It has no <b>TLS</b> yet".into(), addresses: vec![address.into()] };
            let exempt = Self {
                unsafe_addresses: vec![
                    unsafe_addresses("private_http", "http://192.168.1.7:8123/auth/callback"),
                    unsafe_addresses("undotted_scheme", "audiobookshelf://oauth"),
                ],
                ..page.clone()
            };
            let demo = AppRow { name: "Demo application".into(), demo: true, ..page.app.clone() };
            vec![
                ("two_secrets", full),
                (
                    "public",
                    Self {
                        app: public,
                        secrets: vec![],
                        more_secrets: false,
                        authentication: None,
                        algorithm: "EdDSA",
                        pkce: Pkce::of(PkceRule::Public),
                        ..page.clone()
                    },
                ),
                ("unsafe_addresses", exempt),
                ("off", off),
                ("demo", Self { app: demo, ..page.clone() }),
                ("server", page),
            ]
        }
    }

    impl Samples for AppActPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                id: "01a2".into(),
                name: "Grafana".into(),
                act: AppAct::Disable,
                consents: 12,
                grants: 1,
                text: String::new(),
                reason: String::new(),
                errors: vec![],
            };
            let missing = vec![FieldError::new("text", "error-app-text-missing"), FieldError::new("reason", "error-reason-missing")];
            vec![
                ("missing", Self { errors: missing, ..page.clone() }),
                ("enable", Self { act: AppAct::Enable, ..page.clone() }),
                ("release_pkce", Self { act: AppAct::ReleasePkce, ..page.clone() }),
                ("delete", Self { act: AppAct::Delete, ..page.clone() }),
                ("delete_unused", Self { act: AppAct::Delete, consents: 0, grants: 0, ..page.clone() }),
                ("disable", page),
            ]
        }
    }

    impl Samples for AppSecretPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                id: "01a2".into(),
                name: "Grafana".into(),
                secret: "01a3".into(),
                made_at: Timestamp::from_seconds(1_777_817_520),
                last: false,
                errors: vec![],
            };
            let refused = vec![FieldError::new("form", "error-secret-last")];
            vec![
                ("last", Self { last: true, ..page.clone() }),
                ("refused", Self { last: true, errors: refused, ..page.clone() }),
                ("revoke", page),
            ]
        }
    }
}
