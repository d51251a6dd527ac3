//! One-use links as they are handed out: `/setup/<code>`, `/invite/<code>`, `/reset/<code>`. Their code leaves the address
//! before any page is shown (RC-09): it goes into a cookie, and the page behind the link reads it there. Opening one
//! changes nothing, however often and by whatever opens it (EN-04).

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::flows::enrolment::{LinkLook, Purpose};
use crate::platform::crypto::token::TicketCode;
use crate::web::Failure;
use crate::web::guard::{Browser, Shared};
use crate::web::pages::enrolment::invite;
use crate::web::pages::enrolment::setup;
use crate::web::respond::{cookie, see_other};

type Code = web::Path<String>;

/// The link that makes the first administrator.
pub async fn setup(app: Shared, browser: Browser, code: Code) -> Result<HttpResponse, Failure> {
    match TicketCode::parse(&code) {
        Some(code) => moved(&app, &code, "/setup"),
        None => setup::closed(&app, &browser, Some(&LinkLook::Unknown)).await,
    }
}

/// An invitation.
pub async fn invite(app: Shared, browser: Browser, code: Code) -> Result<HttpResponse, Failure> {
    administrator_link(&app, &browser, Purpose::Join, &code)
}

/// A link to make new ways to sign in.
pub async fn reset(app: Shared, browser: Browser, code: Code) -> Result<HttpResponse, Failure> {
    administrator_link(&app, &browser, Purpose::Reset, &code)
}

fn administrator_link(app: &App, browser: &Browser, purpose: Purpose, code: &str) -> Result<HttpResponse, Failure> {
    match TicketCode::parse(code) {
        Some(code) => moved(app, &code, &format!("/{}", purpose.page())),
        None => invite::dead(app, browser, purpose, Some(&LinkLook::Unknown), None),
    }
}

fn moved(app: &App, code: &TicketCode, page: &str) -> Result<HttpResponse, Failure> {
    let mut answer = see_other(page);
    answer.add_cookie(&cookie::link(app, code)).map_err(|_| Failure::Broken("a cookie could not be set".to_owned()))?;
    Ok(answer)
}

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
