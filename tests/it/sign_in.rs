//! Signing in as users and attackers see it: steps, pauses, sessions, known devices.

use crate::support::app::Inside;
use crate::support::http::Http;
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both, totp};

both!(
    known_and_unknown_names_are_answered_alike,
    guesses_are_slowed_down_and_the_known_device_is_not,
    one_count_for_every_spelling,
    a_refused_password_says_what_helps,
    proving_it_again_knows_who_it_is,
    an_attempt_belongs_to_the_browser_that_began_it,
    an_old_page_advances_nothing,
    a_password_alone_opens_nothing,
    every_sign_in_has_a_new_session,
    sessions_end_by_themselves,
    signing_out_ends_everything_given,
    sensitive_pages_ask_again_and_rotate_the_session,
    a_slow_clock_is_named_after_two_codes,
    tampered_cookies_are_no_cookies,
);

async fn try_password(http: &Http, name: &str, password: &str) -> crate::support::http::Answer {
    let page = http.get("/login?again=1").await.expect(200);
    http.send_form(&page, "/login", &[("name", name), ("password", password)]).await
}

async fn known_and_unknown_names_are_answered_alike(backend: Backend) {
    // TH-08, TH-10, CVE-120
    let server = Inside::start(backend).await;
    let _ana = Ana::arrive(&server).await;
    for _ in 0..7 {
        let (one, other) = (Http::new(&server.address), Http::new(&server.address));
        let known = try_password(&one, "ana", "wrong wrong wrong").await;
        let unknown = try_password(&other, "zoe", "wrong wrong wrong").await;
        assert_eq!(known.status, unknown.status);
        assert_eq!(known.words(), unknown.words());
        assert_eq!(known.header("retry-after"), unknown.header("retry-after"));
    }
}

async fn guesses_are_slowed_down_and_the_known_device_is_not(backend: Backend) {
    // TH-01, TH-06, TH-12, CVE-31
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let stranger = Http::new(&server.address);
    for _ in 0..5 {
        try_password(&stranger, "ana", "wrong wrong wrong").await.expect(422);
    }
    try_password(&stranger, "ana", "wrong wrong wrong").await.expect(422);
    let paused = try_password(&stranger, "ana", PASSWORD).await.expect(429);
    assert_eq!(paused.header("retry-after"), Some("2"));
    // The right password is not looked at either while the pause lasts, but Ana's own machine is not stopped.
    try_password(&ana.http, "ana", PASSWORD).await.expect(303);
    server.pass(2);
    try_password(&stranger, "ana", "wrong wrong wrong").await.expect(422);
    assert_eq!(try_password(&stranger, "ana", PASSWORD).await.expect(429).header("retry-after"), Some("4"));
    server.pass(4);
    try_password(&stranger, "ana", PASSWORD).await.expect(303);
}

async fn one_count_for_every_spelling(backend: Backend) {
    // TH-03, CVE-49, CVE-50
    let server = Inside::start(backend).await;
    let _ana = Ana::arrive(&server).await;
    for name in ["ana", "ANA", " ana ", "ana@acme.example", "Ana@Acme.Example", "ａｎａ"] {
        let stranger = Http::new(&server.address);
        try_password(&stranger, name, "wrong wrong wrong").await.expect(422);
    }
    // TH-08: who guesses does not learn from a pause that both names are hers, and gets no more tries by either.
    for name in ["aNa", "ana@acme.example"] {
        try_password(&Http::new(&server.address), name, PASSWORD).await.expect(422);
    }
    server.pass(2);
    try_password(&Http::new(&server.address), "ana@acme.example", PASSWORD).await.expect(303);
}

/// TH-06, TH-08: guesses of strangers may be the cause, no matter who has the name.
async fn a_refused_password_says_what_helps(backend: Backend) {
    let server = Inside::start(backend).await;
    let _ana = Ana::arrive(&server).await;
    let http = Http::new(&server.address);
    assert!(!http.get("/login").await.words().contains("browser you’ve signed in with before"));
    for name in ["ana", "zoe"] {
        let refused = try_password(&http, name, "wrong wrong wrong").await.expect(422);
        assert!(refused.words().contains("A passkey still works, and so does a browser you’ve signed in with before"), "{name}");
    }
}

