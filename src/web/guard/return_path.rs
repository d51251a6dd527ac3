//! Where a confirmation returns to.

use crate::web::routes::{Guard, ROUTES, Route};

/// The longest path that is returned to after a sign-in; ours are shorter.
const LONGEST: usize = 200;

/// The address of a page that asks for a confirmation: one that a row of the table of routes shows by `GET`, with ids and words
/// in its places. No value is anything else, so it goes through the browser in the open (OA-15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnPath {
    path: String,
    /// The row's address.
    pattern: &'static str,
    guard: Guard,
}

impl ReturnPath {
    /// The page from which a request for `path` came: the page of that address, or the nearest above it for what is none. What
    /// leads to no such page leads to the list of sign-in methods.
    pub fn of(path: &str) -> Self {
        let fitting = ROUTES.iter().map(|route| route.path).find(|pattern| fits(pattern, path));
        let mut above = fitting.map(|pattern| (pattern, path));
        while let Some((pattern, path)) = above {
            if let Some(route) = ROUTES.iter().find(|route| route.path == pattern && asks_for_a_proof(route)) {
                return Self { path: path.to_owned(), pattern, guard: route.guard };
            }
            above = pattern.rsplit_once('/').zip(path.rsplit_once('/')).map(|((pattern, _), (path, _))| (pattern, path));
        }
        Self { path: "/me/security".to_owned(), pattern: "/me/security", guard: Guard::SignedIn }
    }

    /// The page that was asked for before a sign-in: one that anyone who is signed in may ask for by its address.
    pub fn after_sign_in(path: &str) -> Option<Self> {
        let is_page = |route: &&Route| (asks_for_a_proof(route) || shows_an_account(route)) && fits(route.path, path);
        let route = ROUTES.iter().find(is_page).filter(|_| path.len() <= LONGEST)?;
        Some(Self { path: path.to_owned(), pattern: route.path, guard: route.guard })
    }

    /// The address of the sign-in that leads there.
    pub fn sign_in(&self) -> String {
        format!("/login?to={}", self.path)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.path
    }

    /// The address that asks for the confirmation.
    pub fn confirmation(&self) -> String {
        format!("/reauthenticate?to={}", self.path)
    }

    /// Whether it is about one's own account, and not about what administrators do.
    pub fn is_own(&self) -> bool {
        !matches!(self.guard, Guard::Admin(_) | Guard::ReauthenticatedAdmin(_))
    }

    /// Whether a recovery code is no proof for this page: making new ones, and everything administrators do (RC-15).
    pub fn is_without_recovery_code(&self) -> bool {
        !self.is_own() || self.guard == Guard::ReauthenticatedWithoutRecoveryCode
    }

    /// The page in words joined by `-`, then the pages above it: `people-one-disable`, `people-one`, `people`.
    pub fn names(&self) -> Vec<String> {
        let places = self.pattern.split('/').zip(self.path.split('/')).skip(1);
        let words: Vec<&str> = places.map(|(place, part)| if is_id(place) { "one" } else { part }).collect();
        (1..=words.len()).rev().filter_map(|count| words.get(..count)).map(|words| words.join("-")).collect()
    }
}

/// A page to look at, and not a file.
fn asks_for_a_proof(route: &Route) -> bool {
    let guard = matches!(
        route.guard,
        Guard::Reauthenticated | Guard::ReauthenticatedWithoutRecoveryCode | Guard::Admin(_) | Guard::ReauthenticatedAdmin(_)
    );
    guard && route.method == actix_web::http::Method::GET && !route.path.contains('.')
}

/// A page of one's own account that needs no proof but the session.
fn shows_an_account(route: &Route) -> bool {
    route.guard == Guard::SignedIn && route.method == actix_web::http::Method::GET && route.path.starts_with("/me/")
}

/// Whether a path is one of a pattern's, with nothing but letters, digits, `-` and `_` in its places.
fn fits(pattern: &str, path: &str) -> bool {
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let part_fits = |(place, part): (&str, &str)| if place.starts_with('{') { is_plain(part) } else { place == part };
    pattern.split('/').count() == path.split('/').count() && pattern.split('/').zip(path.split('/')).all(part_fits)
}

