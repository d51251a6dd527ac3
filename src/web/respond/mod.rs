//! One way to make each kind of answer.

mod conditional;
pub mod cookie;
mod entered;
mod finish;
mod headers;
mod host;
mod machine;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use serde::Serialize;

use crate::app::App;
use crate::platform::render::{Foot, Frame, Notice, Page, Text};
use crate::web::Failure;
use crate::web::guard::{Browser, form_token};

pub use conditional::is_known;
pub use entered::entered;
pub use finish::finish;
pub use headers::{Compressible, Leave, private, secure};
pub use host::{HostProblem, check_host};
pub use machine::PathClass;

/// What a page may need besides its context.
#[derive(Clone, Debug, Default)]
pub struct PageOptions {
    /// Whether the answer to a form on this page may lead to an application.
    pub leads_out: bool,
    /// Whether an application may have opened this page in a pop-up and needs its answer there.
    pub popup: bool,
    /// Whether nothing on the page is secret but the form token ([`Compressible`]).
    pub compressible: bool,
    /// The name of who is signed in, for the navigation.
    pub person: Option<String>,
    /// The administrators' part of the navigation, as far as this person may open it.
    pub admin: Vec<&'static str>,
    /// The entry of the navigation that the page belongs to, where its address does not say it.
    pub place: Option<&'static str>,
    /// What just happened.
    pub notice: Option<Notice>,
    /// What the operator of this server should put right.
    pub care: Option<Text>,
}

/// A page with status 200.
pub fn page<P: Page>(app: &App, browser: &Browser, page: &P) -> Result<HttpResponse, Failure> {
    page_with(app, browser, StatusCode::OK, page, PageOptions::default())
}

/// A form that is shown again because something in it is wrong: 422, so that machines see what people read.
pub fn form_again<P: Page>(app: &App, browser: &Browser, page: &P) -> Result<HttpResponse, Failure> {
    page_with(app, browser, StatusCode::UNPROCESSABLE_ENTITY, page, PageOptions::default())
}

/// A page.
pub fn page_with<P: Page>(
    app: &App,
    browser: &Browser,
    status: StatusCode,
    page: &P,
    options: PageOptions,
) -> Result<HttpResponse, Failure> {
    let frame = Frame {
        person: options.person,
        admin: options.admin,
        place: options.place.unwrap_or_else(|| browser.nav_entry()),
        notice: options.notice,
        care: options.care,
        foot: foot(app),
        ..Frame::new(app.settings.server.organisation.as_str(), app.settings.origin().as_str(), form_token(app, browser))
    };
    let html = app.renderer.render(page, &frame)?;
    let mut response = HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(html);
    response.extensions_mut().insert(Leave { leads_out: options.leads_out, popup: options.popup });
    if options.compressible {
        response.extensions_mut().insert(Compressible);
    }
    Ok(response)
}

/// The links at the foot, as they are set.
fn foot(app: &App) -> Foot {
    let brand = &app.settings.brand;
    Foot { support: brand.support.clone(), privacy: brand.privacy.clone(), terms: brand.terms.clone() }
}

/// 303: the answer to every successful post (OA-14).
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, location)).insert_header((CACHE_CONTROL, "no-store")).finish()
}

/// JSON that is nobody else's to keep.
pub fn json<T: Serialize>(status: StatusCode, value: &T) -> HttpResponse {
    HttpResponse::build(status).insert_header((CACHE_CONTROL, "no-store")).json(value)
}
