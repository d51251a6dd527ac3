//! Groups: made, named, removed; people put into them and taken out, which counts immediately.

use vouchsafe::domain::audit::{self, Book, Kind};
use vouchsafe::domain::client::Access;
use vouchsafe::domain::{group, identity};

use super::applications::change;
use super::{code, page_of, token};
use crate::people::{come_in, invite};
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both};

both!(
    groups_are_made_named_and_removed,
    who_leaves_a_group_loses_at_once_what_it_opened,
    an_application_that_closes_is_closed_at_once,
    only_what_was_changed_on_the_form_changes,
    administrators_are_put_into_groups_by_owners_only,
);

/// The card of a group in the list.
async fn card(ana: &Ana, name: &str) -> Option<String> {
    let list = ana.http.get("/groups").await.expect(200).text();
    list.split("<li class=\"card").find(|card| card.contains(&format!("<bdi>{name}</bdi></h2>"))).map(str::to_owned)
}

/// Where a card leads to do something.
fn to(card: &str, act: &str) -> String {
    card.split("href=\"").filter_map(|part| part.split('"').next()).find(|path| path.ends_with(act)).unwrap().to_owned()
}

async fn make(ana: &Ana, name: &str) -> Answer {
    let page = ana.http.get("/groups/new").await.expect(200);
    ana.http.send_form(&page, "/groups/new", &[("name", name)]).await
}

/// Ticks or unticks groups of a person on their page.
async fn put(ana: &Ana, server: &Inside, username: &str, ticks: &[(&str, bool)]) -> Answer {
    let path = groups_page(server, username).await;
    let page = ana.http.get(&path).await.expect(200);
    let all = server.read(group::list).await.unwrap();
    let field = |name: &str| format!("group_{}", all.iter().find(|(_, known)| known == name).unwrap().0);
    let fields: Vec<(String, &str)> = ticks.iter().map(|(name, on)| (field(name), if *on { "yes" } else { "" })).collect();
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    fields.push(("reason", "Works elsewhere now"));
    ana.http.send_form(&page, &path, &fields).await
}

async fn groups_page(server: &Inside, username: &str) -> String {
    let name = username.to_owned();
    let person = server.read(move |w| identity::find_by_login_name(w, &name)).await.unwrap().unwrap();
    format!("/people/{}/groups", person.id)
}

async fn entries(server: &Inside, username: &str, kind: Kind) -> usize {
    let name = username.to_owned();
    let read = server.read(move |w| {
        let person = identity::find_by_login_name(w, &name)?.unwrap();
        audit::recent(w, Book::Audit, person.id, 100)
    });
    read.await.unwrap().iter().filter(|entry| entry.kind == kind).count()
}

async fn groups_are_made_named_and_removed(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    assert!(ana.http.get("/groups").await.expect(200).words().contains("There are no groups yet"));
    make(&ana, "Warehouse").await.expect(303);
    make(&ana, "Board").await.expect(303);
    for (name, words) in [
        (" ", "Enter a name"),
        ("a\nb", "The character U+000A can’t be used there"),
        ("WAREHOUSE", "A group with this or a similar name already exists"),
        ("Ware\u{200d}house", "The character U+200D can’t be used there"),
        ("Wаrehouse", "from a different alphabet"),
        ("Воаrd", "from a different alphabet"),
    ] {
        let refused = make(&ana, name).await.expect(422);
        assert!(refused.words().contains(words), "{name}: {}", refused.words());
    }
    // An invitation knows a group by the same name as everything else (CVE-104).
    let (_ben, _) = come_in(&server, &invite(&ana, &[("groups", "WAREHOUSE")]).await).await;
    assert_eq!(server.read(group::names).await.unwrap(), ["Board", "Warehouse"]);
    let warehouse = card(&ana, "Warehouse").await.unwrap();
    assert!(warehouse.contains("1 person") && warehouse.contains("Nothing yet"), "{warehouse}");
    // Another name; a taken one is refused, its own in other messages is not.
    let rename = to(&warehouse, "/rename");
    let page = ana.http.get(&rename).await.expect(200);
    ana.http.send_form(&page, &rename, &[("name", "Stores"), ("reason", "")]).await.expect(422);
    ana.http.send_form(&page, &rename, &[("name", "board"), ("reason", "Clearer")]).await.expect(422);
    ana.http.send_form(&page, &rename, &[("name", "WareHouse"), ("reason", "Clearer")]).await.expect(303);
    ana.http.send_form(&page, &rename, &[("name", "Stores"), ("reason", "Clearer")]).await.expect(303);
    assert!(card(&ana, "Warehouse").await.is_none());
    // One that opens an application stays: removing it would close the application to everybody.
    let id = server.read(group::list).await.unwrap().into_iter().find(|(_, name)| name == "Stores").unwrap().0;
    let grafana = server.register_with("Grafana", |new| new.access = Access::Groups(vec![id])).await;
    let stores = card(&ana, "Stores").await.unwrap();
    assert!(stores.contains("Grafana") && stores.contains("1 person"), "{stores}");
    let delete = to(&stores, "/delete");
    let ask = ana.http.get(&delete).await.expect(200);
    assert!(ask.words().contains("Grafana") && !ask.text().contains("<form"), "{}", ask.words());
    let form_token = page.form(&rename).value("form_token").unwrap().to_owned();
    let fields = [("form_token", form_token.as_str()), ("reason", "Not needed")];
    let refused = ana.http.post_form(&delete, &fields).await.expect(422);
    assert!(refused.words().contains("it wasn’t deleted"), "{}", refused.words());
    // Opened to everyone, it lets the group go, and says who was in it.
    let page = page_of(&server, &grafana).await;
    change(&ana.http, &page, &[("who", "everyone")]).await.expect(303);
    let ask = ana.http.get(&delete).await.expect(200);
    assert!(ask.words().contains("1 person will be removed from it"), "{}", ask.words());
    ana.http.send_form(&ask, &delete, &[("reason", "")]).await.expect(422);
    ana.http.send_form(&ask, &delete, &[("reason", "Not needed")]).await.expect(303);
    assert!(card(&ana, "Stores").await.is_none() && card(&ana, "Board").await.is_some());
    assert_eq!((entries(&server, "ben", Kind::GroupJoined).await, entries(&server, "ben", Kind::GroupLeft).await), (1, 1));
    ana.http.get(&delete).await.expect(404);
}

