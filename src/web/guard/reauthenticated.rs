//! A person who proved within the last minutes that it is them, at the highest level of their account (SE-13).

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::signed_in::{Proving, of_session};
use super::{ReturnPath, SignedIn};
use crate::flows::reauth::{Reauthentication, WithoutRecoveryCode};
use crate::web::Failure;

/// A signed-in person with a fresh proof.
#[derive(Clone)]
pub struct Reauthenticated {
    /// Who, in which session.
    pub signed_in: SignedIn,
    /// The proof, for the verbs that change something.
    pub recent: Reauthentication,
}

/// A signed-in person with a fresh proof that needed no recovery code (RC-15).
#[derive(Clone, Copy)]
pub struct ReauthenticatedWithoutRecoveryCode(pub WithoutRecoveryCode);

/// Leads to the confirmation, and from there back to the page of this request.
pub(super) fn confirm(request: &HttpRequest) -> Failure {
    Failure::SeeOther(ReturnPath::of(request.path()).confirmation())
}

impl FromRequest for Reauthenticated {
    type Error = Failure;
    type Future = Proving<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        of_session(request, |app, request, signed_in| async move {
            let recent = Reauthentication::of(&app, &signed_in.session).await?.ok_or_else(|| confirm(&request))?;
            Ok(Self { signed_in, recent })
        })
    }
}

impl FromRequest for ReauthenticatedWithoutRecoveryCode {
    type Error = Failure;
    type Future = Proving<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        of_session(request, |app, request, signed_in| async move {
            WithoutRecoveryCode::of(&app, &signed_in.session).await?.map(Self).ok_or_else(|| confirm(&request))
        })
    }
}
