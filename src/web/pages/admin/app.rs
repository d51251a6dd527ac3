//! `/apps/<id>`: one application, and what an administrator can do with it.

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::domain::access::AdminActor;
use crate::domain::client::{Client, ClientAuth, MOST_SECRETS};
use crate::flows::apps::{self, Detail, Outcome};
use crate::kernel::address::{AddressExemption, Origin, RedirectUri};
use crate::kernel::ids::ClientId;
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, Shared};
use crate::web::pages::account::frame::DoneQuery;
use crate::web::pages::admin::app_view::{AppPage, Pkce, RuleLine, SecretRow, UnsafeAddresses};
use crate::web::pages::admin::apps::row;
use crate::web::pages::admin::frame;
use crate::web::pages::consent::view::ShownOwn;
use crate::web::pages::done::Done;

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

fn page(origin: &Origin, found: Detail) -> AppPage {
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
pub(in crate::web::pages) async fn known(app: &App, actor: &AdminActor, id: ClientId) -> Result<Detail, Failure> {
    let found = apps::find(app, actor.looks(), id).await?.ok_or(Failure::NotFound)?;
    if found.overview.client.demo { Err(Failure::Forbidden) } else { Ok(found) }
}

/// Back to the application, saying what was done.
pub(in crate::web::pages) fn after(id: ClientId, outcome: Outcome<Done>) -> Result<HttpResponse, Failure> {
    let done = match outcome {
        Outcome::Done(done) => done,
        Outcome::NotThere => Done::NotThere,
        Outcome::Demo => return Err(Failure::Forbidden),
    };
    Ok(done.at(&format!("/apps/{id}")))
}
