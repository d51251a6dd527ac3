//! The cookie that keeps the code of the one-use link that was opened last.

use actix_web::HttpResponse;

use crate::app::App;
use crate::flows::enrolment::LinkLook;
use crate::platform::crypto::token::TicketCode;
use crate::web::Failure;
use crate::web::guard::Browser;
use crate::web::respond::cookie;

/// The same answer, after which the browser keeps no link that was one and is over. What opens nothing here may be a link
/// of the other kind, and stays.
pub(in crate::web::pages) fn without_link(app: &App, mut answer: HttpResponse, look: Option<&LinkLook>) -> Result<HttpResponse, Failure> {
    if !matches!(look, Some(LinkLook::Used(_) | LinkLook::Replaced(_) | LinkLook::Ended(_))) {
        return Ok(answer);
    }
    answer.add_cookie(&cookie::clear_link(app)).map_err(|_| Failure::Broken("a cookie could not be taken back".to_owned()))?;
    Ok(answer)
}

/// The code behind a form: the one in the cookie, if it is still the one the form was shown for. In another tab another
/// link may have been opened meanwhile; then nothing is done with either.
pub(in crate::web::pages) fn presented<'a>(browser: &'a Browser, reference: &str) -> Option<&'a TicketCode> {
    browser.link().filter(|code| code.reference() == reference)
}
