//! `/enrolment/<id>/totp`: adding an authenticator, confirmed by one code.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::app::App;
use crate::domain::totp::TotpCode;
use crate::flows::enrolment::{self, Coded, Ended, Enrolment, EnrolmentStep};
use crate::kernel::proof::Method;
use crate::kernel::text::{DeviceName, TextProblem};
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared};
use crate::web::pages::enrolment::open::{Opening, authenticator, open, open_for_post, progress, sign_in};
use crate::web::pages::enrolment::view::EnrolTotpPage;
use crate::web::pages::parts::FieldError;
use crate::web::pages::sign_in::journey::wait;
use crate::web::pages::sign_in::steps_view::Paused;
use crate::web::respond::{form_again, page, see_other};

/// A name and the first code.
#[derive(Deserialize)]
pub struct TotpForm {
    step: u64,
    #[serde(default)]
    label: String,
    #[serde(default)]
    code: String,
}

/// What an authenticator is called until its person names it.
pub(in crate::web::pages) const PROPOSED: &str = "My phone";

/// Shows the key.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    match open(&app, &browser, &id, EnrolmentStep::Totp).await? {
        Opening::Here(enrolment) => page(&app, &browser, &totp_page(&app, &enrolment, PROPOSED.to_owned(), vec![])?),
        Opening::Instead(answer) => Ok(answer),
    }
}

/// Takes the first code.
pub async fn submit(app: Shared, browser: Browser, id: web::Path<String>, form: Posted<TotpForm>) -> Result<HttpResponse, Failure> {
    let enrolment = match open_for_post(&app, &browser, &id).await? {
        Opening::Here(enrolment) if enrolment.allows(EnrolmentStep::Totp) => enrolment,
        Opening::Here(enrolment) => return Ok(see_other(&enrolment.address())),
        Opening::Instead(answer) => return Ok(answer),
    };
    let Posted(form) = form;
    let (label, code) = match parse(&form.label, &form.code) {
        Ok(both) => both,
        Err(errors) => return form_again(&app, &browser, &totp_page(&app, &enrolment, form.label, errors)?),
    };
    let again = totp_page(&app, &enrolment, form.label, vec![])?;
    let here = enrolment.address();
    let error = match enrolment::give_code(&app, &browser.caller(), *enrolment, form.step, label, &code).await? {
        Coded::Ended(Ended::Signed(signed)) => return sign_in(&app, &browser, &signed, see_other(&signed.next)),
        Coded::Ended(Ended::LinkDead(address) | Ended::NameTaken(address)) | Coded::To(address) => return Ok(see_other(&address)),
        Coded::Ended(Ended::PasskeyTaken) => return Err(Failure::BadRequest),
        Coded::Wait(until) => return wait(&app, &browser, Paused::Method(Method::Totp), until, here),
        Coded::Wrong => FieldError::new("code", "error-code-wrong"),
        Coded::ClockOff(seconds) => clock(seconds),
    };
    form_again(&app, &browser, &EnrolTotpPage { errors: vec![error], ..again })
}

fn totp_page(app: &App, enrolment: &Enrolment, label: String, errors: Vec<FieldError>) -> Result<EnrolTotpPage, Failure> {
    let seed = enrolment.seed.as_ref().ok_or(Failure::Gone)?;
    Ok(EnrolTotpPage {
        flow: enrolment.id.to_string(),
        step: enrolment.step_number(),
        progress: progress(enrolment, EnrolmentStep::Totp),
        new: authenticator(app, seed, enrolment.login())?,
        label,
        errors,
    })
}

/// The name and the code, or all that is wrong with them.
pub(in crate::web::pages) fn parse(label: &str, code: &str) -> Result<(DeviceName, TotpCode), Vec<FieldError>> {
    let label = label_of(label);
    let code = if code.trim().is_empty() {
        Err(FieldError::new("code", "error-code-missing"))
    } else {
        TotpCode::parse(code).ok_or_else(|| FieldError::new("code", "error-code-malformed"))
    };
    match (label, code) {
        (Ok(label), Ok(code)) => Ok((label, code)),
        (label, code) => Err([label.err(), code.err()].into_iter().flatten().collect()),
    }
}

/// The name of a passkey or an authenticator.
pub(in crate::web::pages) fn label_of(typed: &str) -> Result<DeviceName, FieldError> {
    DeviceName::parse(typed).map_err(|problem| match problem {
        TextProblem::Empty => FieldError::new("label", "error-label-missing"),
        _ => FieldError::new("label", "error-label-invalid"),
    })
}

/// Help with a clock: how far it is off, in words.
pub(in crate::web::pages) fn clock(seconds: i64) -> FieldError {
    if seconds < 0 {
        FieldError::new("code", "error-clock-slow").with("seconds", seconds.unsigned_abs())
    } else {
        FieldError::new("code", "error-clock-fast").with("seconds", seconds.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_behind_is_called_slow() {
        // OT-05
        assert_eq!(clock(-90), FieldError::new("code", "error-clock-slow").with("seconds", 90_u64));
        assert_eq!(clock(120), FieldError::new("code", "error-clock-fast").with("seconds", 120_u64));
    }

    #[test]
    fn name_and_code_are_complained_about_together() {
        // OT-06
        let fields = |label, code| parse(label, code).err().unwrap_or_default().iter().map(|e| e.field).collect::<Vec<_>>();
        assert_eq!(fields("", "12 34"), ["label", "code"]);
        assert_eq!(fields("Phone", ""), ["code"]);
        assert_eq!(fields("Phone", "٠١٢ ٣٤٥"), [""; 0]);
    }
}
