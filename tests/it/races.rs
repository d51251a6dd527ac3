//! Fifty at the same moment: of everything that can be used once, exactly one use wins, on both databases.

use std::sync::Arc;

use vouchsafe::domain::{client, consent, grant, identity};

use crate::support::app::Inside;
use crate::support::authenticator::Authenticator;
use crate::support::http::{Answer, Http};
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both, totp};

const MANY: usize = 50;

both!(one_recovery_code);
both!(one_further_secret);
both!(one_name, a_group_is_opened_or_removed);
both!(a_decision_is_used_or_withdrawn);
both!(one_set_up_link, one_authenticator_code, one_authorization_code, one_passkey_answer, wrong_passwords_are_counted_first);

/// Sends the same thing many times in parallel and returns all answers.
async fn at_once<F, T>(make: impl Fn(usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let mut set = tokio::task::JoinSet::new();
    for number in 0..MANY {
        set.spawn(make(number));
    }
    set.join_all().await
}

fn signed_in(answer: &Answer) -> bool {
    answer.set_cookies().iter().any(|cookie| cookie.contains("=vss_"))
}

/// Fifty people hold one set-up link, each ready with password and authenticator: one becomes the administrator.
async fn one_set_up_link(backend: Backend) {
    // PW-16, EN-03, CVE-118
    let server = Arc::new(Inside::start(backend).await);
    let path = server.setup_path().await;
    let prepare = |number: usize| {
        let (server, path) = (server.clone(), path.clone());
        async move {
            let http = Http::new(&server.address);
            let page = http.follow(&path).await.expect(200);
            let name = format!("person{number}");
            let page = http.submit(&page, "/setup", &[("name", "Someone"), ("username", &name)]).await.expect(200);
            let page = http.submit(&page, "/method", &[("method", "password")]).await.expect(200);
            // The pool takes so many at a time; anyone who is told to come again does.
            let mut after = http.submit(&page, "/password", &[("password", PASSWORD)]).await;
            while after.status == 503 {
                after = http.submit(&page, "/password", &[("password", PASSWORD)]).await;
            }
            (http, after.expect(200))
        }
    };
    let mut ready = Vec::new();
    while ready.len() < MANY {
        // A link takes ten passwords in ten minutes (PW-12).
        let mut set = tokio::task::JoinSet::new();
        (ready.len()..ready.len() + 10).for_each(|number| drop(set.spawn(prepare(number))));
        ready.extend(set.join_all().await);
        server.pass(601);
    }
    let mut set = tokio::task::JoinSet::new();
    for (http, page) in ready {
        let code = totp::code(&crate::support::people::key_on(&page), server.time());
        set.spawn(async move { http.send_form(&page, "/totp", &[("code", &code), ("label", "phone")]).await });
    }
    let answers = set.join_all().await;
    assert_eq!(answers.iter().filter(|answer| signed_in(answer)).count(), 1);
}

/// Fifty browsers know Ana's password and read one code over her shoulder: one gets in.
async fn one_authenticator_code(backend: Backend) {
    // OT-01, CVE-34
    let server = Inside::with(backend, &[("sign_in.free_failures", "20")]).await;
    let ana = Ana::arrive(&server).await;
    let mut steps = Vec::new();
    for _ in 0..MANY {
        let http = Http::new(&server.address);
        let page = http.get("/login").await.expect(200);
        let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
        steps.push((http, page));
    }
    let code = ana.code(&server);
    let mut set = tokio::task::JoinSet::new();
    for (http, page) in steps {
        let code = code.clone();
        set.spawn(async move { http.send_form(&page, "/totp", &[("code", &code)]).await });
    }
    let answers = set.join_all().await;
    assert_eq!(answers.iter().filter(|answer| signed_in(answer)).count(), 1);
}

/// Fifty browsers know Ana's password and one code of her list: one gets in.
async fn one_recovery_code(backend: Backend) {
    // OT-10
    let server = Inside::with(backend, &[("sign_in.free_failures", "20"), ("password.queue", "256")]).await;
    let ana = Ana::arrive(&server).await;
    let codes = ana.make_recovery_codes().await;
    let mut steps = Vec::new();
    for _ in 0..MANY {
        let http = Http::new(&server.address);
        let page = http.get("/login").await.expect(200);
        let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
        let page = http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
        steps.push((http, page));
    }
    let mut set = tokio::task::JoinSet::new();
    for (http, page) in steps {
        let code = codes[0].clone();
        set.spawn(async move { http.send_form(&page, "/recovery", &[("code", &code)]).await });
    }
    let answers = set.join_all().await;
    assert_eq!(answers.iter().filter(|answer| signed_in(answer)).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 422 | 429)), "nothing else happened");
}

