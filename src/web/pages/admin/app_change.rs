//! `/apps/<id>/change`: changing an application. The form is the one that connects it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::app::App;
use crate::domain::access::AdminActor;
use crate::flows::apps::{self, AppOutcome, ChangeOutcome, TypedApp, typed_from};
use crate::kernel::ids::ClientId;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::admin::app::{after, known};
use crate::web::pages::admin::app_form::AppForm;
use crate::web::pages::admin::app_form::{Fields, fields, outdated, refused, same_name, shown, typed};
use crate::web::pages::admin::frame;
use crate::web::pages::done::Done;
use crate::web::pages::parts::FieldError;

/// Changing an application. Posts the form to `/apps/<id>/change`.
#[derive(Clone, Debug, Serialize)]
pub struct AppChangePage {
    /// Its row.
    pub id: String,
    /// What it is called now.
    pub app: String,
    /// What the form was filled with, to be sent back as `seen`.
    pub seen: String,
    /// What was typed.
    pub form: AppForm,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for AppChangePage {
    const TEMPLATE: &'static str = "pages/admin/app_change.html";
}

/// Shows the form, with what is registered in it.
pub async fn show(app: Shared, browser: Browser, admin: ReauthenticatedAdmin, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let id: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    let (page, _) = registered(&app, &admin.actor, id).await?;
    frame::page(&app, &browser, &admin, &page).await
}

/// Takes the form. It says everything about the application, so it counts only over what it was filled with: what another
/// administrator took away meanwhile is not put back by it.
pub async fn submit(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    id: web::Path<String>,
    Posted(mut form): Posted<Fields>,
) -> Result<HttpResponse, Failure> {
    let id: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    let known = known(&app, &admin.actor, id).await?.overview;
    let groups = apps::known_groups(&app, &admin.actor).await?;
    let new = typed(&form, &groups);
    let seen = form.get("seen").cloned().unwrap_or_default();
    let edit = {
        let (new, seen) = (new.clone(), seen.clone());
        move |now: TypedApp| (now.digest() == seen).then_some(new)
    };
    match apps::change_typed(&app, &admin.acting(browser.caller()), id, edit, same_name(&form)).await? {
        AppOutcome::Done(ChangeOutcome::Saved) => Ok(Done::AppChanged.at(&format!("/apps/{id}"))),
        AppOutcome::Done(ChangeOutcome::Outdated) => {
            // Read after the refusal, so that it is what the other administrator left.
            let (page, now) = registered(&app, &admin.actor, id).await?;
            let page = AppChangePage { errors: outdated(&now, &new), ..page };
            frame::answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        AppOutcome::Done(ChangeOutcome::Unfit(unfit)) => {
            form.insert("shape".to_owned(), apps::Shape::of(&known.client).as_str().to_owned());
            let (form, errors) = refused(&unfit, &form, &groups);
            let page = AppChangePage { id: id.to_string(), app: known.client.name, seen, form, errors };
            frame::answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        other => after(id, other.map(|_| Done::AppChanged)),
    }
}

/// The form filled with what is registered, and what that is.
async fn registered(app: &App, actor: &AdminActor, id: ClientId) -> Result<(AppChangePage, TypedApp), Failure> {
    let known = known(app, actor, id).await?.overview;
    let groups = apps::known_groups(app, actor).await?;
    let now = typed_from(&known.client, known.groups.as_deref());
    let form = shown(&fields(&now, &groups), &groups);
    Ok((AppChangePage { id: id.to_string(), app: known.client.name, seen: now.digest(), form, errors: vec![] }, now))
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for AppChangePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let form = AppForm::sample();
            let page = Self { id: "01a2".into(), app: "Grafana".into(), seen: "4t7n".into(), form, errors: vec![] };
            let browser = AppForm { shape: "browser".into(), who: "everyone".into(), hardened: false, ..page.form.clone() };
            let error = |field, key| FieldError::new(field, key);
            let same = Self { form: AppForm { same_name: true, ..page.form.clone() }, ..page.clone() };
            vec![
                ("browser", Self { form: browser, ..page.clone() }),
                ("errors", Self { errors: vec![error("redirect_uris", "error-app-no-redirect")], ..page.clone() }),
                (
                    "outdated",
                    Self {
                        errors: vec![
                            error("form", "error-app-outdated"),
                            FieldError::new("name", "error-app-outdated-field").with("typed", "Charts"),
                        ],
                        ..page.clone()
                    },
                ),
                ("same_name", Self { errors: vec![error("name", "error-app-same-name")], ..same }),
                ("server", page),
            ]
        }
    }
}