async fn who_leaves_a_group_loses_at_once_what_it_opened(backend: Backend) {
    // OA-18, CVE-145
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (ben, _) = come_in(&server, &invite(&ana, &[("groups", "Warehouse, Night shift")]).await).await;
    let id = server.read(|w| group::find_by_name(w, "Warehouse")).await.unwrap().unwrap();
    let grafana = server.register_with("Grafana", |new| new.access = Access::Groups(vec![id])).await;
    let held = token(&server, &ben, &grafana).await;
    grafana.userinfo(&held).await.expect(200);
    let (asked, waiting) = code(&ben, &grafana, "openid").await;
    let open = grafana.ask("openid", &[("prompt", "consent")]);
    let question = ben.follow(open.url.as_str()).await.expect(200);
    // A group that opens nothing changes nothing.
    put(&ana, &server, "ben", &[("Night shift", false)]).await.expect(303);
    grafana.userinfo(&held).await.expect(200);

    put(&ana, &server, "ben", &[("Warehouse", false)]).await.expect(303);
    assert_eq!(grafana.userinfo(&held).await.status, 401);
    let late = grafana.token(&grafana.token_fields(&asked, &waiting)).await.expect(400);
    assert_eq!(late.json()["error"], "invalid_grant");
    let refused = super::allow(&ben, &question).await.expect(403);
    assert!(refused.words().contains("You don’t have access to Grafana"), "{}", refused.words());
    // Which application, which group, whom to ask, and two ways out.
    let denied = ben.follow(grafana.ask("openid", &[]).url.as_str()).await.expect(403);
    for said in [
        "You don’t have access to Grafana",
        "signed in as ben",
        "Only people in this group",
        "Warehouse",
        "ask your Vouchsafe administrator",
        "Acme IT",
    ] {
        assert!(denied.words().contains(said), "{said}: {}", denied.words());
    }
    assert!(!denied.words().contains("Night shift"));
    ben.get(&denied.link("/me").unwrap()).await.expect(200);
    let silent = ben.follow(grafana.ask("openid", &[("prompt", "none")]).url.as_str()).await.expect(303);
    assert_eq!(silent.sent_back("error").as_deref(), Some("access_denied"));
    // Someone who may signs in instead, and the same request goes on.
    put(&ana, &server, "ana", &[("Warehouse", true)]).await.expect(303);
    let other = denied.link("/login?request=").unwrap();
    let login = ben.get(&other).await.expect(200);
    assert!(login.words().contains("Signing in with another account"), "{}", login.words());
    let page = ben.submit(&login, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let question = ben.submit(&page, "/totp", &[("code", &ana.code(&server))]).await.expect(200);
    assert!(question.words().contains("Signed in as ana"), "{}", question.words());

    assert_eq!((entries(&server, "ben", Kind::GroupLeft).await, entries(&server, "ana", Kind::GroupJoined).await), (2, 1));
}

async fn an_application_that_closes_is_closed_at_once(backend: Backend) {
    // OA-18, CVE-145
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    make(&ana, "Board").await.expect(303);
    let grafana = server.register("Grafana").await;
    let (held, page) = (token(&server, &ana.http, &grafana).await, page_of(&server, &grafana).await);
    let board = server.read(|w| group::find_by_name(w, "Board")).await.unwrap().unwrap();
    change(&ana.http, &page, &[("who", "groups"), (&format!("group_{board}"), "yes")]).await.expect(303);
    assert_eq!(grafana.userinfo(&held).await.status, 401);
    let denied = ana.http.follow(grafana.ask("openid", &[]).url.as_str()).await.expect(403);
    assert!(denied.words().contains("Board"), "{}", denied.words());
    put(&ana, &server, "ana", &[("Board", true)]).await.expect(303);
    token(&server, &ana.http, &grafana).await;
}

async fn only_what_was_changed_on_the_form_changes(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (_ben, _) = come_in(&server, &invite(&ana, &[("groups", "Warehouse")]).await).await;
    make(&ana, "Board").await.expect(303);
    let path = groups_page(&server, "ben").await;
    let stale = ana.http.get(&path).await.expect(200);
    // Someone else puts Ben into the board meanwhile; the older form knows nothing of it and takes nothing away.
    put(&ana, &server, "ben", &[("Board", true)]).await.expect(303);
    let warehouse = server.read(|w| group::find_by_name(w, "Warehouse")).await.unwrap().unwrap();
    let refused = ana.http.send_form(&stale, &path, &[(&format!("group_{warehouse}"), "")]).await.expect(422);
    assert!(refused.words().contains("Enter a reason"), "{}", refused.words());
    ana.http.send_form(&refused, &path, &[("reason", "Moved")]).await.expect(303);
    let page = ana.http.get(path.strip_suffix("/groups").unwrap()).await.expect(200).words();
    assert!(page.contains("Board") && !page.contains("Warehouse"), "{page}");
    // What is so already is not written down again.
    ana.http.send_form(&refused, &path, &[("reason", "Moved")]).await.expect(303);
    assert_eq!((entries(&server, "ben", Kind::GroupJoined).await, entries(&server, "ben", Kind::GroupLeft).await), (2, 1));
    let nobody = path.replace(path.split('/').nth(2).unwrap(), "01a2094e-84be-7374-8cb4-aa55cbd9c4c2");
    ana.http.get(&nobody).await.expect(404);
}

/// A group that opens an application.
async fn make_open(ana: &Ana, server: &Inside, name: &'static str) -> crate::support::relying_party::Application {
    make(ana, name).await.expect(303);
    let id = server.read(move |w| group::find_by_name(w, name)).await.unwrap().unwrap();
    server.register_with("Grafana", |new| new.access = Access::Groups(vec![id])).await
}

async fn administrators_are_put_into_groups_by_owners_only(backend: Backend) {
    // EN-15
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    make(&ana, "Board").await.expect(303);
    let (dan, _) = come_in(&server, &invite(&ana, &[("name", "Dan"), ("username", "dan"), ("role", "people")]).await).await;
    let (_ben, _) = come_in(&server, &invite(&ana, &[]).await).await;
    let dan = Ana { http: dan, key: String::new() };
    // Neither the owner nor himself; everybody else he may.
    for (username, status) in [("ana", 403), ("dan", 403), ("ben", 303)] {
        put(&dan, &server, username, &[("Board", true)]).await.expect(status);
    }
    let mut shown = Vec::new();
    for username in ["ana", "ben"] {
        let path = groups_page(&server, username).await;
        let page = dan.http.get(path.strip_suffix("/groups").unwrap()).await.expect(200).text();
        shown.push(page.contains(&path));
    }
    assert_eq!(shown, [false, true]);
    // A group with an administrator in it is not his to remove.
    put(&ana, &server, "ana", &[("Board", true)]).await.expect(303);
    let delete = to(&card(&dan, "Board").await.unwrap(), "/delete");
    let ask = dan.http.get(&delete).await.expect(200);
    dan.http.send_form(&ask, &delete, &[("reason", "x")]).await.expect(403);
    // Nor is its name, and not that of a group that opens an application: the next one would be opened by a wrong name.
    let grafana = make_open(&ana, &server, "Stores").await;
    for (name, status) in [("Board", 403), ("Stores", 403), ("Garden", 303)] {
        if name == "Garden" {
            make(&dan, name).await.expect(303);
        }
        let rename = to(&card(&dan, name).await.unwrap(), "/rename");
        let ask = dan.http.get(&rename).await.expect(200);
        dan.http.send_form(&ask, &rename, &[("name", "Cellar"), ("reason", "x")]).await.expect(status);
    }
    assert!(card(&ana, "Stores").await.unwrap().contains("Grafana") && !grafana.client_id.is_empty());
    assert_eq!(entries(&server, "ana", Kind::GroupLeft).await, 0);
    let stranger = Http::new(&server.address);
    assert_eq!(stranger.get("/groups").await.expect(303).location().unwrap().path(), "/login");
}
