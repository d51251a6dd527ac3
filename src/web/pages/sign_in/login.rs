//! The first step. `GET /login` shows it, `POST /login` takes name and password, two small JSON addresses serve
//! the passkey script.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::domain::policy::{self, Need};
use crate::flows::oidc::authorize;
use crate::flows::sign_in::{self, Answered, Begin, PasswordOutcome, Place, Purpose, Signed};
use crate::flows::throttle::{About, Pause};
use crate::flows::{After, Caller, account};
use crate::kernel::ids::RequestId;
use crate::kernel::secret::Password;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, PostedBytes, ReturnTo, Shared, SignedIn};
use crate::web::kept_requests;
use crate::web::pages::messages;
use crate::web::pages::parts::{Asking, Ceremony, FieldError};
use crate::web::pages::sign_in::login_view::{Again, LoginPage};
use crate::web::pages::sign_in::steps::{moved_on, step_path};
use crate::web::pages::sign_in::steps_view::{Paused, PausedPage};
use crate::web::respond::{self, PageOptions};

/// What comes in the address.
#[derive(Deserialize)]
pub struct Query {
    /// The application's request this sign-in is for; a name of ours, checked where it is kept (OA-15).
    pub request: Option<String>,
    /// Whether somebody signed in wants to be somebody else, or must prove it again.
    pub again: Option<String>,
}

/// The form.
#[derive(Deserialize)]
pub struct Form {
    name: Option<String>,
    password: Option<String>,
    request: Option<String>,
}

/// What a sign-in is for, as far as this page needs to know.
pub(in crate::web::pages) struct Target {
    pub(in crate::web::pages) after: After,
    pub(in crate::web::pages) need: Need,
    pub(in crate::web::pages) asking: Option<Asking>,
    pub(in crate::web::pages) request: Option<String>,
    pub(in crate::web::pages) hint: String,
}

impl Target {
    /// Looks up the request named in an address or a form. One we do not know (too old, another browser's) leaves a
    /// plain sign-in.
    pub(in crate::web::pages) async fn find(app: &App, caller: &Caller, request: Option<&str>) -> Result<Self, Failure> {
        let plain = Self { after: After::Account, need: policy::for_sign_in(), asking: None, request: None, hint: String::new() };
        let Some(id) = request.and_then(|text| text.parse::<RequestId>().ok()) else { return Ok(plain) };
        let Some(known) = authorize::look(app, caller, id).await? else { return Ok(plain) };
        Ok(Self {
            after: After::Request(id),
            need: known.need,
            asking: Some(Asking { app: known.client_name, run_by: known.run_by }),
            request: Some(id.to_string()),
            hint: known.login_hint.unwrap_or_default(),
        })
    }

    /// The address of the first step with this target.
    pub(in crate::web::pages) fn login_path(&self) -> String {
        self.request.as_ref().map_or_else(|| "/login".to_owned(), |id| format!("/login?request={id}"))
    }

    fn options(&self) -> PageOptions {
        PageOptions { popup: self.request.is_some(), ..PageOptions::default() }
    }

    fn page(&self, again: Option<Again>, name: String, errors: Vec<FieldError>) -> LoginPage {
        let query = self.request.as_ref().map(|id| format!("?request={id}")).unwrap_or_default();
        LoginPage {
            asking: self.asking.clone(),
            request: self.request.clone(),
            again,
            refused: false,
            name,
            ceremony: Ceremony::under("/login/passkey", &query),
            errors,
        }
    }
}

/// The page for a request that is gone from here while the browser still has what the application asked.
async fn lost(app: &App, browser: &Browser, target: &Target, request: Option<&str>) -> Result<Option<HttpResponse>, Failure> {
    let Some(id) = request.and_then(|text| text.parse::<RequestId>().ok()).filter(|_| target.request.is_none()) else { return Ok(None) };
    if kept_requests::find(app, browser, Some(id)).is_none() {
        return Ok(None);
    }
    moved_on(app, browser, Some(After::Request(id))).await.map(Some)
}

/// Shows the first step; somebody who is signed in well enough goes on at once.
pub async fn show(app: Shared, browser: Browser, query: web::Query<Query>) -> Result<HttpResponse, Failure> {
    let caller = browser.caller();
    let target = Target::find(&app, &caller, query.request.as_deref()).await?;
    let again = query.again.as_deref().map(Again::parse);
    if let Some(page) = lost(&app, &browser, &target, query.request.as_deref()).await? {
        return Ok(page);
    }
    let signed_in = SignedIn::find(&app, &browser).await?;
    if let Some(signed_in) = &signed_in
        && again.is_none()
        && target.need.met_by(&signed_in.session.events)
    {
        return Ok(respond::see_other(&after_path(target.after)));
    }
    let name = match (again, &signed_in) {
        // Another account is not the one the application expects.
        (Some(Again::Other), _) => String::new(),
        // The person is known, and so is what they type.
        (Some(Again::Stronger), Some(signed_in)) => account::profile(&app, signed_in.session.person).await?.login().to_owned(),
        _ => target.hint.clone(),
    };
    let page = target.page(again, name, Vec::new());
    // Of who is signed in it may show the name.
    let options = PageOptions { compressible: signed_in.is_none(), ..target.options() };
    respond::page_with(&app, &browser, StatusCode::OK, &page, options)
}

