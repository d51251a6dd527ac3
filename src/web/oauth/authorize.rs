//! `/authorize` and `/authorize/continue/{id}`: a request arrives and is answered, or is kept until its person has signed in
//! or decided.

use actix_web::http::header::HeaderName;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::flows::After;
use crate::flows::oidc::authorize::{self, Arrival, AuthorizeOutcome, Denial, DeniedFor, NotTold, SignInReason, is_web_address};
use crate::flows::oidc::params::Params;
use crate::flows::oidc::refusal::Refusal;
use crate::kernel::ids::RequestId;
use crate::platform::crypto::token::Token;
use crate::web::Failure;
use crate::web::guard::{Browser, Shared, read_body};
use crate::web::kept_requests;
use crate::web::pages::consent::view::{ClaimRow, Closed, ConsentPage, ContinuePage, DeniedPage};
use crate::web::pages::sign_in::journey::moved_on;
use crate::web::pages::system::error_view::Problem;
use crate::web::respond::{self, PageOptions, cookie};

/// The longest query that is read, in bytes, however it came.
const LONGEST_QUERY: usize = 16 * 1024;

/// A request in the address.
pub async fn get(app: Shared, browser: Browser, request: HttpRequest) -> Result<HttpResponse, Failure> {
    // HEAD spends nothing and keeps nothing (WB-02).
    if request.method() == Method::HEAD {
        return Ok(HttpResponse::Ok().finish());
    }
    let query = request.query_string();
    if query.len() > LONGEST_QUERY {
        return Err(Failure::TooLarge);
    }
    let params = Params::parse(query.as_bytes());
    let cookie = browser.session().map(Token::hash);
    let outcome = authorize::begin(&app, &browser.caller(), cookie, &params, arrival(&request)).await?;
    let kept = match &outcome {
        AuthorizeOutcome::SignIn { request, .. } | AuthorizeOutcome::Continue(request) => {
            kept_requests::keep(&app, &browser, *request, query)
        }
        _ => Vec::new(),
    };
    let mut answer = show(&app, &browser, None, outcome).await?;
    for cookie in kept {
        answer.add_cookie(&cookie).map_err(|_| Failure::Broken("a request could not be kept".to_owned()))?;
    }
    Ok(answer)
}

/// A request in a body, perhaps from another site and so without our cookies: sent on as a GET, which has them (OA-09).
pub async fn post(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Failure> {
    let body = read_body(&mut payload.into_inner()).await?;
    let mut query = request.query_string().to_owned();
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form_urlencoded::parse(&body)).finish();
    if !query.is_empty() && !body.is_empty() {
        query.push('&');
    }
    query.push_str(&body);
    if query.len() > LONGEST_QUERY {
        return Err(Failure::TooLarge);
    }
    Ok(respond::see_other(&format!("/authorize?{query}")))
}

/// Where a kept request goes on, before and after signing in.
pub async fn go_on(app: Shared, browser: Browser, request: HttpRequest, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    // A request is answered once, and HEAD spends nothing (WB-02).
    if request.method() == Method::HEAD {
        return Ok(HttpResponse::Ok().finish());
    }
    let Ok(id) = id.parse::<RequestId>() else { return Err(Failure::NotFound) };
    let cookie = browser.session().map(Token::hash);
    let outcome = authorize::resume(&app, &browser.caller(), cookie, id, None).await?;
    show(&app, &browser, Some(id), outcome).await
}

/// Turns back from a kept request to the application.
pub async fn cancel(app: Shared, browser: Browser, request: HttpRequest, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    // As where it goes on: HEAD spends nothing (WB-02).
    if request.method() == Method::HEAD {
        return Ok(HttpResponse::Ok().finish());
    }
    let Ok(id) = id.parse::<RequestId>() else { return Err(Failure::NotFound) };
    let outcome = authorize::cancel(&app, &browser.caller(), id).await?;
    show(&app, &browser, Some(id), outcome).await
}

/// How a request came, by what the browser says of it (Fetch Metadata Request Headers). One that says nothing is too old to.
fn arrival(request: &HttpRequest) -> Arrival {
    let says = |name: &'static str, expected: &str| {
        request.headers().get(HeaderName::from_static(name)).is_none_or(|value| value.as_bytes() == expected.as_bytes())
    };
    if says("sec-fetch-mode", "navigate") && says("sec-fetch-dest", "document") { Arrival::Navigation } else { Arrival::Embedded }
}

