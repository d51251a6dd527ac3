//! `/me/security/authenticators/add`: the same steps as the first one, on one page.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::flows::factors::{self, AddedCode};
use crate::flows::reauth::Reauthentication;
use crate::kernel::proof::Method;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Reauthenticated, Shared};
use crate::web::pages::account::frame::{self, profile};
use crate::web::pages::done::Done;
use crate::web::pages::enrolment::open::authenticator;
use crate::web::pages::enrolment::totp::{PROPOSED, clock, parse};
use crate::web::pages::enrolment::view::NewAuthenticator;
use crate::web::pages::parts::{FieldError, status_of};
use crate::web::pages::sign_in::journey::wait;
use crate::web::pages::sign_in::steps_view::Paused;
use crate::web::respond::see_other;

const HERE: &str = "/me/security/authenticators/add";

/// Adding an authenticator: posts `pending`, `label` and `code` to `/me/security/authenticators/add`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityTotpAddPage {
    /// The id of the unconfirmed authenticator, kept in a hidden field.
    pub pending: String,
    /// What the app needs to know.
    pub new: NewAuthenticator,
    /// The name, as typed or proposed.
    pub label: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for SecurityTotpAddPage {
    const TEMPLATE: &'static str = "pages/account/security_totp_add.html";
}

/// A name and the first code.
#[derive(Deserialize)]
pub struct AddTotpForm {
    #[serde(default)]
    pending: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    code: String,
}

/// Shows the key.
pub async fn show(app: Shared, browser: Browser, fresh: Reauthenticated) -> Result<HttpResponse, Failure> {
    again(&app, &browser, fresh.recent, PROPOSED.to_owned(), vec![]).await
}

/// Takes the first code.
pub async fn submit(app: Shared, browser: Browser, fresh: Reauthenticated, form: Posted<AddTotpForm>) -> Result<HttpResponse, Failure> {
    let Posted(form) = form;
    let recent = fresh.recent;
    let (label, code) = match parse(&form.label, &form.code) {
        Ok(both) => both,
        Err(errors) => return again(&app, &browser, recent, form.label, errors).await,
    };
    let error = match factors::confirm_totp(&app, recent, &browser.caller(), &form.pending, label, &code).await? {
        AddedCode::Made => return Ok(Done::AuthenticatorAdded.at("/me/security")),
        AddedCode::TooOld => return Ok(see_other(HERE)),
        AddedCode::Wait(until) => return wait(&app, &browser, Paused::Method(Method::Totp), until, HERE.to_owned()),
        AddedCode::Wrong => FieldError::new("code", "error-code-wrong"),
        AddedCode::ClockOff(seconds) => clock(seconds),
        AddedCode::TooMany => FieldError::new("form", "error-too-many"),
    };
    again(&app, &browser, recent, form.label, vec![error]).await
}

async fn again(
    app: &App,
    browser: &Browser,
    recent: Reauthentication,
    label: String,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Failure> {
    let pending = factors::pending_totp(app, recent, &browser.caller()).await?;
    let profile = profile(app, recent.person()).await?;
    let new = authenticator(app, &pending.seed, profile.login())?;
    let page = SecurityTotpAddPage { pending: pending.id.to_string(), new, label, errors };
    let status = status_of(&page.errors);
    frame::answer(app, browser, recent.person(), status, &page).await
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for SecurityTotpAddPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { pending: "n1".into(), new: NewAuthenticator::sample(), label: "My phone".into(), errors: vec![] };
            vec![
                ("wrong", Self { errors: vec![FieldError::new("code", "error-code-wrong")], ..page.clone() }),
                (
                    "too_many",
                    Self {
                        errors: vec![FieldError::new("form", "error-too-many"), FieldError::new("label", "error-label-invalid")],
                        ..page.clone()
                    },
                ),
                ("first", page),
            ]
        }
    }
}
