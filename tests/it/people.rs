//! Administrators and people: who may look, who may act, and for how long.

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
    a_colleague_joins_by_a_card,
    an_invitation_opens_nothing_once_it_is_over,
    whoever_says_not_me_closes_the_link,
    names_in_use_are_refused_plainly,
    one_invitation_lets_one_in,
    withdrawing_and_accepting_at_once_leaves_no_half_state,
    somebody_who_lost_their_phone_starts_again,
    a_person_is_signed_out_everywhere,
    people_are_switched_off_and_on,
    a_link_is_for_nobody_elses_session,
    the_code_of_a_link_leaves_the_address,
    the_policy_holds_whatever_a_guest_posts,
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

/// Somebody with a link, as far as the last field: their browser and the page that asks for the first code.
pub(crate) async fn almost_in(server: &Inside, link: &str) -> (Http, Answer) {
    let http = Http::new(&server.address);
    let page = http.follow(link).await.expect(200);
    let page = http.submit(&page, page.url.path(), &[]).await.expect(200);
    let page = http.submit(&page, "/enrol/method", &[("method", "password")]).await.expect(200);
    let page = http.submit(&page, "/enrol/password", &[("password", PASSWORD)]).await.expect(200);
    (http, page)
}

/// Joins, or starts again, with a password and an authenticator.
pub(crate) async fn come_in(server: &Inside, link: &str) -> (Http, String) {
    let (http, page) = almost_in(server, link).await;
    let key = key_on(&page);
    let code = totp::code(&key, server.time());
    http.submit(&page, "/enrol/totp", &[("code", &code), ("label", "phone")]).await.expect(200);
    server.pass(31);
    (http, key)
}

/// The page of a person, found by the list.
pub(crate) async fn page_of(ana: &Ana, name: &str) -> Answer {
    let list = ana.http.get("/people").await.expect(200).text();
    let card = list.split("<li class=\"card").find(|card| card.contains(name)).unwrap_or_else(|| panic!("no {name} in the list"));
    let path = card.split("href=\"").find(|part| part.starts_with("/people/")).unwrap().split('"').next().unwrap();
    ana.http.get(path).await.expect(200)
}

