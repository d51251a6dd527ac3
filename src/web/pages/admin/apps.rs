//! `/apps`: the applications, as administrators see them.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::flows::apps::{self, AppOverview, Shape};
use crate::kernel::Timestamp;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, Shared};
use crate::web::pages::account::frame::DoneQuery;
use crate::web::pages::admin::frame;

/// One application.
#[derive(Clone, Debug, Serialize)]
pub struct AppRow {
    /// Its row.
    pub id: String,
    /// Its name in the protocol.
    pub client_id: String,
    /// Its name for people.
    pub name: String,
    /// Who runs it.
    pub run_by: String,
    /// The groups that may use it; none when everyone may.
    pub groups: Option<Vec<String>>,
    /// `server`, `browser` or `installed`.
    pub shape: &'static str,
    /// It is switched off.
    pub off: bool,
    /// It is the built-in demo.
    pub demo: bool,
    /// When it was last given something about anybody.
    pub last_released: Option<Timestamp>,
}

/// The list of applications.
#[derive(Clone, Debug, Serialize)]
pub struct AppsPage {
    /// The applications.
    pub apps: Vec<AppRow>,
}

impl Page for AppsPage {
    const TEMPLATE: &'static str = "pages/admin/apps.html";
}

/// Shows the list.
pub async fn show(app: Shared, browser: Browser, admin: Admin, query: web::Query<DoneQuery>) -> Result<HttpResponse, Failure> {
    let apps = apps::list(&app, &admin.administrator).await?.into_iter().map(row).collect();
    frame::page_after(&app, &browser, &admin, &query, &AppsPage { apps }).await
}

/// What the pages about applications say of one.
pub(in crate::web::pages) fn row(overview: AppOverview) -> AppRow {
    let client = overview.client;
    AppRow {
        id: client.id.to_string(),
        shape: Shape::of(&client).as_str(),
        client_id: client.client_id,
        name: client.name,
        run_by: client.run_by,
        groups: overview.groups,
        off: client.disabled,
        demo: client.demo,
        last_released: overview.last_released,
    }
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl AppRow {
        /// An example.
        pub fn sample() -> Self {
            Self {
                id: "01a2094e-84be-7374-8cb4-aa55cbd9c4c2".into(),
                client_id: "01a2094e-84be-7374-8cb4-aa55cbd9c4c2".into(),
                name: "Grafana".into(),
                run_by: "Acme IT".into(),
                groups: None,
                shape: "server",
                off: false,
                demo: false,
                last_released: Some(Timestamp::from_seconds(1_777_817_520)),
            }
        }
    }

    impl Samples for AppsPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let grafana = AppRow::sample();
            let notes = AppRow {
                name: "Notes <b>Example</b>".into(),
                run_by: String::new(),
                groups: Some(vec!["Warehouse".into(), "Night shift".into()]),
                shape: "installed",
                last_released: None,
                ..grafana.clone()
            };
            let closed = AppRow { name: "Payroll".into(), groups: Some(vec![]), shape: "browser", off: true, ..notes.clone() };
            let demo = AppRow { name: "Demo".into(), demo: true, ..grafana.clone() };
            vec![("many", Self { apps: vec![grafana, notes, closed, demo] }), ("none", Self { apps: vec![] })]
        }
    }
}
