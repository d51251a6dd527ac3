//! `GET` and `POST /userinfo`, with the token in the Authorization header and nowhere else (OA-73).

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::{failed, not_kept, readable_by_all, with_entry};
use crate::flows::oidc::params::Params;
use crate::flows::oidc::userinfo::{self, Answer};
use crate::web::Failure;
use crate::web::guard::Shared;

/// Answers who presents a token.
pub async fn answer(app: Shared, request: HttpRequest) -> Result<HttpResponse, Failure> {
    if Params::parse(request.query_string().as_bytes()).get("access_token").is_some() {
        // A token in an address has been seen by logs and histories (RFC 9700 section 4.3.2).
        return Ok(challenge(
            StatusCode::BAD_REQUEST,
            "Bearer realm=\"userinfo\", error=\"invalid_request\"",
            json!({ "error": "invalid_request" }),
        ));
    }
    let mut headers = request.headers().get_all(AUTHORIZATION).map(|value| value.to_str().unwrap_or("unreadable"));
    let token = match (headers.next(), headers.next()) {
        (Some(header), None) => header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token),
        _ => None,
    };
    let Some(token) = token else {
        // RFC 6750 section 3.1: no error code for a request without a token.
        return Ok(challenge(StatusCode::UNAUTHORIZED, "Bearer realm=\"userinfo\"", json!({})));
    };
    let answer = match userinfo::answer(&app, token.trim()).await {
        Ok(answer) => answer,
        Err(fault) => return Ok(failed(&fault)),
    };
    match answer {
        Answer::Claims { body, entry } => {
            let mut response = HttpResponse::Ok().json(body);
            if let Some((id, at)) = entry {
                with_entry(&mut response, id, at);
            }
            readable_by_all(&mut response);
            not_kept(&mut response);
            Ok(response)
        }
        Answer::InvalidToken => Ok(challenge(
            StatusCode::UNAUTHORIZED,
            "Bearer realm=\"userinfo\", error=\"invalid_token\"",
            json!({ "error": "invalid_token" }),
        )),
        Answer::InsufficientScope => Ok(challenge(
            StatusCode::FORBIDDEN,
            "Bearer realm=\"userinfo\", error=\"insufficient_scope\", scope=\"openid\"",
            json!({ "error": "insufficient_scope" }),
        )),
    }
}

fn challenge(status: StatusCode, value: &'static str, body: serde_json::Value) -> HttpResponse {
    let mut response = HttpResponse::build(status).json(body);
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(value));
    readable_by_all(&mut response);
    not_kept(&mut response);
    response
}
