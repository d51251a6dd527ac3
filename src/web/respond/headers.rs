//! Security headers of every answer (WB-03, WB-04, OA-16).

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::app::App;

/// The policy every answer has, and a further directive.
macro_rules! policy {
    ($form_action:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; object-src 'none'; ",
            "base-uri 'none'; frame-ancestors 'none'",
            $form_action
        )
    };
}

/// Put into a response's extensions: what this page may do that others may not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Leave {
    /// The answer to a form on this page may lead to an application.
    pub leads_out: bool,
    /// An application may have opened this page in a pop-up.
    pub popup: bool,
}

/// Forbids everybody to keep an answer.
pub fn private(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Put into a response's extensions: the page may be compressed, because nothing on it is secret but the form token, which
/// is masked anew each time. Where a secret stands beside text that an attacker chooses, the length of what was compressed
/// tells the secret (BREACH): all other pages are sent as they are.
#[derive(Clone, Copy, Debug)]
pub struct Compressible;

/// Adds the headers every answer has.
pub fn secure(app: &App, headers: &mut HeaderMap, leave: Leave) {
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    // Chromium holds `form-action` against every redirect that follows a form, and where an application leads on to from its
    // own address nobody told us. Pages whose form may end there go without; a password is never typed on one.
    set(header::CONTENT_SECURITY_POLICY, if leave.leads_out { policy!("") } else { policy!("; form-action 'self'") });
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CROSS_ORIGIN_OPENER_POLICY, if leave.popup { "unsafe-none" } else { "same-origin" });
    set(header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    set(header::PERMISSIONS_POLICY, PERMISSIONS);
    if app.settings.origin().is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}

const PERMISSIONS: &str = "publickey-credentials-get=(self), publickey-credentials-create=(self), accelerometer=(), autoplay=(), \
    camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
    midi=(), payment=(), picture-in-picture=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()";
