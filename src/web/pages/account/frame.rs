//! What the pages under `/me` share: who is signed in, for the frame.

use crate::app::App;
use crate::domain::identity::Profile;
use crate::flows::account;
use crate::kernel::ids::PersonId;
use crate::web::Failure;
use crate::web::pages::done::Done;
use crate::web::respond::PageOptions;

/// What the signed-in person is called.
pub(in crate::web::pages) async fn profile(app: &App, person: PersonId) -> Result<Profile, Failure> {
    Ok(account::profile(app, person).await?)
}

/// The frame of an account page.
pub(in crate::web::pages) async fn options(app: &App, person: PersonId, done: Option<&str>) -> Result<PageOptions, Failure> {
    let profile = profile(app, person).await?;
    Ok(PageOptions { person: Some(profile.name), notice: done.and_then(Done::parse).map(Done::notice), ..PageOptions::default() })
}

/// The word in the query that says what was just done.
#[derive(serde::Deserialize)]
pub struct DoneQuery {
    /// One of a closed list; anything else says nothing.
    pub done: Option<String>,
}

/// The address of the list, saying what was done.
pub(in crate::web::pages) fn list_with(done: Done) -> String {
    format!("/me/security?done={}", done.as_str())
}
