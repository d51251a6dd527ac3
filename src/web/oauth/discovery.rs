//! Discovery and the published keys. Kept for a short time by anyone who asks; not at all until every key is made.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::flows::oidc::discovery::{Document, Documents, documents};
use crate::flows::oidc::webfinger;
use crate::flows::signing_keys;
use crate::web::guard::Shared;
use crate::web::respond;

/// `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
pub async fn metadata(app: Shared, request: HttpRequest) -> HttpResponse {
    published(&request, &documents(&app), |documents| &documents.metadata)
}

/// `/jwks.json`.
pub async fn keys(app: Shared, request: HttpRequest) -> HttpResponse {
    signing_keys::catch_up(&app).await;
    published(&request, &documents(&app), |documents| &documents.keys)
}

/// `/.well-known/webfinger`.
pub async fn webfinger(app: Shared, request: HttpRequest) -> HttpResponse {
    match webfinger::descriptor(app.settings.origin().as_str(), request.query_string().as_bytes()) {
        Some(descriptor) => {
            HttpResponse::Ok().insert_header((CACHE_CONTROL, KEPT)).content_type("application/jrd+json").body(descriptor.to_string())
        }
        None => {
            let body = json!({ "error": "invalid_request", "error_description": "resource must be there once and be a URI, such as acct:name@example.org" });
            respond::json(StatusCode::BAD_REQUEST, &body)
        }
    }
}

/// `/.well-known/passkey-endpoints`: where password managers send people to make passkeys and to look after them (W3C, A
/// Well-Known URL for Relying Party Passkey Endpoints).
pub async fn passkey_endpoints(app: Shared) -> HttpResponse {
    let origin = app.settings.origin();
    let body = json!({ "enroll": origin.join("/me/security/passkeys/add"), "manage": origin.join("/me/security") });
    HttpResponse::Ok().insert_header((CACHE_CONTROL, KEPT)).json(body)
}

const KEPT: &str = "public, max-age=300";

fn published(request: &HttpRequest, documents: &Documents, which: fn(&Documents) -> &Document) -> HttpResponse {
    let document = which(documents);
    let mut answer = if respond::is_known(request, &document.etag) {
        HttpResponse::NotModified().finish()
    } else {
        HttpResponse::Ok().content_type("application/json; charset=utf-8").body(document.text.clone())
    };
    let keep = if documents.may_be_kept { KEPT } else { "no-store" };
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(etag) = HeaderValue::from_str(&document.etag) {
        answer.headers_mut().insert(ETAG, etag);
    }
    answer
}
