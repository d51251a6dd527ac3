//! `/setup`: naming the first administrator. Looking changes nothing (EN-04).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::flows::enrolment::{self, Enrollee, LinkLook, Newcomer, SetupOutcome, Taken, TypedPerson};
use crate::kernel::text::{DisplayName, EmailAddress, TextProblem, Username};
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared};
use crate::web::pages::enrolment::link_cookie::{presented, without_link};
use crate::web::pages::enrolment::setup_view::{LinkState, SetupEndedPage, SetupNamePage};
use crate::web::pages::parts::{FieldError, Progress};
use crate::web::respond::{PageOptions, form_again, page, page_with, see_other};

/// Name, username, address, and which link the form is for.
#[derive(Deserialize)]
pub struct NameForm {
    #[serde(default)]
    link: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    email: String,
}

/// Shows the form, with what this browser typed before.
pub async fn show(app: Shared, browser: Browser) -> Result<HttpResponse, Failure> {
    let Some(code) = browser.link() else { return closed(&app, &browser, None).await };
    let (look, _) = enrolment::look(&app, Some(code)).await?;
    let LinkLook::Open(ticket) = look else { return closed(&app, &browser, Some(&look)).await };
    let before = enrolment::returning(&app, &browser.caller(), ticket.id).await?;
    let before = before.as_ref().and_then(|enrolment| match &enrolment.standing {
        Enrollee::New(newcomer) => Some(newcomer),
        Enrollee::LinkHolder(_) | Enrollee::AccountHolder(_) => None,
    });
    let taken = before.and_then(|newcomer| newcomer.taken);
    let text = |part: fn(&Newcomer) -> &String| before.map(part).cloned().unwrap_or_default();
    let (name, username, email) = (text(|n| &n.name), text(|n| &n.username), text(|n| &n.email));
    let form = NameForm { link: code.reference(), name, username, email };
    page(&app, &browser, &name_page(&app, form, taken.map(taken_error).into_iter().collect()))
}

/// Takes the form.
pub async fn submit(app: Shared, browser: Browser, Posted(form): Posted<NameForm>) -> Result<HttpResponse, Failure> {
    let Some(code) = presented(&browser, &form.link) else { return Ok(see_other("/setup")) };
    let typed = match parse(&form) {
        Ok(typed) => typed,
        Err(errors) => return form_again(&app, &browser, &name_page(&app, form, errors)),
    };
    match enrolment::begin(&app, &browser.caller(), code, typed).await? {
        SetupOutcome::Started(enrolment) => Ok(see_other(&enrolment.address())),
        SetupOutcome::Dead(look) => closed(&app, &browser, Some(&look)).await,
        SetupOutcome::NameTaken(taken) => form_again(&app, &browser, &name_page(&app, form, vec![taken_error(taken)])),
    }
}

fn name_page(app: &App, form: NameForm, errors: Vec<FieldError>) -> SetupNamePage {
    SetupNamePage {
        link: form.link,
        progress: Progress { at: 1, of: None },
        mail: app.mailer.is_some(),
        name: form.name,
        username: form.username,
        email: form.email,
        errors,
    }
}

fn taken_error(taken: Taken) -> FieldError {
    match taken {
        Taken::Username => FieldError::new("username", "error-username-taken"),
        Taken::Email => FieldError::new("email", "error-email-taken"),
    }
}

/// All that is wrong is said together.
fn parse(form: &NameForm) -> Result<TypedPerson, Vec<FieldError>> {
    let name = DisplayName::parse(&form.name).map_err(|problem| match problem {
        TextProblem::Empty => FieldError::new("name", "error-name-missing"),
        other => FieldError::unfit("name", other, "error-name-invalid"),
    });
    let username = Username::parse(&form.username).map_err(|problem| match problem {
        TextProblem::Empty => FieldError::new("username", "error-username-missing"),
        other => FieldError::unfit("username", other, "error-username-invalid"),
    });
    let email = match EmailAddress::parse(&form.email) {
        Ok(email) => Ok(Some(email)),
        Err(TextProblem::Empty) => Ok(None),
        Err(_) => Err(FieldError::new("email", "error-email-invalid")),
    };
    match (name, username, email) {
        (Ok(name), Ok(username), Ok(email)) => Ok(TypedPerson { name, username, email }),
        (name, username, email) => Err([name.err(), username.err(), email.err()].into_iter().flatten().collect()),
    }
}

/// The page of a link that opens nothing, or of none; names the command that makes a new one, unless there is an
/// administrator.
pub(in crate::web::pages) async fn closed(app: &App, browser: &Browser, look: Option<&LinkLook>) -> Result<HttpResponse, Failure> {
    let (_, set_up) = enrolment::look(app, None).await?;
    let (link, status) = state(look);
    let command = (!set_up).then(|| app.words.setup_link.clone());
    let answer = page_with(app, browser, status, &SetupEndedPage { link, command }, PageOptions::default())?;
    without_link(app, answer, look)
}

/// What a page says of a link that opens nothing, or of none in this browser, and with which status.
pub(in crate::web::pages) fn state(look: Option<&LinkLook>) -> (LinkState, StatusCode) {
    match look {
        Some(LinkLook::Used(at)) => (LinkState::Used { at: *at }, StatusCode::GONE),
        Some(LinkLook::Replaced(at)) => (LinkState::Replaced { at: *at }, StatusCode::GONE),
        Some(LinkLook::Ended(at)) => (LinkState::Ended { at: *at }, StatusCode::GONE),
        Some(LinkLook::Open(_) | LinkLook::Unknown) => (LinkState::Unknown, StatusCode::NOT_FOUND),
        None => (LinkState::Missing, StatusCode::NOT_FOUND),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once_and_no_address_is_no_fault() {
        let form = |name: &str, username: &str, email: &str| NameForm {
            link: String::new(),
            name: name.into(),
            username: username.into(),
            email: email.into(),
        };
        let fields = |form: &NameForm| parse(form).err().unwrap_or_default().iter().map(|error| error.field).collect::<Vec<_>>();
        assert_eq!(fields(&form("", "a b", "ana")), ["name", "username", "email"]);
        assert_eq!(fields(&form("Ana\u{202e}", "", "")), ["name", "username"]);
        assert_eq!(fields(&form("Ana Example", "ana", " ")), [""; 0]);
        assert_eq!(fields(&form("Ana Example", "ana@acme.example", "")), ["username"]);
    }
}
