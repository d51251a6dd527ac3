//! What the pages of U17 share: opening the arrival behind an address, and answering its end.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::enrol_view::{Enrolling, NewAuthenticator};
use super::flow_view::{FlowAgainPage, Interruption};
use super::parts::Progress;
use crate::app::App;
use crate::domain::totp::{Seed, qr_svg};
use crate::flows::arriving::{self, Arrival, Chosen, Found, Signed, Step};
use crate::kernel::ids::FlowId;
use crate::web::Failure;
use crate::web::guard::Browser;
use crate::web::respond::{PageOptions, cookie, page_with, see_other};

/// The arrival of an address: there, or what to answer instead.
pub(super) enum Opened {
    Here(Box<Arrival>),
    Instead(HttpResponse),
}

/// Opens the arrival of an address for one of its pages.
pub(super) async fn open(app: &App, browser: &Browser, id: &str, page: Step) -> Result<Opened, Failure> {
    let id: FlowId = id.parse().map_err(|_| Failure::NotFound)?;
    match arriving::open(app, &browser.caller(), id).await? {
        Found::Here(arrival) if arrival.allows(page) => Ok(Opened::Here(arrival)),
        Found::Here(arrival) => Ok(Opened::Instead(see_other(&arrival.address()))),
        Found::Nothing => gone(app, browser).map(Opened::Instead),
    }
}

/// Like [`open`], for a form: whichever page it came from, the flow decides where it leads.
pub(super) async fn open_for_post(app: &App, browser: &Browser, id: &str) -> Result<Opened, Failure> {
    let id: FlowId = id.parse().map_err(|_| Failure::NotFound)?;
    match arriving::open(app, &browser.caller(), id).await? {
        Found::Here(arrival) => Ok(Opened::Here(arrival)),
        Found::Nothing => gone(app, browser).map(Opened::Instead),
    }
}

/// Too old, or another browser's: one page for both.
fn gone(app: &App, browser: &Browser) -> Result<HttpResponse, Failure> {
    let interruption = if browser.kept_our_cookie() { Interruption::TooOld } else { Interruption::CookieLost };
    let page = FlowAgainPage { interruption, asking: None, next: "/".to_owned() };
    page_with(app, browser, StatusCode::GONE, &page, PageOptions::default())
}

/// How far one is; an account that only needs one more way is not counted through.
pub(super) fn progress(arrival: &Arrival, at: u8) -> Option<Progress> {
    let of = if arrival.chosen == Some(Chosen::Password) { 5 } else { 4 };
    arrival.is_new().then_some(Progress { at, of })
}

pub(super) fn enrolling(arrival: &Arrival) -> Enrolling {
    if arrival.is_new() { Enrolling::NewAccount } else { Enrolling::OneMore }
}

/// What an authenticator app needs to know.
pub(super) fn authenticator(app: &App, seed: &Seed, login: &str) -> Result<NewAuthenticator, Failure> {
    let organisation = app.settings.server.organisation.as_str();
    let otpauth = seed.otpauth(organisation, login)?;
    Ok(NewAuthenticator { qr_svg: qr_svg(&otpauth, organisation)?, key_groups: seed.key_groups(), otpauth })
}

/// Adds the cookies of somebody who has just signed in.
pub(super) fn sign_in(app: &App, browser: &Browser, signed: &Signed, mut response: HttpResponse) -> Result<HttpResponse, Failure> {
    let broken = |_| Failure::Broken("a cookie could not be set".to_owned());
    response.add_cookie(&cookie::session(app, &signed.session)).map_err(broken)?;
    // The browser's own device cookie is set again, so that it lasts from now.
    if let Some(device) = signed.device.as_ref().or(browser.device()) {
        response.add_cookie(&cookie::device(app, device)).map_err(broken)?;
    }
    Ok(response)
}
