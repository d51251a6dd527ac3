//! The only place that sets the cookies of a person who is signed in now.

use actix_web::HttpResponse;

use super::cookie;
use crate::app::App;
use crate::flows::sign_in::Entered;
use crate::web::Failure;

/// Adds the session cookie and the new device cookie to an answer.
///
/// # Errors
/// When one of them cannot be a cookie.
pub fn entered(app: &App, mut answer: HttpResponse, entered: &Entered) -> Result<HttpResponse, Failure> {
    let failed = |_| Failure::Broken("a cookie could not be set".to_owned());
    answer.add_cookie(&cookie::session(app, &entered.session)).map_err(failed)?;
    answer.add_cookie(&cookie::device(app, &entered.device)).map_err(failed)?;
    Ok(answer)
}
