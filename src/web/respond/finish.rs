//! What every request passes through: the check of the name it came under, the turning of failures into pages, the
//! security headers, the attempt cookie, and one line in the log.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, HeaderValue, LOCATION, RETRY_AFTER, VARY};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use futures_util::FutureExt;
use serde_json::json;

use super::headers::{Compressible, Leave};
use super::host::{HostProblem, check_host};
use super::machine::{self, PathClass, prefers_json};
use super::{PageOptions, cookie, page_with, secure};
use crate::app::App;
use crate::flows::elevation;
use crate::platform::render::Text;
use crate::platform::render::assets::{self, Coding};
use crate::platform::telemetry;
use crate::web::Failure;
use crate::web::guard::{Browser, SignedIn, app_of};
use crate::web::kept_requests;
use crate::web::pages::shell;
use crate::web::pages::system::error_view::{ErrorPage, Forward, Problem};
use crate::web::pages::system::landing_view::{Landing, LandingPage, WaysToReach};
use crate::web::routes;

/// The middleware around all routes.
///
/// # Errors
/// Only when a handler panicked (LG-11): the bare answer of `Failure::Broken`, in JSON for applications.
pub async fn finish(mut request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = app_of(request.request()).ok_or_else(Failure::misconfigured)?;
    let method = request.method().clone();
    let started = std::time::Instant::now();
    let class = PathClass::of(request.path());
    if class == PathClass::Published {
        machine::tidy_path(&mut request);
    }
    let mut response = match before_routing(&app, &request, class) {
        Some(answer) => request.into_response(answer),
        None => match AssertUnwindSafe(next.call(request)).catch_unwind().await {
            Ok(outcome) => outcome?.map_into_boxed_body(),
            Err(_) => {
                tracing::error!(%method, "a handler panicked");
                return Err(panicked(&app, class));
            }
        },
    };
    if let Some(failure) = failure_of(&response) {
        if matches!(failure, Failure::Forbidden) {
            note_refusal(&app, response.request()).await;
        }
        let answer = explain(&app, response.request(), class, &failure).await;
        response = response.into_response(answer);
    }
    let leave = response.response().extensions().get::<Leave>().copied().unwrap_or_default();
    if class.is_for_machines() {
        machine::open(response.headers_mut());
    }
    secure(&app, response.headers_mut(), leave);
    keep_binding(&app, &mut response);
    let response = compressed(response);
    let status = response.status().as_u16();
    let path = || route_of(response.request());
    tracing::debug!(%method, path = path(), status, micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX), "request");
    Ok(response)
}

/// What is answered before a handler is chosen: what a browser asks before a script's request, and other host names.
fn before_routing(app: &App, request: &ServiceRequest, class: PathClass) -> Option<HttpResponse> {
    let preflight = if class.is_for_machines() { machine::preflight(request) } else { None };
    preflight.or_else(|| check_host(app, request.request(), class).err().map(|problem| other_name(app, request.request(), class, &problem)))
}

/// The answer when a handler panicked: the request is gone with it.
fn panicked(app: &App, class: PathClass) -> Error {
    if !class.is_for_machines() {
        return Failure::Broken("panic".to_owned()).into();
    }
    let mut answer = machine::broken(&telemetry::request_id(&*app.entropy));
    machine::open(answer.headers_mut());
    secure(app, answer.headers_mut(), Leave::default());
    InternalError::from_response("a handler panicked", answer).into()
}

/// What someone who is signed in was refused is written down. That it cannot be changes nothing about the refusal.
async fn note_refusal(app: &App, request: &HttpRequest) {
    let browser = Browser::of(request);
    let of = request.match_info().get("id").and_then(|id| id.parse().ok());
    let page = format!("{} {}", request.method(), route_of(request));
    let noted = match SignedIn::find(app, &browser).await {
        Ok(Some(signed_in)) => {
            elevation::note_refusal(app, &browser.caller(), signed_in.session.person, &page, of).await.map_err(Failure::from)
        }
        Ok(None) => Ok(()),
        Err(failure) => Err(failure),
    };
    if let Err(failure) = noted {
        tracing::warn!(%failure, page, "a refusal could not be written down");
    }
}

/// The row of the table a request belongs to, for the log. Never the path itself: it may hold a one-use link (LG-06).
fn route_of(request: &HttpRequest) -> String {
    request.match_pattern().unwrap_or_else(|| "no route".to_owned())
}

/// Sets the attempt cookie when this request made one.
fn keep_binding(app: &App, response: &mut ServiceResponse<BoxBody>) {
    let browser = response.request().extensions().get::<Browser>().cloned();
    if let Some(token) = browser.as_ref().and_then(Browser::made_binding) {
        let cookie = cookie::attempt(app, token);
        if response.response_mut().add_cookie(&cookie).is_err() {
            tracing::error!("the attempt cookie could not be set");
        }
    }
}

/// Compresses a page that may be, for a browser that can read it.
fn compressed(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    if response.response().extensions().get::<Compressible>().is_none() {
        return response;
    }
    let headers = response.request().headers();
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let coding = Coding::accepted(accepted);
    response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    if coding == Coding::Identity {
        return response;
    }
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(page) => BoxBody::new(assets::gzip(&page)),
        Err(body) => body,
    })
}

