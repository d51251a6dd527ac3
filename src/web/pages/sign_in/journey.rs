//! What the pages of a sign-in share: what it is for, where it goes on, and what is shown when it cannot go on here.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;

use crate::app::App;
use crate::domain::policy::{self, Need};
use crate::flows::oidc::authorize;
use crate::flows::sign_in::{self, Attempt, EntryPurpose, Loaded, PasskeyOutcome, SignInStep, Signed, State};
use crate::flows::throttle::{About, Pause};
use crate::flows::{After, Caller, account};
use crate::kernel::Timestamp;
use crate::kernel::ids::{AttemptId, RequestId};
use crate::web::Failure;
use crate::web::guard::{Browser, ReturnPath, SignedIn};
use crate::web::kept_requests;
use crate::web::pages::parts::{AskingApp, SigningIn};
use crate::web::pages::script;
use crate::web::pages::shell;
use crate::web::pages::sign_in::steps_view::{InterruptedPage, Interruption, Paused, PausedPage};
use crate::web::respond::{self, PageOptions};

/// What a sign-in is for, as far as this page needs to know.
pub(in crate::web::pages) struct Destination {
    pub(in crate::web::pages) after: After,
    pub(in crate::web::pages) need: Need,
    pub(in crate::web::pages) asking: Option<AskingApp>,
    pub(in crate::web::pages) request: Option<String>,
    pub(in crate::web::pages) hint: String,
    /// The page of ours that was asked for before; none beside a request.
    pub(in crate::web::pages) to: Option<ReturnPath>,
}

impl Destination {
    /// Looks up the request named in an address or a form. One we do not know (too old, another browser's) leaves a
    /// plain sign-in.
    pub(in crate::web::pages) async fn find(app: &App, caller: &Caller, request: Option<&str>) -> Result<Self, Failure> {
        let plain = Self { after: After::Account, need: policy::for_sign_in(), asking: None, request: None, hint: String::new(), to: None };
        let Some(id) = request.and_then(|text| text.parse::<RequestId>().ok()) else { return Ok(plain) };
        let Some(known) = authorize::look(app, caller, id).await? else { return Ok(plain) };
        Ok(Self {
            after: After::Request(id),
            need: known.need,
            asking: Some(AskingApp { app: known.client_name, run_by: known.run_by, turn_back: Some(format!("/authorize/cancel/{id}")) }),
            request: Some(id.to_string()),
            hint: known.login_hint.unwrap_or_default(),
            to: None,
        })
    }

    /// The same, and the page of ours that was asked for before, where no application waits.
    pub(in crate::web::pages) fn with_page(self, to: Option<&str>) -> Self {
        let to = to.filter(|_| self.request.is_none()).and_then(ReturnPath::after_sign_in);
        Self { to, ..self }
    }

    /// What an attempt to get there is for.
    pub(in crate::web::pages) fn purpose(&self) -> EntryPurpose {
        EntryPurpose::SignIn { to: self.page() }
    }

    /// The page of ours that was asked for before.
    pub(in crate::web::pages) fn page(&self) -> Option<String> {
        self.to.as_ref().map(|to| to.as_str().to_owned())
    }

    /// What the addresses of the first step carry.
    pub(in crate::web::pages) fn query(&self) -> String {
        let request = self.request.as_ref().map(|id| format!("?request={id}"));
        request.or_else(|| self.to.as_ref().map(|to| format!("?to={}", to.as_str()))).unwrap_or_default()
    }

    /// The address of the first step with this target.
    pub(in crate::web::pages) fn login_path(&self) -> String {
        format!("/login{}", self.query())
    }

    /// Where it leads once signed in.
    pub(in crate::web::pages) fn path(&self) -> String {
        self.page().unwrap_or_else(|| after_path(self.after))
    }

