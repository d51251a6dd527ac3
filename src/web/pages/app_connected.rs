//! `/apps/<id>/connected`: what an application has to be told. It can be looked at for ten minutes after it was made, in
//! the session that made it; then nobody can see the secret again.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::admin::options;
use super::app_connected_view::AppConnectedPage;
use crate::app::App;
use crate::domain::client::Registered;
use crate::kernel::ids::{ClientId, SessionId};
use crate::platform::ephemeral::Key;
use crate::web::Failure;
use crate::web::guard::{Browser, FreshAdmin, Shared};
use crate::web::respond::{page_with, see_other};

/// How long it can be looked at.
const SHOWN: Duration = Duration::from_secs(600);

/// A secret as it is kept for a few minutes, sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    client_id: String,
    secret: Option<String>,
    scopes: String,
    algorithm: String,
}

fn key(session: SessionId, client: ClientId) -> Key<Kept> {
    Key::new("app_secret", &format!("{session}.{client}"))
}

/// Keeps what was made for the page that shows it.
pub(super) async fn keep(app: &App, admin: &FreshAdmin, registered: Registered) -> Result<(), Failure> {
    let client = registered.client;
    let kept = Kept {
        name: client.name,
        client_id: client.client_id,
        secret: registered.secret.map(|secret| secret.expose().to_owned()),
        scopes: client.scopes.join(" "),
        algorithm: client.algorithm.as_str().to_owned(),
    };
    Ok(app.ephemeral.put(&key(admin.signed_in.session.id, client.id), &kept, SHOWN).await?)
}

/// Shows it.
pub async fn show(app: Shared, browser: Browser, admin: FreshAdmin, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let client: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    let Some(kept) = app.ephemeral.get(&key(admin.signed_in.session.id, client)).await? else {
        return Ok(see_other("/apps"));
    };
    let origin = app.settings.origin();
    let discovery = origin.join("/.well-known/openid-configuration");
    let secret = kept.secret.as_deref().map(|secret| ("OIDC_CLIENT_SECRET", secret));
    let lines = [("OIDC_ISSUER", origin.as_str()), ("OIDC_DISCOVERY_URL", &discovery), ("OIDC_CLIENT_ID", &kept.client_id)]
        .into_iter()
        .chain(secret)
        .chain([("OIDC_SCOPES", kept.scopes.as_str()), ("OIDC_ID_TOKEN_ALGORITHM", kept.algorithm.as_str())]);
    let page = AppConnectedPage {
        settings: lines.map(|(name, value)| format!("{name}=\"{value}\"")).collect::<Vec<_>>().join("\n"),
        name: kept.name,
        issuer: origin.as_str().to_owned(),
        discovery,
        client_id: kept.client_id,
        secret: kept.secret,
    };
    let options = options(&app, admin.signed_in.session.person, |right| admin.actor.may(right), None).await?;
    page_with(&app, &browser, StatusCode::OK, &page, options)
}
