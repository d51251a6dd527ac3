//! What the demo answers.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, LOCATION, VARY,
};
use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::{Callback, CallbackProblem};
use super::provider::Ask;
use super::state::DemoState;
use super::view::{DemoErrorPage, DemoHomePage, Trouble};
use crate::platform::render::Page;
use crate::platform::render::assets::{self, Coding};

type SharedDemo = web::Data<DemoState>;

/// `GET /`: what this is, and the way to begin.
pub(super) async fn home(demo: SharedDemo, request: HttpRequest) -> HttpResponse {
    let cookie = demo.cookie_of(&request);
    if demo.visitors.received(cookie.as_deref(), demo.now()).is_some() {
        return see_other("/result");
    }
    let signed_out = demo.visitors.was_signed_out(cookie.as_deref(), demo.now());
    show(&demo, StatusCode::OK, &DemoHomePage { sign_in: "/login".to_owned(), signed_out })
}

/// `GET /login`: begins a sign-in and sends the browser to the service; `?ask=again` has the person asked again.
pub(super) async fn login(demo: SharedDemo, request: HttpRequest) -> HttpResponse {
    let ask = if request.query_string() == "ask=again" { Ask::Again } else { Ask::WhenNeeded };
    match demo.provider.begin(ask).await {
        Ok((url, begun)) => {
            let cookie = demo.visitors.begin(demo.cookie_of(&request).as_deref(), begun);
            with_cookie(&demo, see_other(url.as_str()), &cookie)
        }
        Err(problem) => explain(&demo, problem),
    }
}

/// `GET /callback`: the service's answer.
pub(super) async fn callback(demo: SharedDemo, request: HttpRequest) -> HttpResponse {
    let cookie = demo.cookie_of(&request);
    match receive(&demo, cookie.as_deref(), request.query_string()).await {
        Ok(cookie) => with_cookie(&demo, see_other("/result"), &cookie),
        Err(problem) => explain(&demo, problem),
    }
}

async fn receive(demo: &DemoState, cookie: Option<&str>, query: &str) -> Result<String, CallbackProblem> {
    let answer = Callback::parse(query)?;
    let begun =
        demo.visitors.take(cookie, &answer.state, demo.now()).ok_or(CallbackProblem { trouble: Trouble::NotBegunHere, detail: None })?;
    let code = answer.code_from(demo.provider.issuer())?;
    let received = demo.provider.finish(begun, code).await?;
    Ok(demo.visitors.keep(cookie, received, demo.now()))
}

/// `GET /result`: what was received.
pub(super) async fn result(demo: SharedDemo, request: HttpRequest) -> HttpResponse {
    match demo.visitors.received(demo.cookie_of(&request).as_deref(), demo.now()) {
        Some(received) => show(&demo, StatusCode::OK, &received.page),
        None => see_other("/"),
    }
}

/// `GET /logout`: forgets here, then asks the service to end the session. Only from the demo's own pages.
pub(super) async fn logout(demo: SharedDemo, request: HttpRequest) -> HttpResponse {
    let from = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if from.is_some_and(|site| site != "same-origin" && site != "none") {
        return see_other("/");
    }
    let Some(received) = demo.visitors.sign_out(demo.cookie_of(&request).as_deref(), demo.now()) else {
        return see_other("/");
    };
    match demo.provider.sign_out_url(&received).await {
        Some(url) => see_other(url.as_str()),
        None => see_other("/"),
    }
}

/// A file of `static/`, under its name with a content hash.
pub(super) async fn asset(request: HttpRequest) -> HttpResponse {
    serve(&request, request.path(), "public, max-age=31536000, immutable")
}

/// The picture browsers ask for by themselves.
pub(super) async fn favicon(request: HttpRequest) -> HttpResponse {
    serve(&request, &assets::url("img/favicon.svg"), "public, max-age=86400")
}

/// Whatever else was asked for.
pub(super) async fn nothing() -> HttpResponse {
    HttpResponse::NotFound().insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body("There is nothing here.\n")
}

fn serve(request: &HttpRequest, path: &str, keep: &'static str) -> HttpResponse {
    let Some(asset) = assets::find(path) else {
        return HttpResponse::NotFound().insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body("There is no such file.\n");
    };
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let coding = Coding::accepted(header(ACCEPT_ENCODING));
    let etag = asset.etag(coding);
    let known = header(IF_NONE_MATCH).split(',').any(|known| known.trim().trim_start_matches("W/") == etag);
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((CACHE_CONTROL, keep)).insert_header((ETAG, etag)).insert_header((VARY, "accept-encoding"));
    answer.insert_header((CONTENT_TYPE, asset.content_type));
    if let Some(coding) = coding.header().filter(|_| !known) {
        answer.insert_header((CONTENT_ENCODING, coding));
    }
    if known { answer.finish() } else { answer.body(asset.bytes(coding)) }
}

fn explain(demo: &DemoState, problem: CallbackProblem) -> HttpResponse {
    let status = match problem.trouble {
        Trouble::Declined => StatusCode::OK,
        Trouble::NotBegunHere | Trouble::Refused | Trouble::CheckFailed => StatusCode::BAD_REQUEST,
        Trouble::Unreachable => StatusCode::BAD_GATEWAY,
    };
    if status != StatusCode::OK {
        tracing::info!(trouble = ?problem.trouble, detail = problem.detail.as_deref(), "a sign-in at the demo application failed");
    }
    show(demo, status, &DemoErrorPage { trouble: problem.trouble, detail: problem.detail, sign_in: "/login".to_owned() })
}

fn show<P: Page>(demo: &DemoState, status: StatusCode, page: &P) -> HttpResponse {
    match demo.renderer.render(page, &demo.frame()) {
        Ok(html) => HttpResponse::build(status).insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(html),
        Err(fault) => {
            tracing::error!(%fault, "a page of the demo application could not be shown");
            HttpResponse::InternalServerError().insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body("This page is broken.\n")
        }
    }
}

fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, location)).finish()
}

fn with_cookie(demo: &DemoState, mut response: HttpResponse, value: &str) -> HttpResponse {
    if response.add_cookie(&demo.cookie(value)).is_err() {
        tracing::error!("the cookie of the demo application could not be set");
    }
    response
}