/// Answers an outcome; `id` is the request that was kept before.
pub(crate) async fn show(app: &App, browser: &Browser, id: Option<RequestId>, outcome: AuthorizeOutcome) -> Result<HttpResponse, Failure> {
    match outcome {
        AuthorizeOutcome::SignIn { request, reason } => Ok(respond::see_other(&login_path(request, reason))),
        AuthorizeOutcome::Continue(request) => Ok(respond::see_other(&format!("/authorize/continue/{request}"))),
        AuthorizeOutcome::Consent(question) => match id {
            Some(id) => {
                let options = PageOptions { leads_out: true, popup: true, ..PageOptions::default() };
                respond::page_with(app, browser, StatusCode::OK, &ConsentPage::of(id, *question), options)
            }
            None => Err(Failure::Broken("a question about a request that is not kept".to_owned())),
        },
        AuthorizeOutcome::Denied(denied) => match id {
            Some(id) => not_for_them(app, browser, id, *denied),
            None => Err(Failure::Broken("a refusal of a request that is not kept".to_owned())),
        },
        AuthorizeOutcome::Page(stop, refusal) => stopped(app, browser, stop, refusal),
        AuthorizeOutcome::NotNavigation(refusal) => Err(Failure::Application(Problem::NotNavigation, Box::new(refusal))),
        AuthorizeOutcome::Application { url, app: name, silent } => {
            // An application that asked to see no page gets the redirect, whatever its scheme (OA-63).
            let mut answer = if silent { respond::see_other(&url) } else { to_application(app, browser, url, name)? };
            if let Some(id) = id.filter(|id| browser.kept_requests().iter().any(|(kept, _)| kept == id)) {
                let cleared = answer.add_cookie(&cookie::clear_request(app, id));
                cleared.map_err(|_| Failure::Broken("a kept request could not be taken back".to_owned()))?;
            }
            Ok(answer)
        }
        AuthorizeOutcome::Gone => moved_on(app, browser, id.map(After::Request)).await,
    }
}

fn login_path(id: RequestId, reason: SignInReason) -> String {
    let again = match reason {
        SignInReason::First => "",
        SignInReason::Again => "&again=1",
        SignInReason::AnotherPerson => "&again=expected",
    };
    format!("/login?request={id}{again}")
}

/// The page for a request whose application cannot be told.
fn stopped(app: &App, browser: &Browser, stop: NotTold, refusal: Refusal) -> Result<HttpResponse, Failure> {
    let problem = match stop {
        NotTold::Repeated(name) => Problem::BadAppRequest { detail: format!("{name} appears twice") },
        NotTold::NoClientId => Problem::BadAppRequest { detail: "client_id is missing".to_owned() },
        NotTold::NoRedirect { app, .. } => Problem::BadAppRequest { detail: format!("redirect_uri is missing ({app})") },
        NotTold::UnknownClient { sent } => Problem::UnknownApp { sent },
        NotTold::UnknownRedirect { app, sent } => Problem::UnknownRedirect { app, sent },
        NotTold::Disabled { app: name, run_by, text } => {
            refusal.log(None);
            let page = DeniedPage { text, ..DeniedPage::about(Closed::Off, name, run_by) };
            return denied(app, browser, &page, PageOptions::default());
        }
    };
    Err(Failure::Application(problem, Box::new(refusal)))
}

fn not_for_them(app: &App, browser: &Browser, id: RequestId, denied_for: DeniedFor) -> Result<HttpResponse, Failure> {
    let (closed, lacks) = match denied_for.denial {
        Denial::NotAllowed => (Closed::NotForYou, vec![]),
        Denial::Lacks(claims) => (Closed::Incomplete, claims.into_iter().map(|claim| ClaimRow::of(claim, None).label).collect()),
    };
    let page = DeniedPage {
        person: denied_for.person,
        lacks,
        groups: denied_for.groups,
        request: Some(id.to_string()),
        shown_to: denied_for.shown,
        ..DeniedPage::about(closed, denied_for.app, denied_for.run_by)
    };
    denied(app, browser, &page, PageOptions { leads_out: true, ..PageOptions::default() })
}

fn denied(app: &App, browser: &Browser, page: &DeniedPage, options: PageOptions) -> Result<HttpResponse, Failure> {
    respond::page_with(app, browser, StatusCode::FORBIDDEN, page, PageOptions { popup: true, ..options })
}

/// Sends the browser to an application: by redirect over http and https, by a link for a custom scheme.
fn to_application(app: &App, browser: &Browser, url: String, name: String) -> Result<HttpResponse, Failure> {
    if is_web_address(&url) {
        return Ok(respond::see_other(&url));
    }
    let page = ContinuePage { app: name, url };
    respond::page_with(app, browser, StatusCode::OK, &page, PageOptions { popup: true, ..PageOptions::default() })
}
