//! `/apps`: the applications, as administrators see them.

use actix_web::{HttpResponse, web};

use crate::flows::apps::{self, Overview, Shape};
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, Shared};
use crate::web::pages::account::frame::DoneQuery;
use crate::web::pages::admin::apps_view::{AppRow, AppsPage};
use crate::web::pages::admin::frame;

/// Shows the list.
pub async fn show(app: Shared, browser: Browser, admin: Admin, query: web::Query<DoneQuery>) -> Result<HttpResponse, Failure> {
    let apps = apps::list(&app, &admin.administrator).await?.into_iter().map(row).collect();
    frame::page_after(&app, &browser, &admin, &query, &AppsPage { apps }).await
}

/// What the pages about applications say of one.
pub(in crate::web::pages) fn row(overview: Overview) -> AppRow {
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
