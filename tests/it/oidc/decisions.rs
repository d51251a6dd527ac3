//! What a decision is about, what ends it, and how an application learns that the person is not the one it asks for.

use vouchsafe::domain::audit::{self, Book, Kind};
use vouchsafe::domain::client::{self, Access};
use vouchsafe::domain::identity;
use vouchsafe::flows::{ActingAdmin, apps};

use super::{allow, code, consent_action, ready};
use crate::people;
use crate::support::app::Inside;
use crate::support::http::Answer;
use crate::support::people::PASSWORD;
use crate::support::relying_party::Application;
use crate::support::{Backend, both, totp};

both!(a_decision_is_about_what_was_shown, declining_ends_what_was_decided_before, another_person_is_told_once);
both!(a_person_who_may_not_use_an_application_can_go_back, signing_in_again_knows_the_name);

/// Changes an application as an administrator at the host does.
async fn change(server: &Inside, application: &Application, edit: impl FnOnce(apps::TypedApp) -> apps::TypedApp + Send + 'static) {
    let name = application.client_id.clone();
    let client = server.read(move |w| client::find(w, &name)).await.unwrap().unwrap();
    let edit = move |now| Some(edit(now));
    let changed = apps::change_typed(server, &ActingAdmin::at_the_host(), client.id, edit, apps::SameName::Refused).await;
    assert!(matches!(changed.unwrap(), apps::AppOutcome::Done(apps::ChangeOutcome::Saved)));
    server.pass(1);
}

/// OA-110, OA-111: "Notes" at one address is not "Payroll" at another.
async fn a_decision_is_about_what_was_shown(backend: Backend) {
    let (server, ana, notes) = ready(backend).await;
    code(&ana.http, &notes, "openid profile", &[]).await;
    let stands = async |application: &Application| {
        let answer = ana.http.get(application.ask("openid profile", &[]).url.as_str()).await.expect(303);
        answer.sent_back("code").is_some()
    };
    let asked_again = async |application: &Application, because: &[&str]| {
        let silent = ana.http.get(application.ask("openid profile", &[("prompt", "none")]).url.as_str()).await.expect(303);
        assert_eq!(silent.sent_back("error").as_deref(), Some("consent_required"));
        let page = ana.http.follow(application.ask("openid profile", &[]).url.as_str()).await.expect(200);
        let words = page.words();
        for said in because.iter().chain(&["This has changed since you last decided"]) {
            assert!(words.contains(said), "{said}: {words}");
        }
        assert!(!words.contains("more than before"), "{words}");
        ana.http.send_form(&page, &consent_action(&page), &[("decision", "allow")]).await.expect(303);
    };
    assert!(stands(&notes).await);
    change(&server, &notes, |now| apps::TypedApp { name: "Payroll".into(), ..now }).await;
    asked_again(&notes, &["it was called Grafana"]).await;
    assert!(stands(&notes).await);
    change(&server, &notes, |now| apps::TypedApp { run_by: Some("Another team".into()), ..now }).await;
    asked_again(&notes, &["Acme IT ran it"]).await;
    // An address more is decided about when it is used, and the first stays decided.
    let second = "https://admin.grafana.example/callback";
    change(&server, &notes, |mut now| {
        now.redirect_uris.push(second.into());
        now
    })
    .await;
    assert!(stands(&notes).await);
    let elsewhere = Application::discover(&server.address, &notes.client_id, notes.secret.as_deref(), second).await;
    asked_again(&elsewhere, &["you went back to grafana.example , and now go back to admin.grafana.example"]).await;
    assert!(stands(&notes).await && stands(&elsewhere).await);
    // The question asked by the application says nothing of a change, because there is none.
    let page = ana.http.follow(notes.ask("openid profile", &[("prompt", "consent")]).url.as_str()).await.expect(200);
    assert!(!page.words().contains("decided about"), "{}", page.words());
    // More is asked: the page says so, and marks what is new.
    let page = ana.http.follow(notes.ask("openid profile email", &[]).url.as_str()).await.expect(200);
    let words = page.words();
    assert!(words.contains("it’s asking for more than before") && words.contains("New · Optional"), "{words}");
    // An application that changes while the page is open was not decided about.
    change(&server, &notes, |now| apps::TypedApp { name: "Wages".into(), ..now }).await;
    let again = ana.http.send_form(&page, &consent_action(&page), &[("decision", "allow")]).await.expect(303);
    let again = ana.http.follow_on(again).await.expect(200);
    assert!(again.words().contains("Wages wants to access your account"), "{}", again.words());
}