/// Takes name and password.
pub async fn submit(app: Shared, browser: Browser, Posted(form): Posted<Form>) -> Result<HttpResponse, Failure> {
    let caller = browser.caller();
    let target = Target::find(&app, &caller, form.request.as_deref()).await?;
    if let Some(page) = lost(&app, &browser, &target, form.request.as_deref()).await? {
        return Ok(page);
    }
    let name = form.name.unwrap_or_default();
    let again = |errors| {
        let page = target.page(None, name.trim().chars().take(254).collect(), errors);
        respond::page_with(&app, &browser, StatusCode::UNPROCESSABLE_ENTITY, &page, target.options())
    };
    if name.trim().is_empty() {
        return again(vec![FieldError::login_name_missing()]);
    }
    let password = Password::parse(form.password.as_deref().unwrap_or_default());
    if form.password.as_deref().unwrap_or_default().is_empty() {
        return again(vec![FieldError::password_missing("password")]);
    }
    let begin = Begin { purpose: Purpose::SignIn, after: target.after, need: target.need };
    match sign_in::begin_with_password(&app, &caller, begin, &name, password).await? {
        PasswordOutcome::Advanced(attempt, step) => Ok(respond::see_other(&step_path(attempt.id, step))),
        PasswordOutcome::Wrong => {
            let errors = vec![FieldError::wrong_credentials()];
            let page = LoginPage { refused: true, ..target.page(None, name.trim().chars().take(254).collect(), errors) };
            respond::page_with(&app, &browser, StatusCode::UNPROCESSABLE_ENTITY, &page, target.options())
        }
        PasswordOutcome::Paused(pause) => paused(&app, &browser, pause, Some(target.login_path()), target.login_path()),
        PasswordOutcome::Busy => Err(Failure::Busy(app.hasher.wait())),
    }
}

/// The page of a pause: 429, `Retry-After`, how long, and what still works (TH-12).
pub(in crate::web::pages) fn paused(
    app: &App,
    browser: &Browser,
    pause: Pause,
    passkey: Option<String>,
    next: String,
) -> Result<HttpResponse, Failure> {
    let seconds = app.now().until(pause.until).as_secs().max(1);
    let about = match pause.about {
        About::Account(method) => Paused::Method(method),
        About::Network => Paused::Network,
    };
    let page = PausedPage { paused: about, until: pause.until, seconds, passkey, next };
    let mut answer = respond::page_with(app, browser, StatusCode::TOO_MANY_REQUESTS, &page, PageOptions::default())?;
    answer.headers_mut().insert(actix_web::http::header::RETRY_AFTER, seconds.into());
    Ok(answer)
}

/// Starts a passkey sign-in without a name.
pub async fn passkey_start(app: Shared, browser: Browser, query: web::Query<Query>, _body: PostedBytes) -> Result<HttpResponse, Failure> {
    let caller = browser.caller();
    let target = Target::find(&app, &caller, query.request.as_deref()).await?;
    let options = sign_in::start_username_less(&app, &caller, target.after, target.need).await?;
    Ok(respond::json(StatusCode::OK, &options))
}

/// Finishes it.
pub async fn passkey_finish(app: Shared, browser: Browser, body: PostedBytes) -> Result<HttpResponse, Failure> {
    let answered = sign_in::finish_passkey(&app, &browser.caller(), body.0, Place::Login).await?;
    answered_passkey(&app, answered)
}

/// The answer to a passkey script.
pub(in crate::web::pages) fn answered_passkey(app: &App, answered: Answered) -> Result<HttpResponse, Failure> {
    let say = |status, text| -> Result<HttpResponse, Failure> {
        Ok(respond::json(status, &json!({ "message": app.renderer.say("en", &text)? })))
    };
    match answered {
        Answered::Signed(signed) => {
            let next = signed_path(&signed);
            respond::entered(app, respond::json(StatusCode::OK, &json!({ "next": next })), &signed.entered)
        }
        Answered::Advanced(flow, step) => Ok(respond::json(StatusCode::OK, &json!({ "next": step_path(flow, step) }))),
        Answered::Refused => say(StatusCode::FORBIDDEN, messages::passkey_refused()),
        Answered::TooOld => say(StatusCode::GONE, messages::passkey_too_old()),
    }
}

/// 303 to where a completed sign-in leads, with its cookies.
pub(crate) fn signed(app: &App, signed: &Signed) -> Result<HttpResponse, Failure> {
    respond::entered(app, respond::see_other(&signed_path(signed)), &signed.entered)
}

fn signed_path(signed: &Signed) -> String {
    match &signed.to {
        Some(to) => ReturnTo::parse(to).path(),
        None => after_path(signed.after),
    }
}

/// Where a finished sign-in leads.
pub(crate) fn after_path(after: After) -> String {
    match after {
        After::Account => "/me".to_owned(),
        After::Request(id) => format!("/authorize/continue/{id}"),
    }
}
