//! What applications call, by its path: published documents and protocol endpoints. Scripts of any site may read each of
//! their answers, refusals included, because none carries a cookie's authority (OA-13, WB-08); and a failure is told in JSON
//! (RFC 6749 section 5.2), never by a page.

use std::str::FromStr;

use actix_web::dev::{ServiceRequest, Url};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CACHE_CONTROL, HeaderMap, HeaderName,
    HeaderValue, RETRY_AFTER, VARY,
};
use actix_web::http::uri::PathAndQuery;
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::web::Failure;
use crate::web::routes;

/// Whom a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathClass {
    /// People: pages.
    Page,
    /// The style, scripts and pictures of pages, under any host name: also the page that tells the right one needs them.
    Asset,
    /// Anyone who reads about this server: metadata and keys.
    Published,
    /// Applications: the endpoints they call themselves.
    Endpoint,
    /// Monitors, under any host name.
    Health,
}

impl PathClass {
    /// The class of a path, also of one that is not there.
    pub fn of(path: &str) -> Self {
        let path = path.strip_prefix('/').unwrap_or(path);
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next()) {
            (Some(".well-known"), Some("change-password")) => Self::Page,
            (Some(".well-known" | "jwks.json"), _) => Self::Published,
            (Some("token" | "userinfo"), _) => Self::Endpoint,
            (Some("health"), Some(_)) => Self::Health,
            (Some("static"), Some(_)) => Self::Asset,
            _ => Self::Page,
        }
    }
    /// Whether applications ask for it.
    pub fn is_for_machines(self) -> bool {
        matches!(self, Self::Published | Self::Endpoint)
    }
}

/// The answer headers a script may read besides those every script may.
const EXPOSED: &str = "Vouchsafe-Ledger-Entry, WWW-Authenticate, Retry-After, ETag, Allow, Date";

/// Lets scripts of any site read an answer.
pub(super) fn open(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
}

