//! The first step. `GET /login` shows it, `POST /login` takes name and password, two small JSON addresses serve
//! the passkey script.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::app::App;
use crate::flows::sign_in::{self, Begin, CeremonyPage, PasswordOutcome};
use crate::flows::{After, account};
use crate::kernel::ids::RequestId;
use crate::kernel::secret::Password;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, PostedBytes, Shared, SignedIn};
use crate::web::kept_requests;
use crate::web::pages::parts::{CeremonyAddresses, FieldError};
use crate::web::pages::script;
use crate::web::pages::sign_in::journey::{Destination, answered_passkey, moved_on, paused, step_path};
use crate::web::pages::sign_in::login_view::{Again, LoginPage};
use crate::web::respond::{self, PageOptions};

/// What comes in the address.
#[derive(Deserialize)]
pub struct LoginQuery {
    /// The application's request this sign-in is for; a name of ours, checked where it is kept (OA-15).
    pub request: Option<String>,
    /// The page of ours that was asked for before (OA-15).
    pub to: Option<String>,
    /// Whether someone signed in wants to be someone else, or must prove it again.
    pub again: Option<String>,
}

/// The form.
#[derive(Deserialize)]
pub struct LoginForm {
    name: Option<String>,
    password: Option<String>,
    request: Option<String>,
    to: Option<String>,
}

fn login_page(target: &Destination, again: Option<Again>, name: String, errors: Vec<FieldError>) -> LoginPage {
    LoginPage {
        asking: target.asking.clone(),
        request: target.request.clone(),
        to: target.page(),
        again,
        refused: false,
        name,
        ceremony: CeremonyAddresses::under("/login/passkey", &target.query()),
        errors,
    }
}

/// The page for a request that is gone from here while the browser still has what the application asked.
async fn lost(app: &App, browser: &Browser, target: &Destination, request: Option<&str>) -> Result<Option<HttpResponse>, Failure> {
    let Some(id) = request.and_then(|text| text.parse::<RequestId>().ok()).filter(|_| target.request.is_none()) else { return Ok(None) };
    if kept_requests::find(app, browser, Some(id)).is_none() {
        return Ok(None);
    }
    moved_on(app, browser, Some(After::Request(id))).await.map(Some)
}

/// Shows the first step; someone who is signed in well enough goes on immediately.
pub async fn show(app: Shared, browser: Browser, query: web::Query<LoginQuery>) -> Result<HttpResponse, Failure> {
    let caller = browser.caller();
    let target = Destination::find(&app, &caller, query.request.as_deref()).await?.with_page(query.to.as_deref());
    let again = query.again.as_deref().map(Again::parse);
    if let Some(page) = lost(&app, &browser, &target, query.request.as_deref()).await? {
        return Ok(page);
    }
    let signed_in = SignedIn::find(&app, &browser).await?;
    if let Some(signed_in) = &signed_in
        && again.is_none()
        && target.need.met_by(&signed_in.session.events)
    {
        return Ok(respond::see_other(&target.path()));
    }
    let name = match (again, &signed_in) {
        // Another account is not the one the application expects.
        (Some(Again::Other), _) => String::new(),
        // The person is known, and so is what they type.
        (Some(Again::Stronger), Some(signed_in)) => account::profile(&app, signed_in.session.person).await?.login().to_owned(),
        _ => target.hint.clone(),
    };
    let page = login_page(&target, again, name, Vec::new());
    // Of who is signed in it may show the name.
    let options = PageOptions { compressible: signed_in.is_none(), ..target.options() };
    respond::page_with(&app, &browser, StatusCode::OK, &page, options)
}

/// Takes name and password.
pub async fn submit(app: Shared, browser: Browser, Posted(form): Posted<LoginForm>) -> Result<HttpResponse, Failure> {
    let caller = browser.caller();
    let target = Destination::find(&app, &caller, form.request.as_deref()).await?.with_page(form.to.as_deref());
    if let Some(page) = lost(&app, &browser, &target, form.request.as_deref()).await? {
        return Ok(page);
    }
    let name = form.name.unwrap_or_default();
    let again = |errors| {
        let page = login_page(&target, None, name.trim().chars().take(254).collect(), errors);
        respond::page_with(&app, &browser, StatusCode::UNPROCESSABLE_ENTITY, &page, target.options())
    };
    if name.trim().is_empty() {
        return again(vec![FieldError::new("name", "error-login-name-missing")]);
    }
    let password = Password::parse(form.password.as_deref().unwrap_or_default());
    if form.password.as_deref().unwrap_or_default().is_empty() {
        return again(vec![FieldError::new("password", "error-password-missing")]);
    }
    let begin = Begin { purpose: target.purpose(), after: target.after, need: target.need };
    match sign_in::begin_with_password(&app, &caller, begin, &name, password).await? {
        PasswordOutcome::Advanced(attempt, step) => Ok(respond::see_other(&step_path(attempt.id, step))),
        PasswordOutcome::Wrong => {
            let errors = vec![FieldError::new("password", "error-credentials")];
            let page = LoginPage { refused: true, ..login_page(&target, None, name.trim().chars().take(254).collect(), errors) };
            respond::page_with(&app, &browser, StatusCode::UNPROCESSABLE_ENTITY, &page, target.options())
        }
        PasswordOutcome::Paused(pause) => paused(&app, &browser, pause, Some(target.login_path()), target.login_path()),
        PasswordOutcome::Busy => Err(Failure::Busy(app.hasher.wait())),
    }
}

/// Starts a passkey sign-in without a name.
pub async fn passkey_start(
    app: Shared,
    browser: Browser,
    query: web::Query<LoginQuery>,
    _body: PostedBytes,
) -> Result<HttpResponse, Failure> {
    let caller = browser.caller();
    let target = Destination::find(&app, &caller, query.request.as_deref()).await?.with_page(query.to.as_deref());
    let options = sign_in::start_username_less(&app, &caller, target.after, target.page(), target.need).await?;
    Ok(script::request(&options))
}

/// Finishes it.
pub async fn passkey_finish(app: Shared, browser: Browser, body: PostedBytes) -> Result<HttpResponse, Failure> {
    let answered = sign_in::finish_passkey(&app, &browser.caller(), body.0, CeremonyPage::Login).await?;
    answered_passkey(&app, answered)
}
