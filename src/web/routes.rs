//! THE table: every address of the server, its method, who may come, and what locks a post.
//!
//! A test walks it: anyone who adds a route says here what guards it, and the handler's arguments must keep the word.

use actix_web::http::Method;
use actix_web::{HttpResponse, web};

use super::respond::PathClass;
use super::{Failure, oauth, pages};
use crate::domain::access::Right;

/// Who may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Anybody.
    Open,
    /// The person who began the journey in this browser.
    Journey,
    /// A signed-in person.
    SignedIn,
    /// A signed-in person who proved it again within the last minutes.
    Reauthenticated,
    /// The same, and by no recovery code (RC-15).
    ReauthenticatedWithoutRecoveryCode,
    /// A signed-in administrator with this right, elevated by a proof and kept by use: looks, changes nothing.
    Admin(Right),
    /// An administrator with this right who proved it again within the last minutes.
    ReauthenticatedAdmin(Right),
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
    const fn protocol_post(path: &'static str, guard: Guard, add: fn(actix_web::Route) -> actix_web::Route) -> Self {
        Self { method: Method::POST, path, guard, lock: Lock::Protocol, add }
    }
}

/// The table.
pub static ROUTES: &[Route] = &[
    // machines
    Route::get("/health/alive", Guard::Open, |r| r.to(pages::system::health::alive)),
    Route::get("/health/ready", Guard::Open, |r| r.to(pages::system::health::ready)),
    Route::get("/static/{path:.*}", Guard::Open, |r| r.to(pages::system::statics::show)),
    Route::get("/robots.txt", Guard::Open, |r| r.to(pages::system::statics::robots)),
    Route::get("/favicon.ico", Guard::Open, |r| r.to(pages::system::statics::favicon)),
    // the landing page, and enrolment
    Route::get("/", Guard::Open, |r| r.to(pages::system::landing::show)),
    Route::get("/setup/{code}", Guard::Open, |r| r.to(pages::enrolment::link::setup)),
    Route::get("/setup", Guard::Open, |r| r.to(pages::enrolment::setup::show)),
    Route::post("/setup", Guard::Open, |r| r.to(pages::enrolment::setup::submit)),
    Route::get("/invite", Guard::Open, |r| r.to(pages::enrolment::invite::show)),
    Route::post("/invite", Guard::Open, |r| r.to(pages::enrolment::invite::start)),
    Route::post("/invite/decline", Guard::Open, |r| r.to(pages::enrolment::invite::decline)),
    Route::get("/invite/{code}", Guard::Open, |r| r.to(pages::enrolment::link::invite)),
    Route::get("/reset", Guard::Open, |r| r.to(pages::enrolment::invite::show_reset)),
    Route::post("/reset", Guard::Open, |r| r.to(pages::enrolment::invite::reset)),
    Route::post("/reset/decline", Guard::Open, |r| r.to(pages::enrolment::invite::decline_reset)),
    Route::get("/reset/{code}", Guard::Open, |r| r.to(pages::enrolment::link::reset)),
    Route::get("/enrol/{code}", Guard::Open, |r| r.to(pages::system::moved::reset_link)),
    Route::get("/enrolment/{id}/method", Guard::Journey, |r| r.to(pages::enrolment::method::show)),
    Route::post("/enrolment/{id}/method", Guard::Journey, |r| r.to(pages::enrolment::method::submit)),
    Route::get("/enrolment/{id}/passkey", Guard::Journey, |r| r.to(pages::enrolment::passkey::show)),
    Route::post("/enrolment/{id}/passkey/start", Guard::Journey, |r| r.to(pages::enrolment::passkey::start)),
    Route::post("/enrolment/{id}/passkey/finish", Guard::Journey, |r| r.to(pages::enrolment::passkey::finish)),
    Route::get("/enrolment/{id}/password", Guard::Journey, |r| r.to(pages::enrolment::password::show)),
    Route::post("/enrolment/{id}/password", Guard::Journey, |r| r.to(pages::enrolment::password::submit)),
    Route::get("/enrolment/{id}/totp", Guard::Journey, |r| r.to(pages::enrolment::totp::show)),
    Route::post("/enrolment/{id}/totp", Guard::Journey, |r| r.to(pages::enrolment::totp::submit)),
    Route::get("/enrolment/{id}/recovery", Guard::Journey, |r| r.to(pages::enrolment::recovery_codes::show)),
    Route::post("/enrolment/{id}/recovery", Guard::Journey, |r| r.to(pages::enrolment::recovery_codes::submit)),
    Route::get("/enrolment/{id}/done", Guard::Journey, |r| r.to(pages::enrolment::done::show)),
    // signing in
    Route::get("/login", Guard::Open, |r| r.to(pages::sign_in::login::show)),
    Route::post("/login", Guard::Open, |r| r.to(pages::sign_in::login::submit)),
    Route::post("/login/passkey/start", Guard::Open, |r| r.to(pages::sign_in::login::passkey_start)),
    Route::post("/login/passkey/finish", Guard::Open, |r| r.to(pages::sign_in::login::passkey_finish)),
    Route::get("/login/{id}/totp", Guard::Journey, |r| r.to(pages::sign_in::steps::totp)),
    Route::post("/login/{id}/totp", Guard::Journey, |r| r.to(pages::sign_in::steps::totp_submit)),
    Route::get("/login/{id}/passkey", Guard::Journey, |r| r.to(pages::sign_in::steps::passkey)),
    Route::post("/login/{id}/passkey/start", Guard::Journey, |r| r.to(pages::sign_in::steps::passkey_start)),
    Route::post("/login/{id}/passkey/finish", Guard::Journey, |r| r.to(pages::sign_in::steps::passkey_finish)),
    Route::get("/login/{id}/recovery", Guard::Journey, |r| r.to(pages::sign_in::recovery_code::show)),
    Route::post("/login/{id}/recovery", Guard::Journey, |r| r.to(pages::sign_in::recovery_code::submit)),
    Route::get("/login/{id}/recovery/done", Guard::Journey, |r| r.to(pages::sign_in::recovery_code::done)),
    Route::get("/reauthenticate", Guard::SignedIn, |r| r.to(pages::sign_in::reauthenticate::show)),
    Route::get("/fresh", Guard::Open, |r| r.to(pages::system::moved::reauthenticate)),
    Route::post("/reauthenticate", Guard::SignedIn, |r| r.to(pages::sign_in::reauthenticate::submit)),
    Route::post("/reauthenticate/passkey/start", Guard::SignedIn, |r| r.to(pages::sign_in::reauthenticate::passkey_start)),
    Route::post("/reauthenticate/passkey/finish", Guard::SignedIn, |r| r.to(pages::sign_in::reauthenticate::passkey_finish)),
    // signing out
    Route::get("/logout", Guard::Open, |r| r.to(pages::sign_in::logout::show)),
    Route::get("/logout/done", Guard::Open, |r| r.to(pages::sign_in::logout::show_done)),
    Route::protocol_post("/logout", Guard::Open, |r| r.to(pages::sign_in::logout::post)),
    Route::post("/logout/confirm", Guard::Open, |r| r.to(pages::sign_in::logout::confirm)),
    // applications
    Route::get("/.well-known/openid-configuration", Guard::Open, |r| r.to(oauth::discovery::metadata)),
    Route::get("/.well-known/oauth-authorization-server", Guard::Open, |r| r.to(oauth::discovery::metadata)),
    Route::get("/.well-known/webfinger", Guard::Open, |r| r.to(oauth::discovery::webfinger)),
    Route::get("/.well-known/passkey-endpoints", Guard::Open, |r| r.to(oauth::discovery::passkey_endpoints)),
    Route::get("/jwks.json", Guard::Open, |r| r.to(oauth::discovery::keys)),
    Route::get("/authorize", Guard::Open, |r| r.to(oauth::authorize::get)),
    Route::protocol_post("/authorize", Guard::Open, |r| r.to(oauth::authorize::post)),
    Route::get("/authorize/continue/{id}", Guard::Journey, |r| r.to(oauth::authorize::go_on)),
    Route::get("/authorize/cancel/{id}", Guard::Journey, |r| r.to(oauth::authorize::cancel)),
    Route::post("/consent/{id}", Guard::SignedIn, |r| r.to(pages::consent::question::submit)),
    Route::protocol_post("/token", Guard::Application, |r| r.to(oauth::token::post)),
    Route::get("/userinfo", Guard::Application, |r| r.to(oauth::userinfo::answer)),
    Route::protocol_post("/userinfo", Guard::Application, |r| r.to(oauth::userinfo::answer)),
    // one's own account
    Route::get("/me", Guard::SignedIn, |r| r.to(pages::account::me::show)),
    Route::post("/me/reset-link/stop", Guard::SignedIn, |r| r.to(pages::account::me::stop_link)),
    Route::get("/me/address", Guard::SignedIn, |r| r.to(pages::account::me_address::show)),
    Route::post("/me/address", Guard::SignedIn, |r| r.to(pages::account::me_address::submit)),
    Route::post("/me/address/send", Guard::SignedIn, |r| r.to(pages::account::me_address::send)),
    Route::get("/me/applications", Guard::SignedIn, |r| r.to(pages::account::me_applications::list)),
    Route::get("/me/applications/{id}", Guard::SignedIn, |r| r.to(pages::account::me_applications::show)),
    Route::post("/me/applications/{id}", Guard::SignedIn, |r| r.to(pages::account::me_applications::change)),
    Route::post("/me/applications/{id}/stop", Guard::SignedIn, |r| r.to(pages::account::me_applications::stop)),
    Route::get("/me/security", Guard::SignedIn, |r| r.to(pages::account::security::show)),
    Route::get("/me/security/passkeys/add", Guard::Reauthenticated, |r| r.to(pages::account::security_passkey_add::show)),
    Route::post("/me/security/passkeys/add/start", Guard::Reauthenticated, |r| r.to(pages::account::security_passkey_add::start)),
    Route::post("/me/security/passkeys/add/finish", Guard::Reauthenticated, |r| r.to(pages::account::security_passkey_add::finish)),
    Route::get("/me/security/authenticators/add", Guard::Reauthenticated, |r| r.to(pages::account::security_totp_add::show)),
    Route::post("/me/security/authenticators/add", Guard::Reauthenticated, |r| r.to(pages::account::security_totp_add::submit)),
    Route::get("/me/security/recovery", Guard::ReauthenticatedWithoutRecoveryCode, |r| r.to(pages::account::security_recovery::show)),
    Route::post("/me/security/recovery", Guard::ReauthenticatedWithoutRecoveryCode, |r| r.to(pages::account::security_recovery::make)),
    Route::get("/me/security/recovery/codes", Guard::ReauthenticatedWithoutRecoveryCode, |r| {
        r.to(pages::account::security_recovery::codes)
    }),
    Route::post("/me/security/recovery/codes", Guard::ReauthenticatedWithoutRecoveryCode, |r| {
        r.to(pages::account::security_recovery::kept)
    }),
    Route::get("/me/security/recovery/codes.txt", Guard::ReauthenticatedWithoutRecoveryCode, |r| {
        r.to(pages::account::security_recovery::download)
    }),
    Route::get("/me/security/password", Guard::Reauthenticated, |r| r.to(pages::account::security_password::show)),
    Route::post("/me/security/password", Guard::Reauthenticated, |r| r.to(pages::account::security_password::submit)),
    Route::get("/.well-known/change-password", Guard::Open, |r| r.to(pages::account::security_password::well_known)),
    Route::get("/me/security/{kind}/{id}/rename", Guard::Reauthenticated, |r| r.to(pages::account::security_change::rename)),
    Route::post("/me/security/{kind}/{id}/rename", Guard::Reauthenticated, |r| r.to(pages::account::security_change::submit_rename)),
    Route::get("/me/security/{kind}/{id}/remove", Guard::Reauthenticated, |r| r.to(pages::account::security_change::remove)),
    Route::post("/me/security/{kind}/{id}/remove", Guard::Reauthenticated, |r| r.to(pages::account::security_change::submit_remove)),
    // administrators: applications
    Route::get("/apps", Guard::Admin(Right::Applications), |r| r.to(pages::admin::apps::show)),
    Route::get("/apps/new", Guard::ReauthenticatedAdmin(Right::Applications), |r| r.to(pages::admin::apps_new::show)),
    Route::post("/apps/new", Guard::ReauthenticatedAdmin(Right::Applications), |r| r.to(pages::admin::apps_new::submit)),
    Route::get("/apps/{id}/connected", Guard::ReauthenticatedAdmin(Right::Applications), |r| r.to(pages::admin::app_connected::show)),
    Route::get("/apps/{id}", Guard::Admin(Right::Applications), |r| r.to(pages::admin::app::show)),
    Route::get("/apps/{id}/change", Guard::ReauthenticatedAdmin(Right::Applications), |r| r.to(pages::admin::app_change::show)),
    Route::post("/apps/{id}/change", Guard::ReauthenticatedAdmin(Right::Applications), |r| r.to(pages::admin::app_change::submit)),
    Route::post("/apps/{id}/secrets", Guard::ReauthenticatedAdmin(Right::Applications), |r| r.to(pages::admin::app_secret::add)),
    Route::get("/apps/{id}/secrets/{secret}", Guard::ReauthenticatedAdmin(Right::Applications), |r| r.to(pages::admin::app_secret::ask)),
    Route::post("/apps/{id}/secrets/{secret}", Guard::ReauthenticatedAdmin(Right::Applications), |r| {
        r.to(pages::admin::app_secret::revoke)
    }),
    Route::get("/apps/{id}/{act}", Guard::ReauthenticatedAdmin(Right::Applications), |r| r.to(pages::admin::app_act::ask)),
    Route::post("/apps/{id}/{act}", Guard::ReauthenticatedAdmin(Right::Applications), |r| r.to(pages::admin::app_act::act)),
    // administrators: groups
    Route::get("/groups", Guard::Admin(Right::People), |r| r.to(pages::admin::groups::show)),
    Route::get("/groups/new", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::groups::new)),
    Route::post("/groups/new", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::groups::make)),
    Route::get("/groups/{id}/rename", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::groups::ask_name)),
    Route::post("/groups/{id}/rename", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::groups::rename)),
    Route::get("/groups/{id}/delete", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::groups::ask_delete)),
    Route::post("/groups/{id}/delete", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::groups::delete)),
    // administrators: people
    Route::get("/people", Guard::Admin(Right::People), |r| r.to(pages::admin::people::show)),
    Route::get("/people/invite", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::people_invite::show)),
    Route::post("/people/invite", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::people_invite::submit)),
    Route::get("/people/{id}", Guard::Admin(Right::People), |r| r.to(pages::admin::person::show)),
    Route::get("/people/{id}/card", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::person_card::show)),
    Route::post("/people/{id}/send", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::person::send)),
    Route::get("/people/{id}/edit", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::person_edit::show)),
    Route::post("/people/{id}/edit", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::person_edit::submit)),
    Route::get("/people/{id}/groups", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::person_groups::show)),
    Route::post("/people/{id}/groups", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::person_groups::submit)),
    Route::post("/people/{id}/withdraw", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::person::withdraw)),
    Route::get("/people/{id}/{act}", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::person_act::ask)),
    Route::post("/people/{id}/{act}", Guard::ReauthenticatedAdmin(Right::People), |r| r.to(pages::admin::person_act::act)),
];

/// Puts the table into actix: one resource for each path, so that a wrong method is 405 and not 404. The library tries one
/// after another; paths without names come first, because a pattern takes much longer to try than a text.
pub fn configure(config: &mut web::ServiceConfig) {
    let mut done: Vec<&str> = Vec::new();
    let (patterns, texts): (Vec<&Route>, Vec<&Route>) = ROUTES.iter().partition(|route| route.path.contains('{'));
    for first in texts.into_iter().chain(patterns) {
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

/// The methods of a path of the table, as `Allow` lists them. What applications call answers `OPTIONS` too.
pub fn allowed(path: &str) -> String {
    let rows = ROUTES.iter().filter(|route| route.path == path);
    let methods = rows.flat_map(|route| if route.method == Method::GET { vec!["GET", "HEAD"] } else { vec![route.method.as_str()] });
    let options = PathClass::of(path).is_for_machines().then_some("OPTIONS");
    methods.chain(options).collect::<Vec<_>>().join(", ")
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
