//! Guards: handler arguments whose existence is the proof. A handler that asks for [`SignedIn`] cannot run for
//! a stranger; one that asks for [`Posted`] cannot run for a request from another site.

mod admin;
mod browser;
mod csrf;
mod forwarded;
mod network;
mod posted;
mod reauthenticated;
mod return_path;
mod signed_in;

pub use admin::{Admin, ReauthenticatedAdmin};
pub use browser::{Browser, CookieNames};
pub use csrf::form_token;
pub use network::ClientAddress;
pub use posted::{MOST_BYTES, NoFields, Posted, PostedBytes, content_type_is, read_body};
pub use reauthenticated::{Reauthenticated, ReauthenticatedWithoutRecoveryCode};
pub use return_path::ReturnPath;
pub use signed_in::SignedIn;

use std::sync::Arc;

use actix_web::{HttpRequest, web};

use crate::app::App;

/// The server's handles, as every handler may ask for them.
pub type Shared = web::Data<Arc<App>>;

/// The handles behind a request.
pub fn app_of(request: &HttpRequest) -> Option<Arc<App>> {
    request.app_data::<Shared>().map(|data| Arc::clone(data.get_ref()))
}
