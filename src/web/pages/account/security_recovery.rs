//! `/me/security/recovery`: making recovery codes, showing them once, as a page, a file and on paper.

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::recovery::{CODES, FEW, RecoveryCode, Status};
use crate::flows::enrolment::{self, EnrolmentStep, FoundAttempt};
use crate::flows::factors::{self, CodesOutcome, NewCodes, Then};
use crate::flows::reauth::WithoutRecoveryCode;
use crate::kernel::Timestamp;
use crate::platform::render::Page;
use crate::platform::render::Text;
use crate::web::Failure;
use crate::web::guard::{Browser, NoFields, Posted, ReauthenticatedWithoutRecoveryCode, Shared};
use crate::web::pages::account::frame::{self, profile};
use crate::web::pages::done::Done;
use crate::web::pages::enrolment::open::progress;
use crate::web::pages::parts::{FieldError, Progress, status_of};
use crate::web::pages::sign_in::journey::wait;
use crate::web::pages::sign_in::steps_view::Paused;
use crate::web::respond::{PageOptions, page_with, see_other};

/// Where new codes are shown.
pub(in crate::web::pages) const SHOWN: &str = "/me/security/recovery/codes";
const HERE: &str = "/me/security/recovery";

/// Recovery codes: "8 of 10 left, made on 3 March".
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryLine {
    /// How many were not used yet.
    pub left: usize,
    /// How many there were.
    pub of: usize,
    /// When they were made.
    pub made_at: Timestamp,
    /// It is time for new ones.
    pub few: bool,
    /// Switched off after too many wrong tries.
    pub disabled: bool,
}

/// Making recovery codes: posts nothing but the form token to `/me/security/recovery`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityRecoveryPage {
    /// Those that are there and would become void.
    pub present: Option<RecoveryLine>,
    /// There is a password; without one a recovery code opens nothing, and the page has no button.
    pub password: bool,
    /// How many there will be.
    pub of: usize,
}

impl Page for SecurityRecoveryPage {
    const TEMPLATE: &'static str = "pages/account/security_recovery.html";
}

/// New recovery codes, shown once: posts `kept` (`yes`) to `/me/security/recovery/codes`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityRecoveryCodesPage {
    /// The codes, in groups.
    pub codes: Vec<String>,
    /// Whose they are: what is typed to sign in.
    pub username: String,
    /// When they were made.
    pub made_at: Timestamp,
    /// They can still be downloaded.
    pub download: bool,
    /// How far one is, at the end of an arrival.
    pub progress: Option<Progress>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for SecurityRecoveryCodesPage {
    const TEMPLATE: &'static str = "pages/account/security_recovery_codes.html";
}

/// Whether the codes are kept.
#[derive(Deserialize)]
pub struct KeptForm {
    kept: Option<String>,
}

/// A status in the words of a page.
pub(in crate::web::pages) fn line(status: Status, disable_after: i32) -> RecoveryLine {
    RecoveryLine {
        left: status.left,
        of: CODES,
        made_at: status.made_at,
        few: status.left <= FEW,
        disabled: status.failures >= disable_after,
    }
}

/// Says what making new ones does.
pub async fn show(app: Shared, browser: Browser, fresh: ReauthenticatedWithoutRecoveryCode) -> Result<HttpResponse, Failure> {
    let person = fresh.0.recent().person();
    let ways = factors::list(&app, person).await?;
    let page = SecurityRecoveryPage {
        present: ways.recovery.map(|status| line(status, app.settings.sign_in.disable_after)),
        password: ways.password.is_some(),
        of: CODES,
    };
    frame::page(&app, &browser, person, &page).await
}

/// Makes them.
pub async fn make(
    app: Shared,
    browser: Browser,
    fresh: ReauthenticatedWithoutRecoveryCode,
    _form: Posted<NoFields>,
) -> Result<HttpResponse, Failure> {
    let made_ = factors::make_codes(&app, fresh.0, &browser.caller(), Then::Security).await?;
    made(&app, &browser, made_, HERE.to_owned())
}

/// The answer to having made codes; `here` is where one can try again.
pub(in crate::web::pages) fn made(app: &App, browser: &Browser, made: CodesOutcome, here: String) -> Result<HttpResponse, Failure> {
    match made {
        CodesOutcome::Done => Ok(see_other(SHOWN)),
        CodesOutcome::Wait(until) => wait(app, browser, Paused::Again, until, here),
        CodesOutcome::Busy => Err(Failure::Busy(app.hasher.wait())),
    }
}

/// Shows them.
pub async fn codes(app: Shared, browser: Browser, fresh: ReauthenticatedWithoutRecoveryCode) -> Result<HttpResponse, Failure> {
    match factors::new_codes(&app, fresh.0, &browser.caller()).await? {
        Some(new) => codes_page(&app, &browser, fresh.0, &new, vec![]).await,
        None => Ok(see_other(HERE)),
    }
}

