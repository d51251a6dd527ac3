//! A person who is signed in, with all the proofs their account needs (AA-06).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};

use super::{Browser, ReturnPath, app_of};
use crate::app::App;
use crate::domain::session::Session;
use crate::flows::sessions;
use crate::platform::crypto::token::{SessionCookie, TokenHash};
use crate::web::Failure;

/// A live session of an active person whose proofs still meet the rules (AA-07).
#[derive(Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The hash of the cookie it came with, for rotation.
    pub cookie: TokenHash<SessionCookie>,
}

impl SignedIn {
    /// Looks up the session of a browser.
    ///
    /// # Errors
    /// Only when the database cannot be asked; a missing or dead session is `None`.
    pub async fn find(app: &App, browser: &Browser) -> Result<Option<Self>, Failure> {
        let Some(cookie) = browser.session().map(|token| token.hash()) else { return Ok(None) };
        let Some(session) = sessions::find(app, cookie).await? else { return Ok(None) };
        Ok(Some(Self { session, cookie }))
    }
}

impl FromRequest for SignedIn {
    type Error = Failure;
    type Future = Proving<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        of_session(request, |_, _, signed_in| async move { Ok(signed_in) })
    }
}

/// A guard on its way.
pub(super) type Proving<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// Leads to the sign-in, and from there to the page that was asked for.
fn sign_in_first(request: &HttpRequest) -> Failure {
    let to = ReturnPath::after_sign_in(request.path()).filter(|_| request.method() == Method::GET);
    Failure::SeeOther(to.map_or_else(|| "/login".to_owned(), |to| to.sign_in()))
}

/// What a guard proves of who is signed in; anyone who is not is led to the sign-in.
pub(super) fn of_session<T, F>(request: &HttpRequest, prove: impl FnOnce(Arc<App>, HttpRequest, SignedIn) -> F + 'static) -> Proving<T>
where
    F: Future<Output = Result<T, Failure>>,
{
    let request = request.clone();
    Box::pin(async move {
        let app = app_of(&request).ok_or_else(Failure::misconfigured)?;
        let signed_in = SignedIn::find(&app, &Browser::of(&request)).await?;
        let signed_in = signed_in.ok_or_else(|| sign_in_first(&request))?;
        prove(app, request, signed_in).await
    })
}
