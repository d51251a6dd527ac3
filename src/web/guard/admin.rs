//! Administrators. Which right a page needs stands in the table of routes, and here it is asked for: a handler that
//! takes [`Admin`] or [`ReauthenticatedAdmin`] cannot run for someone without it.

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};

use super::reauthenticated::confirm;
use super::signed_in::{Proving, of_session};
use super::{Browser, SignedIn};
use crate::app::App;
use crate::domain::access::{AdminActor, Administrator, Elevation, Right};
use crate::flows::elevation::elevated;
use crate::flows::{ActingAdmin, Caller};
use crate::web::Failure;
use crate::web::routes::{Guard, ROUTES};

/// A signed-in administrator with elevated rights, and the right this page needs: may look.
#[derive(Clone)]
pub struct Admin {
    /// Who is signed in.
    pub signed_in: SignedIn,
    /// The proof for verbs that read.
    pub administrator: Administrator,
}

/// The same with a proof of the last minutes: may act.
#[derive(Clone)]
pub struct ReauthenticatedAdmin {
    /// Who is signed in.
    pub signed_in: SignedIn,
    /// The proof for verbs that change something.
    pub actor: AdminActor,
}

impl ReauthenticatedAdmin {
    /// Them, acting from this browser.
    pub fn acting(&self, caller: Caller) -> ActingAdmin {
        ActingAdmin::in_browser(&self.actor, caller)
    }
}

/// The guard of a request's route, as the table says.
fn guard_of(request: &HttpRequest) -> Option<Guard> {
    let pattern = request.match_pattern()?;
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    ROUTES.iter().find(|route| route.path == pattern && route.method == *method).map(|route| route.guard)
}

async fn find(app: &App, request: &HttpRequest, signed_in: &SignedIn, right: Right) -> Result<Administrator, Failure> {
    match elevated(app, &Browser::of(request).caller(), &signed_in.session).await? {
        Elevation::Yes(administrator) if administrator.may(right) => Ok(administrator),
        // Who has another role is told the same as who has none.
        Elevation::Yes(_) | Elevation::NoRole => Err(Failure::Forbidden),
        Elevation::ReauthenticateFirst => Err(confirm(request)),
    }
}

impl FromRequest for Admin {
    type Error = Failure;
    type Future = Proving<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        of_session(request, |app, request, signed_in| async move {
            let Some(Guard::Admin(right)) = guard_of(&request) else { return Err(Failure::misconfigured()) };
            let administrator = find(&app, &request, &signed_in, right).await?;
            Ok(Self { signed_in, administrator })
        })
    }
}

impl FromRequest for ReauthenticatedAdmin {
    type Error = Failure;
    type Future = Proving<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        of_session(request, |app, request, signed_in| async move {
            let Some(Guard::ReauthenticatedAdmin(right)) = guard_of(&request) else { return Err(Failure::misconfigured()) };
            let administrator = find(&app, &request, &signed_in, right).await?;
            let actor = administrator.act().ok_or_else(|| confirm(&request))?;
            Ok(Self { signed_in, actor })
        })
    }
}
