//! `/apps/<id>/<act>`: switching an application off and on, and removing it; each says first what will happen and asks why.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::access::AdminActor;
use crate::flows::apps::{self, AppOutcome};
use crate::kernel::ids::ClientId;
use crate::kernel::text::{Announcement, TextProblem};
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::admin::app::{after, known};
use crate::web::pages::admin::frame;
use crate::web::pages::admin::people_invite::parse_reason;
use crate::web::pages::done::Done;
use crate::web::pages::parts::FieldError;

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

/// Why, and what people will read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AppActForm {
    text: String,
    reason: String,
}

fn address(address: &(String, String)) -> Result<(ClientId, AppAct), Failure> {
    let (id, act) = address;
    let act = AppAct::parse(act).ok_or(Failure::NotFound)?;
    Ok((id.parse().map_err(|_| Failure::NotFound)?, act))
}

/// Asks.
pub async fn ask(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let (id, act) = address(&path)?;
    let page = ask_page(&app, &admin.actor, id, act, AppActForm::default()).await?;
    frame::page(&app, &browser, &admin, &page).await
}

async fn ask_page(app: &App, actor: &AdminActor, id: ClientId, act: AppAct, form: AppActForm) -> Result<AppActPage, Failure> {
    let name = known(app, actor, id).await?.overview.client.name;
    let reach = apps::reach(app, actor.looks(), id).await?;
    let (consents, grants) = (reach.consents, reach.grants);
    Ok(AppActPage { id: id.to_string(), name, act, consents, grants, text: form.text, reason: form.reason, errors: vec![] })
}

/// Does it.
pub async fn act(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    path: web::Path<(String, String)>,
    Posted(form): Posted<AppActForm>,
) -> Result<HttpResponse, Failure> {
    let (id, act) = address(&path)?;
    let text = (act == AppAct::Disable).then(|| parse_text(&form.text)).transpose();
    let reason = parse_reason(&form.reason);
    let (text, reason) = match (text, reason) {
        (Ok(text), Ok(reason)) => (text, reason),
        (text, reason) => {
            let errors = text.err().into_iter().chain(reason.err()).collect();
            let page = AppActPage { errors, ..ask_page(&app, &admin.actor, id, act, form).await? };
            return frame::answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await;
        }
    };
    let by = admin.acting(browser.caller());
    match (act, text) {
        (AppAct::Disable, Some(text)) => {
            let outcome = apps::disable(&app, &by, id, text, reason).await?;
            after(id, outcome.map(|()| Done::AppDisabled))
        }
        (AppAct::Disable, None) => Err(Failure::BadRequest),
        (AppAct::Enable, _) => {
            let outcome = apps::enable(&app, &by, id, reason).await?;
            after(id, outcome.map(|()| Done::AppEnabled))
        }
        (AppAct::ReleasePkce, _) => {
            let outcome = apps::release_pkce(&app, &by, id, reason).await?;
            after(id, outcome.map(|()| Done::PkceReleased))
        }
        (AppAct::Delete, _) => match apps::delete(&app, &by, id, reason).await? {
            // The application no longer has a page.
            AppOutcome::Done(()) => Ok(Done::AppDeleted.at("/apps")),
            AppOutcome::NotThere => Ok(Done::NotThere.at("/apps")),
            AppOutcome::Demo => Err(Failure::Forbidden),
        },
    }
}

fn parse_text(typed: &str) -> Result<Announcement, FieldError> {
    let key = |problem| match problem {
        TextProblem::Empty => "error-app-text-missing",
        _ => "error-reason-invalid",
    };
    Announcement::parse(typed).map_err(|problem| FieldError::new("text", key(problem)))
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

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
}