/// OA-54, OA-110, OA-112: after `prompt=consent` and *Decline* the old decision no longer holds, nor what was given by it.
async fn declining_ends_what_was_decided_before(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, first) = code(&ana.http, &application, "openid", &[]).await;
    let (_, answer) = application.exchange(&asked, &first, server.time()).await;
    let token = answer["access_token"].as_str().unwrap();
    application.userinfo(token).await.expect(200);
    let page = ana.http.follow(application.ask("openid", &[("prompt", "consent")]).url.as_str()).await.expect(200);
    let refused = ana.http.send_form(&page, &consent_action(&page), &[("decision", "decline")]).await.expect(303);
    assert_eq!(refused.sent_back("error").as_deref(), Some("access_denied"));
    ana.http.follow(application.ask("openid", &[]).url.as_str()).await.expect(200);
    assert_eq!(application.userinfo(token).await.status, 401);
    for book in [Book::Audit, Book::Ledger] {
        let told = server.read(move |w| {
            let ana = identity::find_by_login_name(w, "ana")?.unwrap();
            audit::recent(w, book, ana.id, 100)
        });
        let withdrawn = told.await.unwrap().into_iter().filter(|entry| entry.kind == Kind::ConsentWithdrawn).count();
        assert_eq!(withdrawn, 1, "{book:?}");
    }
}

/// OA-66: asked for Ben, the page says so to Ana; once she has signed in again as herself the application is told.
async fn another_person_is_told_once(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (ben, bens_key) = people::come_in(&server, &people::invite(&ana, &[]).await).await;
    let (asked, bens) = code(&ben, &application, "openid", &[]).await;
    let (_, answer) = application.exchange(&asked, &bens, server.time()).await;
    let hint = answer["id_token"].as_str().unwrap();
    code(&ana.http, &application, "openid", &[]).await;
    let for_ben = || application.ask("openid", &[("id_token_hint", hint)]);
    let first = ana.http.follow(for_ben().url.as_str()).await.expect(200);
    assert!(first.words().contains("asks for a different account than the one you’re signed in with"), "{}", first.words());
    server.pass(1);
    let page = ana.http.submit(&first, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let answer = ana.http.submit(&page, "/totp", &[("code", &ana.code(&server))]).await.expect(303);
    assert_eq!(answer.sent_back("error").as_deref(), Some("login_required"));
    // Ben is who it asked for.
    server.pass(31);
    let asked = for_ben();
    let page = ana.http.follow(asked.url.as_str()).await.expect(200);
    let page = ana.http.submit(&page, "/login", &[("name", "ben"), ("password", PASSWORD)]).await.expect(200);
    let answer = ana.http.submit(&page, "/totp", &[("code", &totp::code(&bens_key, server.time()))]).await.expect(303);
    application.code(&asked, &answer.location().unwrap());
}

/// OA-06: by a button, not by itself.
async fn a_person_who_may_not_use_an_application_can_go_back(backend: Backend) {
    let (server, ana, _) = ready(backend).await;
    let closed = server.register_with("Payroll", |new| new.access = Access::Groups(vec![])).await;
    let asked = closed.ask("openid", &[]);
    let page = ana.http.follow(asked.url.as_str()).await.expect(403);
    assert!(page.words().contains("You don’t have access to Payroll"), "{}", page.words());
    let told = |answer: Answer| (answer.sent_back("error"), answer.sent_back("state"));
    let answer = ana.http.send_form(&page, &consent_action(&page), &[("decision", "decline")]).await.expect(303);
    assert_eq!(told(answer), (Some("access_denied".into()), Some(asked.state)));
    // Nobody allows by that form what they may not use.
    let page = ana.http.follow(closed.ask("openid", &[]).url.as_str()).await.expect(403);
    let answer = ana.http.send_form(&page, &consent_action(&page), &[("decision", "allow")]).await.expect(403);
    assert!(answer.words().contains("You don’t have access to"), "{}", answer.words());
}

/// OA-64: the person is known, and so is the name in the field.
async fn signing_in_again_knows_the_name(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    allow(&ana.http, &application.ask("openid", &[]), &[]).await;
    server.pass(60);
    let page = ana.http.follow(application.ask("openid", &[("prompt", "login")]).url.as_str()).await.expect(200);
    assert_eq!(page.form("/login").value("name"), Some("ana"));
    let other = page.url.as_str().replace("again=1", "again=other");
    assert_eq!(ana.http.get(&other).await.expect(200).form("/login").value("name"), Some(""));
}
