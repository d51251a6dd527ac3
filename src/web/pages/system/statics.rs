//! Style, scripts and pictures: embedded, named by their content, kept by browsers for good.

use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use actix_web::{HttpRequest, HttpResponse};

use crate::platform::render::assets::{self, Coding};
use crate::web::{Failure, respond};

/// A file of `static/` under its name with a content hash.
pub async fn show(request: HttpRequest) -> Result<HttpResponse, Failure> {
    serve(&request, request.path(), "public, max-age=31536000, immutable")
}

/// The picture browsers ask for by themselves.
pub async fn favicon(request: HttpRequest) -> Result<HttpResponse, Failure> {
    serve(&request, &assets::url("img/favicon.svg"), "public, max-age=86400")
}

/// Nothing here is for search engines.
pub async fn robots() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .content_type("text/plain; charset=utf-8")
        .body("User-agent: *\nDisallow: /\n")
}

fn serve(request: &HttpRequest, path: &str, keep: &'static str) -> Result<HttpResponse, Failure> {
    let asset = assets::find(path).ok_or(Failure::NotFound)?;
    let coding = Coding::accepted(request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default());
    let etag = asset.etag(coding);
    let known = respond::is_known(request, &etag);
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((CACHE_CONTROL, keep)).insert_header((ETAG, etag)).insert_header((VARY, "accept-encoding"));
    answer.insert_header((CONTENT_TYPE, asset.content_type));
    if let Some(coding) = coding.header().filter(|_| !known) {
        answer.insert_header((CONTENT_ENCODING, coding));
    }
    Ok(if known { answer.finish() } else { answer.body(asset.bytes(coding)) })
}
