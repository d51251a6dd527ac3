//! The navigation around the pages of someone who is signed in: what it lists, where it says one is, where it stays.

use crate::people::{come_in, invite};
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::Ana;
use crate::support::{Backend, both};

both!(the_navigation_says_where_one_is, the_navigation_lists_what_a_role_opens, the_navigation_stays_where_nothing_was_found);

/// The addresses of the navigation, in their order.
fn entries(page: &Answer) -> Vec<String> {
    let text = page.text();
    let Some(nav) = text.split("<nav").nth(1).and_then(|rest| rest.split("</nav>").next()) else { return Vec::new() };
    nav.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The entries that the page is said to belong to.
fn current(page: &Answer) -> Vec<String> {
    let text = page.text();
    let navigation = text.split("</nav>").next().unwrap_or_default();
    let marked = navigation.split("\" aria-current=\"page\"");
    let count = marked.clone().count() - 1;
    marked.take(count).filter_map(|before| before.rsplit_once("href=\"").map(|(_, address)| address.to_owned())).collect()
}

const YOU: [&str; 3] = ["/me", "/me/security", "/me/applications"];

async fn the_navigation_says_where_one_is(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    for (path, entry) in [
        ("/me", "/me"),
        ("/me/security", "/me/security"),
        ("/me/security/password", "/me/security"),
        ("/me/applications", "/me/applications"),
        ("/people", "/people"),
        ("/people/invite", "/people"),
        ("/groups", "/groups"),
        ("/apps/new", "/apps"),
        ("/logout", "/logout"),
    ] {
        let page = ana.http.get(path).await.expect(200);
        assert_eq!(current(&page), [entry], "{path}");
    }
    // A confirmation belongs to the page that asks for it, and so does its second step.
    server.pass(31 * 60);
    let page = ana.http.follow("/people/invite").await.expect(200);
    assert_eq!((page.url.path(), current(&page)), ("/reauthenticate", vec!["/people".to_owned()]));
    let page = ana.http.submit(&page, "/reauthenticate", &[("password", crate::support::people::PASSWORD)]).await.expect(200);
    assert!(page.url.path().ends_with("/totp") && current(&page) == ["/people"], "{}", page.url);
}

async fn the_navigation_lists_what_a_role_opens(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let everything: Vec<&str> = YOU.into_iter().chain(["/people", "/groups", "/apps", "/logout"]).collect();
    assert_eq!(entries(&ana.http.get("/me").await), everything);
    let link = invite(&ana, &[]).await;
    let (ben, _) = come_in(&server, &link).await;
    let own: Vec<&str> = YOU.into_iter().chain(["/logout"]).collect();
    let home = ben.get("/me").await.expect(200);
    assert_eq!(entries(&home), own);
    assert!(home.text().contains("<bdi>Ben Example</bdi>"));
    let refused = ben.get("/people").await.expect(403);
    assert_eq!(entries(&refused), own);
}

async fn the_navigation_stays_where_nothing_was_found(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let missing = ana.http.get("/nothing-here").await.expect(404);
    assert!(entries(&missing).contains(&"/people".to_owned()) && current(&missing).is_empty());
    for (path, status) in [("/nothing-here", 404), ("/login", 200), ("/logout", 200)] {
        assert_eq!(entries(&Http::new(&server.address).get(path).await.expect(status)), Vec::<String>::new(), "{path}");
    }
}
