//! The protocol endpoints: what applications talk to.

pub mod authorize;
pub mod discovery;
pub mod token;
pub mod userinfo;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, RETRY_AFTER};
use serde_json::json;

use crate::kernel::ids::EntryId;
use crate::kernel::{Fault, Timestamp};

/// Nobody keeps tokens (OA-37).
fn not_kept(answer: &mut HttpResponse) {
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.headers_mut().insert(HeaderName::from_static("pragma"), HeaderValue::from_static("no-cache"));
}

/// Not now, but later.
fn later(status: StatusCode, seconds: u64) -> HttpResponse {
    let mut answer = HttpResponse::build(status).json(json!({ "error": "temporarily_unavailable" }));
    answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    not_kept(&mut answer);
    answer
}

/// What an application is told when we fail: that, and nothing of the inside (OA-48).
fn failed(fault: &Fault) -> HttpResponse {
    if fault.is_temporary() {
        tracing::warn!(%fault, "an application could not be answered");
        return later(StatusCode::SERVICE_UNAVAILABLE, fault.retry_after().map_or(5, |wait| wait.as_secs() + 1));
    }
    tracing::error!(%fault, "an answer to an application failed");
    let mut answer = HttpResponse::InternalServerError().json(json!({ "error": "server_error" }));
    not_kept(&mut answer);
    answer
}

/// Names the ledger entry that this answer's giving of data made: any application can show it to its user.
fn with_entry(answer: &mut HttpResponse, id: EntryId, at: Option<Timestamp>) {
    let text = at.map_or_else(|| id.to_string(), |at| format!("{id} {at}"));
    if let Ok(value) = HeaderValue::from_str(&text) {
        answer.headers_mut().insert(HeaderName::from_static("vouchsafe-ledger-entry"), value);
    }
}
