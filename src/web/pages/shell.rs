//! The navigation around every page of someone who is signed in: who they are, and what they may open.

use crate::app::App;
use crate::domain::access::Right;
use crate::flows::account::{self, Shown};
use crate::kernel::ids::PersonId;
use crate::web::Failure;
use crate::web::respond::PageOptions;

/// The administrators' part of the navigation, in its order: the word that the template knows, and the right it takes.
const PARTS: &[(&str, Right)] = &[("people", Right::People), ("groups", Right::People), ("apps", Right::Applications)];

/// The options of a page with the navigation of this person.
pub(in crate::web) async fn options(app: &App, person: PersonId) -> Result<PageOptions, Failure> {
    let shown = account::shown(app, person).await?;
    let admin = PARTS.iter().filter(|(_, right)| may(&shown, *right)).map(|(part, _)| *part).collect();
    Ok(PageOptions { person: Some(shown.name), admin, ..PageOptions::default() })
}

fn may(shown: &Shown, right: Right) -> bool {
    shown.roles.iter().any(|(role, group)| group.is_none() && role.gives(right))
}

/// The entry of the navigation that a page belongs to, by its address; empty for none.
pub(in crate::web) fn place(path: &str) -> &'static str {
    let mut parts = path.split('/').skip(1);
    match (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) {
        ("me", "security") => "security",
        ("me", "applications") => "applications",
        ("me", _) => "home",
        ("people", _) => "people",
        ("groups", _) => "groups",
        ("apps", _) => "apps",
        ("logout", _) => "logout",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::routes::{Guard, ROUTES};

    #[test]
    fn every_page_of_an_account_and_of_administrators_has_a_place() {
        for route in ROUTES {
            let expected = matches!(route.guard, Guard::Admin(_) | Guard::ReauthenticatedAdmin(_)) || route.path.starts_with("/me");
            assert!(!expected || !place(route.path).is_empty(), "{}", route.path);
        }
        for (path, entry) in
            [("/me", "home"), ("/me/address", "home"), ("/me/security/password", "security"), ("/", ""), ("", ""), ("/login", "")]
        {
            assert_eq!(place(path), entry, "{path}");
        }
        for (part, _) in PARTS {
            assert_eq!(place(&format!("/{part}")), *part);
        }
    }
}
