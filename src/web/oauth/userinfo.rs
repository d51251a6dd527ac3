//! `GET` and `POST /userinfo`, with the token in the Authorization header or, posted, in the form (RFC 6750 sections 2.1
//! and 2.2), and never in the address (OA-73).

use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{failed, not_kept, with_entry};
use crate::flows::oidc::params::Params;
use crate::flows::oidc::userinfo::{self, UserinfoResponse};
use crate::web::Failure;
use crate::web::guard::{Shared, content_type_is, read_body};

/// Answers who presents a token.
pub async fn answer(app: Shared, request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Failure> {
    // A token in an address has been seen by logs and histories (RFC 9700 section 4.3.2).
    if Params::parse(request.query_string().as_bytes()).get("access_token").is_some() {
        return Ok(malformed());
    }
    let mut headers = request.headers().get_all(AUTHORIZATION).map(|value| value.to_str().unwrap_or("unreadable"));
    let (header, second) = (headers.next(), headers.next());
    let in_header = header
        .and_then(|header| header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token));
    let posted = match posted(&request, payload).await {
        Ok(posted) => posted,
        Err(Failure::TooLarge) => return Ok(challenge(StatusCode::PAYLOAD_TOO_LARGE, MALFORMED, json!({ "error": "invalid_request" }))),
        Err(_) => return Ok(malformed()),
    };
    let in_form = posted.get("access_token");
    // Two ways at the same time, or one way twice, is a mistake or an attack (RFC 6750 section 2).
    if second.is_some() || posted.has_repeated() || (header.is_some() && in_form.is_some()) {
        return Ok(malformed());
    }
    let Some(token) = in_header.or(in_form) else {
        // RFC 6750 section 3.1: no error code for a request without a token.
        return Ok(challenge(StatusCode::UNAUTHORIZED, "Bearer realm=\"userinfo\"", json!({})));
    };
    let answer = match userinfo::answer(&app, token.trim()).await {
        Ok(answer) => answer,
        Err(fault) => return Ok(failed(&fault)),
    };
    match answer {
        UserinfoResponse::Claims { body, entry } => {
            let mut response = HttpResponse::Ok().json(body);
            if let Some((id, at)) = entry {
                with_entry(&mut response, id, at);
            }
            not_kept(&mut response);
            Ok(response)
        }
        UserinfoResponse::InvalidToken => Ok(challenge(
            StatusCode::UNAUTHORIZED,
            "Bearer realm=\"userinfo\", error=\"invalid_token\"",
            json!({ "error": "invalid_token" }),
        )),
        UserinfoResponse::InsufficientScope => Ok(challenge(
            StatusCode::FORBIDDEN,
            "Bearer realm=\"userinfo\", error=\"insufficient_scope\", scope=\"openid\"",
            json!({ "error": "insufficient_scope" }),
        )),
    }
}

/// What was posted as a form; nothing of any other request.
async fn posted(request: &HttpRequest, payload: web::Payload) -> Result<Params, Failure> {
    if request.method() != Method::POST || !content_type_is(request, "application/x-www-form-urlencoded") {
        return Ok(Params::default());
    }
    Ok(Params::parse(&read_body(&mut payload.into_inner()).await?))
}

const MALFORMED: &str = "Bearer realm=\"userinfo\", error=\"invalid_request\"";

fn malformed() -> HttpResponse {
    challenge(StatusCode::BAD_REQUEST, MALFORMED, json!({ "error": "invalid_request" }))
}

fn challenge(status: StatusCode, value: &'static str, body: serde_json::Value) -> HttpResponse {
    let mut response = HttpResponse::build(status).json(body);
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(value));
    not_kept(&mut response);
    response
}
