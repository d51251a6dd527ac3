//! `POST /token`.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{failed, later, not_kept, with_entry};
use crate::flows::oidc::error::{OAuthError, Refused, refused};
use crate::flows::oidc::params::Params;
use crate::flows::oidc::token::{self, Answer};
use crate::web::Failure;
use crate::web::guard::{ClientAddress, Shared, content_type_is, read_body};

/// Answers a token request. Parameters are read from the body only (OA-36).
pub async fn post(app: Shared, address: ClientAddress, request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Failure> {
    if !content_type_is(&request, "application/x-www-form-urlencoded") {
        return Ok(error(StatusCode::BAD_REQUEST, refused(OAuthError::InvalidRequest, "the body must be url-encoded")));
    }
    let mut authorizations = request.headers().get_all(AUTHORIZATION);
    let authorization = authorizations.next().map(|value| value.to_str().unwrap_or("unreadable"));
    if authorizations.next().is_some() {
        return Ok(error(StatusCode::BAD_REQUEST, refused(OAuthError::InvalidRequest, "two Authorization headers")));
    }
    let body = match read_body(&mut payload.into_inner()).await {
        Ok(body) => body,
        Err(Failure::TooLarge) => {
            return Ok(error(StatusCode::PAYLOAD_TOO_LARGE, refused(OAuthError::InvalidRequest, "the body is too large")));
        }
        Err(_) => return Ok(error(StatusCode::BAD_REQUEST, refused(OAuthError::InvalidRequest, "the body did not arrive whole"))),
    };
    let answer = token::answer(&app, &address.network(), authorization, &Params::parse(&body)).await;
    let mut response = match answer {
        Ok(Answer::Tokens { body, entry: (id, at) }) => {
            let mut response = HttpResponse::Ok().json(body);
            with_entry(&mut response, id, Some(at));
            response
        }
        Ok(Answer::Refused(refused)) => error(StatusCode::BAD_REQUEST, refused),
        Ok(Answer::NotAuthenticated(refused)) => {
            let status = if refused.error == OAuthError::InvalidClient { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
            let mut response = error(status, refused);
            // Whatever was tried: a 401 says how (RFC 9110 section 15.5.2), and by RFC 6749 section 5.2 with the scheme that was tried.
            if status == StatusCode::UNAUTHORIZED {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"token\", charset=\"UTF-8\""));
            }
            response
        }
        Ok(Answer::TooMany(wait)) => later(StatusCode::TOO_MANY_REQUESTS, wait.as_secs()),
        Ok(Answer::NotReady) => later(StatusCode::SERVICE_UNAVAILABLE, 5),
        Err(fault) => failed(&fault),
    };
    not_kept(&mut response);
    Ok(response)
}

fn error(status: StatusCode, refused: Refused) -> HttpResponse {
    let mut response =
        HttpResponse::build(status).json(json!({ "error": refused.error.as_str(), "error_description": refused.description }));
    not_kept(&mut response);
    response
}
