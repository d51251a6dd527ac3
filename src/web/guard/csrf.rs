//! Two independent locks on every request that changes something (WB-01): where the browser says it comes from,
//! and a token that only our own page could have put into the form.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, ORIGIN};
use data_encoding::BASE64URL_NOPAD;

use super::Browser;
use crate::app::App;
use crate::platform::crypto::{hmac_sha256, same};

/// The token for forms and scripts of a page shown to this browser.
pub fn form_token(app: &App, browser: &Browser) -> String {
    let mut message = b"form\0".to_vec();
    message.extend_from_slice(browser.binding().as_bytes());
    BASE64URL_NOPAD.encode(&hmac_sha256(app.form_key(), &message))
}

/// The second lock: the token is the one of this browser.
pub(super) fn token_fits(app: &App, browser: &Browser, presented: &str) -> bool {
    // A browser that sent no flow cookie cannot have been shown a form.
    browser.kept_our_cookie() && same(form_token(app, browser).as_bytes(), presented.as_bytes())
}

/// The first lock: `Sec-Fetch-Site`, where the browser sends it, and `Origin`, where it sends that; one of them must
/// be there, and none may name another site. Subdomains and http on the same host are other sites (CVE-107).
pub(super) fn comes_from_us(app: &App, request: &HttpRequest) -> bool {
    let text = |name: HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap_or("invalid"));
    let origin = text(ORIGIN);
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let origin_fits = origin.is_none_or(|origin| origin == app.settings.origin().as_str());
    let site_fits = site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    origin_fits && site_fits && (origin.is_some() || site.is_some())
}