    pub(in crate::web::pages) fn options(&self) -> PageOptions {
        PageOptions { popup: self.request.is_some(), ..PageOptions::default() }
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

/// Where an attempt leads.
pub(in crate::web::pages) async fn destination(app: &App, browser: &Browser, attempt: &Attempt) -> Result<Destination, Failure> {
    let target = Destination::find(app, &browser.caller(), request_of(attempt).as_deref()).await?;
    Ok(match &attempt.purpose {
        EntryPurpose::SignIn { to } => target.with_page(to.as_deref()),
        _ => target,
    })
}

/// Who signs in by an attempt. Anyone who confirms again reads it in the navigation.
pub(in crate::web::pages) async fn who(app: &App, attempt: &Attempt, target: &Destination) -> Result<Option<SigningIn>, Failure> {
    if !matches!(attempt.purpose, EntryPurpose::SignIn { .. }) {
        return Ok(None);
    }
    let name = account::profile(app, attempt.person).await?.login().to_owned();
    let query = target.query();
    let joint = if query.is_empty() { "?" } else { "&" };
    Ok(Some(SigningIn { name, not_you: format!("/login{query}{joint}again=other") }))
}

/// The options of a step: on a card where it leads to a session, beside the navigation where it confirms an open one.
pub(in crate::web::pages) async fn step_options(app: &App, attempt: &Attempt, target: &Destination) -> Result<PageOptions, Failure> {
    match &attempt.purpose {
        EntryPurpose::SignIn { .. } | EntryPurpose::Enrolment => Ok(target.options()),
        EntryPurpose::Reauthenticate { to, .. } => {
            Ok(PageOptions { place: Some(shell::place(to)), ..shell::options(app, attempt.person).await? })
        }
    }
}

pub(in crate::web::pages) fn request_of(attempt: &Attempt) -> Option<String> {
    match attempt.after {
        After::Request(id) => Some(id.to_string()),
        After::Account => None,
    }
}

/// The address of a step.
pub(in crate::web::pages) fn step_path(flow: AttemptId, step: SignInStep) -> String {
    match step {
        SignInStep::Totp => format!("/login/{flow}/totp"),
        SignInStep::Passkey => format!("/login/{flow}/passkey"),
        SignInStep::Recovery => format!("/login/{flow}/recovery"),
        SignInStep::Enrol => format!("/enrolment/{flow}/method"),
        SignInStep::Done => "/me".to_owned(),
    }
}

/// The page for an attempt that is over, too old, or not this browser's. `after` is known when it was finished.
pub(crate) async fn moved_on(app: &App, browser: &Browser, after: Option<After>) -> Result<HttpResponse, Failure> {
    let id = after.and_then(|after| match after {
        After::Request(id) => Some(id),
        After::Account => None,
    });
    let request = id.map(|id| id.to_string());
    let target = Destination::find(app, &browser.caller(), request.as_deref()).await?;
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

/// The page of a pause: 429, `Retry-After`, how long, and what still works (TH-12).
pub(in crate::web::pages) fn paused(
    app: &App,
    browser: &Browser,
    pause: Pause,
    passkey: Option<String>,
    next: String,
) -> Result<HttpResponse, Failure> {
    let paused = match pause.about {
        About::Account(method) => Paused::Method(method),
        About::Network => Paused::Network,
    };
    wait_page(app, browser, PausedPage { paused, until: pause.until, seconds: 0, passkey, next })
}

/// Too many in a short while: when to go on.
pub(in crate::web::pages) fn wait(
    app: &App,
    browser: &Browser,
    paused: Paused,
    until: Timestamp,
    next: String,
) -> Result<HttpResponse, Failure> {
    wait_page(app, browser, PausedPage { paused, until, seconds: 0, passkey: None, next })
}

fn wait_page(app: &App, browser: &Browser, page: PausedPage) -> Result<HttpResponse, Failure> {
    let seconds = app.now().until(page.until).as_secs().max(1);
    let page = PausedPage { seconds, ..page };
    let mut answer = respond::page_with(app, browser, StatusCode::TOO_MANY_REQUESTS, &page, PageOptions::default())?;
    answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    Ok(answer)
}

/// The answer to a passkey script.
pub(in crate::web::pages) fn answered_passkey(app: &App, answered: PasskeyOutcome) -> Result<HttpResponse, Failure> {
    match answered {
        PasskeyOutcome::Signed(signed) => respond::entered(app, script::next(&signed_path(&signed)), &signed.entered),
        PasskeyOutcome::Advanced(attempt, step) => Ok(script::next(&step_path(attempt, step))),
        PasskeyOutcome::AccountDisabled => script::message(app, StatusCode::FORBIDDEN, "account-disabled"),
        PasskeyOutcome::Refused => script::message(app, StatusCode::FORBIDDEN, "passkey-refused"),
        PasskeyOutcome::TooOld => script::message(app, StatusCode::GONE, "passkey-too-old"),
    }
}

/// 303 to where a completed sign-in leads, with its cookies.
pub(crate) fn signed(app: &App, signed: &Signed) -> Result<HttpResponse, Failure> {
    respond::entered(app, respond::see_other(&signed_path(signed)), &signed.entered)
}

fn signed_path(signed: &Signed) -> String {
    match &signed.to {
        Some(to) => returned(to),
        None => after_path(signed.after),
    }
}

/// The page that was asked for before a sign-in or a confirmation, checked again.
pub(in crate::web::pages) fn returned(to: &str) -> String {
    ReturnPath::after_sign_in(to).unwrap_or_else(|| ReturnPath::of(to)).as_str().to_owned()
}

/// Where a finished sign-in leads.
pub(crate) fn after_path(after: After) -> String {
    match after {
        After::Account => "/me".to_owned(),
        After::Request(id) => format!("/authorize/continue/{id}"),
    }
}
