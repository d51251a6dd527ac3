//! Answers to the passkey script. A ceremony begins with `{"publicKey": options}`; it ends, or cannot begin, with
//! `{"next": "/path"}`, where the script goes on, or `{"message": "words"}`, which it shows where the button is. Why a passkey
//! was refused is never said to the browser; the audit line does.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::platform::render::Text;
use crate::web::Failure;
use crate::web::respond::json;

/// The options of a new passkey.
pub(in crate::web::pages) fn creation(options: &Value) -> HttpResponse {
    json(StatusCode::OK, &json!({ "publicKey": options }))
}

/// The options of a proof.
pub(in crate::web::pages) fn request(options: &Value) -> HttpResponse {
    json(StatusCode::OK, options)
}

/// The script goes on there.
pub(in crate::web::pages) fn next(address: &str) -> HttpResponse {
    json(StatusCode::OK, &json!({ "next": address }))
}

/// The script shows these words.
pub(in crate::web::pages) fn message(app: &App, status: StatusCode, key: &'static str) -> Result<HttpResponse, Failure> {
    Ok(json(status, &json!({ "message": app.renderer.say("en", &Text::new(key))? })))
}
