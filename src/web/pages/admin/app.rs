//! `/apps/<id>`: one application, and what an administrator can do with it.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::app::App;
use crate::domain::access::AdminActor;
use crate::domain::client::{Client, ClientAuth, MOST_SECRETS, PkceRule};
use crate::flows::apps::{self, AppDetail, AppOutcome};
use crate::kernel::Timestamp;
use crate::kernel::address::{AddressExemption, Origin, RedirectUri};
use crate::kernel::claim::{Claim, ClaimRules};
use crate::kernel::ids::ClientId;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, Shared};
use crate::web::pages::account::frame::DoneQuery;
use crate::web::pages::admin::apps::{AppRow, row};
use crate::web::pages::admin::frame;
use crate::web::pages::consent::view::ShownOwn;
use crate::web::pages::done::Done;

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

/// Shows it.
pub async fn show(
    app: Shared,
    browser: Browser,
    admin: Admin,
    id: web::Path<String>,
    query: web::Query<DoneQuery>,
) -> Result<HttpResponse, Failure> {
    let id: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    let found = apps::find(&app, &admin.administrator, id).await?.ok_or(Failure::NotFound)?;
    let page = page(app.settings.origin(), found);
    frame::page_after(&app, &browser, &admin, &query, &page).await
}

fn page(origin: &Origin, found: AppDetail) -> AppPage {
    let client = found.overview.client.clone();
    let texts = |uris: &[RedirectUri]| uris.iter().map(|uri| uri.as_str().to_owned()).collect();
    let keeps_secret = !found.secrets.is_empty();
    let row_of = |id: String, made_at| SecretRow { short: id.chars().skip(28).collect(), id, made_at };
    AppPage {
        issuer: origin.as_str().to_owned(),
        discovery: origin.join("/.well-known/openid-configuration"),
        redirect_uris: texts(&client.redirect_uris),
        post_logout_redirect_uris: texts(&client.post_logout_redirect_uris),
        unsafe_addresses: unsafe_addresses(&client),
        authentication: Some(client.auth).filter(|auth| *auth != ClientAuth::None).map(ClientAuth::as_str),
        algorithm: client.algorithm.as_str(),
        claim_delivery: client.claim_delivery.as_str(),
        claim_rules: RuleLine::of_all(client.claim_rules),
        own: client.own.as_ref().map(|own| ShownOwn { reason: own.reason.clone(), by: found.own_by.clone(), at: own.at }),
        pkce: Pkce::of(client.pkce()),
        off_text: client.disabled_text,
        since: client.created_at,
        more_secrets: keeps_secret && i64::try_from(found.secrets.len()).unwrap_or(i64::MAX) < MOST_SECRETS,
        secrets: found.secrets.iter().map(|secret| row_of(secret.id.to_string(), secret.made_at)).collect(),
        app: row(found.overview),
    }
}

/// What stands in red: each exemption with the addresses that use it.
fn unsafe_addresses(client: &Client) -> Vec<UnsafeAddresses> {
    let all = || client.redirect_uris.iter().chain(&client.post_logout_redirect_uris);
    let of = |kind, exemption, reason: &Option<String>| {
        let addresses = all().filter(|uri| uri.exemption() == Some(exemption)).map(|uri| uri.as_str().to_owned()).collect();
        reason.clone().map(|reason| UnsafeAddresses { kind, reason, addresses })
    };
    let reasons = &client.address_reasons;
    let http = of("private_http", AddressExemption::PrivateHttp, &reasons.private_http);
    let scheme = of("undotted_scheme", AddressExemption::UndottedScheme, &reasons.undotted_scheme);
    http.into_iter().chain(scheme).collect()
}

/// An application that can be changed; the built-in demo cannot.
pub(in crate::web::pages) async fn known(app: &App, actor: &AdminActor, id: ClientId) -> Result<AppDetail, Failure> {
    let found = apps::find(app, actor.looks(), id).await?.ok_or(Failure::NotFound)?;
    if found.overview.client.demo { Err(Failure::Forbidden) } else { Ok(found) }
}

/// Back to the application, saying what was done.
pub(in crate::web::pages) fn after(id: ClientId, outcome: AppOutcome<Done>) -> Result<HttpResponse, Failure> {
    let done = match outcome {
        AppOutcome::Done(done) => done,
        AppOutcome::NotThere => Done::NotThere,
        AppOutcome::Demo => return Err(Failure::Forbidden),
    };
    Ok(done.at(&format!("/apps/{id}")))
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
            let demo = AppRow { name: "Demo app".into(), demo: true, ..page.app.clone() };
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
}
