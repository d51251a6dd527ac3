//! Administrators and people: who may look, who may act, and for how long.

mod edit;
mod links;
mod list;
mod vouching;

use std::sync::Arc;

use vouchsafe::domain::audit::{self, Book, Kind};
use vouchsafe::domain::identity;
use vouchsafe::platform::crypto::token::TicketCode;

use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::{Ana, PASSWORD, key_on};
use crate::support::{Backend, both, totp};

both!(
    raised_rights_end_unused_and_come_back_by_a_proof,
    only_administrators_may_look_and_only_freshly_proved_may_act,
    somebody_who_lost_their_phone_starts_again,
    a_person_is_signed_out_everywhere,
    people_are_switched_off_and_on,
);

/// What Ben changes his password to.
const OTHER_PASSWORD: &str = "another good phrase";

/// Fills in the page of people and returns the path of the link on the card.
pub(crate) async fn invite(ana: &Ana, fields: &[(&str, &str)]) -> String {
    invite_from(&ana.http, fields).await
}

/// The same from a browser.
pub(crate) async fn invite_from(http: &Http, fields: &[(&str, &str)]) -> String {
    let page = http.get("/people/invite").await.expect(200);
    let mut all = vec![("name", "Ben Example"), ("username", "ben"), ("reason", "Starts on Monday")];
    all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    all.extend_from_slice(fields);
    link_on(&http.submit(&page, "/people/invite", &all).await.expect(200))
}

/// The path of the link on a card.
pub(crate) fn link_on(card: &Answer) -> String {
    let text = card.text();
    let code = text.split("id=\"address\"").nth(1).unwrap_or_else(|| panic!("no card:\n{}", card.words()));
    let address = code.split('>').nth(1).unwrap().split('<').next().unwrap();
    url::Url::parse(address).unwrap().path().to_owned()
}

/// Someone with a link, as far as the last field: their browser and the page that asks for the first code.
pub(crate) async fn almost_in(server: &Inside, link: &str) -> (Http, Answer) {
    let http = Http::new(&server.address);
    let page = http.follow(link).await.expect(200);
    let page = http.submit(&page, page.url.path(), &[]).await.expect(200);
    let page = http.submit(&page, "/method", &[("method", "password")]).await.expect(200);
    let page = http.submit(&page, "/password", &[("password", PASSWORD)]).await.expect(200);
    (http, page)
}

/// Joins, or starts again, with a password and an authenticator.
pub(crate) async fn come_in(server: &Inside, link: &str) -> (Http, String) {
    let (http, page) = almost_in(server, link).await;
    let key = key_on(&page);
    let code = totp::code(&key, server.time());
    http.submit(&page, "/totp", &[("code", &code), ("label", "phone")]).await.expect(200);
    server.pass(31);
    (http, key)
}

/// The page of a person, found by the list.
pub(crate) async fn page_of(ana: &Ana, name: &str) -> Answer {
    let list = ana.http.get("/people").await.expect(200).text();
    let row = list.split("<tr").skip(1).find(|row| row.contains(name)).unwrap_or_else(|| panic!("no {name} in the list"));
    let path = row.split("href=\"").find(|part| part.starts_with("/people/")).unwrap().split('"').next().unwrap();
    ana.http.get(path).await.expect(200)
}

/// Makes a reset link.
async fn reset_link(ana: &Ana, name: &str) -> String {
    let page = page_of(ana, name).await;
    let ask = ana.http.get(&format!("{}/reset", page.url.path())).await.expect(200);
    link_on(&ana.http.submit(&ask, "/reset", &[("reason", "Seen in person")]).await.expect(200))
}

pub(crate) async fn entries(server: &Inside, name: &str, kind: Kind) -> usize {
    let name = name.to_owned();
    let list = server
        .read(move |w| {
            let person = identity::find_by_login_name(w, &name)?.unwrap();
            audit::recent(w, Book::Audit, person.id, 100)
        })
        .await
        .unwrap();
    list.iter().filter(|entry| entry.kind == kind).count()
}

