//! The list of people: found by the beginnings of words, narrowed by filters, and paged both ways.

use vouchsafe::domain::access::{self, Role};
use vouchsafe::domain::group;
use vouchsafe::domain::identity::{self, Created, NewPerson, PersonState};
use vouchsafe::kernel::ids::PersonId;
use vouchsafe::kernel::text::{DisplayName, EmailAddress, Username};

use crate::support::app::Inside;
use crate::support::people::Ana;
use crate::support::{Backend, both};

both!(people_are_found_by_the_beginning_of_a_word, a_list_is_narrowed_by_filters_that_say_how_many, a_long_list_is_paged_both_ways);

/// Adds an account, a second after the one before.
async fn add(server: &Inside, name: &str, username: &str, state: PersonState) -> PersonId {
    server.pass(1);
    let (name, username) = (DisplayName::parse(name).unwrap(), Username::parse(username).unwrap());
    let email = EmailAddress::parse(&format!("{}.mail@acme.example", username.as_str())).unwrap();
    let made = server
        .write(move |w| {
            let handle = identity::new_handle(w.entropy);
            identity::create(w, &NewPerson { handle, name, username: Some(username), email: Some(email), state })
        })
        .await
        .unwrap();
    let Created::Made(person) = made else { panic!("a name is taken") };
    person.id
}

/// The names in a list, in its order.
async fn names(ana: &Ana, path: &str) -> Vec<String> {
    let page = ana.http.get(path).await.expect(200).text();
    let rows = page.split("<th role=\"rowheader\"").skip(1);
    rows.map(|row| row.split("<bdi>").nth(1).unwrap().split('<').next().unwrap().to_owned()).collect()
}

async fn people_are_found_by_the_beginning_of_a_word(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    add(&server, "José Müller-Ortiz", "jmo", PersonState::Active).await;
    add(&server, "Josephine Carter", "wren", PersonState::Active).await;
    for (typed, found) in [
        ("jos", vec!["Josephine Carter", "José Müller-Ortiz"]),
        ("JOSÉ", vec!["Josephine Carter", "José Müller-Ortiz"]),
        ("ort", vec!["José Müller-Ortiz"]),
        ("jos+car", vec!["Josephine Carter"]),
        ("jos+xyz", vec![]),
        ("wren", vec!["Josephine Carter"]),
        ("wre", vec!["Josephine Carter"]),
        ("jmo.mail%40acme.example", vec!["José Müller-Ortiz"]),
        ("jmo.mail%40other.example", vec![]),
        ("sephine", vec![]),
        ("%27%25%3B--", vec!["Josephine Carter", "José Müller-Ortiz", "Ana Example"]),
    ] {
        assert_eq!(names(&ana, &format!("/people?q={typed}")).await, found, "{typed}");
    }
    let none = ana.http.get("/people?q=%3Cb%3Enobody").await.expect(200);
    assert!(none.words().contains("No one matches “ <b>nobody ”."), "{}", none.words());
    for path in ["/people?show=all%27", "/people?after=1", "/people?group=x", "/people?after=&before=x"] {
        ana.http.get(path).await.expect(404);
    }
}

async fn a_list_is_narrowed_by_filters_that_say_how_many(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let ben = add(&server, "Ben Carter", "ben", PersonState::Disabled).await;
    let chi = add(&server, "Chiara Rossi", "chiara", PersonState::Active).await;
    add(&server, "Dmytro Kovalenko", "dmytro", PersonState::Invited).await;
    let group = server
        .write(move |w| {
            access::grant_role(w, chi, Role::People, None, None)?;
            let group = group::find_or_create(w, "Warehouse")?;
            group::add_member(w, group, ben)?;
            group::add_member(w, group, chi)?;
            Ok(group)
        })
        .await
        .unwrap();
    let page = ana.http.get("/people").await.expect(200).text();
    for (filter, count) in [("All", 4), ("Active", 2), ("Invited", 1), ("Disabled", 1), ("Administrators", 2)] {
        assert!(page.contains(&format!("{filter} <span class=\"count\">{count}</span>")), "{filter} {count}: {page}");
    }
    assert!(page.contains("1–4 of 4"), "{page}");
    assert_eq!(names(&ana, "/people?show=invited").await, ["Dmytro Kovalenko"]);
    assert_eq!(names(&ana, "/people?show=disabled").await, ["Ben Carter"]);
    assert_eq!(names(&ana, "/people?show=administrators").await, ["Chiara Rossi", "Ana Example"]);
    assert_eq!(names(&ana, &format!("/people?group={group}")).await, ["Chiara Rossi", "Ben Carter"]);
    assert_eq!(names(&ana, &format!("/people?group={group}&show=active&q=ros")).await, ["Chiara Rossi"]);
    assert_eq!(names(&ana, &format!("/people?group={group}&q=dmytro")).await, [""; 0]);
}

async fn a_long_list_is_paged_both_ways(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    for number in 1..=120 {
        add(&server, &format!("Person {number:03}"), &format!("p{number:03}"), PersonState::Active).await;
    }
    let mut seen = Vec::new();
    let mut at = "/people".to_owned();
    let mut back = None;
    for range in ["1–50 of 121", "51–100 of 121", "101–121 of 121"] {
        let page = ana.http.get(&at).await.expect(200);
        assert!(page.text().contains(range), "{range}: {}", page.text());
        seen.extend(names(&ana, &at).await);
        back = page.related("prev");
        if let Some(next) = page.related("next") {
            at = next;
        }
    }
    let mut all: Vec<String> = (1..=120).rev().map(|number| format!("Person {number:03}")).collect();
    all.push("Ana Example".into());
    assert_eq!(seen, all);
    let before = back.expect("a page before the last");
    assert_eq!(names(&ana, &before).await, all[50..100]);
    let first = ana.http.get(&before).await.expect(200).related("prev").expect("a page before that");
    assert_eq!(names(&ana, &first).await, all[..50]);
    assert_eq!(ana.http.get(&first).await.expect(200).related("prev"), None);
    // A search is paged too.
    let page = ana.http.get("/people?q=person").await.expect(200);
    let next = page.related("next").expect("more are found");
    assert_eq!(names(&ana, &next).await, all[50..100]);
}
