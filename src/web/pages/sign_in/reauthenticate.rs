//! Confirm again: the same proofs as a sign-in, for the person of this session only, then back to the page that
//! asked (SE-13).

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::app::App;
use crate::domain::policy::RecoveryCodes;
use crate::flows::After;
use crate::flows::reauth::{Reauthentication, WithoutRecoveryCode};
use crate::flows::sign_in::{self, Begin, CeremonyPage, EntryPurpose, PasswordOutcome, Reauthenticating};
use crate::kernel::secret::Password;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, PostedBytes, ReturnPath, Shared, SignedIn};
use crate::web::pages::parts::{CeremonyAddresses, FieldError, status_of};
use crate::web::pages::script;
use crate::web::pages::shell;
use crate::web::pages::sign_in::journey::{self, step_path};
use crate::web::pages::sign_in::reauthenticate_view::ReauthenticatePage;
use crate::web::respond::{self, PageOptions};

/// Which page to return to.
#[derive(Deserialize)]
pub struct ReauthenticateQuery {
    to: Option<String>,
}

/// The form.
#[derive(Deserialize)]
pub struct ReauthenticateForm {
    to: Option<String>,
    password: Option<String>,
}

impl ReauthenticateQuery {
    fn to(&self) -> ReturnPath {
        ReturnPath::of(self.to.as_deref().unwrap_or_default())
    }
}

/// Whether a recovery code counts for what comes next.
fn codes_for(to: &ReturnPath) -> RecoveryCodes {
    if to.is_without_recovery_code() { RecoveryCodes::DoNotCount } else { RecoveryCodes::Count }
}

fn purpose(signed_in: &SignedIn, to: &ReturnPath) -> EntryPurpose {
    EntryPurpose::Reauthenticate { session: signed_in.session.id, cookie: signed_in.cookie, to: to.as_str().to_owned() }
}

/// Shows the ways to confirm; when a proof is fresh already, goes on immediately.
pub async fn show(
    app: Shared,
    browser: Browser,
    signed_in: SignedIn,
    query: web::Query<ReauthenticateQuery>,
) -> Result<HttpResponse, Failure> {
    let to = query.to();
    let session = &signed_in.session;
    let enough = if to.is_without_recovery_code() {
        WithoutRecoveryCode::of(&app, session).await?.is_some()
    } else {
        Reauthentication::of(&app, session).await?.is_some()
    };
    if enough {
        return Ok(respond::see_other(to.as_str()));
    }
    page(&app, &browser, &signed_in, &to, Vec::new()).await
}

/// The sentence that says what is about to be done: the page's own, or that of the nearest page above it.
fn sentence(app: &App, to: &ReturnPath) -> String {
    let keys = to.names().into_iter().map(|name| format!("reauthenticate-act-{name}"));
    keys.into_iter().find(|key| app.renderer.has_text(key)).unwrap_or_else(|| "reauthenticate-act-other".to_owned())
}

async fn page(
    app: &App,
    browser: &Browser,
    signed_in: &SignedIn,
    to: &ReturnPath,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Failure> {
    let person = signed_in.session.person;
    let Reauthenticating { profile, enrolled: ways, need } = sign_in::reauthenticating(app, person, codes_for(to)).await?;
    let by_code = ways.recovery && !need.no_recovery_code;
    let page = ReauthenticatePage {
        to: to.as_str().to_owned(),
        act: sentence(app, to),
        own: to.is_own(),
        username: profile.login().to_owned(),
        ceremony: ways.passkey.then(|| CeremonyAddresses::under("/reauthenticate/passkey", &format!("?to={}", to.as_str()))),
        // Who has a passkey confirms with it, or with a saved code: nothing less may put another beside it.
        password: ways.password && (ways.totp && !ways.passkey || by_code),
        by_code: by_code && ways.passkey,
        without_recovery_code: need.no_recovery_code,
        may_add: need.or_recovery_code,
        seconds: app.settings.session.reauthentication.as_secs(),
        errors,
    };
    let options = PageOptions { place: Some(shell::place(to.as_str())), ..shell::options(app, person).await? };
    respond::page_with(app, browser, status_of(&page.errors), &page, options)
}

/// Takes the password; the code follows.
pub async fn submit(
    app: Shared,
    browser: Browser,
    signed_in: SignedIn,
    Posted(form): Posted<ReauthenticateForm>,
) -> Result<HttpResponse, Failure> {
    let to = ReturnPath::of(form.to.as_deref().unwrap_or_default());
    let person = signed_in.session.person;
    // Every proof must be from now on: what the session proved before does not count again (OA-78).
    let Reauthenticating { profile, need, .. } = sign_in::reauthenticating(&app, person, codes_for(&to)).await?;
    let typed = form.password.unwrap_or_default();
    if typed.is_empty() {
        let errors = vec![FieldError::new("password", "error-password-missing")];
        return page(&app, &browser, &signed_in, &to, errors).await;
    }
    let begin = Begin { purpose: purpose(&signed_in, &to), after: After::Account, need };
    let password = Password::parse(&typed);
    match sign_in::begin_with_password(&app, &browser.caller(), begin, profile.login(), password).await? {
        PasswordOutcome::Advanced(attempt, step) => Ok(respond::see_other(&step_path(attempt.id, step))),
        PasswordOutcome::Wrong => {
            let errors = vec![FieldError::new("password", "error-current-password")];
            page(&app, &browser, &signed_in, &to, errors).await
        }
        PasswordOutcome::Paused(pause) => {
            let back = to.confirmation();
            journey::paused(&app, &browser, pause, Some(back.clone()), back)
        }
        PasswordOutcome::Busy => Err(Failure::Busy(app.hasher.wait())),
    }
}

/// Starts confirming with a passkey.
pub async fn passkey_start(
    app: Shared,
    browser: Browser,
    signed_in: SignedIn,
    query: web::Query<ReauthenticateQuery>,
    _body: PostedBytes,
) -> Result<HttpResponse, Failure> {
    let purpose = purpose(&signed_in, &query.to());
    match sign_in::start_for_confirmation(&app, &browser.caller(), signed_in.session.person, purpose).await? {
        Some(options) => Ok(script::request(&options)),
        None => Err(Failure::NotFound),
    }
}

/// Finishes it.
pub async fn passkey_finish(app: Shared, browser: Browser, signed_in: SignedIn, body: PostedBytes) -> Result<HttpResponse, Failure> {
    let answered =
        sign_in::finish_passkey(&app, &browser.caller(), body.0, CeremonyPage::Reauthentication(signed_in.session.person)).await?;
    journey::answered_passkey(&app, answered)
}
