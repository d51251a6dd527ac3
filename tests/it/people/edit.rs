//! An administrator corrects what a person is called.

use vouchsafe::domain::audit::Kind;
use vouchsafe::domain::identity;

use super::{almost_in, come_in, entries, invite, page_of};
use crate::support::app::Inside;
use crate::support::http::Http;
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both};

both!(
    a_person_is_called_something_else_from_now_on,
    a_mistyped_invitation_is_corrected_and_its_link_opens_nothing,
    nobody_edits_past_their_right_or_takes_anothers_name,
    an_old_form_brings_back_nothing,
    of_two_who_get_one_name_at_once_one_has_it,
);

async fn a_person_is_called_something_else_from_now_on(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (ben, _) = come_in(&server, &invite(&ana, &[("email", "ben@acme.example")]).await).await;
    let person = page_of(&ana, "Ben Example").await;
    let path = format!("{}/edit", person.url.path());
    let form = ana.http.get(&path).await.expect(200);
    let typed = [("name", "Ben <b>Carter</b>"), ("username", "bcarter"), ("email", "carter@acme.example"), ("reason", "Married")];
    let wrong = ana.http.submit(&form, "/edit", &[("name", ""), ("username", "b c"), ("email", "x"), ("reason", "")]).await.expect(422);
    for field in ["name-error", "username-error", "email-error", "reason-error"] {
        assert!(wrong.text().contains(&format!("id=\"{field}\"")), "{field}: {}", wrong.words());
    }
    let saved = ana.http.submit(&form, "/edit", &typed).await.expect(200);
    assert_eq!(saved.url.path(), person.url.path());
    for words in [saved.words(), ben.get("/me").await.expect(200).words()] {
        assert!(words.contains("Ben <b>Carter</b>"), "{words}");
    }
    // The new name signs in and is found; the old one is nobody's.
    let login = async |name: &str| {
        let http = Http::new(&server.address);
        let page = http.get("/login").await.expect(200);
        http.submit(&page, "/login", &[("name", name), ("password", PASSWORD)]).await.url.path().ends_with("/totp")
    };
    assert!(login("BCarter").await && login("carter@acme.example").await);
    assert!(!login("ben").await && !login("ben@acme.example").await);
    assert!(ana.http.get("/people?q=cart").await.expect(200).words().contains("Carter"));
    assert!(ana.http.get("/people?q=exam").await.expect(200).text().matches("role=\"rowheader\"").count() == 1, "Ana alone");
    assert_eq!(entries(&server, "bcarter", Kind::PersonEdited).await, 1);
    // Saved again as it is, nothing happened.
    let form = ana.http.get(&path).await.expect(200);
    ana.http.submit(&form, "/edit", &[("reason", "By mistake")]).await.expect(200);
    assert_eq!(entries(&server, "bcarter", Kind::PersonEdited).await, 1);
}

async fn a_mistyped_invitation_is_corrected_and_its_link_opens_nothing(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[("email", "bne@acme.example")]).await;
    let (guest, page) = almost_in(&server, &link).await;
    let person = page_of(&ana, "Ben Example").await;
    let form = ana.http.get(&format!("{}/edit", person.url.path())).await.expect(200);
    let saved = ana.http.submit(&form, "/edit", &[("email", "ben@acme.example"), ("reason", "Mistyped")]).await.expect(200);
    assert!(saved.words().contains("ben@acme.example") && saved.text().contains("/send\""), "{}", saved.words());
    // Anyone who got the link at the wrong address gets no further with it.
    Http::new(&server.address).follow(&link).await.expect(410);
    let key = crate::support::people::key_on(&page);
    let code = crate::support::totp::code(&key, server.time());
    guest.send_form(&page, "/totp", &[("code", &code), ("label", "phone")]).await;
    guest.get("/me").await.expect(303);
    // With the name alone corrected, the link stays.
    let again = ana.http.submit(&saved, "/send", &[]).await.expect(200);
    let link = super::link_on(&again);
    let form = ana.http.get(&format!("{}/edit", person.url.path())).await.expect(200);
    ana.http.submit(&form, "/edit", &[("name", "Ben Carter"), ("reason", "Mistyped")]).await.expect(200);
    come_in(&server, &link).await.0.get("/me").await.expect(200);
}

async fn nobody_edits_past_their_right_or_takes_anothers_name(backend: Backend) {
    // EN-15, CVE-26
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (dan, _) = come_in(&server, &invite(&ana, &[("name", "Dan"), ("username", "dan"), ("role", "people")]).await).await;
    let (ben, _) = come_in(&server, &invite(&ana, &[("email", "ben@acme.example")]).await).await;
    let own = format!("{}/edit", page_of(&ana, "Ana Example").await.url.path());
    let form = dan.get(&own).await.expect(200);
    dan.submit(&form, "/edit", &[("username", "boss"), ("reason", "x")]).await.expect(403);
    ben.get(&own).await.expect(403);
    let of_ben = format!("{}/edit", page_of(&ana, "Ben Example").await.url.path());
    let form = dan.get(&of_ben).await.expect(200);
    let taken = dan.submit(&form, "/edit", &[("username", "ANA"), ("reason", "x")]).await.expect(422);
    assert!(taken.text().contains("id=\"username-error\""), "{}", taken.words());
    assert_eq!(entries(&server, "ana", Kind::PersonEdited).await + entries(&server, "ben", Kind::PersonEdited).await, 0);
    server.pass(16 * 60);
    let asked = dan.get(&of_ben).await.expect(303).location().unwrap();
    assert_eq!(asked.path(), "/reauthenticate", "an old proof edits nobody");
}

async fn an_old_form_brings_back_nothing(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    come_in(&server, &invite(&ana, &[("email", "lost@acme.example")]).await).await;
    let path = format!("{}/edit", page_of(&ana, "Ben Example").await.url.path());
    let (old, new) = (ana.http.get(&path).await.expect(200), ana.http.get(&path).await.expect(200));
    ana.http.submit(&new, "/edit", &[("email", "ben@acme.example"), ("reason", "He lost the other one")]).await.expect(200);
    // Refused for another field first, the form still knows what it showed.
    let old = ana.http.submit(&old, "/edit", &[("name", "Ben Carter"), ("reason", "")]).await.expect(422);
    let saved = ana.http.submit(&old, "/edit", &[("reason", "Married")]).await.expect(200);
    assert!(saved.words().contains("Ben Carter") && saved.words().contains("ben@acme.example"), "{}", saved.words());
    assert_eq!(entries(&server, "ben", Kind::PersonEdited).await, 2);
}

async fn of_two_who_get_one_name_at_once_one_has_it(backend: Backend) {
    // CVE-26
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let mut forms = Vec::new();
    for name in ["ben", "chi", "dan", "eve"] {
        invite(&ana, &[("name", name), ("username", name)]).await;
        let person = page_of(&ana, &format!("<bdi>{name}</bdi></a>")).await;
        forms.push(ana.http.get(&format!("{}/edit", person.url.path())).await.expect(200));
    }
    let typed = [("username", "same"), ("reason", "Race")];
    let [one, two, three, four] = &forms[..] else { panic!("four forms") };
    let answers = tokio::join!(
        ana.http.send_form(one, "/edit", &typed),
        ana.http.send_form(two, "/edit", &typed),
        ana.http.send_form(three, "/edit", &typed),
        ana.http.send_form(four, "/edit", &typed)
    );
    let mut statuses = [answers.0.status, answers.1.status, answers.2.status, answers.3.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422, 422, 422]);
    assert!(server.read(|w| identity::find_by_login_name(w, "same")).await.unwrap().is_some());
}
