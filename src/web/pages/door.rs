//! U1 `/`: the door.

use actix_web::HttpResponse;

use super::door_view::{Door, DoorPage};
use crate::flows::arriving;
use crate::web::Failure;
use crate::web::guard::{Browser, Shared, SignedIn};
use crate::web::respond::{page, see_other};

/// Says whether this server is set up, and where to sign in; leads home who is signed in.
pub async fn show(app: Shared, browser: Browser) -> Result<HttpResponse, Failure> {
    if SignedIn::find(&app, &browser).await?.is_some() {
        return Ok(see_other("/me"));
    }
    let (_, set_up) = arriving::look(&app, None).await?;
    let door = if set_up { Door::SignIn } else { Door::NotSetUp { command: app.words.setup_link.clone() } };
    page(&app, &browser, &DoorPage { door })
}
