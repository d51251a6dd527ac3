//! Sessions: what the cookie is, when it changes, when it ends.

use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both};

both!(cookies_are_what_they_should_be, a_planted_cookie_is_worth_nothing, limits_are_kept_by_the_server);
both!(signing_out_ends_it_everywhere_it_should, changes_need_a_fresh_proof, a_step_belongs_to_the_browser_that_began_it);

const HOUR: u64 = 3_600;

fn session_name(http: &Http) -> String {
    http.cookies().into_iter().find(|(_, value)| value.starts_with("vss_")).map(|(name, _)| name).expect("not signed in")
}

fn session_of(http: &Http) -> String {
    http.cookie(&session_name(http)).unwrap()
}

/// Whether a browser with these cookies is let in.
async fn is_in(http: &Http) -> bool {
    http.get("/me").await.status == 200
}

/// SE-01, SE-03, SE-04: random, hidden from scripts, for this host only, and nowhere but in the cookie.
async fn cookies_are_what_they_should_be(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let http = Http::new(&server.address);
    let mut seen: Vec<String> = Vec::new();
    let page = http.get("/login").await.expect(200);
    seen.extend(page.set_cookies());
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let answer = http.send_form(&page, "/totp", &[("code", &ana.code(&server))]).await.expect(303);
    seen.extend(answer.set_cookies());
    assert!(seen.iter().any(|line| line.contains("=vss_")) && seen.iter().any(|line| line.contains("=vsf_")), "{seen:?}");
    let port = server.address.rsplit_once(':').unwrap().1;
    for line in seen {
        let lower = line.to_lowercase();
        assert!(line.split('=').next().unwrap().contains(port), "cookies ignore ports, so the name carries it: {line}");
        assert!(lower.contains("; httponly") && lower.contains("; samesite=lax") && lower.contains("; path=/"), "{line}");
        assert!(!lower.contains("domain=") && line.len() < 4096, "{line}");
        assert_eq!(lower.contains("max-age"), line.contains("=vsd_"), "only the known device outlives the browser: {line}");
    }
    let session = session_of(&http);
    assert!(session.len() >= 4 + 43, "at least 256 bits");
    for path in ["/me", "/me/security", "/logout", "/"] {
        let page = http.follow(path).await;
        assert!(!page.text().contains(&session) && !page.url.as_str().contains("vss_"), "the session stands on {path}");
    }
    // SE-01: only its hash is kept, so what is in the database opens nothing.
    assert!(is_in(&http).await && is_in(&ana.http).await);
}

