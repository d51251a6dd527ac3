//! A person who proved within the last minutes that it is them, at the highest level of their account (SE-13).

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::{SignedIn, app_of};
use crate::flows::reauth::{Reauthentication, WithoutRecoveryCode};
use crate::kernel::ids::{ClientId, GroupId, PasskeyId, PersonId, TotpId};
use crate::web::Failure;

/// A signed-in person with a fresh proof.
#[derive(Clone)]
pub struct Reauthenticated {
    /// Who, in which session.
    pub signed_in: SignedIn,
    /// The proof, for the verbs that change something.
    pub recent: Reauthentication,
}

/// Where a confirmation returns to: one of our own pages, never an address from the request (OA-15). What belongs to one
/// person, group, application or way to sign in is a word of ours and an id that was read as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnTo {
    /// A page without a part of its own: its key in `FIXED`.
    Page(&'static str),
    /// A page of one person: its word in `OF_PERSON`.
    Person(PersonId, &'static str),
    /// A page of one group: its word in `OF_GROUP`.
    Group(GroupId, &'static str),
    /// A page of one application: its word in `OF_APP`.
    App(ClientId, &'static str),
    /// A page of one passkey: its word in `OF_WAY`.
    Passkey(PasskeyId, &'static str),
    /// A page of one authenticator: its word in `OF_WAY`.
    Authenticator(TotpId, &'static str),
}

impl ReturnTo {
    /// The list of ways to sign in, where everything that is not one of these pages leads.
    pub const SECURITY: Self = Self::Page("security");
    /// The pages without a part of their own, the longer of two alike first.
    const FIXED: [(&'static str, &'static str); 11] = [
        ("passkey", "/me/security/passkeys/add"),
        ("authenticator", "/me/security/authenticators/add"),
        ("password", "/me/security/password"),
        ("recovery", "/me/security/recovery"),
        ("security", "/me/security"),
        ("invite", "/people/invite"),
        ("people", "/people"),
        ("group-new", "/groups/new"),
        ("groups", "/groups"),
        ("app-new", "/apps/new"),
        ("apps", "/apps"),
    ];
    /// The pages of a person; the first is the person's own.
    const OF_PERSON: [&'static str; 7] = ["", "reset", "disable", "enable", "groups", "vouch", "withdraw_vouch"];
    /// The pages of a group; the first is the list.
    const OF_GROUP: [&'static str; 3] = ["", "rename", "delete"];
    /// The pages of an application; the first is its own.
    const OF_APP: [&'static str; 6] = ["", "change", "disable", "enable", "release_pkce", "delete"];
    /// The pages of a way to sign in; the first is the list.
    const OF_WAY: [&'static str; 3] = ["", "rename", "remove"];

    /// Whether a recovery code is no proof for this page: making new ones, and everything administrators do (RC-15).
    pub fn is_without_recovery_code(self) -> bool {
        !self.is_own() || self == Self::Page("recovery")
    }
    /// Whether it is about one's own ways to sign in, and not about what administrators do.
    pub fn is_own(self) -> bool {
        self.path().starts_with("/me/")
    }
    /// The page to return to after a request for `path` had to wait for a confirmation.
    pub fn of_path(path: &str) -> Self {
        let mut parts = path.trim_start_matches('/').split('/');
        let mut next = || parts.next().unwrap_or_default();
        let found = match (next(), next(), next(), next(), next()) {
            ("people", id, act, ..) => Self::of("person", id, act),
            ("groups", id, act, ..) => Self::of("group", id, act),
            ("apps", id, act, ..) => Self::of("app", id, act),
            ("me", "security", "passkeys", id, act) => Self::of("passkey", id, act),
            ("me", "security", "authenticators", id, act) => Self::of("authenticator", id, act),
            _ => None,
        };
        let fixed = || Self::FIXED.iter().find(|(_, page)| path.starts_with(page)).map_or(Self::SECURITY, |(key, _)| Self::Page(key));
        found.unwrap_or_else(fixed)
    }
    /// From the key in our own address.
    pub fn parse(key: &str) -> Self {
        let mut parts = key.split('.');
        let found = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(key), None, ..) => Self::FIXED.iter().find(|(word, _)| *word == key).map(|(word, _)| Self::Page(word)),
            (Some(kind), Some(id), act, None) => Self::of(kind, id, act.unwrap_or_default()),
            _ => None,
        };
        found.unwrap_or(Self::SECURITY)
    }
    /// A page of one thing. A word we do not know is that thing's first page; an id that is none is nothing.
    fn of(kind: &str, id: &str, act: &str) -> Option<Self> {
        let known = |acts: &[&'static str]| acts.iter().find(|known| **known == act).copied().unwrap_or_default();
        match kind {
            "person" => Some(Self::Person(id.parse().ok()?, known(&Self::OF_PERSON))),
            "group" => Some(Self::Group(id.parse().ok()?, known(&Self::OF_GROUP))),
            "app" => Some(Self::App(id.parse().ok()?, known(&Self::OF_APP))),
            "passkey" => Some(Self::Passkey(id.parse().ok()?, known(&Self::OF_WAY))),
            "authenticator" => Some(Self::Authenticator(id.parse().ok()?, known(&Self::OF_WAY))),
            _ => None,
        }
    }
    /// The kind of thing, its id and the word of the page.
    fn parts(self) -> (&'static str, String, &'static str) {
        match self {
            Self::Page(key) => (key, String::new(), ""),
            Self::Person(id, act) => ("person", id.to_string(), act),
            Self::Group(id, act) => ("group", id.to_string(), act),
            Self::App(id, act) => ("app", id.to_string(), act),
            Self::Passkey(id, act) => ("passkey", id.to_string(), act),
            Self::Authenticator(id, act) => ("authenticator", id.to_string(), act),
        }
    }
    /// The key.
    pub fn key(self) -> String {
        let (kind, id, act) = self.parts();
        [kind, &id, act].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
    }
    /// What is about to be done, without whom it is about: the key of the sentence that says so.
    pub fn act(self) -> String {
        let (kind, _, act) = self.parts();
        if act.is_empty() { kind.to_owned() } else { format!("{kind}-{act}") }
    }
    /// The page.
    pub fn path(self) -> String {
        let below = |list: &str, own: bool, id: String, act: &str| match act {
            "" if own => format!("{list}/{id}"),
            "" => list.to_owned(),
            act => format!("{list}/{id}/{act}"),
        };
        match self {
            Self::Page(key) => Self::FIXED.iter().find(|(word, _)| *word == key).map_or("/me/security", |(_, page)| page).to_owned(),
            Self::Person(id, act) => below("/people", true, id.to_string(), act),
            Self::Group(id, act) => below("/groups", false, id.to_string(), act),
            Self::App(id, act) => below("/apps", true, id.to_string(), act),
            Self::Passkey(_, "") | Self::Authenticator(_, "") => "/me/security".to_owned(),
            Self::Passkey(id, act) => below("/me/security/passkeys", false, id.to_string(), act),
            Self::Authenticator(id, act) => below("/me/security/authenticators", false, id.to_string(), act),
        }
    }
}

impl FromRequest for Reauthenticated {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let signed_in = SignedIn::from_request(&request, payload);
        Box::pin(async move {
            let signed_in = signed_in.await?;
            let app = app_of(&request).ok_or_else(Failure::misconfigured)?;
            match Reauthentication::of(&app, &signed_in.session).await? {
                Some(recent) => Ok(Self { signed_in, recent }),
                None => Err(Failure::SeeOther(format!("/reauthenticate?to={}", ReturnTo::of_path(request.path()).key()))),
            }
        })
    }
}

/// A signed-in person with a fresh proof that needed no recovery code (RC-15).
#[derive(Clone, Copy)]
pub struct ReauthenticatedWithoutRecoveryCode(pub WithoutRecoveryCode);

impl FromRequest for ReauthenticatedWithoutRecoveryCode {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let signed_in = SignedIn::from_request(&request, payload);
        Box::pin(async move {
            let signed_in = signed_in.await?;
            let app = app_of(&request).ok_or_else(Failure::misconfigured)?;
            let away = || Failure::SeeOther(format!("/reauthenticate?to={}", ReturnTo::of_path(request.path()).key()));
            WithoutRecoveryCode::of(&app, &signed_in.session).await?.map(Self).ok_or_else(away)
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
            (&format!("/me/security/passkeys/{id}/remove"), &format!("/me/security/passkeys/{id}/remove")),
            (&format!("/me/security/authenticators/{id}/rename"), &format!("/me/security/authenticators/{id}/rename")),
            (&format!("/me/security/authenticators/{id}/evil"), "/me/security"),
            ("/me/security/passkeys/evil/remove", "/me/security"),
            ("/me/security/recovery/codes.txt", "/me/security/recovery"),
            ("/people", "/people"),
            ("/people/invite", "/people/invite"),
            (&format!("/people/{id}/withdraw"), &format!("/people/{id}")),
            (&format!("/people/{id}/disable"), &format!("/people/{id}/disable")),
            (&format!("/people/{id}/groups"), &format!("/people/{id}/groups")),
            ("/people/evil/withdraw", "/people"),
            (&format!("/apps/{id}/secrets"), &format!("/apps/{id}")),
            (&format!("/apps/{id}/delete"), &format!("/apps/{id}/delete")),
            ("/apps/new", "/apps/new"),
            ("/apps/evil/disable", "/apps"),
            ("/groups/new", "/groups/new"),
            (&format!("/groups/{id}/delete"), &format!("/groups/{id}/delete")),
            (&format!("/groups/{id}"), "/groups"),
            ("//evil.example", "/me/security"),
        ] {
            let to = ReturnTo::of_path(asked);
            assert_eq!(to.path(), back, "{asked}");
            assert_eq!(ReturnTo::parse(&to.key()), to);
            assert_eq!(to.is_without_recovery_code(), !back.starts_with("/me/") || back.ends_with("/recovery"), "{asked}");
        }
        let texts = crate::platform::render::Texts::load().unwrap();
        let of = |kind: &str, acts: &[&str]| acts.iter().map(|act| format!("{kind}.{id}.{act}")).collect::<Vec<_>>();
        let keys = ReturnTo::FIXED.iter().map(|(key, _)| (*key).to_owned()).chain(of("person", &ReturnTo::OF_PERSON));
        let keys = keys.chain(of("group", &ReturnTo::OF_GROUP)).chain(of("app", &ReturnTo::OF_APP));
        for key in keys.chain(of("passkey", &ReturnTo::OF_WAY)).chain(of("authenticator", &ReturnTo::OF_WAY)) {
            let to = ReturnTo::parse(&key);
            assert!(texts.has(&format!("reauthenticate-act-{}", to.act())), "{key}");
            assert_eq!(ReturnTo::of_path(&to.path()).path(), to.path(), "{key}");
        }
        for key in ["person./evil.example", "app./evil.example", "/evil.example", "person", "", &format!("person.{id}.disable.more")] {
            assert_eq!(ReturnTo::parse(key), ReturnTo::SECURITY, "{key}");
        }
        assert_eq!(ReturnTo::parse(&format!("person.{id}.../evil")), ReturnTo::SECURITY);
        assert_eq!(ReturnTo::parse(&format!("person.{id}./evil")).path(), format!("/people/{id}"));
    }
}
