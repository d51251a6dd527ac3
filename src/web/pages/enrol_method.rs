//! `/f/<id>/enrol/method`: which way to sign in.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::enrol::{Opened, enrolling, open, open_for_post, progress};
use super::enrol_view::EnrolMethodPage;
use crate::flows::arriving::{self, Chosen, Moved, Step};
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared};
use crate::web::respond::{page, see_other};

/// The choice.
#[derive(Deserialize)]
pub struct MethodForm {
    step: u64,
    method: String,
}

/// Shows the ways.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let arrival = match open(&app, &browser, &id, Step::Method).await? {
        Opened::Here(arrival) => arrival,
        Opened::Instead(answer) => return Ok(answer),
    };
    let page_ = EnrolMethodPage {
        flow: arrival.id.to_string(),
        step: arrival.step_number(),
        progress: progress(&arrival, Step::Method),
        enrolling: enrolling(&arrival),
        name: arrival.name().to_owned(),
        errors: vec![],
    };
    page(&app, &browser, &page_)
}

/// Takes the choice.
pub async fn submit(app: Shared, browser: Browser, id: web::Path<String>, form: Posted<MethodForm>) -> Result<HttpResponse, Failure> {
    let arrival = match open_for_post(&app, &browser, &id).await? {
        Opened::Here(arrival) => arrival,
        Opened::Instead(answer) => return Ok(answer),
    };
    let way = match form.0.method.as_str() {
        "passkey" => Chosen::Passkey,
        "password" => Chosen::Password,
        "totp" => Chosen::Totp,
        _ => return Err(Failure::BadRequest),
    };
    match arriving::choose(&app, *arrival, form.0.step, way).await? {
        Moved::To(address) => Ok(see_other(&address)),
        Moved::NotAllowed => Err(Failure::BadRequest),
    }
}