/// The reason of a bare answer: ours, or what actix itself refused before a handler was reached.
fn failure_of(response: &ServiceResponse<BoxBody>) -> Option<Failure> {
    if let Some(failure) = response.response().extensions().get::<Failure>() {
        return Some(failure.clone());
    }
    response.response().error()?;
    Some(match response.status() {
        StatusCode::NOT_FOUND => Failure::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Failure::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
        status if status.is_client_error() => Failure::BadRequest,
        status => Failure::Broken(format!("an answer with status {status}")),
    })
}

/// The answer that tells a failure: a page, or JSON for our own scripts.
async fn explain(app: &Arc<App>, request: &HttpRequest, class: PathClass, failure: &Failure) -> HttpResponse {
    let Some(problem) = failure.problem() else {
        let Failure::SeeOther(location) = failure else { return HttpResponse::InternalServerError().finish() };
        return if prefers_json(request) { super::json(StatusCode::OK, &json!({ "next": location })) } else { super::see_other(location) };
    };
    let reference = telemetry::request_id(&*app.entropy);
    let path = route_of(request);
    match failure {
        Failure::Broken(what) => tracing::error!(reference, path, what, "a request failed"),
        Failure::ForeignForm => tracing::warn!(reference, path, "a form from elsewhere was refused"),
        Failure::Application(_, refusal) => refusal.log(Some(&reference)),
        _ => tracing::debug!(reference, path, %failure, "refused"),
    }
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let shown =
        matches!(problem, Problem::NotFound | Problem::MethodNotAllowed | Problem::Gone | Problem::TooLarge | Problem::TooMany { .. });
    let answer = if class.is_for_machines() {
        Ok(machine::explain(failure, status, &reference))
    } else if prefers_json(request) {
        let message = app.renderer.say("en", &Text::new("trouble-here")).unwrap_or_default();
        Ok(super::json(status, &json!({ "message": message, "reference": reference })))
    } else {
        let browser = Browser::of(request);
        let options = shell_of(app, &browser, status).await;
        let forward = forward(app, request, &browser, &problem);
        page_with(app, &browser, status, &ErrorPage::new(problem, (!shown).then_some(reference)).leading(forward), options)
    };
    let mut answer = answer.unwrap_or_else(|_| {
        HttpResponse::build(status).content_type("text/plain; charset=utf-8").body("Something went wrong here. Nothing was changed.")
    });
    if let Some(seconds) = failure.retry_after() {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if matches!(failure, Failure::MethodNotAllowed)
        && let Ok(value) = HeaderValue::from_str(&routes::allowed(&request.match_pattern().unwrap_or_default()))
    {
        answer.headers_mut().insert(ALLOW, value);
    }
    answer
}

/// The step forward from a failure: once more where waiting helps, back to the application whose sign-in was interrupted.
fn forward(app: &App, request: &HttpRequest, browser: &Browser, problem: &Problem) -> Forward {
    let waits = matches!(problem, Problem::TooMany { .. } | Problem::Busy { .. } | Problem::Away { .. } | Problem::SignInsWait { .. });
    if waits && request.method() == Method::GET {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        return Forward::Again(app.settings.origin().join(path));
    }
    let kept = matches!(problem, Problem::FormRefused | Problem::Gone).then(|| kept_requests::find(app, browser, None)).flatten();
    kept.map_or(Forward::Home, Forward::Application)
}

/// The navigation of who is signed in, where the page that tells a failure can have one: not while something is away.
async fn shell_of(app: &App, browser: &Browser, status: StatusCode) -> PageOptions {
    if status.is_server_error() {
        return PageOptions::default();
    }
    match SignedIn::find(app, browser).await {
        Ok(Some(signed_in)) => shell::options(app, signed_in.session.person).await.unwrap_or_default(),
        _ => PageOptions::default(),
    }
}

/// What someone sees who opened us under another name.
fn other_name(app: &App, request: &HttpRequest, class: PathClass, problem: &HostProblem) -> HttpResponse {
    let ours = app.settings.origin();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    match problem {
        HostProblem::Loopback if matches!(*request.method(), Method::GET | Method::HEAD) => {
            HttpResponse::Found().insert_header((LOCATION, ours.join(path))).finish()
        }
        _ if class.is_for_machines() || prefers_json(request) => machine::misdirected(ours.as_str()),
        HostProblem::Loopback => wrong_name(app, "127.0.0.1"),
        HostProblem::OtherName { given } => wrong_name(app, given),
    }
}

fn wrong_name(app: &App, given: &str) -> HttpResponse {
    let ours = app.settings.origin();
    let port = ours.port();
    let host = given.rsplit_once(':').map_or(given, |(host, _)| host);
    let plain = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'[' | b']' | b':'));
    let ways = (!ours.is_https()).then(|| WaysToReach {
        tunnel: format!("ssh -L {port}:localhost:{port} {}", if plain { host } else { "this-machine" }),
        serve: app.words.serve_public.clone(),
    });
    let scheme = if ours.is_https() { "https" } else { "http" };
    let landing = Landing::WrongName { opened_as: format!("{scheme}://{given}"), set_up_as: ours.as_str().to_owned(), ways };
    let page = LandingPage { landing };
    let frame =
        crate::platform::render::Frame::new(app.settings.server.organisation.as_str(), ours.as_str(), "").with_foot(super::foot(app));
    match app.renderer.render(&page, &frame) {
        Ok(html) => HttpResponse::build(StatusCode::MISDIRECTED_REQUEST).content_type("text/html; charset=utf-8").body(html),
        Err(fault) => {
            tracing::error!(%fault, "the page for another name could not be shown");
            HttpResponse::MisdirectedRequest().finish()
        }
    }
}
