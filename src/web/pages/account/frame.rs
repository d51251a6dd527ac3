//! What the pages under `/me` share: who is signed in, for the frame.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::domain::identity::Profile;
use crate::flows::account;
use crate::kernel::ids::PersonId;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::Browser;
use crate::web::pages::done::Done;
use crate::web::pages::shell;
use crate::web::respond::{PageOptions, page_with};

/// What the signed-in person is called.
pub(in crate::web::pages) async fn profile(app: &App, person: PersonId) -> Result<Profile, Failure> {
    Ok(account::profile(app, person).await?)
}

/// The word in the query that says what was just done.
#[derive(Default, Deserialize)]
pub struct DoneQuery {
    /// One of a closed list; anything else says nothing.
    pub done: Option<String>,
}

impl DoneQuery {
    /// What was done.
    pub fn done(&self) -> Option<Done> {
        self.done.as_deref().and_then(Done::parse)
    }
}

/// A page of an account.
pub(in crate::web::pages) async fn page<P: Page>(
    app: &App,
    browser: &Browser,
    person: PersonId,
    page: &P,
) -> Result<HttpResponse, Failure> {
    answer(app, browser, person, StatusCode::OK, page).await
}

/// The same with another status.
pub(in crate::web::pages) async fn answer<P: Page>(
    app: &App,
    browser: &Browser,
    person: PersonId,
    status: StatusCode,
    page: &P,
) -> Result<HttpResponse, Failure> {
    page_with(app, browser, status, page, shell::options(app, person).await?)
}

/// A page that says first what was just done.
pub(in crate::web::pages) async fn page_after<P: Page>(
    app: &App,
    browser: &Browser,
    person: PersonId,
    query: &DoneQuery,
    page: &P,
) -> Result<HttpResponse, Failure> {
    let options = PageOptions { notice: query.done().map(Done::notice), ..shell::options(app, person).await? };
    page_with(app, browser, StatusCode::OK, page, options)
}
