//! `/apps/<id>/change`: what is asked about an application that is connected.

use serde::Serialize;

use crate::platform::render::Page;
use crate::web::pages::admin::app_form_view::AppForm;
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
