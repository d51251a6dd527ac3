//! A person who proved within the last minutes that it is them, at the highest level of their account (SE-13).

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::{SignedIn, app_of};
use crate::web::Failure;

/// A signed-in person with a fresh proof.
#[derive(Clone)]
pub struct Fresh(pub SignedIn);

/// Where a confirmation returns to: one of our own pages, never an address from the request (OA-15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreshReturn {
    /// The list of ways to sign in.
    Security,
    /// Adding a passkey.
    PasskeyAdd,
    /// Adding an authenticator.
    TotpAdd,
    /// Changing the password.
    Password,
}

impl FreshReturn {
    const TABLE: [(Self, &'static str, &'static str); 4] = [
        (Self::PasskeyAdd, "passkey", "/me/security/passkeys/add"),
        (Self::TotpAdd, "authenticator", "/me/security/authenticators/add"),
        (Self::Password, "password", "/me/security/password"),
        (Self::Security, "security", "/me/security"),
    ];

    /// The page to return to after a request for `path` had to wait for a confirmation.
    pub fn of_path(path: &str) -> Self {
        Self::TABLE.iter().find(|(_, _, page)| path.starts_with(page)).map_or(Self::Security, |(to, _, _)| *to)
    }
    /// From the key in our own address.
    pub fn parse(key: &str) -> Self {
        Self::TABLE.iter().find(|(_, word, _)| *word == key).map_or(Self::Security, |(to, _, _)| *to)
    }
    /// The key.
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(to, _, _)| *to == self).map_or("security", |(_, word, _)| word)
    }
    /// The page.
    pub fn path(self) -> &'static str {
        Self::TABLE.iter().find(|(to, _, _)| *to == self).map_or("/me/security", |(_, _, page)| page)
    }
}

impl FromRequest for Fresh {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let signed_in = SignedIn::from_request(&request, payload);
        Box::pin(async move {
            let signed_in = signed_in.await?;
            let app = app_of(&request).ok_or_else(Failure::misconfigured)?;
            if signed_in.session.is_fresh(app.now(), app.settings.session.fresh) {
                return Ok(Self(signed_in));
            }
            Err(Failure::SeeOther(format!("/fresh?to={}", FreshReturn::of_path(request.path()).as_str())))
        })
    }
}
