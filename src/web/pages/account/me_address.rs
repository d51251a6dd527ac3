//! `/me/address`: confirming one's address by a code off a message.

use actix_web::HttpResponse;
use serde::Deserialize;

use crate::app::App;
use crate::flows::address_check::{self, AddressCodeOutcome, Sent};
use crate::flows::notifications;
use crate::platform::crypto::token::MailedCode;
use crate::web::Failure;
use crate::web::guard::{Browser, NoFields, Posted, Shared, SignedIn};
use crate::web::pages::account::frame;
use crate::web::pages::account::me_address_view::MeAddressPage;
use crate::web::pages::done::Done;
use crate::web::pages::parts::{FieldError, status_of};
use crate::web::respond::see_other;

const HERE: &str = "/me/address";
const HOME: &str = "/me";

/// The code.
#[derive(Deserialize)]
pub struct MailedCodeForm {
    #[serde(default)]
    code: String,
}

/// Asks for the code.
pub async fn show(app: Shared, browser: Browser, signed_in: SignedIn) -> Result<HttpResponse, Failure> {
    answer(&app, &browser, &signed_in, vec![]).await
}

/// Sends a code.
pub async fn send(app: Shared, browser: Browser, signed_in: SignedIn, _: Posted<NoFields>) -> Result<HttpResponse, Failure> {
    match address_check::send(&app, &signed_in.session, &browser.caller()).await? {
        Sent::Done => Ok(see_other(HERE)),
        Sent::NothingToDo => Ok(see_other(HOME)),
        Sent::TooMany(from) => {
            answer(
                &app,
                &browser,
                &signed_in,
                vec![FieldError::new("form", "error-mailed-too-often").with("until", notifications::when(from))],
            )
            .await
        }
    }
}

/// Takes the code.
pub async fn submit(
    app: Shared,
    browser: Browser,
    signed_in: SignedIn,
    Posted(form): Posted<MailedCodeForm>,
) -> Result<HttpResponse, Failure> {
    if form.code.trim().is_empty() {
        return answer(&app, &browser, &signed_in, vec![FieldError::new("code", "error-code-missing")]).await;
    }
    let Some(code) = MailedCode::parse(&form.code) else {
        return answer(&app, &browser, &signed_in, vec![FieldError::new("code", "error-mailed-code-malformed")]).await;
    };
    let error = match address_check::confirm(&app, &signed_in.session, &browser.caller(), code).await? {
        AddressCodeOutcome::Confirmed => return Ok(Done::AddressConfirmed.at(HOME)),
        AddressCodeOutcome::NothingToDo => return Ok(see_other(HOME)),
        AddressCodeOutcome::Wrong(left) => FieldError::new("code", "error-mailed-code-wrong").with("left", left),
        AddressCodeOutcome::Ended => FieldError::new("form", "error-mailed-code-ended"),
    };
    answer(&app, &browser, &signed_in, vec![error]).await
}

async fn answer(app: &App, browser: &Browser, signed_in: &SignedIn, errors: Vec<FieldError>) -> Result<HttpResponse, Failure> {
    let Some(open) = address_check::open(app, &signed_in.session).await? else { return Ok(see_other(HOME)) };
    // Where there is no field for a code, a message about one leads nowhere.
    let errors = if open.until.is_none() && errors.iter().any(|error| error.field == "code") {
        vec![FieldError::new("form", "error-mailed-code-ended")]
    } else {
        errors
    };
    let status = status_of(&errors);
    let page = MeAddressPage { email: open.address, until: open.until, errors };
    frame::answer(app, browser, signed_in.session.person, status, &page).await
}
