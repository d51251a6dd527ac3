//! `/apps/new`: what is asked about an application.

use serde::Serialize;

use crate::platform::render::Page;
use crate::web::pages::admin::app_form_view::AppForm;
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