async fn proving_it_again_knows_who_it_is(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    assert!(ana.http.get("/login?again=1").await.expect(200).text().contains("value=\"ana"));
    assert!(!ana.http.get("/login?again=other").await.expect(200).text().contains("value=\"ana"), "someone else");
    assert!(!Http::new(&server.address).get("/login?again=1").await.expect(200).text().contains("value=\"ana"));
}

async fn an_attempt_belongs_to_the_browser_that_began_it(backend: Backend) {
    // SE-18, CVE-24, CVE-79
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let victim = Http::new(&server.address);
    let page = victim.follow_on(try_password(&victim, "ana", PASSWORD).await).await.expect(200);
    let thief = Http::new(&server.address);
    thief.get("/login").await.expect(200);
    let seen = thief.get(page.url.as_str()).await;
    assert!(!seen.words().contains("Ana's phone"), "{}", seen.words());
    let token = thief.get("/login").await.form("/login").value("form_token").unwrap().to_owned();
    let code = ana.code(&server);
    let step = page.form("/totp").value("step").unwrap().to_owned();
    let fields = [("form_token", token.as_str()), ("step", step.as_str()), ("code", code.as_str())];
    let answer = thief.post_form(page.url.as_str(), &fields).await;
    assert!(answer.set_cookies().iter().all(|cookie| !cookie.contains("=vss_")));
    // The code was not spent by the thief: its owner's own page still takes it.
    victim.send_form(&page, "/totp", &[("code", &code)]).await.expect(303);
}

async fn an_old_page_advances_nothing(backend: Backend) {
    // AA-05
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let http = Http::new(&server.address);
    let old = http.follow_on(try_password(&http, "ana", PASSWORD).await).await.expect(200);
    http.send_form(&old, "/totp", &[("code", "000000")]).await.expect(422);
    let code = ana.code(&server);
    let again = http.send_form(&old, "/totp", &[("code", &code)]).await.expect(303);
    assert_eq!(again.location().unwrap().path(), old.url.path());
    for fields in [vec![], vec![("step", "99")], vec![("step", "x")]] {
        let token = old.form("/totp").value("form_token").unwrap().to_owned();
        let mut fields = fields;
        fields.extend([("form_token", token.as_str()), ("code", code.as_str())]);
        let answer = http.post_form(old.url.path(), &fields).await;
        assert!(answer.set_cookies().iter().all(|cookie| !cookie.contains("=vss_")), "{fields:?}");
    }
    let fresh = http.get(old.url.path()).await.expect(200);
    http.send_form(&fresh, "/totp", &[("code", &code)]).await.expect(303);
}

async fn a_password_alone_opens_nothing(backend: Backend) {
    // AA-01, AA-06, CVE-23
    let server = Inside::start(backend).await;
    let _ana = Ana::arrive(&server).await;
    let http = Http::new(&server.address);
    try_password(&http, "ana", PASSWORD).await.expect(303);
    assert!(http.cookies().values().all(|value| !value.starts_with("vss_")));
    for path in ["/me", "/me/security", "/me/security/password"] {
        assert_eq!(http.get(path).await.expect(303).location().unwrap().path(), "/login", "{path}");
    }
}

fn session_of(http: &Http) -> String {
    http.cookies().into_values().find(|value| value.starts_with("vss_")).unwrap()
}

async fn every_sign_in_has_a_new_session(backend: Backend) {
    // OA-14, SE-02, SE-03, CVE-15, CVE-137
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let first = session_of(&ana.http);
    let name = ana.http.cookies().into_iter().find(|(_, value)| value.starts_with("vss_")).unwrap().0;
    assert!(name.starts_with("vouchsafe-"), "{name}");
    let thief = Http::new(&server.address);
    thief.set_cookie(&name, &first);
    thief.get("/me").await.expect(200);
    ana.sign_in(&server, &ana.http, "/login?again=1").await.expect(200);
    assert_ne!(session_of(&ana.http), first);
    thief.get("/me").await.expect(303);
    ana.http.get("/me").await.expect(200);
}

