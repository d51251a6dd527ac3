//! `/enrolment/<id>/method`: which sign-in method.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::flows::enrolment::{self, EnrolmentStep, Moved};
use crate::kernel::proof::Method;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared};
use crate::web::pages::enrolment::open::{Opening, enrolling, open, open_for_post, progress};
use crate::web::pages::enrolment::view::EnrolMethodPage;
use crate::web::respond::{page, see_other};

/// The choice.
#[derive(Deserialize)]
pub struct MethodForm {
    step: u64,
    method: String,
}

/// Shows the ways.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let enrolment = match open(&app, &browser, &id, EnrolmentStep::Method).await? {
        Opening::Here(enrolment) => enrolment,
        Opening::Instead(answer) => return Ok(answer),
    };
    let page_ = EnrolMethodPage {
        flow: enrolment.id.to_string(),
        step: enrolment.step_number(),
        progress: progress(&enrolment, EnrolmentStep::Method),
        enrolling: enrolling(&enrolment),
        name: enrolment.name().to_owned(),
        errors: vec![],
    };
    page(&app, &browser, &page_)
}

/// Takes the choice.
pub async fn submit(app: Shared, browser: Browser, id: web::Path<String>, form: Posted<MethodForm>) -> Result<HttpResponse, Failure> {
    let enrolment = match open_for_post(&app, &browser, &id).await? {
        Opening::Here(enrolment) => enrolment,
        Opening::Instead(answer) => return Ok(answer),
    };
    let method = match form.0.method.as_str() {
        "passkey" => Method::Passkey,
        "password" => Method::Password,
        "totp" => Method::Totp,
        _ => return Err(Failure::BadRequest),
    };
    match enrolment::choose(&app, *enrolment, form.0.step, method).await? {
        Moved::To(address) => Ok(see_other(&address)),
        Moved::NotAllowed => Err(Failure::BadRequest),
    }
}
