//! One-use links as they are handed out: `/setup/<code>`, `/invite/<code>`, `/reset/<code>`. Their code leaves the address
//! before any page is shown (RC-09): it goes into a cookie, and the page behind the link reads it there. Opening one
//! changes nothing, however often and by whatever opens it (EN-04).

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::flows::enrolment::{LinkLook, LinkPurpose};
use crate::platform::crypto::token::TicketCode;
use crate::web::Failure;
use crate::web::guard::{Browser, Shared};
use crate::web::pages::enrolment::invite;
use crate::web::pages::enrolment::setup;
use crate::web::respond::{cookie, see_other};

/// The link that makes the first administrator.
pub async fn setup(app: Shared, browser: Browser, code: web::Path<String>) -> Result<HttpResponse, Failure> {
    match TicketCode::parse(&code) {
        Some(code) => moved(&app, &code, "/setup"),
        None => setup::closed(&app, &browser, Some(&LinkLook::Unknown)).await,
    }
}

/// An invitation.
pub async fn invite(app: Shared, browser: Browser, code: web::Path<String>) -> Result<HttpResponse, Failure> {
    administrator_link(&app, &browser, LinkPurpose::Join, &code)
}

/// A reset link.
pub async fn reset(app: Shared, browser: Browser, code: web::Path<String>) -> Result<HttpResponse, Failure> {
    administrator_link(&app, &browser, LinkPurpose::Reset, &code)
}

fn administrator_link(app: &App, browser: &Browser, purpose: LinkPurpose, code: &str) -> Result<HttpResponse, Failure> {
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
