//! The table of routes keeps its word: every answer has its headers, every post its locks, every page its guard.

use reqwest::Method;
use vouchsafe::web::routes::{Guard, Lock, ROUTES};

use crate::support::app::Inside;
use crate::support::http::Http;
use crate::support::people::Ana;
use crate::support::{Backend, both};

both!(
    every_answer_is_guarded_by_headers,
    posts_from_elsewhere_change_nothing,
    strangers_are_led_to_the_sign_in,
    heads_follow_gets_and_other_methods_are_refused,
    other_names_are_told_the_right_one,
);

fn filled(path: &str) -> String {
    path.replace("{id}", "01a2094e-84be-7374-8cb4-aa55cbd9c4c2")
        .replace("{code}", "7KQ29-VXM4T-8C0HR-D3MTZ-PW5X8-A")
        .replace("{path:.*}", "x")
        .replace("{secret}", "01a2094e-84be-7374-8cb4-aa55cbd9c4c2")
        .replace("{kind}", "passkeys")
        .replace("{act}", "disable")
}

async fn every_answer_is_guarded_by_headers(backend: Backend) {
    // WB-03, WB-04, WB-05, OA-16, WA-25
    let server = Inside::start(backend).await;
    let http = Http::new(&server.address);
    for route in ROUTES.iter().filter(|route| route.method.as_str() == "GET") {
        let answer = http.get(&filled(route.path)).await;
        assert_ne!(answer.status, 500, "{}", route.path);
        let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{} has no policy", route.path)).to_owned();
        for part in ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{}: {policy}", route.path);
        }
        assert!(!policy.contains("unsafe"), "{}", route.path);
        for (name, value) in [("x-frame-options", "DENY"), ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin")] {
            assert_eq!(answer.header(name), Some(value), "{}", route.path);
        }
        assert!(answer.header("permissions-policy").unwrap().contains("publickey-credentials-get=(self)"), "{}", route.path);
        let kept = answer.header("cache-control").unwrap_or_default();
        let public = ["/static/", "/robots.txt", "/favicon.ico", "/.well-known/", "/jwks.json"];
        assert!(kept.contains("no-store") || public.iter().any(|start| route.path.starts_with(start)), "{}: {kept}", route.path);
    }
}

async fn posts_from_elsewhere_change_nothing(backend: Backend) {
    // WB-01, WA-09, CVE-107
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let page = ana.http.get("/logout").await.expect(200);
    let token = page.form("/logout/confirm").value("form_token").unwrap().to_owned();
    let stranger = Http::new(&server.address);
    let other = stranger.get("/login").await.form("/login").value("form_token").unwrap().to_owned();
    for route in ROUTES.iter().filter(|route| route.lock == Lock::Form) {
        let path = filled(route.path);
        let send = |token: &str| ana.http.request(Method::POST, &path).form(&[("form_token", token), ("scope", "here")]);
        for (what, request) in [
            ("no token", ana.http.request(Method::POST, &path).form(&[("scope", "here")])),
            ("another browser's token", send(&other)),
            ("another site", send(&token).header("sec-fetch-site", "cross-site")),
            ("a sister site", send(&token).header("sec-fetch-site", "same-site")),
            ("another origin", send(&token).header("origin", "https://evil.example")),
            ("another port", send(&token).header("origin", "http://localhost:1")),
            ("no word of where from", send(&token).without("origin").without("sec-fetch-site")),
            ("a null origin", send(&token).without("sec-fetch-site").header("origin", "null")),
        ] {
            let answer = request.send().await;
            assert!([403, 303].contains(&answer.status), "{what} at {path}: {}", answer.status);
            assert!(answer.status == 403 || answer.location().unwrap().path() == "/reauthenticate", "{what} at {path}");
        }
    }
    ana.http.get("/me").await.expect(200);
}

