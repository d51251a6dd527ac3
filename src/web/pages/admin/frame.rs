//! What the administrators' pages share: the frame with their navigation.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::app::App;
use crate::kernel::ids::PersonId;
use crate::platform::ephemeral::StoreState;
use crate::platform::proxy_watch::ProxyComplaint;
use crate::platform::render::{Page, Text};
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, ReauthenticatedAdmin};
use crate::web::pages::account::frame::DoneQuery;
use crate::web::pages::done::Done;
use crate::web::pages::shell;
use crate::web::respond::{PageOptions, page_with};

/// An administrator who looks at a page.
pub(in crate::web::pages) trait Viewer {
    /// Who they are.
    fn person(&self) -> PersonId;
}

impl Viewer for Admin {
    fn person(&self) -> PersonId {
        self.signed_in.session.person
    }
}

impl Viewer for ReauthenticatedAdmin {
    fn person(&self) -> PersonId {
        self.signed_in.session.person
    }
}

/// A page of administrators.
pub(in crate::web::pages) async fn page<P: Page>(
    app: &App,
    browser: &Browser,
    viewer: &impl Viewer,
    page: &P,
) -> Result<HttpResponse, Failure> {
    answer(app, browser, viewer, StatusCode::OK, page).await
}

/// The same with another status.
pub(in crate::web::pages) async fn answer<P: Page>(
    app: &App,
    browser: &Browser,
    viewer: &impl Viewer,
    status: StatusCode,
    page: &P,
) -> Result<HttpResponse, Failure> {
    page_with(app, browser, status, page, options(app, viewer).await?)
}

/// A page that says first what was just done.
pub(in crate::web::pages) async fn page_after<P: Page>(
    app: &App,
    browser: &Browser,
    viewer: &impl Viewer,
    query: &DoneQuery,
    page: &P,
) -> Result<HttpResponse, Failure> {
    let options = PageOptions { notice: query.done().map(Done::notice), ..options(app, viewer).await? };
    page_with(app, browser, StatusCode::OK, page, options)
}

async fn options(app: &App, viewer: &impl Viewer) -> Result<PageOptions, Failure> {
    Ok(PageOptions { care: care(app), ..shell::options(app, viewer.person()).await? })
}

/// What is not as it should be with the server itself. Anyone who is told can put it right or knows who can.
fn care(app: &App) -> Option<Text> {
    match app.store_state() {
        // What it does not say is no cause for alarm; the person who started the server reads it there.
        StoreState::Fine | StoreState::Unknown => app.proxy_watch.current(app.now()).map(|complaint| proxy_care(&complaint)),
        StoreState::Evicts(policy) => Some(Text::new("care-store-evicts").with("policy", policy)),
        StoreState::Away => Some(Text::new("care-store-away")),
    }
}

fn proxy_care(complaint: &ProxyComplaint) -> Text {
    let (key, peer) = match complaint {
        ProxyComplaint::Untrusted { peer } => ("care-proxy-untrusted", peer),
        ProxyComplaint::Unreadable { peer, .. } => ("care-proxy-unreadable", peer),
        ProxyComplaint::Contradiction { peer } => ("care-proxy-contradiction", peer),
    };
    Text::new(key).with("peer", peer.to_string())
}
