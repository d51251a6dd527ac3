//! The second steps of a sign-in, and what is shown when it cannot go on here.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::app::App;
use crate::flows::After;
use crate::flows::account;
use crate::flows::sign_in::{self, Attempt, CodeOutcome, CodeProblem, Loaded, Place, State, Step};
use crate::kernel::ids::AttemptId;
use crate::kernel::proof::Method;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, PostedBytes, Shared, SignedIn};
use crate::web::kept_requests;
use crate::web::pages::messages;
use crate::web::pages::parts::{Ceremony, FieldError};
use crate::web::pages::sign_in::login::{self, Target, after_path};
use crate::web::pages::sign_in::steps_view::{InterruptedPage, Interruption, PasskeyStepPage, TotpStepPage};
use crate::web::respond::{self, PageOptions};

/// A post of the code form.
#[derive(Deserialize)]
pub struct CodeForm {
    step: Option<u64>,
    code: Option<String>,
}

/// The address of a step.
pub(in crate::web::pages) fn step_path(flow: AttemptId, step: Step) -> String {
    match step {
        Step::Totp => format!("/login/{flow}/totp"),
        Step::Passkey => format!("/login/{flow}/passkey"),
        Step::Recovery => format!("/login/{flow}/recovery"),
        Step::Enrol => format!("/enrolment/{flow}/method"),
        Step::Done => "/me".to_owned(),
    }
}

/// The open attempt of this browser at an address, or the page that says why there is none.
pub(in crate::web::pages) async fn open(app: &App, browser: &Browser, id: &str) -> Result<Result<Attempt, HttpResponse>, Failure> {
    let caller = browser.caller();
    let found = match id.parse::<AttemptId>() {
        Ok(id) => sign_in::load(app, &caller, id).await?,
        Err(_) => Loaded::Gone,
    };
    match found {
        Loaded::Here(attempt) if attempt.state == State::Open => Ok(Ok(*attempt)),
        Loaded::Here(attempt) => moved_on(app, browser, Some(attempt.after)).await.map(Err),
        Loaded::Gone => moved_on(app, browser, None).await.map(Err),
    }
}

/// The page for an attempt that is over, too old, or not this browser's. `after` is known when it was finished.
pub(crate) async fn moved_on(app: &App, browser: &Browser, after: Option<After>) -> Result<HttpResponse, Failure> {
    let id = after.and_then(|after| match after {
        After::Request(id) => Some(id),
        After::Account => None,
    });
    let request = id.map(|id| id.to_string());
    let target = Target::find(app, &browser.caller(), request.as_deref()).await?;
    // Of a journey that is for no application, none is offered.
    let kept = match (&target.asking, after) {
        (None, Some(After::Request(_)) | None) => kept_requests::find(app, browser, id),
        _ => None,
    };
    let signed_in = SignedIn::find(app, browser).await?;
    let (interruption, next) = match signed_in {
        Some(signed_in) => {
            let person = signed_in.session.person;
            let name = account::profile(app, person).await?.name;
            (Interruption::Finished { name }, kept.clone().unwrap_or_else(|| after_path(target.after)))
        }
        None if !browser.kept_our_cookie() => (Interruption::CookieLost, target.login_path()),
        None => (Interruption::TooOld, kept.clone().unwrap_or_else(|| target.login_path())),
    };
    let page = InterruptedPage { interruption, asking: target.asking, kept: kept.is_some(), next };
    respond::page_with(app, browser, StatusCode::OK, &page, PageOptions::default())
}

/// Shows the code step.
pub async fn totp(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    match open(&app, &browser, &id).await? {
        Ok(attempt) => totp_page(&app, &browser, &attempt, attempt.version, Vec::new(), StatusCode::OK).await,
        Err(page) => Ok(page),
    }
}

