//! `/apps/new`: connecting an application.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::flows::apps::{self, Connected};
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::admin::app_connected::hand_over;
use crate::web::pages::admin::app_form::{Fields, refused, same_name, shown, typed};
use crate::web::pages::admin::apps_new_view::AppsNewPage;
use crate::web::pages::admin::frame;

/// Shows the form.
pub async fn show(app: Shared, browser: Browser, admin: ReauthenticatedAdmin) -> Result<HttpResponse, Failure> {
    let groups = apps::known_groups(&app, &admin.actor).await?;
    let page = AppsNewPage { form: shown(&Fields::new(), &groups), errors: vec![] };
    frame::page(&app, &browser, &admin, &page).await
}

/// Takes the form.
pub async fn submit(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    Posted(form): Posted<Fields>,
) -> Result<HttpResponse, Failure> {
    let groups = apps::known_groups(&app, &admin.actor).await?;
    match apps::register_typed(&app, &admin.actor, typed(&form, &groups), same_name(&form)).await? {
        Ok(registered) => hand_over(&app, &browser, &admin, Connected::first(registered)).await,
        Err(unfit) => {
            let (form, errors) = refused(&unfit, &form, &groups);
            let page = AppsNewPage { form, errors };
            frame::answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
    }
}
