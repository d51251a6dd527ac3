//! `/me/security/password`: changing it, or setting the first one.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::flows::factors::{self, NewPassword, PasswordChange};
use crate::flows::reauth::Reauthentication;
use crate::kernel::secret::Password;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Reauthenticated, Shared};
use crate::web::pages::account::frame::{self, profile};
use crate::web::pages::done::Done;
use crate::web::pages::enrolment::password::{parse, refused};
use crate::web::pages::parts::{FieldError, status_of};
use crate::web::pages::sign_in::journey::paused;

const HERE: &str = "/me/security/password";

/// Changing or setting the password: posts `current_password`, `new_password` and `end_others` (`yes`) to
/// `/me/security/password`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityPasswordPage {
    /// The account has a password, which must be given too.
    pub has_password: bool,
    /// The name the password belongs to, for password managers.
    pub username: String,
    /// The shortest password accepted.
    pub minimum: usize,
    /// End all other sessions; ticked unless the person took the tick away.
    pub end_others: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for SecurityPasswordPage {
    const TEMPLATE: &'static str = "pages/account/security_password.html";
}

/// The present password, the new one, and whether to end other sessions.
#[derive(Deserialize)]
pub struct ChangeForm {
    #[serde(default)]
    current_password: SecretString,
    #[serde(default)]
    new_password: SecretString,
    end_others: Option<String>,
}

/// Whether other sessions end with the change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EndOthers {
    Yes,
    No,
}

/// Shows the form.
pub async fn show(app: Shared, browser: Browser, fresh: Reauthenticated) -> Result<HttpResponse, Failure> {
    answer(&app, &browser, fresh.recent, EndOthers::Yes, vec![]).await
}

/// Takes the change.
pub async fn submit(app: Shared, browser: Browser, fresh: Reauthenticated, form: Posted<ChangeForm>) -> Result<HttpResponse, Failure> {
    let Posted(form) = form;
    let recent = fresh.recent;
    let end_others = if form.end_others.as_deref() == Some("yes") { EndOthers::Yes } else { EndOthers::No };
    let new = match parse(form.new_password.expose_secret(), "new_password") {
        Ok(new) => new,
        Err(error) => return answer(&app, &browser, recent, end_others, vec![error]).await,
    };
    let missing = form.current_password.expose_secret().is_empty();
    let typed =
        NewPassword { current: Password::parse(form.current_password.expose_secret()), new, end_others: end_others == EndOthers::Yes };
    match factors::change_password(&app, recent, &browser.caller(), typed).await? {
        PasswordChange::Done { first, others_ended } => {
            let done = match (first, others_ended) {
                (true, true) => Done::PasswordSetOthersEnded,
                (true, false) => Done::PasswordSet,
                (false, true) => Done::PasswordChangedOthersEnded,
                (false, false) => Done::PasswordChanged,
            };
            Ok(done.at("/me/security"))
        }
        PasswordChange::Busy => Err(Failure::Busy(app.hasher.wait())),
        PasswordChange::Paused(pause) => paused(&app, &browser, pause, None, HERE.to_owned()),
        PasswordChange::Refused { current_wrong, problem } => {
            let current = current_wrong.then(|| {
                if missing {
                    FieldError::new("current_password", "error-password-missing")
                } else {
                    FieldError::new("current_password", "error-current-password")
                }
            });
            let new = problem.map(|problem| refused(problem, "new_password"));
            answer(&app, &browser, recent, end_others, current.into_iter().chain(new).collect()).await
        }
    }
}

/// Password managers and browsers ask here where a password is changed.
pub async fn well_known() -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, HERE)).finish()
}

async fn answer(
    app: &App,
    browser: &Browser,
    recent: Reauthentication,
    end_others: EndOthers,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Failure> {
    let person = recent.person();
    let has_password = factors::list(app, person).await?.password.is_some();
    let username = profile(app, person).await?.login().to_owned();
    let page = SecurityPasswordPage {
        has_password,
        username,
        minimum: app.settings.password.minimum,
        end_others: end_others == EndOthers::Yes,
        errors,
    };
    let status = status_of(&page.errors);
    frame::answer(app, browser, person, status, &page).await
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for SecurityPasswordPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { has_password: true, username: "ana".into(), minimum: 12, end_others: true, errors: vec![] };
            vec![
                (
                    "wrong",
                    Self {
                        errors: vec![
                            FieldError::new("current_password", "error-current-password"),
                            FieldError::new("new_password", "error-password-short").with("minimum", 12_u64),
                        ],
                        end_others: false,
                        ..page.clone()
                    },
                ),
                ("set", Self { has_password: false, ..page.clone() }),
                ("change", page),
            ]
        }
    }
}