/// Takes a code.
pub async fn totp_submit(
    app: Shared,
    browser: Browser,
    id: web::Path<String>,
    Posted(form): Posted<CodeForm>,
) -> Result<HttpResponse, Failure> {
    let attempt = match open(&app, &browser, &id).await? {
        Ok(attempt) => attempt,
        Err(page) => return Ok(page),
    };
    let (flow, shown) = (attempt.id, attempt.clone());
    let code = form.code.unwrap_or_default();
    match sign_in::submit_totp(&app, &browser.caller(), attempt, form.step.unwrap_or(0), &code).await? {
        CodeOutcome::Signed(signed) => login::signed(&app, &signed),
        CodeOutcome::Advanced(step) => Ok(respond::see_other(&step_path(flow, step))),
        CodeOutcome::Busy => Err(Failure::Busy(app.hasher.wait())),
        CodeOutcome::MovedOn => Ok(respond::see_other(&format!("/login/{flow}/totp"))),
        CodeOutcome::Disabled => Ok(respond::see_other(&format!("/login/{flow}/totp"))),
        CodeOutcome::Paused(pause) => {
            let person = shown.person;
            let has_passkey = sign_in::enrolled_of(&app, person).await?.passkey;
            let passkey = has_passkey.then(|| format!("/login/{flow}/passkey"));
            login::paused(&app, &browser, pause, passkey, format!("/login/{flow}/totp"))
        }
        CodeOutcome::Again(problem, version) => {
            let error = code_error(problem);
            totp_page(&app, &browser, &shown, version, vec![error], StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// What is wrong with a code, in the words of its page.
fn code_error(problem: CodeProblem) -> FieldError {
    match problem {
        CodeProblem::Missing => FieldError::code_missing(),
        CodeProblem::Malformed => FieldError::code_malformed(),
        CodeProblem::Wrong => FieldError::code_wrong(),
        CodeProblem::Used { next_in } => FieldError::code_used(next_in.unwrap_or_default()),
        CodeProblem::ClockSlow { seconds } => FieldError::clock_slow(seconds),
    }
}

async fn totp_page(
    app: &App,
    browser: &Browser,
    attempt: &Attempt,
    step: u64,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    let person = attempt.person;
    let (authenticators, ways) = (sign_in::authenticators(app, person).await?, sign_in::enrolled_of(app, person).await?);
    let disabled = sign_in::switched_off(app, &browser.caller(), person, Method::Totp).await?;
    let target = Target::find(app, &browser.caller(), request_of(attempt).as_deref()).await?;
    let page = TotpStepPage {
        flow: attempt.id.to_string(),
        step,
        asking: target.asking,
        disabled,
        authenticators,
        passkey: ways.passkey,
        recovery: sign_in::recovery_helps(&attempt.events, ways, &attempt.need),
        errors,
    };
    let options = PageOptions { leads_out: target.request.is_some(), popup: target.request.is_some(), ..PageOptions::default() };
    respond::page_with(app, browser, status, &page, options)
}

pub(in crate::web::pages) fn request_of(attempt: &Attempt) -> Option<String> {
    match attempt.after {
        After::Request(id) => Some(id.to_string()),
        After::Account => None,
    }
}

/// Shows the passkey step.
pub async fn passkey(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let attempt = match open(&app, &browser, &id).await? {
        Ok(attempt) => attempt,
        Err(page) => return Ok(page),
    };
    let person = attempt.person;
    let ways = sign_in::enrolled_of(&app, person).await?;
    let target = Target::find(&app, &browser.caller(), request_of(&attempt).as_deref()).await?;
    let page = PasskeyStepPage {
        flow: attempt.id.to_string(),
        step: attempt.version,
        asking: target.asking,
        ceremony: Ceremony::under(&format!("/login/{}/passkey", attempt.id), ""),
        totp: ways.totp,
        recovery: sign_in::recovery_helps(&attempt.events, ways, &attempt.need),
    };
    respond::page_with(&app, &browser, StatusCode::OK, &page, PageOptions { popup: target.request.is_some(), ..PageOptions::default() })
}

/// Starts the passkey step.
pub async fn passkey_start(app: Shared, browser: Browser, id: web::Path<String>, _body: PostedBytes) -> Result<HttpResponse, Failure> {
    let caller = browser.caller();
    let found = match id.parse::<AttemptId>() {
        Ok(id) => sign_in::load(&app, &caller, id).await?,
        Err(_) => Loaded::Gone,
    };
    let options = match found {
        Loaded::Here(attempt) => sign_in::start_for_attempt(&app, &caller, &attempt).await?,
        Loaded::Gone => None,
    };
    match options {
        Some(options) => Ok(respond::json(StatusCode::OK, &options)),
        None => {
            let message = app.renderer.say("en", &messages::page_too_old())?;
            Ok(respond::json(StatusCode::GONE, &serde_json::json!({ "message": message })))
        }
    }
}

/// Finishes the passkey step.
pub async fn passkey_finish(app: Shared, browser: Browser, id: web::Path<String>, body: PostedBytes) -> Result<HttpResponse, Failure> {
    let flow = id.parse::<AttemptId>().map_err(|_| Failure::NotFound)?;
    let answered = sign_in::finish_passkey(&app, &browser.caller(), body.0, Place::Attempt(flow)).await?;
    login::answered_passkey(&app, answered)
}
