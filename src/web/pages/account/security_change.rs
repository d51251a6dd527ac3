//! Renaming and removing a passkey or an authenticator: `/me/security/{passkeys,authenticators}/<id>/{rename,remove}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::flows::factors::{self, Credential, Factors, Remaining, Removed, RenameOutcome, remaining_without};
use crate::kernel::proof::Method;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, NoFields, Posted, Reauthenticated, Shared};
use crate::web::pages::account::frame::{self, DoneQuery};
use crate::web::pages::done::Done;
use crate::web::pages::enrolment::totp::label_of;
use crate::web::pages::parts::FieldError;

/// Where a change leads back to.
const LIST: &str = "/me/security";

/// Renaming: posts `label` to `…/<id>/rename`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityRenamePage {
    /// What.
    pub method: Method,
    /// Which.
    pub id: String,
    /// The name, as it is or as typed.
    pub label: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for SecurityRenamePage {
    const TEMPLATE: &'static str = "pages/account/security_rename.html";
}

/// Removing: posts nothing but the form token to `…/<id>/remove`.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityRemovePage {
    /// What.
    pub method: Method,
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Enough sign-in methods remain without it. Otherwise the page says what to add first and has no button.
    pub allowed: bool,
    /// What remains: how many passkeys.
    pub passkeys: usize,
    /// What remains: how many authenticators.
    pub authenticators: usize,
    /// What remains: a password.
    pub password: bool,
}

impl Page for SecurityRemovePage {
    const TEMPLATE: &'static str = "pages/account/security_remove.html";
}

/// A new name.
#[derive(Deserialize)]
pub struct RenameForm {
    #[serde(default)]
    label: String,
}

/// Which credential an address names.
fn credential(address: &(String, String)) -> Result<Credential, Failure> {
    let (kind, id) = address;
    match kind.as_str() {
        "passkeys" => id.parse().map(Credential::Passkey).map_err(|_| Failure::NotFound),
        "authenticators" => id.parse().map(Credential::Totp).map_err(|_| Failure::NotFound),
        _ => Err(Failure::NotFound),
    }
}

/// Shows the name.
pub async fn rename(
    app: Shared,
    browser: Browser,
    fresh: Reauthenticated,
    address: web::Path<(String, String)>,
    query: web::Query<DoneQuery>,
) -> Result<HttpResponse, Failure> {
    let credential = credential(&address)?;
    let method = credential.method();
    let person = fresh.signed_in.session.person;
    let ways = factors::list(&app, person).await?;
    // Not there and someone else's look the same.
    let Some(name) = ways.name_of(credential) else { return Ok(Done::NotThere.at(LIST)) };
    let page = SecurityRenamePage { method, id: address.1.clone(), label: name.to_owned(), errors: vec![] };
    frame::page_after(&app, &browser, person, &query, &page).await
}

/// Takes the new name.
pub async fn submit_rename(
    app: Shared,
    browser: Browser,
    fresh: Reauthenticated,
    address: web::Path<(String, String)>,
    form: Posted<RenameForm>,
) -> Result<HttpResponse, Failure> {
    let credential = credential(&address)?;
    let method = credential.method();
    let label = match label_of(&form.0.label) {
        Ok(label) => label,
        Err(error) => {
            let page = SecurityRenamePage { method, id: address.1.clone(), label: form.0.label, errors: vec![error] };
            return frame::answer(&app, &browser, fresh.recent.person(), StatusCode::UNPROCESSABLE_ENTITY, &page).await;
        }
    };
    let done = match (factors::rename(&app, fresh.recent, &browser.caller(), credential, label).await?, method) {
        (RenameOutcome::NotThere, _) => Done::NotThere,
        (RenameOutcome::Done, Method::Passkey) => Done::PasskeyRenamed,
        (RenameOutcome::Done, _) => Done::AuthenticatorRenamed,
    };
    Ok(done.at(LIST))
}

/// Asks, and says what remains.
pub async fn remove(
    app: Shared,
    browser: Browser,
    fresh: Reauthenticated,
    address: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let credential = credential(&address)?;
    let person = fresh.signed_in.session.person;
    let ways = factors::list(&app, person).await?;
    let Some(page) = remove_page(&app, &ways, credential, &address.1) else { return Ok(Done::NotThere.at(LIST)) };
    frame::page(&app, &browser, person, &page).await
}

/// Removes it, or says why not.
pub async fn submit_remove(
    app: Shared,
    browser: Browser,
    fresh: Reauthenticated,
    address: web::Path<(String, String)>,
    _: Posted<NoFields>,
) -> Result<HttpResponse, Failure> {
    let credential = credential(&address)?;
    let method = credential.method();
    let recent = fresh.recent;
    match (factors::remove(&app, recent, &browser.caller(), credential).await?, method) {
        (Removed::Done { .. }, Method::Passkey) => Ok(Done::PasskeyRemoved.at(LIST)),
        (Removed::Done { .. }, _) => Ok(Done::AuthenticatorRemoved.at(LIST)),
        (Removed::NotThere, _) => Ok(Done::NotThere.at(LIST)),
        (Removed::Last(_), _) => {
            let ways = factors::list(&app, recent.person()).await?;
            let Some(page) = remove_page(&app, &ways, credential, &address.1) else {
                return Ok(Done::NotThere.at(LIST));
            };
            frame::answer(&app, &browser, recent.person(), StatusCode::CONFLICT, &page).await
        }
    }
}

fn remove_page(app: &App, ways: &Factors, credential: Credential, id: &str) -> Option<SecurityRemovePage> {
    let name = ways.name_of(credential)?.to_owned();
    let remaining = remaining_without(ways, credential, app.settings.sign_in.disable_after);
    let Remaining { passkeys, authenticators, password } = remaining;
    Some(SecurityRemovePage {
        method: credential.method(),
        id: id.to_owned(),
        name,
        allowed: remaining.is_enough(),
        passkeys,
        authenticators,
        password,
    })
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for SecurityRenamePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { method: Method::Passkey, id: "p1".into(), label: "Blue key".into(), errors: vec![] };
            vec![
                ("authenticator", Self { method: Method::Totp, id: "t1".into(), label: "Ana’s phone".into(), ..page.clone() }),
                ("invalid", Self { errors: vec![FieldError::new("label", "error-label-missing")], label: String::new(), ..page.clone() }),
                ("passkey", page),
            ]
        }
    }

    impl Samples for SecurityRemovePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                method: Method::Passkey,
                id: "p1".into(),
                name: "Blue key".into(),
                allowed: true,
                passkeys: 1,
                authenticators: 1,
                password: true,
            };
            vec![
                ("last", Self { allowed: false, passkeys: 0, authenticators: 0, password: false, ..page.clone() }),
                (
                    "authenticator",
                    Self {
                        method: Method::Totp,
                        id: "t1".into(),
                        name: "Ana’s phone".into(),
                        authenticators: 0,
                        password: false,
                        ..page.clone()
                    },
                ),
                ("passkey", page),
            ]
        }
    }
}
