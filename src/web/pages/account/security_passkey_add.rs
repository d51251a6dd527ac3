//! `/me/security/passkeys/add`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

use crate::flows::factors::{self, AddedPasskey};
use crate::web::Failure;
use crate::web::guard::{Browser, PostedBytes, Reauthenticated, Shared};
use crate::web::pages::account::frame::options;
use crate::web::pages::account::security_view::SecurityPasskeyAddPage;
use crate::web::pages::done::Done;
use crate::web::pages::enrolment::passkey::{message, next};
use crate::web::pages::messages;
use crate::web::pages::parts::Ceremony;
use crate::web::respond::{self, page_with};

/// Shows the page with the button.
pub async fn show(app: Shared, browser: Browser, fresh: Reauthenticated) -> Result<HttpResponse, Failure> {
    let page = SecurityPasskeyAddPage { ceremony: Ceremony::under("/me/security/passkeys/add", "") };
    page_with(&app, &browser, StatusCode::OK, &page, options(&app, fresh.signed_in.session.person, None).await?)
}

/// Starts the ceremony.
pub async fn start(app: Shared, browser: Browser, fresh: Reauthenticated, _: PostedBytes) -> Result<HttpResponse, Failure> {
    let options = factors::start_passkey(&app, fresh.recent, &browser.caller()).await?;
    Ok(respond::json(StatusCode::OK, &json!({ "options": options })))
}

/// Takes what the device made; goes on to naming it.
pub async fn finish(app: Shared, browser: Browser, fresh: Reauthenticated, body: PostedBytes) -> Result<HttpResponse, Failure> {
    match factors::add_passkey(&app, fresh.recent, &browser.caller(), &body.0).await? {
        AddedPasskey::Made(id) => Ok(next(&format!("/me/security/passkeys/{id}/rename?done={}", Done::PasskeyAdded.as_str()))),
        AddedPasskey::TooOld => message(&app, &messages::passkey_too_old()),
        AddedPasskey::Refused => message(&app, &messages::passkey_not_made()),
        AddedPasskey::Taken => message(&app, &messages::passkey_taken()),
        AddedPasskey::TooMany => message(&app, &messages::passkey_too_many()),
    }
}