async fn strangers_are_led_to_the_sign_in(backend: Backend) {
    // AA-06, SE-13
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let stranger = Http::new(&server.address);
    for route in ROUTES
        .iter()
        .filter(|route| route.method.as_str() == "GET" && !matches!(route.guard, Guard::Open | Guard::Journey | Guard::Application))
    {
        let answer = stranger.get(&filled(route.path)).await.expect(303);
        assert_eq!(answer.location().unwrap().path(), "/login", "{}", route.path);
    }
    server.pass(16 * 60);
    for route in ROUTES.iter().filter(|route| {
        matches!(route.guard, Guard::Reauthenticated | Guard::ReauthenticatedWithoutRecoveryCode | Guard::ReauthenticatedAdmin(_))
    }) {
        let answer = match route.method.as_str() {
            "GET" => ana.http.get(&filled(route.path)).await,
            _ => ana.http.post_form(&filled(route.path), &[]).await,
        };
        let stopped = answer.status == 403 || answer.location().is_some_and(|to| to.path() == "/reauthenticate");
        assert!(stopped, "{} {} with an old proof: {}", route.method, route.path, answer.status);
    }
}

async fn heads_follow_gets_and_other_methods_are_refused(backend: Backend) {
    // WB-14, WB-02, OA-36
    let server = Inside::start(backend).await;
    let http = Http::new(&server.address);
    for (method, path, status) in [
        (Method::HEAD, "/login", 200),
        (Method::PUT, "/login", 405),
        (Method::DELETE, "/me", 405),
        (Method::GET, "/token", 405),
        (Method::POST, "/jwks.json", 405),
        (Method::GET, "/nothing-here", 404),
        (Method::GET, "/login/", 404),
        (Method::GET, "//login", 404),
        (Method::GET, "/login/%00/totp", 200),
    ] {
        let answer = http.request(method.clone(), &path.replace("//", "/%2f")).send().await;
        let status = if path.starts_with("//") { 404 } else { status };
        assert_eq!(answer.status, status, "{method} {path}");
    }
    // HEAD spends no request of an application's.
    let ana = Ana::arrive(&server).await;
    let application = server.register("Grafana").await;
    let asked = application.ask("openid", &[]);
    let kept = ana.http.get(asked.url.as_str()).await.expect(303).location().unwrap();
    for address in [asked.url.as_str(), kept.as_str()] {
        ana.http.request(Method::HEAD, address).send().await.expect(200);
    }
    assert!(ana.http.get(kept.as_str()).await.expect(200).words().contains("Grafana wants to access your account"));
    let refused = http.request(Method::PUT, "/login").send().await;
    assert_eq!(refused.header("allow"), Some("GET, HEAD, POST"));
}

async fn other_names_are_told_the_right_one(backend: Backend) {
    // OA-80, CVE-96
    let server = Inside::start(backend).await;
    let http = Http::new(&server.address);
    let port = server.settings.origin().port();
    let asked = |path: &str, host: &str| http.request(Method::GET, path).header("host", host).send();
    let by_ip = asked("/login?x=1", &format!("127.0.0.1:{port}")).await.expect(302);
    assert_eq!(by_ip.location().unwrap().as_str(), format!("{}/login?x=1", server.address));
    for host in ["192.168.1.5:8080", "evil.example", "localhost", "localhost:1", ""] {
        let answer = asked("/.well-known/openid-configuration", host).await;
        assert!([421, 400].contains(&answer.status), "{host}: {}", answer.status);
    }
    let forwarded = http
        .request(Method::GET, "/.well-known/openid-configuration")
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example;proto=https")
        .header("x-forwarded-proto", "https")
        .send()
        .await
        .expect(200);
    assert_eq!(forwarded.json()["issuer"], server.address);
    // The page that tells the right name has its style and scripts, and nothing else answers there.
    let told = asked("/login", "192.168.1.5:8080").await.expect(421);
    for file in ["css/", "js/"] {
        let at = told.text().split('"').find(|value| value.starts_with(&format!("/static/{file}"))).unwrap().to_owned();
        asked(&at, "192.168.1.5:8080").await.expect(200);
    }
    for path in ["/favicon.ico", "/robots.txt", "/static", "/me"] {
        asked(path, "192.168.1.5:8080").await.expect(421);
    }
    assert_eq!(asked("/health/alive", "anything.example").await.expect(200).text(), "alive\n");
    assert_eq!(asked("/health/ready", "10.0.0.9").await.expect(200).text(), "ready\n");
}