async fn raised_rights_end_unused_and_come_back_by_a_proof(backend: Backend) {
    // SE-13
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let home = ana.http.get("/me").await.expect(200);
    assert!(home.text().contains("href=\"/people\""));
    let page = ana.http.get("/people").await.expect(200);
    assert!(page.words().contains("Ana Example"), "{}", page.words());
    // Used every 29 minutes they stay, beyond the proof that elevated them.
    for _ in 0..3 {
        server.pass(29 * 60);
        ana.http.get("/people").await.expect(200);
    }
    server.pass(31 * 60);
    let asked = ana.http.get("/people").await.expect(303).location().unwrap();
    assert_eq!((asked.path(), asked.query()), ("/reauthenticate", Some("to=/people")));
    ana.http.get("/me").await.expect(200);
    let other = Http::new(&server.address);
    assert_eq!(other.get("/people").await.expect(303).location().unwrap().path(), "/login");
}

async fn only_administrators_may_look_and_only_freshly_proved_may_act(backend: Backend) {
    // EN-15, SE-13
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (ben, _) = come_in(&server, &invite(&ana, &[]).await).await;
    assert!(!ben.get("/me").await.expect(200).text().contains("href=\"/people\""));
    for path in ["/people", "/people/invite"] {
        let refused = ben.get(path).await.expect(403);
        assert!(!refused.words().contains("Ana Example"));
    }
    // Who may register applications sees no people; who may enrol people gives no roles and touches no owner.
    let (chi, _) = come_in(&server, &invite(&ana, &[("name", "Chi"), ("username", "chi"), ("role", "applications")]).await).await;
    chi.get("/people").await.expect(403);
    let (dan, _) = come_in(&server, &invite(&ana, &[("name", "Dan"), ("username", "dan"), ("role", "people")]).await).await;
    let dan = Ana { http: dan, key: String::new() };
    let form = dan.http.get("/people/invite").await.expect(200);
    assert!(!form.text().contains("name=\"role\""));
    let token = form.form("/people/invite").value("form_token").unwrap().to_owned();
    let fields = [("form_token", token.as_str()), ("name", "Eve"), ("username", "eve"), ("role", "owner"), ("reason", "x")];
    dan.http.post_form("/people/invite", &fields).await.expect(403);
    let owner = page_of(&dan, "Ana Example").await;
    assert!(owner.words().contains("Only an owner"));
    for act in ["reset", "disable", "withdraw", "send"] {
        let fields = [("form_token", token.as_str()), ("reason", "x")];
        let answer = dan.http.post_form(&format!("{}/{act}", owner.url.path()), &fields).await;
        let done = answer.location().is_some_and(|to| to.path().ends_with("/card") || to.query() == Some("done=person_disabled"));
        assert!(!done && [403, 303, 400].contains(&answer.status), "{act}: {}", answer.status);
    }
    ana.http.get("/me").await.expect(200);
    invite(&dan, &[("name", "Eve"), ("username", "eve")]).await;
    // A proof older than fifteen minutes lets look, and not act.
    server.pass(16 * 60);
    ana.http.get("/people").await.expect(200);
    let page = page_of(&ana, "Eve").await;
    assert_eq!(ana.http.get("/people/invite").await.expect(303).location().unwrap().query(), Some("to=/people/invite"));
    let asked = ana.http.send_form(&page, "/withdraw", &[]).await.expect(303).location().unwrap();
    assert!(asked.path() == "/reauthenticate" && asked.query().unwrap().starts_with("to=/people/"));
    // It is named what for, and leads to the very page that was asked for (OA-15).
    let act = page_of(&ana, "Dan").await.link("/disable").expect("a way to switch off");
    let confirm = ana.http.follow(&act).await.expect(200);
    assert!(confirm.words().contains("To disable an account"), "{}", confirm.words());
    let code = ana.http.submit(&confirm, "/reauthenticate", &[("password", PASSWORD)]).await.expect(200);
    let back = ana.http.submit(&code, "/totp", &[("code", &ana.code(&server))]).await.expect(200);
    assert_eq!(back.url.path(), act);
}

