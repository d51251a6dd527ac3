//! THE table: every address of the server, its method, who may come, and what locks a post.
//!
//! A test walks it: whoever adds a route says here what guards it, and the handler's arguments must keep the word.

use actix_web::http::Method;
use actix_web::{HttpResponse, web};

use super::{Failure, oauth, pages};
use crate::domain::access::Right;

/// Who may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Anybody.
    Open,
    /// Whoever began the journey in this browser.
    Journey,
    /// A signed-in person.
    SignedIn,
    /// A signed-in person who proved it again within the last minutes.
    Fresh,
    /// The same, and by no recovery code (RC-15).
    FreshUnaided,
    /// A signed-in administrator with this right, raised by a proof and kept by use: looks, changes nothing.
    Admin(Right),
    /// An administrator with this right who proved it again within the last minutes.
    FreshAdmin(Right),
    /// An application, by its credentials or a token.
    Application,
}

/// What keeps other sites from posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Changes nothing (WB-02).
    ReadsOnly,
    /// `Posted` or `PostedBytes`: origin and form token.
    Form,
    /// The protocol lets other sites post here; nothing is done in the name of a cookie.
    Protocol,
}

/// One row of the table.
pub struct Route {
    /// The method. `HEAD` follows `GET`.
    pub method: Method,
    /// The path, with `{names}`.
    pub path: &'static str,
    /// Who may come.
    pub guard: Guard,
    /// What keeps other sites out.
    pub lock: Lock,
    add: fn(actix_web::Route) -> actix_web::Route,
}

impl Route {
    const fn get(path: &'static str, guard: Guard, add: fn(actix_web::Route) -> actix_web::Route) -> Self {
        Self { method: Method::GET, path, guard, lock: Lock::ReadsOnly, add }
    }
    const fn post(path: &'static str, guard: Guard, add: fn(actix_web::Route) -> actix_web::Route) -> Self {
        Self { method: Method::POST, path, guard, lock: Lock::Form, add }
    }
    const fn options(path: &'static str, add: fn(actix_web::Route) -> actix_web::Route) -> Self {
        Self { method: Method::OPTIONS, path, guard: Guard::Open, lock: Lock::ReadsOnly, add }
    }
    const fn protocol_post(path: &'static str, guard: Guard, add: fn(actix_web::Route) -> actix_web::Route) -> Self {
        Self { method: Method::POST, path, guard, lock: Lock::Protocol, add }
    }
}

