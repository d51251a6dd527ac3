//! Discovery and the published keys. Kept for a short time by whoever asks; not at all until every key is made.

use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::readable_by_all;
use crate::app::App;
use crate::flows::oidc::discovery;
use crate::platform::crypto::sha256;
use crate::web::guard::Shared;

/// `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
pub async fn metadata(app: Shared, request: HttpRequest) -> HttpResponse {
    published(&app, &request, &discovery::metadata(&app))
}

/// `/jwks.json`.
pub async fn keys(app: Shared, request: HttpRequest) -> HttpResponse {
    let keys = app.signing.current();
    published(&app, &request, &keys.jwks())
}

fn published(app: &App, request: &HttpRequest, value: &Value) -> HttpResponse {
    let bytes = value.to_string();
    let etag = format!("\"{}\"", data_encoding::HEXLOWER.encode(sha256(bytes.as_bytes()).get(..8).unwrap_or_default()));
    let keep = if app.signing.current().is_complete() { "public, max-age=300" } else { "no-store" };
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut answer = if known {
        HttpResponse::NotModified().finish()
    } else {
        HttpResponse::Ok().content_type("application/json; charset=utf-8").body(bytes)
    };
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.headers_mut().insert(ETAG, etag);
    }
    readable_by_all(&mut answer);
    answer
}