/// Makes a link to new ways to sign in.
async fn enrolment_link(ana: &Ana, name: &str) -> String {
    let page = page_of(ana, name).await;
    let ask = ana.http.get(&format!("{}/enrol", page.url.path())).await.expect(200);
    link_on(&ana.http.submit(&ask, "/enrol", &[("reason", "Seen in person")]).await.expect(200))
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
    // Used every 29 minutes they stay, beyond the proof that raised them.
    for _ in 0..3 {
        server.pass(29 * 60);
        ana.http.get("/people").await.expect(200);
    }
    server.pass(31 * 60);
    let asked = ana.http.get("/people").await.expect(303).location().unwrap();
    assert_eq!((asked.path(), asked.query()), ("/fresh", Some("to=people")));
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
    for act in ["enrol", "disable", "withdraw", "send"] {
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
    assert_eq!(ana.http.get("/people/invite").await.expect(303).location().unwrap().query(), Some("to=invite"));
    let asked = ana.http.send_form(&page, "/withdraw", &[]).await.expect(303).location().unwrap();
    assert!(asked.path() == "/fresh" && asked.query().unwrap().starts_with("to=person."));
    // It is named what for, and leads to the very page that was asked for (OA-15).
    let act = page_of(&ana, "Dan").await.link("/disable").expect("a way to switch off");
    let confirm = ana.http.follow(&act).await.expect(200);
    assert!(confirm.words().contains("switch somebody’s account off"), "{}", confirm.words());
    let code = ana.http.submit(&confirm, "/fresh", &[("password", PASSWORD)]).await.expect(200);
    let back = ana.http.submit(&code, "/totp", &[("code", &ana.code(&server))]).await.expect(200);
    assert_eq!(back.url.path(), act);
}

async fn a_colleague_joins_by_a_card(backend: Backend) {
    // EN-02, EN-04, EN-05, EN-06
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[("email", "ben@acme.example"), ("groups", "Warehouse, Night shift")]).await;
    assert!(page_of(&ana, "Ben Example").await.words().contains("Open until"));
    let http = Http::new(&server.address);
    // Whoever looks, however often, uses nothing; and reads who and why before any field.
    for method in [reqwest::Method::HEAD, reqwest::Method::GET, reqwest::Method::GET] {
        http.request(method.clone(), &link).send().await.expect(303);
        http.request(method, "/invite").send().await.expect(200);
    }
    let page = http.follow(&link).await.expect(200);
    for said in ["Ana Example", "Starts on Monday", "Ben Example", "three minutes"] {
        assert!(page.words().contains(said), "{said}: {}", page.words());
    }
    assert!(!page.text().contains("type=\"text\""));
    // Left half-way, and come back with the link in the same browser.
    let half = http.submit(&page, "/invite", &[]).await.expect(200);
    let half = http.submit(&half, "/enrol/method", &[("method", "password")]).await.expect(200);
    let again = http.follow(&link).await.expect(200);
    let back = http.submit(&again, "/invite", &[]).await.expect(200);
    assert_eq!(back.url, half.url);
    let page = http.submit(&back, "/enrol/password", &[("password", PASSWORD)]).await.expect(200);
    let key = key_on(&page);
    let done = http.submit(&page, "/enrol/totp", &[("code", &totp::code(&key, server.time())), ("label", "phone")]).await.expect(200);
    assert!(done.words().contains("recovery codes"), "{}", done.words());
    let done = http.submit(&done, "/enrol/recovery", &[("decision", "later")]).await.expect(200);
    assert!(done.words().contains("Well done, Ben Example") && !done.words().contains("administrator of"));
    let home = http.get("/me").await.expect(200).words();
    assert!(home.contains("ben@acme.example"));
    let seen = page_of(&ana, "Ben Example").await.words();
    for said in ["Active", "Warehouse", "Night shift", "one authenticator"] {
        assert!(seen.contains(said), "{said}: {seen}");
    }
    for (kind, count) in [(Kind::InvitationMade, 1), (Kind::InvitationAccepted, 1), (Kind::GroupJoined, 2), (Kind::TotpAdded, 1)] {
        assert_eq!(entries(&server, "ben", kind).await, count, "{kind:?}");
    }
    // By name or address they sign in like everybody.
    server.pass(31);
    let elsewhere = Http::new(&server.address);
    let page = elsewhere.get("/login").await.expect(200);
    let page = elsewhere.submit(&page, "/login", &[("name", "ben@acme.example"), ("password", PASSWORD)]).await.expect(200);
    let code = totp::code(&key, server.time());
    assert_eq!(elsewhere.submit(&page, "/totp", &[("code", &code)]).await.expect(200).url.path(), "/me");
}

async fn an_invitation_opens_nothing_once_it_is_over(backend: Backend) {
    // EN-03, CVE-116, CVE-117
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let first = invite(&ana, &[]).await;
    let (early, early_page) = almost_in(&server, &first).await;
    let code = |page: &Answer| totp::code(&key_on(page), server.time());
    let ends_badly = async |http: &Http, page: &Answer| {
        let end = http.submit(page, "/enrol/totp", &[("code", &code(page)), ("label", "phone")]).await;
        assert_eq!(end.status, 410, "{}", end.words());
        assert_eq!(http.get("/me").await.expect(303).location().unwrap().path(), "/login");
    };
    // A newer link voids the older, also for somebody who is on the way with it.
    let page = page_of(&ana, "Ben Example").await;
    let second = link_on(&ana.http.submit(&page, "/send", &[]).await.expect(200));
    early.follow(&first).await.expect(410);
    ends_badly(&early, &early_page).await;
    // Withdrawn while open: the same.
    let (late, late_page) = almost_in(&server, &second).await;
    let page = page_of(&ana, "Ben Example").await;
    let page = ana.http.submit(&page, "/withdraw", &[]).await.expect(200);
    assert!(page.words().contains("Withdrawn"));
    ends_badly(&late, &late_page).await;
    // Expired to the second.
    let third = link_on(&ana.http.submit(&page, "/send", &[]).await.expect(200));
    server.pass(72 * 3600 - 1);
    let visitor = Http::new(&server.address);
    visitor.follow(&third).await.expect(200);
    let (slow, slow_page) = almost_in(&server, &third).await;
    server.pass(1);
    visitor.follow(&third).await.expect(410);
    ends_badly(&slow, &slow_page).await;
    // Of another kind, and never made.
    visitor.follow(&third.replace("/invite/", "/enrol/")).await.expect(404);
    visitor.follow(&third.replace("/invite/", "/setup/")).await.expect(404);
    visitor.follow("/invite/7KQ29-VXM4T-8C0HR-D3MTZ-PW5X8-A").await.expect(404);
    visitor.get("/invite/x").await.expect(404);
    assert_eq!(entries(&server, "ben", Kind::InvitationAccepted).await + entries(&server, "ben", Kind::TotpAdded).await, 0);
}

