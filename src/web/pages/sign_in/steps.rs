//! The second steps of a sign-in, and what is shown when it cannot go on here.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::app::App;
use crate::flows::sign_in::{self, Attempt, CeremonyPage, CodeOutcome, CodeProblem, Loaded};
use crate::kernel::ids::AttemptId;
use crate::kernel::proof::Method;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, PostedBytes, Shared};
use crate::web::pages::parts::{CeremonyAddresses, FieldError, status_of};
use crate::web::pages::script;
use crate::web::pages::sign_in::journey::{self, open, step_path};
use crate::web::pages::sign_in::steps_view::{PasskeyStepPage, TotpStepPage};
use crate::web::respond::{self, PageOptions};

/// A post of the code form.
#[derive(Deserialize)]
pub struct CodeForm {
    step: Option<u64>,
    code: Option<String>,
}

/// Shows the code step.
pub async fn totp(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    match open(&app, &browser, &id).await? {
        Ok(attempt) => totp_page(&app, &browser, &attempt, attempt.version, Vec::new()).await,
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
        CodeOutcome::Signed(signed) => journey::signed(&app, &signed),
        CodeOutcome::Advanced(step) => Ok(respond::see_other(&step_path(flow, step))),
        CodeOutcome::Busy => Err(Failure::Busy(app.hasher.wait())),
        CodeOutcome::MovedOn => Ok(respond::see_other(&format!("/login/{flow}/totp"))),
        CodeOutcome::Disabled => Ok(respond::see_other(&format!("/login/{flow}/totp"))),
        CodeOutcome::Paused(pause) => {
            let person = shown.person;
            let has_passkey = sign_in::enrolled_of(&app, person).await?.passkey;
            let passkey = has_passkey.then(|| format!("/login/{flow}/passkey"));
            journey::paused(&app, &browser, pause, passkey, format!("/login/{flow}/totp"))
        }
        CodeOutcome::Again(problem, version) => {
            let error = code_error(problem);
            totp_page(&app, &browser, &shown, version, vec![error]).await
        }
    }
}

/// What is wrong with a code, in the words of its page.
fn code_error(problem: CodeProblem) -> FieldError {
    match problem {
        CodeProblem::Missing => FieldError::new("code", "error-code-missing"),
        CodeProblem::Malformed => FieldError::new("code", "error-code-malformed"),
        CodeProblem::Wrong => FieldError::new("code", "error-code-wrong"),
        CodeProblem::Used { next_in } => FieldError::new("code", "error-code-used").with("seconds", next_in.unwrap_or_default()),
        CodeProblem::ClockSlow { seconds } => FieldError::new("code", "error-clock-slow").with("seconds", seconds),
    }
}

async fn totp_page(app: &App, browser: &Browser, attempt: &Attempt, step: u64, errors: Vec<FieldError>) -> Result<HttpResponse, Failure> {
    let person = attempt.person;
    let (authenticators, ways) = (sign_in::authenticators(app, person).await?, sign_in::enrolled_of(app, person).await?);
    let disabled = sign_in::switched_off(app, &browser.caller(), person, Method::Totp).await?;
    let target = journey::destination(app, browser, attempt).await?;
    let page = TotpStepPage {
        flow: attempt.id.to_string(),
        step,
        who: journey::who(app, attempt, &target).await?,
        asking: target.asking.clone(),
        disabled,
        authenticators,
        passkey: ways.passkey,
        recovery: sign_in::recovery_helps(&attempt.events, ways, &attempt.need),
        errors,
    };
    let options = PageOptions { leads_out: target.request.is_some(), ..journey::step_options(app, attempt, &target).await? };
    respond::page_with(app, browser, status_of(&page.errors), &page, options)
}

/// Shows the passkey step.
pub async fn passkey(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let attempt = match open(&app, &browser, &id).await? {
        Ok(attempt) => attempt,
        Err(page) => return Ok(page),
    };
    let person = attempt.person;
    let ways = sign_in::enrolled_of(&app, person).await?;
    let target = journey::destination(&app, &browser, &attempt).await?;
    let page = PasskeyStepPage {
        flow: attempt.id.to_string(),
        step: attempt.version,
        who: journey::who(&app, &attempt, &target).await?,
        asking: target.asking.clone(),
        ceremony: CeremonyAddresses::under(&format!("/login/{}/passkey", attempt.id), ""),
        totp: ways.totp,
        recovery: sign_in::recovery_helps(&attempt.events, ways, &attempt.need),
    };
    let options = journey::step_options(&app, &attempt, &target).await?;
    respond::page_with(&app, &browser, StatusCode::OK, &page, options)
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
        Some(options) => Ok(script::request(&options)),
        None => script::message(&app, StatusCode::GONE, "page-too-old"),
    }
}

/// Finishes the passkey step.
pub async fn passkey_finish(app: Shared, browser: Browser, id: web::Path<String>, body: PostedBytes) -> Result<HttpResponse, Failure> {
    let flow = id.parse::<AttemptId>().map_err(|_| Failure::NotFound)?;
    let answered = sign_in::finish_passkey(&app, &browser.caller(), body.0, CeremonyPage::Attempt(flow)).await?;
    journey::answered_passkey(&app, answered)
}
