//! `/`: the landing page.

use actix_web::HttpResponse;

use crate::flows::enrolment;
use crate::web::Failure;
use crate::web::guard::{Browser, Shared, SignedIn};
use crate::web::pages::system::landing_view::{Landing, LandingPage};
use crate::web::respond::{page, see_other};

/// Says whether this server is set up, and where to sign in; leads home who is signed in.
pub async fn show(app: Shared, browser: Browser) -> Result<HttpResponse, Failure> {
    if SignedIn::find(&app, &browser).await?.is_some() {
        return Ok(see_other("/me"));
    }
    let (_, set_up) = enrolment::look(&app, None).await?;
    let landing = if set_up { Landing::SignIn } else { Landing::NotSetUp { command: app.words.setup_link.clone() } };
    page(&app, &browser, &LandingPage { landing })
}