/// One code of an application presented fifty times: one answer with tokens, and those are revoked by the second.
async fn one_authorization_code(backend: Backend) {
    // OA-26
    let server = Arc::new(Inside::start(backend).await);
    let ana = Ana::arrive(&server).await;
    let application = Arc::new(server.register("Grafana").await);
    let asked = application.ask("openid profile", &[]);
    let page = ana.http.follow(asked.url.as_str()).await.expect(200);
    let action = page.url.path().replace("/authorize/continue/", "/consent/");
    let answer = ana.http.send_form(&page, &action, &[("decision", "allow")]).await.expect(303);
    let code = application.code(&asked, &answer.location().unwrap());
    let fields = application.token_fields(&asked, &code);
    let answers = at_once(|_| {
        let (application, fields) = (application.clone(), fields.clone());
        async move { application.token(&fields).await }
    })
    .await;
    let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1);
    assert!(answers.iter().filter(|answer| answer.status != 200).all(|answer| answer.json()["error"] == "invalid_grant"));
    let token = won[0].json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(application.userinfo(&token).await.status, 401);
}

/// Fifty posts for a second secret: one is made. Fifty to revoke the two: one goes, and the last stays.
async fn one_further_secret(backend: Backend) {
    // OA-42
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let application = server.register("Grafana").await;
    let secrets = async || {
        let name = application.client_id.clone();
        let read = server.read(move |w| {
            let client = client::find(w, &name)?.unwrap();
            Ok((client.id, client::secrets(w, client.id)?))
        });
        read.await.unwrap()
    };
    let (id, _) = secrets().await;
    let http = Arc::new(ana.http);
    let page = http.get(&format!("/apps/{id}")).await.expect(200);
    let token = page.form("/secrets").value("form_token").unwrap().to_owned();
    let post = |path: String| {
        let (http, token) = (http.clone(), token.clone());
        async move { http.post_form(&path, &[("form_token", &token)]).await }
    };
    let answers = at_once(|_| post(format!("/apps/{id}/secrets"))).await;
    let made = answers.iter().filter(|answer| answer.location().is_some_and(|to| to.path().ends_with("/connected"))).count();
    let (_, both) = secrets().await;
    assert_eq!((made, both.len()), (1, 2));
    assert!(answers.iter().all(|answer| answer.status == 303), "nothing else happened");
    let answers = at_once(|number| post(format!("/apps/{id}/secrets/{}", both[number % 2].id))).await;
    let gone = answers.iter().filter(|answer| answer.location().is_some_and(|to| to.query() == Some("done=secret_revoked"))).count();
    assert_eq!((gone, secrets().await.1.len()), (1, 1));
    assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 422)), "nothing else happened");
}