async fn sessions_end_by_themselves(backend: Backend) {
    // SE-05, SE-06, SE-07
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    for _ in 0..3 {
        server.pass(59 * 60);
        ana.http.get("/me").await.expect(200);
    }
    server.pass(60 * 60 + 1);
    ana.http.get("/me").await.expect(303);

    ana.sign_in(&server, &ana.http, "/login").await.expect(200);
    for _ in 0..14 {
        server.pass(50 * 60);
        ana.http.get("/me").await.expect(200);
    }
    server.pass(21 * 60);
    ana.http.get("/me").await.expect(303);
}

async fn signing_out_ends_everything_given(backend: Backend) {
    // SE-08, OA-29, OA-117
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let application = server.register("Grafana").await;
    let asked = application.ask("openid profile email", &[]);
    let page = ana.http.follow(asked.url.as_str()).await.expect(200);
    let action = page.url.path().replace("/authorize/continue/", "/consent/");
    let answer = ana.http.send_form(&page, &action, &[("decision", "allow")]).await.expect(303);
    let (claims, tokens) = application.exchange(&asked, &application.code(&asked, &answer.location().unwrap()), server.time()).await;
    assert_eq!(claims["nonce"], asked.nonce);
    let access = tokens["access_token"].as_str().unwrap();
    application.userinfo(access).await.expect(200);
    let second = application.ask("openid profile email", &[]);
    let answer = ana.http.follow(second.url.as_str()).await.expect(303);
    let unused = application.code(&second, &answer.location().unwrap());

    let old = session_of(&ana.http);
    let name = ana.http.cookies().into_iter().find(|(_, value)| *value == old).unwrap().0;
    let page = ana.http.get("/logout").await.expect(200);
    ana.http.send_form(&page, "/logout/confirm", &[("scope", "here")]).await.expect(303);
    ana.http.set_cookie(&name, &old);
    ana.http.get("/me").await.expect(303);
    application.userinfo(access).await.expect(401);
    let refused = application.token(&application.token_fields(&second, &unused)).await.expect(400);
    assert_eq!(refused.json()["error"], "invalid_grant");
}

async fn sensitive_pages_ask_again_and_rotate_the_session(backend: Backend) {
    // SE-02, SE-13, PW-09
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    server.pass(16 * 60);
    let page = ana.http.get("/me/security/password").await.expect(303);
    assert_eq!(page.location().unwrap().path(), "/reauthenticate");
    let before = session_of(&ana.http);
    let page = ana.http.follow("/me/security/password").await.expect(200);
    let page = ana.http.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await.expect(200);
    assert_eq!(session_of(&ana.http), before, "a password alone confirms nothing");
    let code = ana.code(&server);
    let page = ana.http.submit(&page, "/totp", &[("code", &code)]).await.expect(200);
    assert_eq!(page.url.path(), "/me/security/password");
    assert_ne!(session_of(&ana.http), before);
}

async fn a_slow_clock_is_named_after_two_codes(backend: Backend) {
    // OT-02, B.4
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let http = Http::new(&server.address);
    let page = http.follow_on(try_password(&http, "ana", PASSWORD).await).await.expect(200);
    let late = |server: &Inside| totp::code(&ana.key, server.time().minus(std::time::Duration::from_secs(120)));
    let page = http.send_form(&page, "/totp", &[("code", &late(&server))]).await.expect(422);
    assert!(!page.words().contains("clock"), "one code may be a guess: {}", page.words());
    server.pass(30);
    let page = http.send_form(&page, "/totp", &[("code", &late(&server))]).await.expect(422);
    assert!(page.words().contains("clock"), "{}", page.words());
}

async fn tampered_cookies_are_no_cookies(backend: Backend) {
    // WB-13, CVE-12
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let session = session_of(&ana.http);
    let name = ana.http.cookies().into_iter().find(|(_, value)| *value == session).unwrap().0;
    for bad in
        ["", "vss_", &session[..session.len() - 1], &format!("{session}A"), &session.replace("vss_", "vsd_"), "a\u{301}", &"x".repeat(5000)]
    {
        let thief = Http::new(&server.address);
        thief.set_cookie(&name, bad);
        let answer = thief.get("/me").await;
        assert!([303, 400, 431].contains(&answer.status), "{bad:?}: {}", answer.status);
    }
    let twice = Http::new(&server.address);
    let both = format!("{name}={session}; {name}={session}");
    let answer = twice.request(reqwest::Method::GET, "/me").without_cookies().header("cookie", &both).send().await;
    assert_eq!(answer.status, 303);
}
