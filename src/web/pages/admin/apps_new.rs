//! `/apps/new`: connecting an application.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use crate::flows::apps::{self, Connected};
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::admin::app_connected::hand_over;
use crate::web::pages::admin::app_form::AppForm;
use crate::web::pages::admin::app_form::{Fields, refused, same_name, shown, typed};
use crate::web::pages::admin::frame;
use crate::web::pages::parts::FieldError;

/// Connecting an application. Posts the form to `/apps/new`.
#[derive(Clone, Debug, Serialize)]
pub struct AppsNewPage {
    /// What was typed.
    pub form: AppForm,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for AppsNewPage {
    const TEMPLATE: &'static str = "pages/admin/apps_new.html";
}

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

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for AppsNewPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let (page, typed) = (Self { form: AppForm::empty(), errors: vec![] }, AppForm::sample());
            let error = |field, key| FieldError::new(field, key);
            let all = vec![
                error("name", "error-app-name-missing"),
                error("redirect_uris", "error-app-no-redirect"),
                error("who", "error-app-who"),
                error("shape", "error-app-shape"),
            ];
            let address = FieldError::new("redirect_uris", "error-address-pattern").with("address", "https://*.example");
            let same = AppForm { same_name: true, ..typed.clone() };
            vec![
                ("errors", Self { errors: all, ..page.clone() }),
                ("address", Self { form: typed, errors: vec![address] }),
                ("same_name", Self { form: same, errors: vec![error("name", "error-app-same-name")] }),
                ("first", page),
            ]
        }
    }
}
