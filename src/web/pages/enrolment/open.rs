//! What the pages of `/enrolment/<id>/*` share: opening the enrolment behind an address, and answering its end.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::app::App;
use crate::domain::totp::{Seed, qr_svg};
use crate::flows::enrolment::{self, EnrolledSession, Enrolment, EnrolmentStep, FoundAttempt, Unfinished};
use crate::flows::sign_in::{self, Attempt, EntryPurpose, Loaded, State};
use crate::kernel::ids::AttemptId;
use crate::web::Failure;
use crate::web::guard::Browser;
use crate::web::pages::enrolment::view::{Enrolling, NewAuthenticator};
use crate::web::pages::parts::Progress;
use crate::web::pages::sign_in::journey::moved_on;
use crate::web::pages::sign_in::steps_view::{InterruptedPage, Interruption};
use crate::web::respond::{PageOptions, cookie, entered, page_with, see_other};

/// The enrolment of an address: there, or what to answer instead.
pub(in crate::web::pages) enum Opening {
    Here(Box<Enrolment>),
    Instead(HttpResponse),
}

/// Opens the enrolment of an address for one of its pages.
pub(in crate::web::pages) async fn open(app: &App, browser: &Browser, id: &str, page: EnrolmentStep) -> Result<Opening, Failure> {
    Ok(match open_for_post(app, browser, id).await? {
        Opening::Here(enrolment) if !enrolment.allows(page) => Opening::Instead(see_other(&enrolment.address())),
        opened => opened,
    })
}

/// Like [`open`], for a form: whichever page it came from, the flow decides where it leads.
pub(in crate::web::pages) async fn open_for_post(app: &App, browser: &Browser, id: &str) -> Result<Opening, Failure> {
    let id: AttemptId = id.parse().map_err(|_| Failure::NotFound)?;
    let caller = browser.caller();
    if let FoundAttempt::Here(enrolment) = enrolment::open(app, &caller, id).await? {
        return Ok(Opening::Here(enrolment));
    }
    // A sign-in that needs something added comes here with its own id.
    if let Loaded::Here(attempt) = sign_in::load(app, &caller, id).await?
        && attempt.state == State::Open
        && matches!(attempt.purpose, EntryPurpose::SignIn { .. })
    {
        let Attempt { person, events, need, after, .. } = *attempt;
        if let Some(enrolment) = enrolment::known_person(app, &caller, Unfinished { id, person, events, need, after }).await? {
            return Ok(Opening::Here(Box::new(enrolment)));
        }
    }
    gone(app, browser).await.map(Opening::Instead)
}

/// Too old, or another browser's: one page for both.
async fn gone(app: &App, browser: &Browser) -> Result<HttpResponse, Failure> {
    let (_, set_up) = enrolment::look(app, None).await?;
    if set_up {
        return moved_on(app, browser, None).await;
    }
    let interruption = if browser.kept_our_cookie() { Interruption::TooOld } else { Interruption::CookieLost };
    let page = InterruptedPage { interruption, asking: None, kept: false, next: "/".to_owned() };
    page_with(app, browser, StatusCode::OK, &page, PageOptions::default())
}

/// How far one is.
pub(in crate::web::pages) fn progress(enrolment: &Enrolment, page: EnrolmentStep) -> Option<Progress> {
    enrolment.place_of(page).map(|(at, of)| Progress { at, of })
}

pub(in crate::web::pages) fn enrolling(enrolment: &Enrolment) -> Enrolling {
    if enrolment.is_new() { Enrolling::NewAccount } else { Enrolling::OneMore }
}

/// What an authenticator app needs to know.
pub(in crate::web::pages) fn authenticator(app: &App, seed: &Seed, login: &str) -> Result<NewAuthenticator, Failure> {
    let organisation = app.settings.server.organisation.as_str();
    let otpauth = seed.otpauth(organisation, login)?;
    Ok(NewAuthenticator { qr_svg: qr_svg(&otpauth, organisation)?, key_groups: seed.key_groups(), otpauth })
}

/// Adds the cookies of someone who has just signed in.
pub(in crate::web::pages) fn sign_in(
    app: &App,
    browser: &Browser,
    signed: &EnrolledSession,
    mut response: HttpResponse,
) -> Result<HttpResponse, Failure> {
    response = entered(app, response, &signed.entered)?;
    if browser.link().is_some() {
        response.add_cookie(&cookie::clear_link(app)).map_err(|_| Failure::Broken("a cookie could not be removed".to_owned()))?;
    }
    Ok(response)
}