/// One answer of a passkey sent fifty times: one session.
async fn one_passkey_answer(backend: Backend) {
    // WA-02, WA-36
    let server = Arc::new(Inside::start(backend).await);
    let http = Http::new(&server.address);
    let path = server.setup_path().await;
    let page = http.follow(&path).await.expect(200);
    let page = http.submit(&page, "/setup", &[("name", "Ana"), ("username", "ana")]).await.expect(200);
    let page = http.submit(&page, "/method", &[("method", "passkey")]).await.expect(200);
    let (start, finish, token) =
        (page.attribute("data-start").unwrap(), page.attribute("data-finish").unwrap(), page.attribute("data-token").unwrap());
    let begun = http.post_json(&start, &token, &serde_json::json!({})).await.expect(200).json();
    let (answer, credential) = Authenticator::synced().create(&options(&begun), &server.address).finish();
    http.post_json(&finish, &token, &answer).await.expect(200);

    let http = Arc::new(Http::new(&server.address));
    let page = http.get("/login").await.expect(200);
    let (start, finish, token) =
        (page.attribute("data-start").unwrap(), page.attribute("data-finish").unwrap(), page.attribute("data-token").unwrap());
    let begun = http.post_json(&start, &token, &serde_json::json!({})).await.expect(200).json();
    let answer = credential.get(&options(&begun), &server.address).finish();
    let answers = at_once(|_| {
        let (http, finish, token, answer) = (http.clone(), finish.clone(), token.clone(), answer.clone());
        async move { http.post_json(&finish, &token, &answer).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| signed_in(answer)).count(), 1);
}

fn options(begun: &serde_json::Value) -> serde_json::Value {
    begun["publicKey"].clone()
}

/// Fifty wrong passwords at the same time: only the free ones are looked at, the rest must wait.
async fn wrong_passwords_are_counted_first(backend: Backend) {
    // TH-04, CVE-43
    let server = Arc::new(Inside::start(backend).await);
    let _ana = Ana::arrive(&server).await;
    let answers = at_once(|_| {
        let server = server.clone();
        async move {
            let http = Http::new(&server.address);
            let page = http.get("/login").await.expect(200);
            http.send_form(&page, "/login", &[("name", "ana"), ("password", "wrong wrong wrong")]).await.status
        }
    })
    .await;
    let looked_at = answers.iter().filter(|status| **status == 422).count();
    assert!((1..=6).contains(&looked_at), "{looked_at} were looked at");
    assert!(answers.iter().all(|status| matches!(status, 422 | 429 | 503)), "{answers:?}");
}

/// Fifty posts of one name in several spellings: one group, and one application.
async fn one_name(backend: Backend) {
    // CVE-104, OA-111
    let server = Inside::start(backend).await;
    let ana = Arc::new(Ana::arrive(&server).await);
    let (group, connect) = (ana.http.get("/groups/new").await.expect(200), ana.http.get("/apps/new").await.expect(200));
    let (group, connect) = (Arc::new(group), Arc::new(connect));
    let spelled = |number: usize| ["COMTE", "comte", "СОМТЕ", "Ｃomte", "Comte"][number % 5];
    let groups = at_once(|number| {
        let (ana, page) = (ana.clone(), group.clone());
        async move { ana.http.send_form(&page, "/groups/new", &[("name", spelled(number))]).await.status }
    })
    .await;
    assert_eq!(groups.iter().filter(|status| **status == 303).count(), 1, "{groups:?}");
    assert!(groups.iter().all(|status| matches!(status, 303 | 422 | 503)), "{groups:?}");
    assert_eq!(server.read(vouchsafe::domain::group::names).await.unwrap().len(), 1);
    let apps = at_once(|number| {
        let (ana, page) = (ana.clone(), connect.clone());
        async move {
            let fields = [
                ("redirect_uris", "https://a.example/callback"),
                ("who", "everyone"),
                ("shape", "server"),
                ("authentication", "client_secret_basic"),
                ("algorithm", "ES256"),
            ];
            ana.http.send_form(&page, "/apps/new", &[&fields[..], &[("name", spelled(number))]].concat()).await.status
        }
    })
    .await;
    assert_eq!(apps.iter().filter(|status| **status == 303).count(), 1, "{apps:?}");
    assert!(apps.iter().all(|status| matches!(status, 303 | 422 | 503)), "{apps:?}");
    assert_eq!(server.read(client::list).await.unwrap().len(), 1);
}

/// A group is removed while an application is opened to it: one of both is done, and the other says that it was not.
async fn a_group_is_opened_or_removed(backend: Backend) {
    // OA-18, LG-04
    let server = Inside::start(backend).await;
    let ana = Arc::new(Ana::arrive(&server).await);
    let mut both = Vec::new();
    for number in 0..20 {
        let group = server.write(move |w| vouchsafe::domain::group::find_or_create(w, &format!("Group {number}"))).await.unwrap();
        let name = server.register(&format!("App{number}")).await.client_id;
        let app = server.read(move |w| client::find(w, &name)).await.unwrap().unwrap().id;
        let (change, delete) = (format!("/apps/{app}/change"), format!("/groups/{group}/delete"));
        let pages = (ana.http.get(&change).await.expect(200), ana.http.get(&delete).await.expect(200));
        both.push((app, group, change, delete, pages));
    }
    let mut set = tokio::task::JoinSet::new();
    for (app, group, change, delete, (form, ask)) in both {
        let ana = ana.clone();
        set.spawn(async move {
            let field = format!("group_{group}");
            let fields = [
                ("who", "groups"),
                (&field, "yes"),
                ("redirect_uris", "https://a.example/callback"),
                ("authentication", "client_secret_basic"),
                ("algorithm", "ES256"),
            ];
            let (changed, removed) =
                tokio::join!(ana.http.send_form(&form, &change, &fields), ana.http.send_form(&ask, &delete, &[("reason", "Not needed")]));
            (app, group, changed.status, removed.status)
        });
    }
    for (app, group, changed, removed) in set.join_all().await {
        let access = server.read(move |w| client::load(w, app)).await.unwrap().access;
        let there = server.read(move |w| vouchsafe::domain::group::find(w, group)).await.unwrap().is_some();
        let open = access == client::Access::Groups(vec![group]);
        assert!(
            matches!((changed, removed, open, there), (303, 422, true, true) | (422, 303, false, false)),
            "{changed} {removed} {open} {there}"
        );
    }
}

/// A person stops an application while it asks for one code after the other: once it is stopped nothing is open, whichever came
/// first.
async fn a_decision_is_used_or_withdrawn(backend: Backend) {
    // OA-112
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let wiki = server.register("Wiki").await;
    crate::oidc::code(&ana.http, &wiki, "openid profile", &[]).await;
    let name = wiki.client_id.clone();
    let (person, client, decided) = server
        .read(move |w| {
            let ana = identity::find_by_login_name(w, "ana")?.unwrap().id;
            let wiki = client::find(w, &name)?.unwrap().id;
            Ok((ana, wiki, consent::find(w, ana, wiki)?.unwrap()))
        })
        .await
        .unwrap();
    let http = Arc::new(ana.http);
    let page = http.get(&format!("/me/applications/{client}")).await.expect(200);
    let stop = format!("{}/stop", page.url.path());
    let token = page.form(&stop).value("form_token").unwrap().to_owned();
    for round in 0..20 {
        let given = decided.clone();
        server.write(move |w| consent::give(w, person, client, &given)).await.unwrap();
        let mut set = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (http, asked) = (http.clone(), wiki.ask("openid profile", &[("prompt", "none")]));
            set.spawn(async move { http.get(asked.url.as_str()).await });
        }
        let stopped = http.post_form(&stop, &[("form_token", &token)]).await;
        assert_eq!(stopped.status, 303, "{}", stopped.text());
        let answers = set.join_all().await;
        assert!(answers.iter().all(|answer| answer.status == 303), "nothing else happened");
        let open = server.read(move |w| grant::count_open(w, client)).await.unwrap();
        assert_eq!(open, 0, "round {round}");
    }
}
