//! Looking after applications that are connected, and after groups: what changes counts immediately, for everybody, and is
//! written down.

mod applications;
mod groups;
mod secrets;
mod standing;

pub(crate) use applications::change;
use vouchsafe::domain::audit::{self, Book, Kind};
use vouchsafe::domain::client;

use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::relying_party::{Application, Asked};

/// The path of an application's page.
async fn page_of(server: &Inside, application: &Application) -> String {
    let name = application.client_id.clone();
    let client = server.read(move |w| client::find(w, &name)).await.unwrap().unwrap();
    format!("/apps/{}", client.id)
}

/// What was written down about an application under one kind, newest first.
async fn record(server: &Inside, page: &str, kind: Kind) -> Vec<serde_json::Value> {
    let id = page.strip_prefix("/apps/").unwrap().parse().unwrap();
    let entries = server.read(move |w| audit::recent_with(w, Book::Audit, id, 100)).await.unwrap();
    entries.into_iter().filter(|entry| entry.kind == kind).map(|entry| entry.facts).collect()
}

/// A code for an application, in a browser that is signed in.
async fn code(http: &Http, application: &Application, scope: &str) -> (Asked, String) {
    let asked = application.ask(scope, &[]);
    let page = http.follow(asked.url.as_str()).await;
    let back = if page.status == 303 { page } else { allow(http, &page.expect(200)).await };
    let code = application.code(&asked, &back.location().unwrap());
    (asked, code)
}

/// Says yes to what a page asks.
async fn allow(http: &Http, page: &Answer) -> Answer {
    let action = page.url.path().replace("/authorize/continue/", "/consent/");
    http.send_form(page, &action, &[("decision", "allow")]).await
}

/// An access token for an application, in a browser that is signed in.
async fn token(server: &Inside, http: &Http, application: &Application) -> String {
    let (asked, code) = code(http, application, "openid").await;
    let (_, answer) = application.exchange(&asked, &code, server.time()).await;
    answer["access_token"].as_str().unwrap().to_owned()
}
