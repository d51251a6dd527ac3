//! `/invite` and `/reset`: who sent the link and why, before anything is asked. Looking changes nothing,
//! however often and by whatever looks (EN-04).

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::app::App;
use crate::flows::enrolment::{self, Invitation, LinkLook, LinkPurpose, Welcome, Welcomed};
use crate::platform::crypto::token::TicketCode;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared, SignedIn};
use crate::web::pages::account::frame::{DoneQuery, profile};
use crate::web::pages::done::Done;
use crate::web::pages::enrolment::invite_view::{InviteElsewherePage, InviteEndedPage, InvitePage};
use crate::web::pages::enrolment::link_cookie::{presented, without_link};
use crate::web::pages::enrolment::setup::state;
use crate::web::pages::enrolment::setup_view::LinkState;
use crate::web::respond::{PageOptions, page, page_with, see_other};

/// Which link the form was shown for.
#[derive(Deserialize)]
pub struct LinkForm {
    #[serde(default)]
    link: String,
}

/// Shows an invitation.
pub async fn show(app: Shared, browser: Browser, query: web::Query<DoneQuery>) -> Result<HttpResponse, Failure> {
    show_link(&app, &browser, LinkPurpose::Join, query.done()).await
}

/// Begins to join.
pub async fn start(app: Shared, browser: Browser, Posted(form): Posted<LinkForm>) -> Result<HttpResponse, Failure> {
    start_link(&app, &browser, LinkPurpose::Join, &form).await
}

/// "This is not me."
pub async fn decline(app: Shared, browser: Browser, Posted(form): Posted<LinkForm>) -> Result<HttpResponse, Failure> {
    decline_link(&app, &browser, LinkPurpose::Join, &form).await
}

/// Shows a reset link.
pub async fn show_reset(app: Shared, browser: Browser, query: web::Query<DoneQuery>) -> Result<HttpResponse, Failure> {
    show_link(&app, &browser, LinkPurpose::Reset, query.done()).await
}

/// Begins to make them.
pub async fn reset(app: Shared, browser: Browser, Posted(form): Posted<LinkForm>) -> Result<HttpResponse, Failure> {
    start_link(&app, &browser, LinkPurpose::Reset, &form).await
}

/// "This is not me."
pub async fn decline_reset(app: Shared, browser: Browser, Posted(form): Posted<LinkForm>) -> Result<HttpResponse, Failure> {
    decline_link(&app, &browser, LinkPurpose::Reset, &form).await
}

async fn show_link(app: &App, browser: &Browser, purpose: LinkPurpose, done: Option<Done>) -> Result<HttpResponse, Failure> {
    let Some(code) = browser.link() else { return dead(app, browser, purpose, None, done) };
    match enrolment::look_in(app, purpose, code).await? {
        Invitation::Dead(look) => dead(app, browser, purpose, Some(&look), done),
        Invitation::Open(welcome) => {
            if let Some(answer) = elsewhere(app, browser, &welcome, StatusCode::OK).await? {
                return Ok(answer);
            }
            page(app, browser, &invite_page(purpose, code, *welcome))
        }
    }
}

fn invite_page(purpose: LinkPurpose, code: &TicketCode, welcome: Welcome) -> InvitePage {
    InvitePage {
        address: address(purpose),
        link: code.reference(),
        join: purpose == LinkPurpose::Join,
        name: welcome.name,
        login: welcome.login,
        by: welcome.by,
        reason: welcome.reason,
        ends_at: welcome.ends_at,
    }
}

fn address(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::Join => "/invite",
        LinkPurpose::Reset => "/reset",
    }
}

async fn start_link(app: &App, browser: &Browser, purpose: LinkPurpose, form: &LinkForm) -> Result<HttpResponse, Failure> {
    let Some(code) = presented(browser, &form.link) else { return Ok(see_other(address(purpose))) };
    if let Invitation::Open(welcome) = enrolment::look_in(app, purpose, code).await?
        && let Some(answer) = elsewhere(app, browser, &welcome, StatusCode::CONFLICT).await?
    {
        return Ok(answer);
    }
    match enrolment::start(app, &browser.caller(), purpose, code).await? {
        Welcomed::Started(enrolment) => Ok(see_other(&enrolment.address())),
        Welcomed::Dead(look) => dead(app, browser, purpose, Some(&look), None),
    }
}

async fn decline_link(app: &App, browser: &Browser, purpose: LinkPurpose, form: &LinkForm) -> Result<HttpResponse, Failure> {
    let Some(code) = presented(browser, &form.link) else { return Ok(see_other(address(purpose))) };
    let done = enrolment::decline(app, &browser.caller(), purpose, code).await?;
    Ok(if done { Done::LinkDeclined.at(address(purpose)) } else { see_other(address(purpose)) })
}

/// The page for a browser in which someone else is signed in: nothing is begun for one person in another's session.
async fn elsewhere(app: &App, browser: &Browser, welcome: &Welcome, status: StatusCode) -> Result<Option<HttpResponse>, Failure> {
    let Some(signed_in) = SignedIn::find(app, browser).await? else { return Ok(None) };
    let present = signed_in.session.person;
    if present == welcome.person {
        return Ok(None);
    }
    let page = InviteElsewherePage { name: welcome.name.clone(), signed_in: profile(app, present).await?.name };
    page_with(app, browser, status, &page, PageOptions::default()).map(Some)
}

/// The page of a link that opens nothing, or of none.
pub(in crate::web::pages) fn dead(
    app: &App,
    browser: &Browser,
    purpose: LinkPurpose,
    look: Option<&LinkLook>,
    done: Option<Done>,
) -> Result<HttpResponse, Failure> {
    let (link, status) = state(look);
    let notice = done.map(Done::notice);
    let declined = done == Some(Done::LinkDeclined) && matches!(link, LinkState::Replaced { .. });
    let page = InviteEndedPage { join: purpose == LinkPurpose::Join, link, declined };
    let answer = page_with(app, browser, status, &page, PageOptions { notice, ..PageOptions::default() })?;
    without_link(app, answer, look)
}
