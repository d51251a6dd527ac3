//! `/enrolment/<id>/passkey`: making a passkey.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::flows::enrolment::{self, Ended, Enrolment, EnrolmentStep, RegistrationOutcome};
use crate::web::Failure;
use crate::web::guard::{Browser, PostedBytes, Shared};
use crate::web::pages::enrolment::open::{Opening, open, open_for_post, progress, sign_in};
use crate::web::pages::enrolment::view::EnrolPasskeyPage;
use crate::web::pages::parts::CeremonyAddresses;
use crate::web::pages::script;
use crate::web::respond::page;

/// Shows the page with the button.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let enrolment = match open(&app, &browser, &id, EnrolmentStep::Passkey).await? {
        Opening::Here(enrolment) => enrolment,
        Opening::Instead(answer) => return Ok(answer),
    };
    let page_ = EnrolPasskeyPage {
        flow: enrolment.id.to_string(),
        step: enrolment.step_number(),
        progress: progress(&enrolment, EnrolmentStep::Passkey),
        ceremony: CeremonyAddresses::under(&format!("/enrolment/{}/passkey", enrolment.id), ""),
    };
    page(&app, &browser, &page_)
}

/// Starts the ceremony.
pub async fn start(app: Shared, browser: Browser, id: web::Path<String>, _: PostedBytes) -> Result<HttpResponse, Failure> {
    let Some(enrolment) = enrolment(&app, &browser, &id).await? else {
        return script::message(&app, StatusCode::UNPROCESSABLE_ENTITY, "page-too-old");
    };
    match enrolment::start_passkey(&app, &enrolment).await? {
        Some(options) => Ok(script::creation(&options)),
        None => Ok(script::next(&enrolment.address())),
    }
}

/// Takes what the device made.
pub async fn finish(app: Shared, browser: Browser, id: web::Path<String>, body: PostedBytes) -> Result<HttpResponse, Failure> {
    let Some(enrolment) = enrolment(&app, &browser, &id).await? else {
        return script::message(&app, StatusCode::UNPROCESSABLE_ENTITY, "page-too-old");
    };
    match enrolment::finish_passkey(&app, &browser.caller(), *enrolment, &body.0).await? {
        RegistrationOutcome::Ended(Ended::Signed(signed)) => sign_in(&app, &browser, &signed, script::next(&signed.next)),
        RegistrationOutcome::Ended(Ended::LinkDead(address) | Ended::NameTaken(address)) | RegistrationOutcome::To(address) => {
            Ok(script::next(&address))
        }
        RegistrationOutcome::Ended(Ended::PasskeyTaken) => script::message(&app, StatusCode::UNPROCESSABLE_ENTITY, "passkey-taken"),
        RegistrationOutcome::TooOld => script::message(&app, StatusCode::UNPROCESSABLE_ENTITY, "passkey-too-old"),
        RegistrationOutcome::Refused => script::message(&app, StatusCode::UNPROCESSABLE_ENTITY, "passkey-not-made"),
    }
}

async fn enrolment(app: &App, browser: &Browser, id: &str) -> Result<Option<Box<Enrolment>>, Failure> {
    Ok(match open_for_post(app, browser, id).await? {
        Opening::Here(enrolment) => Some(enrolment),
        Opening::Instead(_) => None,
    })
}