/// Whether a place of a pattern is an id's; the others are words.
fn is_id(place: &str) -> bool {
    place.starts_with('{') && !matches!(place, "{kind}" | "{act}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01a2094e-84be-7374-8cb4-aa55cbd9c4c2";

    #[test]
    fn a_confirmation_returns_to_pages_of_ours_only() {
        // OA-15
        for (asked, back) in [
            ("/me/security/passkeys/add/start", "/me/security/passkeys/add"),
            ("/me/security/passkeys/{id}/remove", "/me/security/passkeys/{id}/remove"),
            ("/me/security/authenticators/{id}/rename", "/me/security/authenticators/{id}/rename"),
            ("/me/security/recovery/codes.txt", "/me/security/recovery"),
            ("/me/security/recovery/codes", "/me/security/recovery/codes"),
            ("/people", "/people"),
            ("/people/invite", "/people/invite"),
            ("/people/{id}/withdraw", "/people/{id}"),
            ("/people/{id}/disable", "/people/{id}/disable"),
            ("/people/{id}/groups", "/people/{id}/groups"),
            ("/apps/{id}/secrets", "/apps/{id}"),
            ("/apps/{id}/secrets/{id}", "/apps/{id}/secrets/{id}"),
            ("/apps/{id}/delete", "/apps/{id}/delete"),
            ("/apps/new", "/apps/new"),
            ("/groups/new", "/groups/new"),
            ("/groups/{id}/delete", "/groups/{id}/delete"),
        ] {
            let to = ReturnPath::of(&asked.replace("{id}", ID));
            assert_eq!(to.as_str(), back.replace("{id}", ID), "{asked}");
            assert_eq!(ReturnPath::of(to.as_str()), to);
            assert_eq!(to.is_without_recovery_code(), !back.starts_with("/me/") || back.contains("/recovery"), "{asked}");
        }
        for elsewhere in [
            "//evil.example",
            "https://evil.example/people",
            "/evil.example",
            "/people/../evil",
            "/people/\\evil",
            "/people/%2fevil/disable",
            "/people//disable",
            "/people?to=1",
            "people",
            "",
            "/",
            "/me",
            "/login",
            "/reauthenticate",
            "/logout",
            "/authorize/continue/r1",
            "/static/x",
        ] {
            assert_eq!(ReturnPath::of(elsewhere).as_str(), "/me/security", "{elsewhere}");
        }
    }

    #[test]
    fn a_sign_in_leads_to_pages_of_ours_only() {
        // OA-15
        for page in ["/me/security", "/me/applications", "/me/applications/{id}", "/me/security/password", "/people", "/apps/{id}/delete"] {
            let path = page.replace("{id}", ID);
            assert_eq!(ReturnPath::after_sign_in(&path).unwrap().as_str(), path);
        }
        let long = format!("/people/{}", "a".repeat(300));
        for elsewhere in ["/me", "/login", "/logout", "/reauthenticate", "/", "", "//evil.example", "https://evil.example/people", &long]
            .into_iter()
            .chain(["/people?x=1", "/people/../me", "/me/reset-link/stop", "/me/security/recovery/codes.txt", "/authorize/continue/r1"])
        {
            assert!(ReturnPath::after_sign_in(elsewhere).is_none(), "{elsewhere}");
        }
    }

    #[test]
    fn every_page_that_asks_for_a_proof_is_returned_to() {
        for route in ROUTES.iter().filter(|route| asks_for_a_proof(route)) {
            let path = route.path.replace("{id}", ID).replace("{secret}", ID).replace("{kind}", "passkeys").replace("{act}", "disable");
            assert_eq!(ReturnPath::of(&path).as_str(), path);
        }
    }

    #[test]
    fn a_page_is_named_without_whom_it_is_about() {
        let names = |path: &str| ReturnPath::of(&path.replace("{id}", ID)).names();
        assert_eq!(names("/people/{id}/disable"), ["people-one-disable", "people-one", "people"]);
        assert_eq!(names("/nothing"), ["me-security", "me"]);
    }
}