/// They were kept, and are not shown again.
pub async fn kept(
    app: Shared,
    browser: Browser,
    fresh: ReauthenticatedWithoutRecoveryCode,
    Posted(form): Posted<KeptForm>,
) -> Result<HttpResponse, Failure> {
    if form.kept.as_deref() != Some("yes") {
        return match factors::new_codes(&app, fresh.0, &browser.caller()).await? {
            Some(new) => codes_page(&app, &browser, fresh.0, &new, vec![FieldError::new("kept", "error-recovery-not-kept")]).await,
            None => Ok(see_other(HERE)),
        };
    }
    let kept = factors::codes_kept(&app, fresh.0).await?;
    match kept.then {
        Then::Security if kept.replaced => Ok(Done::RecoveryCodesReplaced.at("/me/security")),
        Then::Security => Ok(Done::RecoveryCodesMade.at("/me/security")),
        Then::Enrolment(id) => Ok(see_other(&format!("/enrolment/{id}/done"))),
    }
}

async fn codes_page(
    app: &App,
    browser: &Browser,
    whose: WithoutRecoveryCode,
    new: &NewCodes,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Failure> {
    let page = SecurityRecoveryCodesPage {
        codes: new.codes.iter().map(RecoveryCode::grouped).collect(),
        username: profile(app, whose.recent().person()).await?.login().to_owned(),
        made_at: new.made_at,
        download: new.download,
        progress: how_far(app, browser, new.then).await?,
        errors,
    };
    let status = status_of(&page.errors);
    page_with(app, browser, status, &page, PageOptions::default())
}

async fn how_far(app: &App, browser: &Browser, then: Then) -> Result<Option<Progress>, Failure> {
    let Then::Enrolment(id) = then else { return Ok(None) };
    Ok(match enrolment::open(app, &browser.caller(), id).await? {
        FoundAttempt::Here(arrival) => progress(&arrival, EnrolmentStep::Done),
        FoundAttempt::Nothing => None,
    })
}

/// The codes as a text file, once; after that the page still shows them. A `HEAD` downloads nothing.
pub async fn download(
    app: Shared,
    browser: Browser,
    fresh: ReauthenticatedWithoutRecoveryCode,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    if request.method() == Method::HEAD {
        return Ok(see_other(SHOWN));
    }
    let Some(new) = factors::download_codes(&app, fresh.0, &browser.caller()).await? else { return Ok(see_other(SHOWN)) };
    let say = |text: Text| app.renderer.say("en", &text);
    let (organisation, origin) = (app.settings.server.organisation.as_str(), app.settings.origin().as_str());
    let whose = profile(&app, fresh.0.recent().person()).await?;
    let day = new.made_at.to_utc().format("%Y-%m-%d").to_string();
    let mut lines = vec![
        say(Text::new("recovery-file-title").with("organisation", organisation))?,
        origin.to_owned(),
        say(Text::new("recovery-whose").with("username", whose.login()))?,
        say(Text::new("recovery-file-made").with("day", day))?,
        String::new(),
    ];
    lines.extend(new.codes.iter().map(RecoveryCode::grouped));
    lines.extend([String::new(), say(Text::new("recovery-cross-out"))?, String::new()]);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"recovery-codes.txt\""))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(lines.join("\r\n")))
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    fn day() -> Timestamp {
        Timestamp::from_seconds(1_777_817_520)
    }

    impl RecoveryLine {
        pub(in crate::web::pages::account) fn sample() -> Self {
            Self { left: 8, of: 10, made_at: day(), few: false, disabled: false }
        }
    }

    impl Samples for SecurityRecoveryPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { present: None, password: true, of: 10 };
            vec![
                ("again", Self { present: Some(RecoveryLine::sample()), ..page.clone() }),
                ("no_password", Self { password: false, ..page.clone() }),
                ("first", page),
            ]
        }
    }

    impl Samples for SecurityRecoveryCodesPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let codes = ["7KQ2-9VXM-4T8C-0HRD", "3MTZ-PW5X-8ABF-N6JG"];
            let page = Self {
                codes: codes.iter().cycle().take(10).map(|code| (*code).to_owned()).collect(),
                username: "ana".into(),
                made_at: day(),
                download: true,
                progress: None,
                errors: vec![],
            };
            vec![
                ("not_kept", Self { errors: vec![FieldError::new("kept", "error-recovery-not-kept")], download: false, ..page.clone() }),
                ("enrolment", Self { progress: Some(Progress { at: 5, of: Some(5) }), ..page.clone() }),
                ("first", page),
            ]
        }
    }
}