async fn somebody_who_lost_their_phone_starts_again(backend: Backend) {
    // RC-11, RC-12, SE-10, EN-09, PW-15
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (old, old_key) = come_in(&server, &invite(&ana, &[]).await).await;
    // Wherever they are signed in they see that there is a link, and can stop it.
    let unasked = reset_link(&ana, "Ben Example").await;
    let home = old.get("/me").await.expect(200);
    assert!(home.words().contains("Ana Example created a link") && home.words().contains("Seen in person"), "{}", home.words());
    let home = old.submit(&home, "/reset-link/stop", &[]).await.expect(200);
    assert!(home.words().contains("Link cancelled") && !home.words().contains("created a link"));
    Http::new(&server.address).follow(&unasked).await.expect(410);
    assert!(page_of(&ana, "Ben Example").await.words().contains("not me"));
    // A password changed meanwhile closes one too (RC-05).
    let late = reset_link(&ana, "Ben Example").await;
    let page = old.get("/me/security/password").await.expect(200);
    let typed = [("current_password", PASSWORD), ("new_password", OTHER_PASSWORD)];
    old.submit(&page, "/me/security/password", &typed).await.expect(200);
    Http::new(&server.address).follow(&late).await.expect(410);
    let link = reset_link(&ana, "Ben Example").await;
    // Until the last step the old ways work.
    let (http, page) = almost_in(&server, &link).await;
    old.get("/me").await.expect(200);
    assert!(Http::new(&server.address).follow(&link).await.expect(200).words().contains("Seen in person"));
    let key = key_on(&page);
    http.submit(&page, "/totp", &[("code", &totp::code(&key, server.time())), ("label", "new")]).await.expect(200);
    server.pass(31);
    http.get("/me").await.expect(200);
    assert_eq!(old.get("/me").await.expect(303).location().unwrap().path(), "/login");
    assert_eq!(Http::new(&server.address).follow(&link).await.status, 410);
    let thief = Http::new(&server.address);
    let page = thief.get("/login").await.expect(200);
    let page = thief.submit(&page, "/login", &[("name", "ben"), ("password", PASSWORD)]).await.expect(200);
    thief.submit(&page, "/totp", &[("code", &totp::code(&old_key, server.time()))]).await.expect(422);
    for (kind, count) in [(Kind::ResetLinkCreated, 3), (Kind::ResetLinkDeclined, 1), (Kind::ResetLinkUsed, 1)] {
        assert_eq!(entries(&server, "ben", kind).await, count, "{kind:?}");
    }
    // A link of someone who is switched off meanwhile opens nothing, and makes nothing.
    let link = reset_link(&ana, "Ben Example").await;
    let (http, page) = almost_in(&server, &link).await;
    let person = page_of(&ana, "Ben Example").await;
    let ask = ana.http.get(&format!("{}/disable", person.url.path())).await.expect(200);
    ana.http.submit(&ask, "/disable", &[("reason", "Left")]).await.expect(200);
    let code = totp::code(&key_on(&page), server.time());
    http.submit(&page, "/totp", &[("code", &code), ("label", "new")]).await.expect(410);
    http.follow(&link).await.expect(410);
    assert_eq!(entries(&server, "ben", Kind::ResetLinkUsed).await, 1);
}

