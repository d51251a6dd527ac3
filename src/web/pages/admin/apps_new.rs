//! `/apps/new`: connecting an application.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::app::App;
use crate::flows::apps::{self, Connected};
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::admin::app_connected::hand_over;
use crate::web::pages::admin::app_form::{Fields, refused, same_name, shown, typed};
use crate::web::pages::admin::apps_new_view::AppsNewPage;
use crate::web::pages::admin::frame::options;
use crate::web::respond::page_with;

/// Shows the form.
pub async fn show(app: Shared, browser: Browser, admin: ReauthenticatedAdmin) -> Result<HttpResponse, Failure> {
    let groups = apps::known_groups(&app, &admin.actor).await?;
    let page = AppsNewPage { form: shown(&Fields::new(), &groups, false), errors: vec![] };
    answer(&app, &browser, &admin, StatusCode::OK, &page).await
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
            let (errors, same) = refused(&unfit, &form);
            let page = AppsNewPage { form: shown(&form, &groups, same), errors };
            answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
    }
}

async fn answer(
    app: &App,
    browser: &Browser,
    admin: &ReauthenticatedAdmin,
    status: StatusCode,
    page: &AppsNewPage,
) -> Result<HttpResponse, Failure> {
    let options = options(app, admin.signed_in.session.person, |right| admin.actor.may(right), None).await?;
    page_with(app, browser, status, page, options)
}