async fn whoever_says_not_me_closes_the_link(backend: Backend) {
    // EN-04
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[]).await;
    let http = Http::new(&server.address);
    http.get("/invite/decline").await.expect(405);
    let page = http.follow(&link).await.expect(200);
    let said = http.submit(&page, "/decline", &[]).await.expect(410);
    assert!(said.words().contains("Thank you"), "{}", said.words());
    assert!(!http.cookies().into_keys().any(|name| name.ends_with("-link")), "nobody finds it in this browser");
    assert!(page_of(&ana, "Ben Example").await.words().contains("this is not me"));
    assert_eq!(entries(&server, "ben", Kind::InvitationDeclined).await, 1);
}

async fn names_in_use_are_refused_plainly(backend: Backend) {
    // EN-13, CVE-26
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    invite(&ana, &[("email", "ben@acme.example")]).await;
    for (fields, offered) in [
        (&[("username", "BEN")][..], true),
        (&[("username", "benny"), ("email", "Ben@acme.example")], true),
        (&[("username", "ana")], false),
        (&[("username", "annie"), ("email", "ana@acme.example")], false),
    ] {
        let page = ana.http.get("/people/invite").await.expect(200);
        let mut all = vec![("name", "Other"), ("reason", "x")];
        all.extend_from_slice(fields);
        let again = ana.http.submit(&page, "/people/invite", &all).await.expect(422);
        assert!(again.words().contains("this one is in use"), "{}", again.words());
        assert_eq!(again.words().contains("send it again"), offered, "{fields:?}");
        assert!(again.text().contains("value=\"Other\""), "what was typed stays");
    }
}

async fn one_invitation_lets_one_in(backend: Backend) {
    // EN-03: ten people hold it, each posts five times.
    let server = Arc::new(Inside::start(backend).await);
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[]).await;
    let mut ready = Vec::new();
    for _ in 0..10 {
        ready.push(almost_in(&server, &link).await);
    }
    let mut set = tokio::task::JoinSet::new();
    for (http, page) in ready {
        let http = Arc::new(http);
        let code = totp::code(&key_on(&page), server.time());
        for _ in 0..5 {
            let (http, page, code) = (http.clone(), page.clone(), code.clone());
            set.spawn(async move { http.send_form(&page, "/enrol/totp", &[("code", &code), ("label", "phone")]).await });
        }
    }
    let answers = set.join_all().await;
    let won = answers.iter().filter(|answer| answer.set_cookies().iter().any(|cookie| cookie.contains("=vss_"))).count();
    assert_eq!(won, 1);
    for (kind, count) in [(Kind::InvitationAccepted, 1), (Kind::PasswordSet, 1), (Kind::TotpAdded, 1)] {
        assert_eq!(entries(&server, "ben", kind).await, count, "{kind:?}");
    }
}

async fn withdrawing_and_accepting_at_once_leaves_no_half_state(backend: Backend) {
    // EN-03
    let server = Arc::new(Inside::start(backend).await);
    let ana = Ana::arrive(&server).await;
    for round in 0..5 {
        let username = format!("ben{round}");
        let link = invite(&ana, &[("username", &username), ("name", &username)]).await;
        let (guest, page) = almost_in(&server, &link).await;
        let code = totp::code(&key_on(&page), server.time());
        let person = page_of(&ana, &username).await;
        let typed = [("code", code.as_str()), ("label", "phone")];
        let (_, answer) = tokio::join!(ana.http.send_form(&person, "/withdraw", &[]), guest.send_form(&page, "/enrol/totp", &typed));
        let in_now = answer.set_cookies().iter().any(|cookie| cookie.contains("=vss_"));
        let accepted = entries(&server, &username, Kind::InvitationAccepted).await;
        let withdrawn = entries(&server, &username, Kind::InvitationWithdrawn).await;
        assert_eq!((accepted, withdrawn), if in_now { (1, 0) } else { (0, 1) });
        assert_eq!(entries(&server, &username, Kind::TotpAdded).await, accepted);
        assert_eq!(guest.get("/me").await.status, if in_now { 200 } else { 303 });
    }
}

