//! `/authorize` and `/authorize/continue/{id}`: a request arrives, is kept, and is decided.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::flows::After;
use crate::flows::oidc::authorize::{self, Begun, Decision, Question, is_web_address};
use crate::flows::oidc::params::Params;
use crate::kernel::address::origin_of;
use crate::kernel::ids::RequestId;
use crate::web::Failure;
use crate::web::guard::{Browser, Shared, SignedIn, read_body, shown_to};
use crate::web::kept_requests;
use crate::web::pages::consent::view::{ClaimRow, Closed, ConsentPage, ContinuePage, DeniedPage};
use crate::web::pages::sign_in::steps::moved_on;
use crate::web::pages::system::error_view::Problem;
use crate::web::respond::{self, PageOptions, cookie};

/// The longest query that is read, in bytes, however it came.
const LONGEST_QUERY: usize = 16 * 1024;

/// A request in the address.
pub async fn get(app: Shared, browser: Browser, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let query = request.query_string();
    if query.len() > LONGEST_QUERY {
        return Err(Failure::TooLarge);
    }
    begin(&app, &browser, query).await
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

async fn begin(app: &App, browser: &Browser, query: &str) -> Result<HttpResponse, Failure> {
    let params = &Params::parse(query.as_bytes());
    let page = |problem| Err(Failure::Application(problem));
    match authorize::begin(app, &browser.caller(), params).await? {
        Begun::UnknownApp => page(Problem::UnknownApp),
        Begun::UnknownRedirect { app, sent } => page(Problem::UnknownRedirect { app, sent }),
        Begun::Off { app: name, run_by, text } => off(app, browser, name, run_by, text),
        Begun::Unreadable(detail) => page(Problem::BadAppRequest { detail: detail.to_owned() }),
        Begun::Redirect(url, name) => to_application(app, browser, &url, &name),
        Begun::Continue(id) => {
            let mut answer = respond::see_other(&format!("/authorize/continue/{id}"));
            for cookie in kept_requests::keep(app, browser, id, query) {
                answer.add_cookie(&cookie).map_err(|_| Failure::Broken("a request could not be kept".to_owned()))?;
            }
            Ok(answer)
        }
    }
}

/// Where a kept request goes on, before and after signing in.
pub async fn go_on(app: Shared, browser: Browser, request: HttpRequest, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    // Whoever only looks spends nothing: a request is answered once (WB-02).
    if request.method() == Method::HEAD {
        return Ok(HttpResponse::Ok().finish());
    }
    let Ok(id) = id.parse::<RequestId>() else { return Err(Failure::NotFound) };
    let signed_in = SignedIn::find(&app, &browser).await?;
    let session = signed_in.as_ref().map(|signed_in| &signed_in.session);
    let decision = authorize::decide(&app, &browser.caller(), session, id).await?;
    show(&app, &browser, id, decision).await
}

/// Answers a decision.
pub(crate) async fn show(app: &App, browser: &Browser, id: RequestId, decision: Decision) -> Result<HttpResponse, Failure> {
    match decision {
        Decision::SignIn { again } => Ok(respond::see_other(&format!("/login?request={id}{}", if again { "&again=1" } else { "" }))),
        Decision::Consent(question) => consent(app, browser, id, *question),
        Decision::Denied { app: name, run_by, person, groups } => {
            let other = Some(format!("/login?request={id}&again=other"));
            let page = DeniedPage { app: name, run_by, closed: Closed::NotForYou, text: String::new(), person, groups, other };
            denied(app, browser, &page)
        }
        Decision::Off { app: name, run_by, text } => off(app, browser, name, run_by, text),
        Decision::UnknownRedirect { app, sent } => Err(Failure::Application(Problem::UnknownRedirect { app, sent })),
        Decision::Redirect { url, app: name } => {
            let mut answer = to_application(app, browser, &url, &name)?;
            if browser.kept_requests().iter().any(|(kept, _)| *kept == id) {
                let cleared = answer.add_cookie(&cookie::clear_request(app, id));
                cleared.map_err(|_| Failure::Broken("a kept request could not be taken back".to_owned()))?;
            }
            Ok(answer)
        }
        Decision::Gone => moved_on(app, browser, Some(After::Request(id))).await,
    }
}

fn denied(app: &App, browser: &Browser, page: &DeniedPage) -> Result<HttpResponse, Failure> {
    respond::page_with(app, browser, StatusCode::FORBIDDEN, page, PageOptions { popup: true, ..PageOptions::default() })
}

fn off(app: &App, browser: &Browser, name: String, run_by: String, text: String) -> Result<HttpResponse, Failure> {
    let page = DeniedPage { app: name, run_by, closed: Closed::Off, text, person: String::new(), groups: vec![], other: None };
    denied(app, browser, &page)
}

fn consent(app: &App, browser: &Browser, id: RequestId, question: Question) -> Result<HttpResponse, Failure> {
    use crate::flows::oidc::claims::Claim;
    let before = question.before.as_ref();
    let claims = question.claims.iter().map(|claim| {
        let value = claim.shown(&question.profile);
        let row = match claim {
            Claim::Name => ClaimRow::name(value),
            Claim::Username => ClaimRow::username(value),
            Claim::Email => ClaimRow::email(value),
        };
        let chosen = before.is_some_and(|before| before.claims.iter().any(|word| word == claim.as_str()));
        if claim.needed() { row.needed() } else { row.chosen(chosen) }
    });
    let page = ConsentPage {
        request: id.to_string(),
        shown_to: shown_to(app, question.asked, id),
        back_to: shown_address(&question.redirect_uri),
        claims: claims.collect(),
        each_time: question.client.is_asked_for_each_time(),
        app: question.client.name,
        run_by: question.client.run_by,
        person: question.profile.login().to_owned(),
        subject: question.subject,
        more: before.is_some(),
    };
    let options = PageOptions { leads_out: true, popup: true, ..PageOptions::default() };
    respond::page_with(app, browser, StatusCode::OK, &page, options)
}

/// The host of an address as people should read it: punycode stays punycode (CVE-104).
fn shown_address(address: &str) -> String {
    let origin = origin_of(address);
    origin.split_once("://").map_or(origin.trim_end_matches(':').to_owned(), |(_, host)| host.to_owned())
}

/// Sends the browser to an application: by redirect over http and https, by a link for an app's own scheme.
fn to_application(app: &App, browser: &Browser, url: &str, name: &str) -> Result<HttpResponse, Failure> {
    if is_web_address(url) {
        return Ok(respond::see_other(url));
    }
    let page = ContinuePage { app: name.to_owned(), url: url.to_owned() };
    respond::page_with(app, browser, StatusCode::OK, &page, PageOptions { popup: true, ..PageOptions::default() })
}
