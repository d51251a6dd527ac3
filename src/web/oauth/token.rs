//! `POST /token`.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{failed, later, not_kept, with_entry};
use crate::flows::oidc::client_auth::Challenge;
use crate::flows::oidc::error::{OAuthError, Refused};
use crate::flows::oidc::params::Params;
use crate::flows::oidc::token::{self, TokenResponse, Unread};
use crate::web::Failure;
use crate::web::guard::{ClientAddress, Shared, content_type_is, read_body};

/// Answers a token request. Parameters are read from the body only (OA-36).
pub async fn post(app: Shared, address: ClientAddress, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let network = address.network();
    let (authorization, body) = match read(&request, payload).await {
        Ok(read) => read,
        Err(unread) => {
            let status = if unread == Unread::TooLarge { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
            let sent = described(&request);
            // Not waited for: the connection of a body that broke off closes at any moment.
            actix_web::rt::spawn(async move { unread.note(&app, &network, &sent).await });
            return error(status, unread.told());
        }
    };
    match token::answer(&app, &network, authorization, &Params::parse(&body)).await {
        Ok(TokenResponse::Tokens { body, entry: (id, at) }) => {
            let mut response = HttpResponse::Ok().json(body);
            with_entry(&mut response, id, Some(at));
            not_kept(&mut response);
            response
        }
        Ok(TokenResponse::Refused(refused)) => error(StatusCode::BAD_REQUEST, refused),
        Ok(TokenResponse::NotAuthenticated(refused, challenge)) => not_authenticated(refused, challenge),
        Ok(TokenResponse::TooMany(wait)) => later(StatusCode::TOO_MANY_REQUESTS, wait.as_secs()),
        Ok(TokenResponse::NotReady) => later(StatusCode::SERVICE_UNAVAILABLE, 5),
        Err(fault) => failed(&fault),
    }
}

/// The Authorization header, if there is one, and the form.
async fn read(request: &HttpRequest, payload: web::Payload) -> Result<(Option<&str>, Vec<u8>), Unread> {
    if !content_type_is(request, "application/x-www-form-urlencoded") {
        return Err(Unread::ContentType);
    }
    let mut authorizations = request.headers().get_all(AUTHORIZATION);
    let authorization = authorizations.next().map(|value| value.to_str().unwrap_or("unreadable"));
    if authorizations.next().is_some() {
        return Err(Unread::TwoAuthorizations);
    }
    match read_body(&mut payload.into_inner()).await {
        Ok(body) => Ok((authorization, body)),
        Err(Failure::TooLarge) => Err(Unread::TooLarge),
        Err(_) => Err(Unread::Incomplete),
    }
}

/// What a request said of its body.
fn described(request: &HttpRequest) -> String {
    let text = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("(missing)");
    format!("content-type {}, content-length {}", text(CONTENT_TYPE), text(CONTENT_LENGTH))
}

fn not_authenticated(refused: Refused, challenge: Challenge) -> HttpResponse {
    let status = if refused.error == OAuthError::InvalidClient { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let mut response = error(status, refused);
    if status == StatusCode::UNAUTHORIZED && challenge == Challenge::Basic {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"token\", charset=\"UTF-8\""));
    }
    response
}

fn error(status: StatusCode, refused: Refused) -> HttpResponse {
    let body = json!({ "error": refused.error.as_str(), "error_description": refused.description });
    let mut response = HttpResponse::build(status).json(body);
    not_kept(&mut response);
    response
}