async fn somebody_who_lost_their_phone_starts_again(backend: Backend) {
    // RC-11, RC-12, SE-10, EN-09
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (old, old_key) = come_in(&server, &invite(&ana, &[]).await).await;
    // Wherever they are signed in they see that there is a link, and can stop it.
    let unasked = enrolment_link(&ana, "Ben Example").await;
    let home = old.get("/me").await.expect(200);
    assert!(home.words().contains("Ana Example made a link") && home.words().contains("Seen in person"), "{}", home.words());
    let home = old.submit(&home, "/enrolment-link/stop", &[]).await.expect(200);
    assert!(home.words().contains("The link was stopped") && !home.words().contains("made a link"));
    Http::new(&server.address).follow(&unasked).await.expect(410);
    assert!(page_of(&ana, "Ben Example").await.words().contains("this is not me"));
    // A password changed meanwhile closes one too (RC-05).
    let late = enrolment_link(&ana, "Ben Example").await;
    let page = old.get("/me/security/password").await.expect(200);
    let typed = [("current_password", PASSWORD), ("new_password", OTHER_PASSWORD)];
    old.submit(&page, "/me/security/password", &typed).await.expect(200);
    Http::new(&server.address).follow(&late).await.expect(410);
    let link = enrolment_link(&ana, "Ben Example").await;
    // Until the last step the old ways work.
    let (http, page) = almost_in(&server, &link).await;
    old.get("/me").await.expect(200);
    assert!(Http::new(&server.address).follow(&link).await.expect(200).words().contains("Seen in person"));
    let key = key_on(&page);
    http.submit(&page, "/enrol/totp", &[("code", &totp::code(&key, server.time())), ("label", "new")]).await.expect(200);
    server.pass(31);
    http.get("/me").await.expect(200);
    assert_eq!(old.get("/me").await.expect(303).location().unwrap().path(), "/login");
    assert_eq!(Http::new(&server.address).follow(&link).await.status, 410);
    let thief = Http::new(&server.address);
    let page = thief.get("/login").await.expect(200);
    let page = thief.submit(&page, "/login", &[("name", "ben"), ("password", PASSWORD)]).await.expect(200);
    thief.submit(&page, "/totp", &[("code", &totp::code(&old_key, server.time()))]).await.expect(422);
    for (kind, count) in [(Kind::EnrolmentLinkMade, 3), (Kind::EnrolmentLinkDeclined, 1), (Kind::EnrolmentLinkUsed, 1)] {
        assert_eq!(entries(&server, "ben", kind).await, count, "{kind:?}");
    }
    // A link of somebody who is switched off meanwhile opens nothing, and makes nothing.
    let link = enrolment_link(&ana, "Ben Example").await;
    let (http, page) = almost_in(&server, &link).await;
    let person = page_of(&ana, "Ben Example").await;
    let ask = ana.http.get(&format!("{}/disable", person.url.path())).await.expect(200);
    ana.http.submit(&ask, "/disable", &[("reason", "Left")]).await.expect(200);
    let code = totp::code(&key_on(&page), server.time());
    http.submit(&page, "/enrol/totp", &[("code", &code), ("label", "new")]).await.expect(410);
    http.follow(&link).await.expect(410);
    assert_eq!(entries(&server, "ben", Kind::EnrolmentLinkUsed).await, 1);
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
    assert!(page.words().contains("They were signed out everywhere"), "{}", page.words());
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
    assert!(page.words().contains("Switched off"));
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

async fn a_link_is_for_nobody_elses_session(backend: Backend) {
    // EN-03, RC-10
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[]).await;
    let page = ana.http.follow(&link).await.expect(200);
    assert!(page.words().contains("Somebody else is signed in") && !page.text().contains("<form"));
    let token = ana.http.get("/people/invite").await.form("/people/invite").value("form_token").unwrap().to_owned();
    let reference = TicketCode::parse(link.rsplit('/').next().unwrap()).unwrap().reference();
    ana.http.post_form("/invite", &[("form_token", &token), ("link", &reference)]).await.expect(409);
}