/// The answer to what a browser asks before a script of another site may send its request: any header and any method may be
/// sent, and the endpoint itself refuses what it does not take. The headers are named one by one, because `*` does not stand
/// for `Authorization` (Fetch, CORS protocol).
pub(super) fn preflight(request: &ServiceRequest) -> Option<HttpResponse> {
    if request.method() != Method::OPTIONS {
        return None;
    }
    let asked = |name: HeaderName| request.headers().get(name).cloned();
    let method = asked(ACCESS_CONTROL_REQUEST_METHOD).unwrap_or_else(|| HeaderValue::from_static("GET, POST"));
    let headers = asked(ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_else(|| HeaderValue::from_static("authorization, content-type"));
    let mut answer = HttpResponse::NoContent();
    answer.insert_header((ACCESS_CONTROL_ALLOW_METHODS, method)).insert_header((ACCESS_CONTROL_ALLOW_HEADERS, headers));
    answer.insert_header((ACCESS_CONTROL_MAX_AGE, "7200")).insert_header((CACHE_CONTROL, "no-store"));
    answer.insert_header((VARY, "Access-Control-Request-Method, Access-Control-Request-Headers"));
    answer.insert_header((ALLOW, routes::allowed(request.path())));
    Some(answer.finish())
}

/// Finds a published document also where a client joins addresses with one slash too many: behind it
/// (`/.well-known/openid-configuration/`), or before it, from an issuer written with a slash at its end.
pub(super) fn tidy_path(request: &mut ServiceRequest) {
    let path = request.path();
    let tidy = format!("/{}", path.trim_matches('/'));
    if tidy == path {
        return;
    }
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = PathAndQuery::from_str(&format!("{tidy}{query}")).ok();
    let Ok(uri) = Uri::from_parts(parts) else { return };
    request.match_info_mut().set(Url::new(uri.clone()));
    request.head_mut().uri = uri;
}

/// A failure as applications read it. The description names what to do; the reference is the one in our log.
pub(super) fn explain(failure: &Failure, status: StatusCode, reference: &str) -> HttpResponse {
    let (error, description) = match failure {
        Failure::NotFound => ("invalid_request", "there is no such endpoint; /.well-known/openid-configuration lists those there are"),
        Failure::MethodNotAllowed => ("invalid_request", "this method is not allowed here; the Allow header lists those that are"),
        Failure::TooLarge => ("invalid_request", "the request is too large"),
        Failure::TooMany(_) => ("temporarily_unavailable", "too many requests; Retry-After says when to try again"),
        Failure::Busy(_) | Failure::Away(_) | Failure::SignInsWait(_) => {
            ("temporarily_unavailable", "this cannot be answered now; Retry-After says when to try again")
        }
        _ if status.is_server_error() => return broken(reference),
        _ => ("invalid_request", "the request cannot be read"),
    };
    let mut answer = error_answer(status, error, description);
    if let Some(seconds) = failure.retry_after() {
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    answer
}

/// Our mistake: the application is told that, and nothing of the inside (OA-48).
pub(super) fn broken(reference: &str) -> HttpResponse {
    let body = json!({ "error": "server_error", "error_description": "this server failed; its log says more", "reference": reference });
    super::json(StatusCode::INTERNAL_SERVER_ERROR, &body)
}

/// An application used another host name.
pub(super) fn misdirected(ours: &str) -> HttpResponse {
    let status = StatusCode::MISDIRECTED_REQUEST;
    let description = format!("this server does not answer under that host name; its address is {ours}");
    super::json(status, &json!({ "error": "invalid_request", "error_description": description }))
}

fn error_answer(status: StatusCode, error: &str, description: &str) -> HttpResponse {
    super::json(status, &json!({ "error": error, "error_description": description }))
}

/// Whether who asks reads JSON rather than pages: our own scripts, and anyone who accepts JSON and ranks it above HTML
/// (RFC 9110 section 12.5.1).
pub(super) fn prefers_json(request: &HttpRequest) -> bool {
    let accepts = request.headers().get_all("accept").filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    request.headers().contains_key("x-form-token") || ranks_json_first(&accepts)
}

fn ranks_json_first(accepts: &str) -> bool {
    let (mut json, mut html) = (0.0, 0.0);
    for range in accepts.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let weight = weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0));
        match kind.as_str() {
            "text/html" | "application/xhtml+xml" => html = f32::max(html, weight),
            kind if kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json")) => {
                json = f32::max(json, weight);
            }
            _ => {}
        }
    }
    json > html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_class_wherever_slashes_stand() {
        // OA-13
        for path in
            ["/.well-known/openid-configuration", "//.well-known/openid-configuration", "/.well-known/nothing", "/jwks.json", "/jwks.json/"]
        {
            assert_eq!(PathClass::of(path), PathClass::Published, "{path}");
        }
        for path in ["/token", "/token/", "/userinfo", "/userinfo/x"] {
            assert_eq!(PathClass::of(path), PathClass::Endpoint, "{path}");
        }
        for path in ["/", "", "/login", "/authorize", "/tokens", "/.well-known/change-password", "/static", "/logout", "/health"] {
            assert_eq!(PathClass::of(path), PathClass::Page, "{path}");
        }
        assert_eq!(PathClass::of("/health/ready"), PathClass::Health);
        assert_eq!(PathClass::of("/static/token"), PathClass::Asset);
    }

    #[test]
    fn json_is_for_who_ranks_it_above_html() {
        for json in [
            "application/json",
            "application/json, */*",
            "text/html;q=0.5, application/json",
            "application/problem+json",
            "APPLICATION/JSON",
        ] {
            assert!(ranks_json_first(json), "{json}");
        }
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        for page in ["", "*/*", browser, "text/html, application/json", "application/json;q=0.8, text/html", "application/json;q=0"] {
            assert!(!ranks_json_first(page), "{page}");
        }
    }
}