async fn a_person_is_signed_out_everywhere(backend: Backend) {
    // SE-08, EN-15
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (ben, key) = come_in(&server, &invite(&ana, &[]).await).await;
    let person = page_of(&ana, "Ben Example").await.url.path().to_owned();
    let ask = ana.http.get(&format!("{person}/sign_out")).await.expect(200);
    ana.http.submit(&ask, "/sign_out", &[("reason", " ")]).await.expect(422);
    ben.get("/me").await.expect(200);
    let page = ana.http.submit(&ask, "/sign_out", &[("reason", "His laptop was stolen")]).await.expect(200);
    assert!(page.words().contains("Signed out everywhere"), "{}", page.words());
    ben.get("/me").await.expect(303);
    assert_eq!(entries(&server, "ben", Kind::SessionsEnded).await, 1);
    // The ways he has are his, and let him in again.
    server.pass(31);
    let page = ben.get("/login").await.expect(200);
    let page = ben.submit(&page, "/login", &[("name", "ben"), ("password", PASSWORD)]).await.expect(200);
    ben.submit(&page, "/totp", &[("code", &totp::code(&key, server.time()))]).await.expect(200);
    ben.get("/me").await.expect(200);
    // Nobody does it to themselves here, and nobody to an owner who is not one.
    let own = page_of(&ana, "Ana Example").await;
    let ask = ana.http.get(&format!("{}/sign_out", own.url.path())).await.expect(200);
    ana.http.submit(&ask, "/sign_out", &[("reason", "x")]).await.expect(403);
    let (dan, _) = come_in(&server, &invite(&ana, &[("name", "Dan"), ("username", "dan"), ("role", "people")]).await).await;
    let ask = dan.get(&format!("{}/sign_out", own.url.path())).await.expect(200);
    assert_eq!(entries(&server, "dan", Kind::ActRefused).await, 0);
    dan.submit(&ask, "/sign_out", &[("reason", "x")]).await.expect(403);
    ana.http.get("/me").await.expect(200);
    // What was refused is written down, and not without end (LG-04).
    assert_eq!(entries(&server, "dan", Kind::ActRefused).await, 1);
    for _ in 0..50 {
        dan.get("/apps").await.expect(403);
    }
    let refused = entries(&server, "dan", Kind::ActRefused).await;
    assert!((10..=40).contains(&refused), "{refused}");
}

async fn people_are_switched_off_and_on(backend: Backend) {
    // SE-09
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (ben, key) = come_in(&server, &invite(&ana, &[]).await).await;
    let person = page_of(&ana, "Ben Example").await.url.path().to_owned();
    let ask = ana.http.get(&format!("{person}/disable")).await.expect(200);
    ana.http.submit(&ask, "/disable", &[("reason", " ")]).await.expect(422);
    ben.get("/me").await.expect(200);
    let page = ana.http.submit(&ask, "/disable", &[("reason", "Left the company")]).await.expect(200);
    assert!(page.words().contains("Disabled"));
    ben.get("/me").await.expect(303);
    let try_again = async || {
        let http = Http::new(&server.address);
        let page = http.get("/login").await.expect(200);
        let page = http.submit(&page, "/login", &[("name", "ben"), ("password", PASSWORD)]).await;
        if page.status != 200 {
            return page.status;
        }
        http.submit(&page, "/totp", &[("code", &totp::code(&key, server.time()))]).await.status
    };
    assert_eq!(try_again().await, 422);
    let ask = ana.http.get(&format!("{person}/enable")).await.expect(200);
    ana.http.submit(&ask, "/enable", &[("reason", "Came back")]).await.expect(200);
    assert_eq!(try_again().await, 200);
    // Nobody switches themselves off.
    let own = page_of(&ana, "Ana Example").await;
    let ask = ana.http.get(&format!("{}/disable", own.url.path())).await.expect(200);
    ana.http.submit(&ask, "/disable", &[("reason", "x")]).await.expect(403);
    for (kind, count) in [(Kind::PersonDisabled, 1), (Kind::PersonEnabled, 1)] {
        assert_eq!(entries(&server, "ben", kind).await, count, "{kind:?}");
    }
}