async fn the_code_of_a_link_leaves_the_address(backend: Backend) {
    // RC-09, SE-04
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (ben, chi) = (invite(&ana, &[]).await, invite(&ana, &[("name", "Chi Example"), ("username", "chi")]).await);
    let http = Http::new(&server.address);
    let opened = http.get(&ben).await.expect(303);
    assert_eq!((opened.location().unwrap().as_str(), opened.body.len()), (format!("{}/invite", server.address).as_str(), 0));
    let [cookie] = opened.set_cookies().try_into().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=3600"), "{cookie}");
    let bens = http.get("/invite").await.expect(200);
    let code = ben.rsplit('/').next().unwrap();
    assert!(!bens.text().contains(code) && bens.words().contains("Ben Example"));
    // Another link in another tab: a form of the first does nothing to the second.
    let chis = http.follow(&chi).await.expect(200);
    assert!(chis.words().contains("Chi Example"));
    for action in ["/invite", "/invite/decline"] {
        let back = http.submit(&bens, action, &[]).await.expect(200);
        assert!(back.url.path() == "/invite" && back.words().contains("Chi Example"));
    }
    // A link of one kind opens nothing of another, and a browser that keeps no cookie is told.
    http.get("/enrol").await.expect(404);
    http.get("/setup").await.expect(404);
    let keeps = |http: &Http| http.cookies().into_keys().any(|name| name.ends_with("-link"));
    assert!(keeps(&http), "it opens something elsewhere");
    let none = Http::new(&server.address).get("/invite").await.expect(404).words();
    assert!(none.contains("Open your invitation again") && none.contains("cookie"), "{none}");
    // It is gone when it was used.
    let (joined, _) = come_in(&server, &ben).await;
    assert!(!keeps(&joined));
    // And when it opens nothing any more, and when somebody signs out.
    http.follow(&ben).await.expect(410);
    assert!(!keeps(&http));
    joined.follow(&chi).await;
    assert!(keeps(&joined));
    let page = joined.get("/logout").await.expect(200);
    joined.send_form(&page, "/logout/confirm", &[("scope", "here")]).await.expect(303);
    assert!(!keeps(&joined));
}

async fn the_policy_holds_whatever_a_guest_posts(backend: Backend) {
    // EN-16, CVE-11, CVE-128
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[]).await;
    let http = Http::new(&server.address);
    let page = http.follow(&link).await.expect(200);
    let page = http.submit(&page, "/invite", &[]).await.expect(200);
    let base = page.url.path().trim_end_matches("/method").to_owned();
    let form = page.form("/enrol/method");
    let (token, step) = (form.value("form_token").unwrap().to_owned(), form.value("step").unwrap().to_owned());
    let post = async |step_name: &str, more: &[(&str, &str)]| {
        let mut fields = vec![("form_token", token.as_str()), ("step", step.as_str())];
        fields.extend_from_slice(more);
        http.post_form(&format!("{base}/{step_name}"), &fields).await
    };
    // An authenticator alone, or a code before a password, or a short password: none gets on.
    assert_eq!(post("method", &[("method", "totp")]).await.status, 400);
    assert_eq!(post("totp", &[("code", "123456"), ("label", "x")]).await.expect(303).location().unwrap().path(), format!("{base}/method"));
    assert_eq!(post("password", &[("password", "short")]).await.expect(303).location().unwrap().path(), format!("{base}/method"));
    assert_eq!(http.get("/me").await.expect(303).location().unwrap().path(), "/login");
    assert_eq!(http.get(&format!("{base}/done")).await.expect(303).location().unwrap().path(), format!("{base}/method"));
    assert_eq!(entries(&server, "ben", Kind::InvitationAccepted).await, 0);
}
