//! Security headers of every answer (WB-03, WB-04, OA-16).

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::app::App;

/// Put into a response's extensions: the answer to a form on this page may lead to an application.
#[derive(Clone, Copy, Debug)]
pub struct LeadsOut;

/// Put into a response's extensions: this page may have been opened by an application in a pop-up.
#[derive(Clone, Copy, Debug)]
pub struct PopupOpener;

/// Forbids everybody to keep an answer.
pub fn private(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Adds the headers every answer has.
pub fn secure(app: &App, headers: &mut HeaderMap, leads_out: bool, popup: bool) {
    // Chromium holds `form-action` against every redirect that follows a form, and where an application leads on to from its
    // own address nobody told us. Pages whose form may end there go without; a password is never typed on one.
    let form_action = if leads_out { "" } else { "; form-action 'self'" };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; object-src 'none'; \
         base-uri 'none'; frame-ancestors 'none'{form_action}"
    );
    let mut set = |name: HeaderName, value: &str| {
        if let (false, Ok(value)) = (headers.contains_key(&name), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), if popup { "unsafe-none" } else { "same-origin" });
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    if app.settings.origin().is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}

const PERMISSIONS: &str = "publickey-credentials-get=(self), publickey-credentials-create=(self), accelerometer=(), autoplay=(), \
    camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
    midi=(), payment=(), picture-in-picture=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()";
