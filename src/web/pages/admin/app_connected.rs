//! `/apps/<id>/connected`: what an application has to be told. It can be looked at for ten minutes after it was made, in
//! the session that made it; then nobody can see the secret again.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::client::{Client, Registered};
use crate::flows::apps::NewSecret;
use crate::kernel::ids::{ClientId, SessionId};
use crate::platform::ephemeral::Key;
use crate::web::Failure;
use crate::web::guard::{Browser, ReauthenticatedAdmin, Shared};
use crate::web::pages::admin::app_connected_view::AppConnectedPage;
use crate::web::pages::admin::frame::options;
use crate::web::respond::{page_with, see_other};

/// How long it can be looked at.
const SHOWN: Duration = Duration::from_secs(600);

/// What an application has to be told, as it is kept for a few minutes, sealed.
#[derive(Serialize, Deserialize)]
pub(in crate::web::pages) struct Values {
    id: ClientId,
    name: String,
    client_id: String,
    secret: Option<String>,
    further: bool,
    scopes: String,
    algorithm: String,
}

impl Values {
    /// Of an application that was connected just now.
    pub(in crate::web::pages) fn first(registered: Registered) -> Self {
        Self::of(registered.client, registered.secret.map(|secret| secret.expose().to_owned()), false)
    }
    /// With a further secret of one that was connected before.
    pub(in crate::web::pages) fn further(made: NewSecret) -> Self {
        let secret = made.secret.expose().to_owned();
        Self::of(made.client, Some(secret), true)
    }
    fn of(client: Client, secret: Option<String>, further: bool) -> Self {
        Self {
            id: client.id,
            name: client.name,
            client_id: client.client_id,
            secret,
            further,
            scopes: client.scopes.join(" "),
            algorithm: client.algorithm.as_str().to_owned(),
        }
    }
}

fn key(session: SessionId, client: ClientId) -> Key<Values> {
    Key::new("app_secret", &format!("{session}.{client}"))
}

/// Leads to the page that shows what was made. It is made by then: where it cannot be kept for that page, this answer shows
/// it, so that nobody is told that nothing was done, and no secret opens that nobody has seen.
pub(in crate::web::pages) async fn hand_over(
    app: &App,
    browser: &Browser,
    admin: &ReauthenticatedAdmin,
    values: Values,
) -> Result<HttpResponse, Failure> {
    match app.ephemeral.put(&key(admin.signed_in.session.id, values.id), &values, SHOWN).await {
        Ok(()) => Ok(see_other(&format!("/apps/{}/connected", values.id))),
        Err(fault) => {
            tracing::warn!(%fault, "what an application has to be told is shown at once, because it cannot be kept");
            answer(app, browser, admin, values, false).await
        }
    }
}

/// Shows it.
pub async fn show(app: Shared, browser: Browser, admin: ReauthenticatedAdmin, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let client: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    let Some(kept) = app.ephemeral.get(&key(admin.signed_in.session.id, client)).await? else {
        return Ok(see_other(&format!("/apps/{client}")));
    };
    answer(&app, &browser, &admin, kept, true).await
}

async fn answer(app: &App, browser: &Browser, admin: &ReauthenticatedAdmin, kept: Values, again: bool) -> Result<HttpResponse, Failure> {
    let origin = app.settings.origin();
    let discovery = origin.join("/.well-known/openid-configuration");
    let secret = kept.secret.as_deref().map(|secret| ("OIDC_CLIENT_SECRET", secret));
    let lines = [("OIDC_ISSUER", origin.as_str()), ("OIDC_DISCOVERY_URL", &discovery), ("OIDC_CLIENT_ID", &kept.client_id)]
        .into_iter()
        .chain(secret)
        .chain([("OIDC_SCOPES", kept.scopes.as_str()), ("OIDC_ID_TOKEN_ALGORITHM", kept.algorithm.as_str())]);
    let page = AppConnectedPage {
        settings: lines.map(|(name, value)| format!("{name}=\"{value}\"")).collect::<Vec<_>>().join("\n"),
        id: kept.id.to_string(),
        name: kept.name,
        further: kept.further,
        again,
        issuer: origin.as_str().to_owned(),
        discovery,
        client_id: kept.client_id,
        secret: kept.secret,
    };
    let options = options(app, admin.signed_in.session.person, |right| admin.actor.may(right), None).await?;
    page_with(app, browser, StatusCode::OK, &page, options)
}
