//! Discovery and the published keys. Kept for a short time by whoever asks; not at all until every key is made.

use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use crate::flows::oidc::discovery::{Document, Documents, documents};
use crate::web::guard::Shared;
use crate::web::respond;

/// `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
pub async fn metadata(app: Shared, request: HttpRequest) -> HttpResponse {
    published(&request, &documents(&app), |documents| &documents.metadata)
}

/// `/jwks.json`.
pub async fn keys(app: Shared, request: HttpRequest) -> HttpResponse {
    published(&request, &documents(&app), |documents| &documents.keys)
}

fn published(request: &HttpRequest, documents: &Documents, which: fn(&Documents) -> &Document) -> HttpResponse {
    let document = which(documents);
    let mut answer = if respond::is_known(request, &document.etag) {
        HttpResponse::NotModified().finish()
    } else {
        HttpResponse::Ok().content_type("application/json; charset=utf-8").body(document.text.clone())
    };
    let keep = if documents.may_be_kept { "public, max-age=300" } else { "no-store" };
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(etag) = HeaderValue::from_str(&document.etag) {
        answer.headers_mut().insert(ETAG, etag);
    }
    answer
}
