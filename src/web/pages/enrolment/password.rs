//! `/enrolment/<id>/password`: choosing a password.

use actix_web::{HttpResponse, web};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::app::App;
use crate::domain::password::rules::PasswordProblem;
use crate::flows::enrolment::{self, Enrolment, EnrolmentStep, PasswordGiven};
use crate::kernel::secret::Password;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared};
use crate::web::pages::enrolment::open::{Opening, open, open_for_post, progress};
use crate::web::pages::enrolment::view::EnrolPasswordPage;
use crate::web::pages::parts::FieldError;
use crate::web::pages::sign_in::journey::wait;
use crate::web::pages::sign_in::steps_view::Paused;
use crate::web::respond::{form_again, page, see_other};

/// The password.
#[derive(Deserialize)]
pub struct PasswordForm {
    step: u64,
    password: SecretString,
}

/// Shows the field.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    match open(&app, &browser, &id, EnrolmentStep::Password).await? {
        Opening::Here(enrolment) => page(&app, &browser, &password_page(&app, &enrolment, vec![])),
        Opening::Instead(answer) => Ok(answer),
    }
}

/// Takes the password. It is never shown again (PW-14).
pub async fn submit(app: Shared, browser: Browser, id: web::Path<String>, form: Posted<PasswordForm>) -> Result<HttpResponse, Failure> {
    let enrolment = match open_for_post(&app, &browser, &id).await? {
        Opening::Here(enrolment) => enrolment,
        Opening::Instead(answer) => return Ok(answer),
    };
    let password = match parse(form.0.password.expose_secret(), "password") {
        Ok(password) => password,
        Err(error) if enrolment.allows(EnrolmentStep::Password) => {
            return form_again(&app, &browser, &password_page(&app, &enrolment, vec![error]));
        }
        Err(_) => return Ok(see_other(&enrolment.address())),
    };
    let (again, here) = (password_page(&app, &enrolment, vec![]), enrolment.address());
    match enrolment::give_password(&app, *enrolment, form.0.step, password).await? {
        PasswordGiven::To(address) => Ok(see_other(&address)),
        PasswordGiven::Refused(problem) => {
            form_again(&app, &browser, &EnrolPasswordPage { errors: vec![refused(problem, "password")], ..again })
        }
        PasswordGiven::Wait(until) => wait(&app, &browser, Paused::Again, until, here),
        PasswordGiven::Busy => Err(Failure::Busy(app.hasher.wait())),
    }
}

fn password_page(app: &App, enrolment: &Enrolment, errors: Vec<FieldError>) -> EnrolPasswordPage {
    EnrolPasswordPage {
        flow: enrolment.id.to_string(),
        step: enrolment.step_number(),
        progress: progress(enrolment, EnrolmentStep::Password),
        username: enrolment.login().to_owned(),
        minimum: app.settings.password.minimum,
        errors,
    }
}

/// A new password as typed, or what is wrong with it before any rule.
pub(in crate::web::pages) fn parse(typed: &str, field: &'static str) -> Result<Password, FieldError> {
    let missing = typed.is_empty();
    Password::parse(typed).ok_or_else(|| {
        if missing { FieldError::new(field, "error-password-missing") } else { FieldError::new(field, "error-password-long") }
    })
}

/// Why the rules refused it; the reason is shown (PW-05).
pub(in crate::web::pages) fn refused(problem: PasswordProblem, field: &'static str) -> FieldError {
    match problem {
        PasswordProblem::TooShort { minimum } => FieldError::new(field, "error-password-short").with("minimum", minimum),
        PasswordProblem::Common => FieldError::new(field, "error-password-common"),
        PasswordProblem::Context => FieldError::new(field, "error-password-context"),
    }
}