/// The table.
pub static ROUTES: &[Route] = &[
    // machines
    Route::get("/health/alive", Guard::Open, |r| r.to(pages::health::alive)),
    Route::get("/health/ready", Guard::Open, |r| r.to(pages::health::ready)),
    Route::get("/static/{path:.*}", Guard::Open, |r| r.to(pages::statics::show)),
    Route::get("/robots.txt", Guard::Open, |r| r.to(pages::statics::robots)),
    Route::get("/favicon.ico", Guard::Open, |r| r.to(pages::statics::favicon)),
    // the door, and arriving
    Route::get("/", Guard::Open, |r| r.to(pages::door::show)),
    Route::get("/setup/{code}", Guard::Open, |r| r.to(pages::link::setup)),
    Route::get("/setup", Guard::Open, |r| r.to(pages::setup::show)),
    Route::post("/setup", Guard::Open, |r| r.to(pages::setup::submit)),
    Route::get("/invite", Guard::Open, |r| r.to(pages::invite::show)),
    Route::post("/invite", Guard::Open, |r| r.to(pages::invite::start)),
    Route::post("/invite/decline", Guard::Open, |r| r.to(pages::invite::decline)),
    Route::get("/invite/{code}", Guard::Open, |r| r.to(pages::link::invite)),
    Route::get("/enrol", Guard::Open, |r| r.to(pages::invite::show_again)),
    Route::post("/enrol", Guard::Open, |r| r.to(pages::invite::start_again)),
    Route::post("/enrol/decline", Guard::Open, |r| r.to(pages::invite::decline_again)),
    Route::get("/enrol/{code}", Guard::Open, |r| r.to(pages::link::enrol)),
    Route::get("/f/{id}/enrol/method", Guard::Journey, |r| r.to(pages::enrol_method::show)),
    Route::post("/f/{id}/enrol/method", Guard::Journey, |r| r.to(pages::enrol_method::submit)),
    Route::get("/f/{id}/enrol/passkey", Guard::Journey, |r| r.to(pages::enrol_passkey::show)),
    Route::post("/f/{id}/enrol/passkey/start", Guard::Journey, |r| r.to(pages::enrol_passkey::start)),
    Route::post("/f/{id}/enrol/passkey/finish", Guard::Journey, |r| r.to(pages::enrol_passkey::finish)),
    Route::get("/f/{id}/enrol/password", Guard::Journey, |r| r.to(pages::enrol_password::show)),
    Route::post("/f/{id}/enrol/password", Guard::Journey, |r| r.to(pages::enrol_password::submit)),
    Route::get("/f/{id}/enrol/totp", Guard::Journey, |r| r.to(pages::enrol_totp::show)),
    Route::post("/f/{id}/enrol/totp", Guard::Journey, |r| r.to(pages::enrol_totp::submit)),
    Route::get("/f/{id}/enrol/recovery", Guard::Journey, |r| r.to(pages::enrol_recovery::show)),
    Route::post("/f/{id}/enrol/recovery", Guard::Journey, |r| r.to(pages::enrol_recovery::submit)),
    Route::get("/f/{id}/enrol/done", Guard::Journey, |r| r.to(pages::enrol_done::show)),
    // signing in
    Route::get("/login", Guard::Open, |r| r.to(pages::login::show)),
    Route::post("/login", Guard::Open, |r| r.to(pages::login::submit)),
    Route::post("/login/passkey/start", Guard::Open, |r| r.to(pages::login::passkey_start)),
    Route::post("/login/passkey/finish", Guard::Open, |r| r.to(pages::login::passkey_finish)),
    Route::get("/f/{id}/totp", Guard::Journey, |r| r.to(pages::flow::totp)),
    Route::post("/f/{id}/totp", Guard::Journey, |r| r.to(pages::flow::totp_submit)),
    Route::get("/f/{id}/passkey", Guard::Journey, |r| r.to(pages::flow::passkey)),
    Route::post("/f/{id}/passkey/start", Guard::Journey, |r| r.to(pages::flow::passkey_start)),
    Route::post("/f/{id}/passkey/finish", Guard::Journey, |r| r.to(pages::flow::passkey_finish)),
    Route::get("/f/{id}/recovery", Guard::Journey, |r| r.to(pages::flow_recovery::show)),
    Route::post("/f/{id}/recovery", Guard::Journey, |r| r.to(pages::flow_recovery::submit)),
    Route::get("/f/{id}/recovery/done", Guard::Journey, |r| r.to(pages::flow_recovery::done)),
    Route::get("/fresh", Guard::SignedIn, |r| r.to(pages::fresh::show)),
    Route::post("/fresh", Guard::SignedIn, |r| r.to(pages::fresh::submit)),
    Route::post("/fresh/passkey/start", Guard::SignedIn, |r| r.to(pages::fresh::passkey_start)),
    Route::post("/fresh/passkey/finish", Guard::SignedIn, |r| r.to(pages::fresh::passkey_finish)),
    // signing out
    Route::get("/logout", Guard::Open, |r| r.to(pages::logout::show)),
    Route::get("/logout/done", Guard::Open, |r| r.to(pages::logout::show_done)),
    Route::protocol_post("/logout", Guard::Open, |r| r.to(pages::logout::post)),
    Route::post("/logout/confirm", Guard::Open, |r| r.to(pages::logout::confirm)),
    // applications
    Route::get("/.well-known/openid-configuration", Guard::Open, |r| r.to(oauth::discovery::metadata)),
    Route::get("/.well-known/oauth-authorization-server", Guard::Open, |r| r.to(oauth::discovery::metadata)),
    Route::get("/jwks.json", Guard::Open, |r| r.to(oauth::discovery::keys)),
    Route::get("/authorize", Guard::Open, |r| r.to(oauth::authorize::get)),
    Route::protocol_post("/authorize", Guard::Open, |r| r.to(oauth::authorize::post)),
    Route::get("/authorize/continue/{id}", Guard::Journey, |r| r.to(oauth::authorize::go_on)),
    Route::post("/consent/{id}", Guard::SignedIn, |r| r.to(pages::consent::submit)),
    Route::protocol_post("/token", Guard::Application, |r| r.to(oauth::token::post)),
    Route::options("/token", |r| r.to(oauth::preflight)),
    Route::get("/userinfo", Guard::Application, |r| r.to(oauth::userinfo::answer)),
    Route::protocol_post("/userinfo", Guard::Application, |r| r.to(oauth::userinfo::answer)),
    Route::options("/userinfo", |r| r.to(oauth::preflight)),
    // one's own account
    Route::get("/me", Guard::SignedIn, |r| r.to(pages::me::show)),
    Route::post("/me/enrolment-link/stop", Guard::SignedIn, |r| r.to(pages::me::stop_link)),
    Route::get("/me/address", Guard::SignedIn, |r| r.to(pages::me_address::show)),
    Route::post("/me/address", Guard::SignedIn, |r| r.to(pages::me_address::submit)),
    Route::post("/me/address/send", Guard::SignedIn, |r| r.to(pages::me_address::send)),
    Route::get("/me/security", Guard::SignedIn, |r| r.to(pages::security::show)),
    Route::get("/me/security/passkeys/add", Guard::Fresh, |r| r.to(pages::security_passkey_add::show)),
    Route::post("/me/security/passkeys/add/start", Guard::Fresh, |r| r.to(pages::security_passkey_add::start)),
    Route::post("/me/security/passkeys/add/finish", Guard::Fresh, |r| r.to(pages::security_passkey_add::finish)),
    Route::get("/me/security/authenticators/add", Guard::Fresh, |r| r.to(pages::security_totp_add::show)),
    Route::post("/me/security/authenticators/add", Guard::Fresh, |r| r.to(pages::security_totp_add::submit)),
    Route::get("/me/security/recovery", Guard::FreshUnaided, |r| r.to(pages::security_recovery::show)),
    Route::post("/me/security/recovery", Guard::FreshUnaided, |r| r.to(pages::security_recovery::make)),
    Route::get("/me/security/recovery/codes", Guard::FreshUnaided, |r| r.to(pages::security_recovery::codes)),
    Route::post("/me/security/recovery/codes", Guard::FreshUnaided, |r| r.to(pages::security_recovery::kept)),
    Route::get("/me/security/recovery/codes.txt", Guard::FreshUnaided, |r| r.to(pages::security_recovery::download)),
    Route::get("/me/security/password", Guard::Fresh, |r| r.to(pages::security_password::show)),
    Route::post("/me/security/password", Guard::Fresh, |r| r.to(pages::security_password::submit)),
    Route::get("/.well-known/change-password", Guard::Open, |r| r.to(pages::security_password::well_known)),
    Route::get("/me/security/{kind}/{id}/rename", Guard::Fresh, |r| r.to(pages::security_confirm::rename)),
    Route::post("/me/security/{kind}/{id}/rename", Guard::Fresh, |r| r.to(pages::security_confirm::submit_rename)),
    Route::get("/me/security/{kind}/{id}/remove", Guard::Fresh, |r| r.to(pages::security_confirm::remove)),
    Route::post("/me/security/{kind}/{id}/remove", Guard::Fresh, |r| r.to(pages::security_confirm::submit_remove)),
    // administrators: applications
    Route::get("/apps", Guard::Admin(Right::Applications), |r| r.to(pages::apps::show)),
    Route::get("/apps/new", Guard::FreshAdmin(Right::Applications), |r| r.to(pages::apps_new::show)),
    Route::post("/apps/new", Guard::FreshAdmin(Right::Applications), |r| r.to(pages::apps_new::submit)),
    Route::get("/apps/{id}/connected", Guard::FreshAdmin(Right::Applications), |r| r.to(pages::app_connected::show)),
    Route::get("/apps/{id}", Guard::Admin(Right::Applications), |r| r.to(pages::app::show)),
    Route::get("/apps/{id}/change", Guard::FreshAdmin(Right::Applications), |r| r.to(pages::app_change::show)),
    Route::post("/apps/{id}/change", Guard::FreshAdmin(Right::Applications), |r| r.to(pages::app_change::submit)),
    Route::post("/apps/{id}/secrets", Guard::FreshAdmin(Right::Applications), |r| r.to(pages::app_secret::add)),
    Route::get("/apps/{id}/secrets/{secret}", Guard::FreshAdmin(Right::Applications), |r| r.to(pages::app_secret::ask)),
    Route::post("/apps/{id}/secrets/{secret}", Guard::FreshAdmin(Right::Applications), |r| r.to(pages::app_secret::revoke)),
    Route::get("/apps/{id}/{act}", Guard::FreshAdmin(Right::Applications), |r| r.to(pages::app_act::ask)),
    Route::post("/apps/{id}/{act}", Guard::FreshAdmin(Right::Applications), |r| r.to(pages::app_act::act)),
    // administrators: groups
    Route::get("/groups", Guard::Admin(Right::People), |r| r.to(pages::groups::show)),
    Route::get("/groups/new", Guard::FreshAdmin(Right::People), |r| r.to(pages::groups::new)),
    Route::post("/groups/new", Guard::FreshAdmin(Right::People), |r| r.to(pages::groups::make)),
    Route::get("/groups/{id}/rename", Guard::FreshAdmin(Right::People), |r| r.to(pages::groups::ask_name)),
    Route::post("/groups/{id}/rename", Guard::FreshAdmin(Right::People), |r| r.to(pages::groups::rename)),
    Route::get("/groups/{id}/delete", Guard::FreshAdmin(Right::People), |r| r.to(pages::groups::ask_delete)),
    Route::post("/groups/{id}/delete", Guard::FreshAdmin(Right::People), |r| r.to(pages::groups::delete)),
    // administrators: people
    Route::get("/people", Guard::Admin(Right::People), |r| r.to(pages::people::show)),
    Route::get("/people/invite", Guard::FreshAdmin(Right::People), |r| r.to(pages::people_invite::show)),
    Route::post("/people/invite", Guard::FreshAdmin(Right::People), |r| r.to(pages::people_invite::submit)),
    Route::get("/people/{id}", Guard::Admin(Right::People), |r| r.to(pages::person::show)),
    Route::get("/people/{id}/card", Guard::FreshAdmin(Right::People), |r| r.to(pages::person_card::show)),
    Route::post("/people/{id}/send", Guard::FreshAdmin(Right::People), |r| r.to(pages::person::send)),
    Route::get("/people/{id}/groups", Guard::FreshAdmin(Right::People), |r| r.to(pages::person_groups::show)),
    Route::post("/people/{id}/groups", Guard::FreshAdmin(Right::People), |r| r.to(pages::person_groups::submit)),
    Route::post("/people/{id}/withdraw", Guard::FreshAdmin(Right::People), |r| r.to(pages::person::withdraw)),
    Route::get("/people/{id}/{act}", Guard::FreshAdmin(Right::People), |r| r.to(pages::person::ask)),
    Route::post("/people/{id}/{act}", Guard::FreshAdmin(Right::People), |r| r.to(pages::person::act)),
];

/// Puts the table into actix: one resource for each path, so that a wrong method is 405 and not 404.
pub fn configure(config: &mut web::ServiceConfig) {
    let mut done: Vec<&str> = Vec::new();
    for first in ROUTES {
        if done.contains(&first.path) {
            continue;
        }
        done.push(first.path);
        let mut resource = web::resource(first.path);
        for route in ROUTES.iter().filter(|route| route.path == first.path) {
            resource = resource.route((route.add)(web::method(route.method.clone())));
            if route.method == Method::GET {
                resource = resource.route((route.add)(web::method(Method::HEAD)));
            }
        }
        config.service(resource.default_service(web::to(method_not_allowed)));
    }
}

async fn method_not_allowed() -> Result<HttpResponse, Failure> {
    Err(Failure::MethodNotAllowed)
}

/// What answers a path that is not in the table.
///
/// # Errors
/// Always: that is its answer.
pub async fn not_found() -> Result<HttpResponse, Failure> {
    Err(Failure::NotFound)
}
