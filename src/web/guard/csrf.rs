//! Two independent locks on every request that changes something (WB-01): where the browser says it comes from,
//! and a token that only our own page could have put into the form.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, ORIGIN};
use data_encoding::BASE64URL_NOPAD;

use super::Browser;
use crate::app::App;
use crate::platform::crypto::{hmac_sha256, same};

/// The token for forms and scripts of a page shown to this browser: the browser's own, masked by random bytes that stand
/// before it. No two pages carry the same text, so that compressing one tells nothing of it (BREACH).
pub fn form_token(app: &App, browser: &Browser) -> String {
    let mask: [u8; TOKEN] = app.entropy.bytes();
    let masked: Vec<u8> = mask.iter().copied().chain(xor(&mask, &unmasked_token(app, browser))).collect();
    BASE64URL_NOPAD.encode(&masked)
}

/// Bytes of a token before it is masked.
const TOKEN: usize = 32;

fn unmasked_token(app: &App, browser: &Browser) -> [u8; TOKEN] {
    let mut message = b"form\0".to_vec();
    message.extend_from_slice(browser.binding().as_bytes());
    hmac_sha256(app.form_key(), &message)
}

fn xor<'a>(a: &'a [u8], b: &'a [u8]) -> impl Iterator<Item = u8> {
    a.iter().zip(b).map(|(a, b)| a ^ b)
}

/// The second lock: the token is the one of this browser.
pub(super) fn token_fits(app: &App, browser: &Browser, presented: &str) -> bool {
    let Ok(presented) = BASE64URL_NOPAD.decode(presented.as_bytes()) else { return false };
    let (mask, masked) = presented.split_at_checked(TOKEN).unwrap_or_default();
    let token: Vec<u8> = xor(mask, masked).collect();
    // A browser that sent no attempt cookie cannot have been shown a form.
    browser.kept_our_cookie() && presented.len() == 2 * TOKEN && same(&unmasked_token(app, browser), &token)
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
