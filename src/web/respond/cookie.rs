//! Our cookies: HttpOnly, SameSite=Lax, the whole host, Secure and `__Host-` over https (SE-03).

use std::time::Duration;

use actix_web::cookie::{Cookie, SameSite};

use crate::app::App;
use crate::kernel::ids::RequestId;
use crate::platform::crypto::token::{AttemptCookie, DeviceCookie, SessionCookie, TicketCode, Token};
use crate::web::guard::CookieNames;

fn base(app: &App, name: String, value: String) -> Cookie<'static> {
    Cookie::build(name, value).path("/").secure(app.settings.origin().is_https()).http_only(true).same_site(SameSite::Lax).finish()
}

/// The session cookie: gone when the browser closes, ended by the server before that.
pub fn session(app: &App, token: &Token<SessionCookie>) -> Cookie<'static> {
    base(app, CookieNames::of(app.settings.origin()).session, token.expose().to_owned())
}

/// Takes the session cookie back.
pub fn clear_session(app: &App) -> Cookie<'static> {
    let mut cookie = base(app, CookieNames::of(app.settings.origin()).session, String::new());
    cookie.make_removal();
    cookie
}

/// The cookie by which a known device is recognised, for as long as it is known.
pub fn device(app: &App, token: &Token<DeviceCookie>) -> Cookie<'static> {
    let mut cookie = base(app, CookieNames::of(app.settings.origin()).device, token.expose().to_owned());
    let days = i64::try_from(app.settings.session.known_device.as_secs() / 86_400).unwrap_or(90);
    cookie.set_max_age(actix_web::cookie::time::Duration::days(days));
    cookie
}

/// The cookie that binds journeys and forms to a browser.
pub fn attempt(app: &App, token: &Token<AttemptCookie>) -> Cookie<'static> {
    base(app, CookieNames::of(app.settings.origin()).attempt, token.expose().to_owned())
}

/// The cookie that keeps the code of a one-use link out of addresses (RC-09): long enough to read the page and begin, and
/// no longer, for the person who sits at this browser next. Opening the link again brings it back.
pub fn link(app: &App, code: &TicketCode) -> Cookie<'static> {
    let mut cookie = base(app, CookieNames::of(app.settings.origin()).link, code.expose().to_owned());
    cookie.set_max_age(actix_web::cookie::time::Duration::hours(1));
    cookie
}

/// Takes it back: the link was used, no longer works, or the person who opened it signs out.
pub fn clear_link(app: &App) -> Cookie<'static> {
    let mut cookie = base(app, CookieNames::of(app.settings.origin()).link, String::new());
    cookie.make_removal();
    cookie
}

/// The cookie that keeps one application's request, sealed.
pub fn request(app: &App, id: RequestId, sealed: String, lifetime: Duration) -> Cookie<'static> {
    let mut cookie = base(app, CookieNames::of(app.settings.origin()).request(id), sealed);
    let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(0);
    cookie.set_max_age(actix_web::cookie::time::Duration::seconds(seconds));
    cookie
}

/// Takes it back.
pub fn clear_request(app: &App, id: RequestId) -> Cookie<'static> {
    let mut cookie = base(app, CookieNames::of(app.settings.origin()).request(id), String::new());
    cookie.make_removal();
    cookie
}