/// SE-02, SE-17: whatever was in the cookie before signing in is worth nothing after it, and a GET signs nobody in.
async fn a_planted_cookie_is_worth_nothing(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let name = session_name(&ana.http);
    let victim = Http::new(&server.address);
    victim.set_cookie(&name, "vss_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert!(!is_in(&victim).await);
    ana.sign_in(&server, &victim, "/login").await.expect(200);
    let first = session_of(&victim);
    assert_ne!(first, "vss_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    // Signing in again in the same browser ends the session before.
    let thief = Http::new(&server.address);
    thief.set_cookie(&name, &first);
    assert!(is_in(&thief).await);
    victim.forget(&name);
    victim.set_cookie(&name, &first);
    let page = victim.get("/logout").await.expect(200);
    victim.send_form(&page, "/logout/confirm", &[("scope", "here")]).await;
    assert!(!is_in(&thief).await, "SE-08");
    let query = format!("/login?name=ana&password={}", PASSWORD.replace(' ', "+"));
    let fresh = Http::new(&server.address);
    fresh.get(&query).await;
    assert!(!fresh.cookies().values().any(|value| value.starts_with("vss_")));
}

/// SE-05, SE-06: one hour without use, twelve hours at most, by the server's clock.
async fn limits_are_kept_by_the_server(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    server.pass(HOUR - 60);
    assert!(is_in(&ana.http).await, "used within the hour");
    server.pass(HOUR + 120);
    assert!(!is_in(&ana.http).await, "unused for more than an hour");
    let http = Http::new(&server.address);
    ana.sign_in(&server, &http, "/login").await.expect(200);
    for used in 1..=14 {
        server.pass(50 * 60);
        let allowed = used * 50 < 12 * 60;
        let inside = is_in(&http).await;
        assert!(inside == allowed || used * 50 == 12 * 60, "after {} minutes: {inside}", used * 50);
    }
}

/// SE-08: the old cookie is dead, of this browser or of all.
async fn signing_out_ends_it_everywhere_it_should(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (one, two) = (Http::new(&server.address), Http::new(&server.address));
    ana.sign_in(&server, &one, "/login").await.expect(200);
    ana.sign_in(&server, &two, "/login").await.expect(200);
    let (name, kept) = (session_name(&one), session_of(&one));
    let leave = async |http: &Http, scope: &str| {
        let page = http.get("/logout").await.expect(200);
        http.submit(&page, "/logout/confirm", &[("scope", scope)]).await.expect(200)
    };
    leave(&one, "here").await;
    one.set_cookie(&name, &kept);
    assert!(!is_in(&one).await && is_in(&two).await && is_in(&ana.http).await);
    leave(&two, "everywhere").await;
    assert!(!is_in(&ana.http).await && !is_in(&two).await);
    // WB-01: another site cannot sign anybody out by a form of its own.
    ana.sign_in(&server, &one, "/login").await.expect(200);
    let foreign = one.request(reqwest::Method::POST, "/logout/confirm").form(&[("scope", "everywhere")]);
    foreign.header("origin", "https://evil.example").header("sec-fetch-site", "cross-site").send().await;
    assert!(is_in(&one).await);
}

/// SE-13, SE-10, SE-02: each change asks for a proof of the last fifteen minutes; after it the cookie is another one.
async fn changes_need_a_fresh_proof(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let changes = ["/me/security/passkeys/add", "/me/security/authenticators/add", "/me/security/password"];
    for path in changes {
        ana.http.get(path).await.expect(200);
    }
    server.pass(16 * 60);
    for path in changes {
        let answer = ana.http.get(path).await.expect(303);
        assert!(answer.location().unwrap().path().starts_with("/reauthenticate"), "{path}: {:?}", answer.location());
    }
    let token = ana.http.follow("/me/security/password").await.form("/reauthenticate").value("form_token").unwrap().to_owned();
    let posts: [(&str, Vec<(&str, &str)>); 3] = [
        ("/me/security/password", vec![("current_password", PASSWORD), ("new_password", "another one for her")]),
        ("/me/security/authenticators/add", vec![("pending", "x"), ("label", "x"), ("code", "123456")]),
        ("/me/security/passkeys/add/start", vec![]),
    ];
    for (path, mut fields) in posts {
        fields.push(("form_token", &token));
        let request = ana.http.request(reqwest::Method::POST, path);
        let (answer, to) = if path.ends_with("/start") {
            // A script is told where to go.
            let answer = request.header("x-form-token", &token).json(&serde_json::json!({})).send().await;
            let to = answer.json()["next"].as_str().map(str::to_owned);
            (answer, to)
        } else {
            let answer = request.form(&fields).send().await;
            let to = answer.location().map(|to| to.path().to_owned());
            (answer, to)
        };
        assert!(to.as_deref().is_some_and(|to| to.starts_with("/reauthenticate")), "{path}: {} {}", answer.status, answer.words());
    }
    let (name, before) = (session_name(&ana.http), session_of(&ana.http));
    let page = ana.http.follow("/me/security/password").await.expect(200);
    let page = ana.http.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await.expect(200);
    let page = ana.http.submit(&page, "/totp", &[("code", &ana.code(&server))]).await.expect(200);
    server.pass(31);
    assert_eq!(page.url.path(), "/me/security/password", "back to where it was asked for");
    let old = Http::new(&server.address);
    old.set_cookie(&name, &before);
    assert!(!is_in(&old).await, "SE-02: the cookie from before the proof still works");
    // The change ends the other sessions, this one goes on.
    let other = Http::new(&server.address);
    ana.sign_in(&server, &other, "/login").await.expect(200);
    let values = [("current_password", PASSWORD), ("new_password", "another one for her")];
    ana.http.submit(&page, "/me/security/password", &values).await.expect(200);
    assert!(is_in(&ana.http).await && !is_in(&other).await, "SE-10");
    let page = other.get("/login").await.expect(200);
    let refused: Answer = other.send_form(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await;
    assert_ne!(refused.status, 303, "the old password still works");
}

/// SE-18, CVE-78: a step begun elsewhere is not shown and not taken.
async fn a_step_belongs_to_the_browser_that_began_it(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let http = Http::new(&server.address);
    let page = http.get("/login").await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let stranger = Http::new(&server.address);
    let login = stranger.get("/login").await.expect(200);
    let looked = stranger.get(page.url.path()).await;
    assert!(!looked.text().contains("name=\"code\""), "another browser's step is shown: {}", looked.words());
    let token = login.form("/login").value("form_token").unwrap().to_owned();
    let step = page.form("/totp").value("step").unwrap().to_owned();
    let code = ana.code(&server);
    let fields = [("form_token", token.as_str()), ("step", step.as_str()), ("code", code.as_str())];
    stranger.post_form(page.url.path(), &fields).await;
    assert!(!is_in(&stranger).await);
    // And the code was not spent by that.
    http.submit(&page, "/totp", &[("code", &code)]).await.expect(200);
    assert!(is_in(&http).await);
}
