//! `/me/security/passkeys/add`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use crate::flows::factors::{self, AddedPasskey};
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, PostedBytes, Reauthenticated, Shared};
use crate::web::pages::account::frame;
use crate::web::pages::done::Done;
use crate::web::pages::parts::CeremonyAddresses;
use crate::web::pages::script;

/// Adding a passkey: `/me/security/passkeys/add`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityPasskeyAddPage {
    /// The passkey ceremony; its kind is creation.
    pub ceremony: CeremonyAddresses,
}

impl Page for SecurityPasskeyAddPage {
    const TEMPLATE: &'static str = "pages/account/security_passkey_add.html";
}

/// Shows the page with the button.
pub async fn show(app: Shared, browser: Browser, fresh: Reauthenticated) -> Result<HttpResponse, Failure> {
    let page = SecurityPasskeyAddPage { ceremony: CeremonyAddresses::under("/me/security/passkeys/add", "") };
    frame::page(&app, &browser, fresh.signed_in.session.person, &page).await
}

/// Starts the ceremony.
pub async fn start(app: Shared, browser: Browser, fresh: Reauthenticated, _: PostedBytes) -> Result<HttpResponse, Failure> {
    let options = factors::start_passkey(&app, fresh.recent, &browser.caller()).await?;
    Ok(script::creation(&options))
}

/// Takes what the device made; goes on to naming it.
pub async fn finish(app: Shared, browser: Browser, fresh: Reauthenticated, body: PostedBytes) -> Result<HttpResponse, Failure> {
    match factors::add_passkey(&app, fresh.recent, &browser.caller(), &body.0).await? {
        AddedPasskey::Made(id) => Ok(script::next(&Done::PasskeyAdded.path(&format!("/me/security/passkeys/{id}/rename")))),
        AddedPasskey::TooOld => script::message(&app, StatusCode::UNPROCESSABLE_ENTITY, "passkey-too-old"),
        AddedPasskey::Refused => script::message(&app, StatusCode::UNPROCESSABLE_ENTITY, "passkey-not-made"),
        AddedPasskey::Taken => script::message(&app, StatusCode::UNPROCESSABLE_ENTITY, "passkey-taken"),
        AddedPasskey::TooMany => script::message(&app, StatusCode::UNPROCESSABLE_ENTITY, "passkey-too-many"),
    }
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for SecurityPasskeyAddPage {
        fn samples() -> Vec<(&'static str, Self)> {
            vec![("first", Self { ceremony: CeremonyAddresses::under("/me/security/passkeys/add", "") })]
        }
    }
}
