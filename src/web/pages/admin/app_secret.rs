//! `/apps/<id>/secrets`: a further secret, and the end of one (OA-42).

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::app::App;
use crate::domain::access::AdminActor;
use crate::domain::client::Revoked;
use crate::flows::apps::{self, AppOutcome, Connected, SecretAdded};
use crate::kernel::Timestamp;
use crate::kernel::ids::{ClientId, SecretId};
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, NoFields, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::admin::app::{after, known};
use crate::web::pages::admin::app_connected::hand_over;
use crate::web::pages::admin::frame;
use crate::web::pages::done::Done;
use crate::web::pages::parts::FieldError;

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

/// Makes a further secret, which the next page shows once.
pub async fn add(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    id: web::Path<String>,
    _: Posted<NoFields>,
) -> Result<HttpResponse, Failure> {
    let id: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    match apps::add_secret(&app, &admin.acting(browser.caller()), id).await? {
        AppOutcome::Done(SecretAdded::Made(made)) => hand_over(&app, &browser, &admin, Connected::further(*made)).await,
        AppOutcome::Done(SecretAdded::TooMany) => after(id, AppOutcome::Done(Done::TooManySecrets)),
        AppOutcome::Done(SecretAdded::Public) | AppOutcome::NotThere => after(id, AppOutcome::NotThere),
        AppOutcome::Demo => Err(Failure::Forbidden),
    }
}

fn address(address: &(String, String)) -> Result<(ClientId, SecretId), Failure> {
    let (id, secret) = address;
    Ok((id.parse().map_err(|_| Failure::NotFound)?, secret.parse().map_err(|_| Failure::NotFound)?))
}

/// Asks whether a secret is to be revoked.
pub async fn ask(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let (id, secret) = address(&path)?;
    let page = ask_page(&app, &admin.actor, id, secret).await?;
    frame::page(&app, &browser, &admin, &page).await
}

async fn ask_page(app: &App, actor: &AdminActor, id: ClientId, secret: SecretId) -> Result<AppSecretPage, Failure> {
    let found = known(app, actor, id).await?;
    let secret = *found.secrets.iter().find(|known| known.id == secret).ok_or(Failure::NotFound)?;
    Ok(AppSecretPage {
        id: id.to_string(),
        name: found.overview.client.name,
        secret: secret.id.to_string(),
        made_at: secret.made_at,
        last: found.secrets.len() == 1,
        errors: vec![],
    })
}

/// Revokes it.
pub async fn revoke(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    path: web::Path<(String, String)>,
    _: Posted<NoFields>,
) -> Result<HttpResponse, Failure> {
    let (id, secret) = address(&path)?;
    match apps::revoke_secret(&app, &admin.acting(browser.caller()), id, secret).await? {
        AppOutcome::Done(Revoked::Done) => after(id, AppOutcome::Done(Done::SecretRevoked)),
        AppOutcome::Done(Revoked::Last) => {
            let error = FieldError::new("form", "error-secret-last");
            let page = AppSecretPage { errors: vec![error], ..ask_page(&app, &admin.actor, id, secret).await? };
            frame::answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        AppOutcome::Done(Revoked::NotThere) | AppOutcome::NotThere => after(id, AppOutcome::NotThere),
        AppOutcome::Demo => Err(Failure::Forbidden),
    }
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

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
