//! `/apps/<id>/connected`: what an application has to be told. It can be looked at for ten minutes after it was made, in
//! the session that made it; then nobody can see the secret again.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::app::App;
use crate::flows::apps::Connected;
use crate::flows::spaces::CLIENT_SECRET;
use crate::kernel::ids::{ClientId, SessionId};
use crate::platform::ephemeral::Key;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, ReauthenticatedAdmin, Shared};
use crate::web::pages::admin::frame;
use crate::web::respond::see_other;

/// The values to copy, each alone and all together.
#[derive(Clone, Debug, Serialize)]
pub struct AppConnectedPage {
    /// The application's row.
    pub id: String,
    /// The application's name.
    pub name: String,
    /// It was connected before, and the secret is a further one.
    pub further: bool,
    /// The page can be looked at again for ten minutes.
    pub again: bool,
    /// Our name in the protocol.
    pub issuer: String,
    /// Where it learns the rest.
    pub discovery: String,
    /// Its name in the protocol.
    pub client_id: String,
    /// Its secret; none for an application that proves itself by PKCE alone.
    pub secret: Option<String>,
    /// All of it, a name and a value on each line.
    pub settings: String,
}

impl Page for AppConnectedPage {
    const TEMPLATE: &'static str = "pages/admin/app_connected.html";
}

fn key(session: SessionId, client: ClientId) -> Key<Connected> {
    CLIENT_SECRET.key(format!("{session}.{client}")).made_by(session)
}

/// Leads to the page that shows what was made. It is made by then: where it cannot be kept for that page, this answer shows
/// it, so that nobody is told that nothing was done, and no secret opens that nobody has seen.
pub(in crate::web::pages) async fn hand_over(
    app: &App,
    browser: &Browser,
    admin: &ReauthenticatedAdmin,
    values: Connected,
) -> Result<HttpResponse, Failure> {
    match app.ephemeral.put(&key(admin.signed_in.session.id, values.id), &values).await {
        Ok(()) => Ok(see_other(&format!("/apps/{}/connected", values.id))),
        Err(fault) => {
            tracing::warn!(%fault, "the secret of an application is shown on this page only, because it cannot be stored");
            let page = AppConnectedPage { again: false, ..connected_page(app, values) };
            frame::page(app, browser, admin, &page).await
        }
    }
}

/// Shows it.
pub async fn show(app: Shared, browser: Browser, admin: ReauthenticatedAdmin, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let client: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    let Some(kept) = app.ephemeral.get(&key(admin.signed_in.session.id, client)).await? else {
        return Ok(see_other(&format!("/apps/{client}")));
    };
    frame::page(&app, &browser, &admin, &connected_page(&app, kept)).await
}

fn connected_page(app: &App, kept: Connected) -> AppConnectedPage {
    let origin = app.settings.origin();
    let discovery = origin.join("/.well-known/openid-configuration");
    let secret = kept.secret.as_deref().map(|secret| ("OIDC_CLIENT_SECRET", secret));
    let lines = [("OIDC_ISSUER", origin.as_str()), ("OIDC_DISCOVERY_URL", &discovery), ("OIDC_CLIENT_ID", &kept.client_id)]
        .into_iter()
        .chain(secret)
        .chain([("OIDC_SCOPES", kept.scopes.as_str()), ("OIDC_ID_TOKEN_ALGORITHM", kept.algorithm.as_str())]);
    AppConnectedPage {
        settings: lines.map(|(name, value)| format!("{name}=\"{value}\"")).collect::<Vec<_>>().join("\n"),
        id: kept.id.to_string(),
        name: kept.name,
        further: kept.further,
        again: true,
        issuer: origin.as_str().to_owned(),
        discovery,
        client_id: kept.client_id,
        secret: kept.secret,
    }
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for AppConnectedPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                id: "01a2".into(),
                name: "Grafana".into(),
                further: false,
                again: true,
                issuer: "https://auth.acme.example".into(),
                discovery: "https://auth.acme.example/.well-known/openid-configuration".into(),
                client_id: "01a2094e-84be-7374-8cb4-aa55cbd9c4c2".into(),
                secret: Some("vss_5dKq0vJ6yT3mWl8xQe1nRz7bUc4oPf2aHg9iSj0kLtM".into()),
                settings: "OIDC_ISSUER=https://auth.acme.example\nOIDC_SCOPES=openid profile email".into(),
            };
            vec![
                ("public", Self { secret: None, ..page.clone() }),
                ("further", Self { further: true, ..page.clone() }),
                ("now_only", Self { again: false, ..page.clone() }),
                ("server", page),
            ]
        }
    }
}
