//! A recovery code instead of the second factor, and how many are left afterwards.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::app::App;
use crate::domain::recovery::FEW;
use crate::flows::sign_in::{self, Attempt, CodeOutcome, CodeProblem, EntryPurpose, Helper, Loaded, State};
use crate::kernel::ids::AttemptId;
use crate::kernel::proof::Method;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared, SignedIn};
use crate::web::pages::parts::{FieldError, status_of};
use crate::web::pages::sign_in::journey::{
    self, Destination, after_path, destination, moved_on, open, request_of, returned, step_options, step_path, who,
};
use crate::web::pages::sign_in::steps_view::{RecoveryCodePage, RecoveryCodeUsedPage};
use crate::web::respond::{self, PageOptions};

/// A post of the form.
#[derive(Deserialize)]
pub struct RecoveryCodeForm {
    step: Option<u64>,
    code: Option<String>,
}

/// Shows the field.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    match open(&app, &browser, &id).await? {
        Ok(attempt) => page(&app, &browser, &attempt, attempt.version, Vec::new()).await,
        Err(page) => Ok(page),
    }
}

/// Takes a code.
pub async fn submit(
    app: Shared,
    browser: Browser,
    id: web::Path<String>,
    Posted(form): Posted<RecoveryCodeForm>,
) -> Result<HttpResponse, Failure> {
    let attempt = match open(&app, &browser, &id).await? {
        Ok(attempt) => attempt,
        Err(page) => return Ok(page),
    };
    let (flow, shown) = (attempt.id, attempt.clone());
    let here = format!("/login/{flow}/recovery");
    let code = form.code.unwrap_or_default();
    match sign_in::submit_recovery_code(&app, &browser.caller(), attempt, form.step.unwrap_or(0), &code).await? {
        CodeOutcome::Signed(signed) => respond::entered(&app, respond::see_other(&format!("{here}/done")), &signed.entered),
        CodeOutcome::Advanced(step) => Ok(respond::see_other(&step_path(flow, step))),
        CodeOutcome::MovedOn | CodeOutcome::Disabled => Ok(respond::see_other(&here)),
        CodeOutcome::Busy => Err(Failure::Busy(app.hasher.wait())),
        CodeOutcome::Paused(pause) => {
            let passkey = ways(&app, &shown).await?.passkey.then(|| format!("/login/{flow}/passkey"));
            journey::paused(&app, &browser, pause, passkey, here)
        }
        CodeOutcome::Again(problem, version) => {
            let error = match problem {
                CodeProblem::Missing => FieldError::new("code", "error-recovery-missing"),
                CodeProblem::Malformed => FieldError::new("code", "error-recovery-malformed"),
                CodeProblem::Used { .. } => FieldError::new("code", "error-recovery-used"),
                CodeProblem::Wrong | CodeProblem::ClockSlow { .. } => FieldError::new("code", "error-recovery-wrong"),
            };
            page(&app, &browser, &shown, version, vec![error]).await
        }
    }
}

async fn ways(app: &App, attempt: &Attempt) -> Result<sign_in::Enrolled, Failure> {
    let person = attempt.person;
    Ok(sign_in::enrolled_of(app, person).await?)
}

async fn page(app: &App, browser: &Browser, attempt: &Attempt, step: u64, errors: Vec<FieldError>) -> Result<HttpResponse, Failure> {
    let ways = ways(app, attempt).await?;
    let helps = sign_in::recovery_helps(&attempt.events, ways, &attempt.need);
    let disabled = sign_in::switched_off(app, &browser.caller(), attempt.person, Method::RecoveryCode).await?;
    let target = destination(app, browser, attempt).await?;
    let page = RecoveryCodePage {
        flow: attempt.id.to_string(),
        step,
        who: who(app, attempt, &target).await?,
        asking: target.asking.clone(),
        usable: helps && !disabled,
        disabled: helps && disabled,
        totp: ways.totp,
        passkey: ways.passkey,
        command: app.words.reset.clone(),
        errors,
    };
    let options = PageOptions { leads_out: target.request.is_some(), ..step_options(app, attempt, &target).await? };
    respond::page_with(app, browser, status_of(&page.errors), &page, options)
}

/// Says how many codes are left, before the way goes on.
pub async fn done(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let caller = browser.caller();
    let found = match id.parse::<AttemptId>() {
        Ok(id) => sign_in::load(&app, &caller, id).await?,
        Err(_) => Loaded::Gone,
    };
    let Loaded::Here(attempt) = found else { return moved_on(&app, &browser, None).await };
    let signed_in = SignedIn::find(&app, &browser).await?.filter(|signed_in| signed_in.session.person == attempt.person);
    let by_code = attempt.events.iter().any(|event| event.method == Method::RecoveryCode);
    if attempt.state != State::Finished || !by_code || signed_in.is_none() {
        return moved_on(&app, &browser, Some(attempt.after)).await;
    }
    let person = attempt.person;
    let (status, helper) = sign_in::after_recovery_code(&app, person).await?;
    let left = status.map_or(0, |status| status.left);
    let target = Destination::find(&app, &caller, request_of(&attempt).as_deref()).await?;
    let next = match &attempt.purpose {
        EntryPurpose::SignIn { to: None } | EntryPurpose::Enrolment => after_path(target.after),
        EntryPurpose::SignIn { to: Some(to) } | EntryPurpose::Reauthenticate { to, .. } => returned(to),
    };
    let page = RecoveryCodeUsedPage {
        left,
        few: left <= FEW,
        oneself: helper == Helper::Oneself,
        command: (helper == Helper::Host).then(|| app.words.reset.clone()),
        asking: target.asking,
        next,
    };
    let options = PageOptions { popup: target.request.is_some(), ..PageOptions::default() };
    respond::page_with(&app, &browser, StatusCode::OK, &page, options)
}
