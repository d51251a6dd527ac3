//! `/me/security/password`: changing it, or setting the first one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::app::App;
use crate::flows::factors::{self, Changed, NewPassword};
use crate::flows::reauth::Reauthentication;
use crate::flows::throttle::{About, Pause};
use crate::kernel::secret::Password;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Reauthenticated, Shared};
use crate::web::pages::account::frame::{list_with, options, profile};
use crate::web::pages::account::security_view::SecurityPasswordPage;
use crate::web::pages::done::Done;
use crate::web::pages::enrolment::password::{parse, refused};
use crate::web::pages::parts::FieldError;
use crate::web::pages::sign_in::steps_view::{Paused, PausedPage};
use crate::web::respond::{PageOptions, page_with, see_other};

/// The present password, the new one, and whether to end other sessions.
#[derive(Deserialize)]
pub struct ChangeForm {
    #[serde(default)]
    current_password: SecretString,
    #[serde(default)]
    new_password: SecretString,
    end_others: Option<String>,
}

/// Shows the form.
pub async fn show(app: Shared, browser: Browser, fresh: Reauthenticated) -> Result<HttpResponse, Failure> {
    again(&app, &browser, fresh.recent, true, vec![]).await
}

/// Takes the change.
pub async fn submit(app: Shared, browser: Browser, fresh: Reauthenticated, form: Posted<ChangeForm>) -> Result<HttpResponse, Failure> {
    let Posted(form) = form;
    let recent = fresh.recent;
    let end_others = form.end_others.as_deref() == Some("yes");
    let new = match parse(form.new_password.expose_secret(), "new_password") {
        Ok(new) => new,
        Err(error) => return again(&app, &browser, recent, end_others, vec![error]).await,
    };
    let missing = form.current_password.expose_secret().is_empty();
    let typed = NewPassword { current: Password::parse(form.current_password.expose_secret()), new, end_others };
    match factors::change_password(&app, recent, &browser.caller(), typed).await? {
        Changed::Done { others_ended: true } => Ok(see_other(&list_with(Done::PasswordChangedOthersEnded))),
        Changed::Done { others_ended: false } => Ok(see_other(&list_with(Done::PasswordChanged))),
        Changed::Busy => Err(Failure::Busy(app.hasher.wait())),
        Changed::Paused(pause) => wait(&app, &browser, pause),
        Changed::Refused { current_wrong, problem } => {
            let current = current_wrong
                .then(|| if missing { FieldError::password_missing("current_password") } else { FieldError::current_password_wrong() });
            let new = problem.map(|problem| refused(problem, "new_password"));
            again(&app, &browser, recent, end_others, current.into_iter().chain(new).collect()).await
        }
    }
}

/// Password managers and browsers ask here where a password is changed.
pub async fn well_known() -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, "/me/security/password")).finish()
}

async fn again(
    app: &App,
    browser: &Browser,
    recent: Reauthentication,
    end_others: bool,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Failure> {
    let person = recent.person();
    let has_password = factors::list(app, person).await?.password.is_some();
    let username = profile(app, person).await?.login().to_owned();
    let page = SecurityPasswordPage { has_password, username, minimum: app.settings.password.minimum, end_others, errors };
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with(app, browser, status, &page, options(app, person, None).await?)
}

fn wait(app: &App, browser: &Browser, pause: Pause) -> Result<HttpResponse, Failure> {
    let seconds = app.now().until(pause.until).as_secs().max(1);
    let paused = match pause.about {
        About::Account(method) => Paused::Method(method),
        About::Network => Paused::Network,
    };
    let page = PausedPage { paused, until: pause.until, seconds, passkey: None, next: "/me/security/password".to_owned() };
    let mut answer = page_with(app, browser, StatusCode::TOO_MANY_REQUESTS, &page, PageOptions::default())?;
    answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    Ok(answer)
}
