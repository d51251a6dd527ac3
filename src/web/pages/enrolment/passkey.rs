//! `/enrolment/<id>/passkey`: making a passkey.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::app::App;
use crate::flows::enrolment::{self, Answered, Ended, Enrolment, Step};
use crate::platform::render::Text;
use crate::web::Failure;
use crate::web::guard::{Browser, PostedBytes, Shared};
use crate::web::pages::enrolment::open::{Opened, open, open_for_post, progress, sign_in};
use crate::web::pages::enrolment::view::EnrolPasskeyPage;
use crate::web::pages::messages;
use crate::web::pages::parts::Ceremony;
use crate::web::respond::{self, page};

/// Shows the page with the button.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let enrolment = match open(&app, &browser, &id, Step::Passkey).await? {
        Opened::Here(enrolment) => enrolment,
        Opened::Instead(answer) => return Ok(answer),
    };
    let page_ = EnrolPasskeyPage {
        flow: enrolment.id.to_string(),
        step: enrolment.step_number(),
        progress: progress(&enrolment, Step::Passkey),
        ceremony: Ceremony::under(&format!("/enrolment/{}/passkey", enrolment.id), ""),
    };
    page(&app, &browser, &page_)
}

/// Starts the ceremony.
pub async fn start(app: Shared, browser: Browser, id: web::Path<String>, _: PostedBytes) -> Result<HttpResponse, Failure> {
    let Some(enrolment) = enrolment(&app, &browser, &id).await? else { return message(&app, &messages::page_too_old()) };
    match enrolment::start_passkey(&app, &enrolment).await? {
        Some(options) => Ok(respond::json(StatusCode::OK, &json!({ "options": options }))),
        None => Ok(next(&enrolment.address())),
    }
}

/// Takes what the device made.
pub async fn finish(app: Shared, browser: Browser, id: web::Path<String>, body: PostedBytes) -> Result<HttpResponse, Failure> {
    let Some(enrolment) = enrolment(&app, &browser, &id).await? else { return message(&app, &messages::page_too_old()) };
    match enrolment::finish_passkey(&app, &browser.caller(), *enrolment, &body.0).await? {
        Answered::Ended(Ended::Signed(signed)) => sign_in(&app, &browser, &signed, next(&signed.next)),
        Answered::Ended(Ended::LinkDead(address) | Ended::NameTaken(address)) | Answered::To(address) => Ok(next(&address)),
        Answered::Ended(Ended::PasskeyTaken) => message(&app, &messages::passkey_taken()),
        Answered::TooOld => message(&app, &messages::passkey_too_old()),
        Answered::Refused => message(&app, &messages::passkey_not_made()),
    }
}

async fn enrolment(app: &App, browser: &Browser, id: &str) -> Result<Option<Box<Enrolment>>, Failure> {
    Ok(match open_for_post(app, browser, id).await? {
        Opened::Here(enrolment) => Some(enrolment),
        Opened::Instead(_) => None,
    })
}

/// The script goes on there.
pub(in crate::web::pages) fn next(address: &str) -> HttpResponse {
    respond::json(StatusCode::OK, &json!({ "next": address }))
}

/// The script shows these words.
pub(in crate::web::pages) fn message(app: &App, text: &Text) -> Result<HttpResponse, Failure> {
    let words = app.renderer.say("en", text)?;
    Ok(respond::json(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "message": words })))
}
