//! `/me/address`: confirming one's address by a code off a message.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::flows::address_check::{self, Sent, Typed};
use crate::flows::notifications;
use crate::platform::crypto::token::MailedCode;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared, SignedIn};
use crate::web::pages::account::frame::options;
use crate::web::pages::account::me::NoFields;
use crate::web::pages::account::me_address_view::MeAddressPage;
use crate::web::pages::done::Done;
use crate::web::pages::parts::FieldError;
use crate::web::respond::{page_with, see_other};

const HERE: &str = "/me/address";
const HOME: &str = "/me";

/// The code.
#[derive(Deserialize)]
pub struct CodeForm {
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
        Sent::TooMany(from) => answer(&app, &browser, &signed_in, vec![FieldError::mailed_too_often(&notifications::when(from))]).await,
    }
}

/// Takes the code.
pub async fn submit(app: Shared, browser: Browser, signed_in: SignedIn, Posted(form): Posted<CodeForm>) -> Result<HttpResponse, Failure> {
    if form.code.trim().is_empty() {
        return answer(&app, &browser, &signed_in, vec![FieldError::code_missing()]).await;
    }
    let Some(code) = MailedCode::parse(&form.code) else {
        return answer(&app, &browser, &signed_in, vec![FieldError::mailed_code_malformed()]).await;
    };
    let error = match address_check::confirm(&app, &signed_in.session, &browser.caller(), code).await? {
        Typed::Confirmed => return Ok(see_other(&format!("{HOME}?done={}", Done::AddressConfirmed.as_str()))),
        Typed::NothingToDo => return Ok(see_other(HOME)),
        Typed::Wrong(left) => FieldError::mailed_code_wrong(left),
        Typed::Ended => FieldError::mailed_code_ended(),
    };
    answer(&app, &browser, &signed_in, vec![error]).await
}

async fn answer(app: &App, browser: &Browser, signed_in: &SignedIn, errors: Vec<FieldError>) -> Result<HttpResponse, Failure> {
    let Some(open) = address_check::open(app, &signed_in.session).await? else { return Ok(see_other(HOME)) };
    // Where there is no field for a code, a message about one leads nowhere.
    let errors = if open.until.is_none() && errors.iter().any(|error| error.field == "code") {
        vec![FieldError::mailed_code_ended()]
    } else {
        errors
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = MeAddressPage { email: open.address, until: open.until, errors };
    page_with(app, browser, status, &page, options(app, signed_in.session.person, None).await?)
}
