//! A person who proved within the last minutes that it is them, at the highest level of their account (SE-13).

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::{SignedIn, app_of};
use crate::flows::security::{Recent, Unaided};
use crate::kernel::ids::{ClientId, PersonId};
use crate::web::Failure;

/// A signed-in person with a fresh proof.
#[derive(Clone)]
pub struct Fresh {
    /// Who, in which session.
    pub signed_in: SignedIn,
    /// The proof, for the verbs that change something.
    pub recent: Recent,
}

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
    /// Making recovery codes.
    Recovery,
    /// The list of people.
    People,
    /// Inviting somebody.
    Invite,
    /// The list of applications.
    Apps,
    /// Connecting an application.
    AppNew,
    /// One person.
    Person(PersonId),
    /// One application.
    App(ClientId),
    /// The list of groups.
    Groups,
}

impl FreshReturn {
    /// The pages without a part of their own, the longer of two alike first.
    const FIXED: [(Self, &'static str, &'static str); 10] = [
        (Self::PasskeyAdd, "passkey", "/me/security/passkeys/add"),
        (Self::TotpAdd, "authenticator", "/me/security/authenticators/add"),
        (Self::Password, "password", "/me/security/password"),
        (Self::Recovery, "recovery", "/me/security/recovery"),
        (Self::Security, "security", "/me/security"),
        (Self::Invite, "invite", "/people/invite"),
        (Self::People, "people", "/people"),
        (Self::Groups, "groups", "/groups"),
        (Self::AppNew, "app-new", "/apps/new"),
        (Self::Apps, "apps", "/apps"),
    ];

    /// Whether a recovery code is no proof for this page: making new ones, and everything administrators do (RC-15).
    pub fn is_unaided(self) -> bool {
        !matches!(self, Self::Security | Self::PasskeyAdd | Self::TotpAdd | Self::Password)
    }
    /// The page to return to after a request for `path` had to wait for a confirmation.
    pub fn of_path(path: &str) -> Self {
        if let Some(id) = path.strip_prefix("/people/").and_then(|rest| rest.split('/').next()?.parse().ok()) {
            return Self::Person(id);
        }
        if let Some(id) = path.strip_prefix("/apps/").and_then(|rest| rest.split('/').next()?.parse().ok()) {
            return Self::App(id);
        }
        Self::FIXED.iter().find(|(_, _, page)| path.starts_with(page)).map_or(Self::Security, |(to, _, _)| *to)
    }
    /// From the key in our own address.
    pub fn parse(key: &str) -> Self {
        if let Some(id) = key.strip_prefix("person-").and_then(|id| id.parse().ok()) {
            return Self::Person(id);
        }
        if let Some(id) = key.strip_prefix("app-").and_then(|id| id.parse().ok()) {
            return Self::App(id);
        }
        Self::FIXED.iter().find(|(_, word, _)| *word == key).map_or(Self::Security, |(to, _, _)| *to)
    }
    /// The key.
    pub fn key(self) -> String {
        match self {
            Self::Person(id) => format!("person-{id}"),
            Self::App(id) => format!("app-{id}"),
            fixed => Self::FIXED.iter().find(|(to, _, _)| *to == fixed).map_or("security", |(_, word, _)| word).to_owned(),
        }
    }
    /// The page.
    pub fn path(self) -> String {
        match self {
            Self::Person(id) => format!("/people/{id}"),
            Self::App(id) => format!("/apps/{id}"),
            fixed => Self::FIXED.iter().find(|(to, _, _)| *to == fixed).map_or("/me/security", |(_, _, page)| page).to_owned(),
        }
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
            match Recent::of(&app, &signed_in.session).await? {
                Some(recent) => Ok(Self { signed_in, recent }),
                None => Err(Failure::SeeOther(format!("/fresh?to={}", FreshReturn::of_path(request.path()).key()))),
            }
        })
    }
}

/// A signed-in person with a fresh proof that needed no recovery code (RC-15).
#[derive(Clone, Copy)]
pub struct FreshUnaided(pub Unaided);

impl FromRequest for FreshUnaided {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let signed_in = SignedIn::from_request(&request, payload);
        Box::pin(async move {
            let signed_in = signed_in.await?;
            let app = app_of(&request).ok_or_else(Failure::misconfigured)?;
            let away = || Failure::SeeOther(format!("/fresh?to={}", FreshReturn::of_path(request.path()).key()));
            Unaided::of(&app, &signed_in.session).await?.map(Self).ok_or_else(away)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confirmation_returns_to_pages_of_ours_only() {
        // OA-15
        let id = "01a2094e-84be-7374-8cb4-aa55cbd9c4c2";
        for (asked, back) in [
            ("/me/security/passkeys/add/start", "/me/security/passkeys/add"),
            ("/people", "/people"),
            ("/people/invite", "/people/invite"),
            (&format!("/people/{id}/withdraw"), &format!("/people/{id}")),
            ("/people/evil/withdraw", "/people"),
            (&format!("/apps/{id}/secrets"), &format!("/apps/{id}")),
            ("/apps/new", "/apps/new"),
            ("/apps/evil/disable", "/apps"),
            ("/groups/new", "/groups"),
            ("//evil.example", "/me/security"),
        ] {
            let to = FreshReturn::of_path(asked);
            assert_eq!(to.path(), back, "{asked}");
            assert_eq!(FreshReturn::parse(&to.key()), to);
        }
        assert_eq!(FreshReturn::parse("person-/evil.example"), FreshReturn::Security);
        assert_eq!(FreshReturn::parse("app-/evil.example"), FreshReturn::Security);
    }
}
