//! What applications call, seen from scripts of other sites, through caches, and under other names.

use reqwest::Method;

use super::ready;
use crate::support::app::Inside;
use crate::support::http::Http;
use crate::support::{Backend, both};

both!(
    scripts_of_any_site_may_ask_and_read,
    refusals_are_json,
    published_documents_are_found_and_kept,
    inner_names_reach_no_page,
    the_issuer_is_found_by_an_account
);

const MACHINES: [&str; 5] =
    ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/jwks.json", "/token", "/userinfo"];

/// OA-13, WB-08
async fn scripts_of_any_site_may_ask_and_read(backend: Backend) {
    let (server, _ana, application) = ready(backend).await;
    let http = Http::new(&server.address);
    for path in MACHINES.into_iter().chain(["/token/nothing", "/.well-known/nothing"]) {
        for (method, headers) in [("GET", "cache-control"), ("POST", "x-requested-with, authorization"), ("DELETE", "traceparent")] {
            let asked = http.request(Method::OPTIONS, path).header("origin", "https://app.example");
            let asked = asked.header("access-control-request-method", method).header("access-control-request-headers", headers);
            let answer = asked.send().await.expect(204);
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
            assert_eq!(answer.header("access-control-allow-methods"), Some(method), "{path}");
            assert_eq!(answer.header("access-control-allow-headers"), Some(headers), "{path}");
            assert!(answer.header("access-control-allow-credentials").is_none());
        }
    }
    let token = |kind: &str, size: usize| http.request(Method::POST, "/token").body(kind, vec![b'a'; size]).send();
    let form = "application/x-www-form-urlencoded";
    for (status, answer) in [
        (200, http.get("/jwks.json").await),
        (404, http.get("/token/nothing").await),
        (404, http.get("/.well-known/nothing").await),
        (405, http.request(Method::PUT, "/token").send().await),
        (405, http.request(Method::DELETE, "/jwks.json").send().await),
        (400, token("text/plain", 1).await),
        (401, token(form, 1).await),
        (413, token(form, 70_000).await),
        (401, http.get("/userinfo").await),
        (401, application.userinfo("vsa_nothing").await),
        (421, http.request(Method::POST, "/token").header("host", "inner").send().await),
    ] {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{status}");
        let exposed = answer.header("access-control-expose-headers").unwrap().to_ascii_lowercase();
        for name in ["vouchsafe-ledger-entry", "www-authenticate", "retry-after"] {
            assert!(exposed.contains(name), "{status}: {exposed}");
        }
        assert!(answer.header("access-control-allow-credentials").is_none());
    }
    for path in ["/authorize", "/login", "/logout", "/.well-known/change-password"] {
        let asked = http.request(Method::OPTIONS, path).header("origin", "https://app.example");
        let answer = asked.header("access-control-request-method", "POST").send().await;
        assert!(answer.header("access-control-allow-origin").is_none(), "{path}");
    }
}

/// OA-48, LG-09
async fn refusals_are_json(backend: Backend) {
    let server = Inside::start(backend).await;
    let http = Http::new(&server.address);
    for (method, path) in
        [(Method::GET, "/token/nothing"), (Method::GET, "/token"), (Method::PUT, "/userinfo"), (Method::GET, "/.well-known/x")]
    {
        let answer = http.request(method, path).header("accept", "text/html").send().await;
        let body = answer.json();
        assert!(body["error"].is_string() && body["error_description"].is_string(), "{path}: {body}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let elsewhere = |path: &str, accept: &str| http.request(Method::GET, path).header("host", "inner").header("accept", accept).send();
    for (path, accept) in [("/userinfo", "*/*"), (MACHINES[0], "text/html"), ("/login", "application/json")] {
        let answer = elsewhere(path, accept).await.expect(421);
        assert!(answer.json()["error_description"].as_str().unwrap().contains(&server.address), "{}", answer.text());
    }
    let page = elsewhere("/login", "text/html,*/*;q=0.8").await.expect(421);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
}

/// OA-79, OA-82
async fn published_documents_are_found_and_kept(backend: Backend) {
    let server = Inside::start(backend).await;
    let http = Http::new(&server.address);
    let (name, port) = server.address.strip_prefix("http://").unwrap().split_once(':').unwrap();
    for path in &MACHINES[..3] {
        let plain = http.get(path).await.expect(200);
        let etag = plain.header("etag").unwrap().to_owned();
        for variant in [format!("{path}/"), format!("/{path}"), format!("{path}?x=1"), format!("/{path}/?x=1")] {
            let answer = http.get(&format!("{}{variant}", server.address)).await.expect(200);
            assert_eq!(answer.text(), plain.text(), "{variant}");
        }
        for host in [format!("{name}.:{port}"), format!("{}:{port}", name.to_uppercase())] {
            http.request(Method::GET, path).header("host", &host).send().await.expect(200);
        }
        for known in [etag.clone(), format!("W/{etag}"), format!("\"x\", W/{etag}"), "*".to_owned()] {
            for method in [Method::GET, Method::HEAD] {
                let answer = http.request(method, path).header("if-none-match", &known).send().await;
                assert_eq!((answer.status, answer.body.len()), (304, 0), "{known}");
                assert_eq!(answer.header("etag"), Some(etag.as_str()));
            }
        }
        http.request(Method::GET, path).header("if-none-match", "\"other\", W/\"another\"").send().await.expect(200);
        let head = http.request(Method::HEAD, path).send().await.expect(200);
        assert!(head.body.is_empty() && head.header("etag") == Some(etag.as_str()));
    }
}

/// RFC 7033: the issuer is found by any account, and nobody learns which there are.
async fn the_issuer_is_found_by_an_account(backend: Backend) {
    let (server, _ana, _) = ready(backend).await;
    let http = Http::new(&server.address);
    let ask = |account: &str| {
        let path = format!(
            "/.well-known/webfinger?resource=acct%3A{account}%40acme.example&rel=http%3A%2F%2Fopenid.net%2Fspecs%2Fconnect%2F1.0%2Fissuer"
        );
        let (http, account) = (&http, account.to_owned());
        async move { (http.get(&path).await.expect(200), account) }
    };
    for (answer, account) in [ask("ana").await, ask("nobody").await] {
        assert!(answer.header("content-type").unwrap().starts_with("application/jrd+json"));
        let body = answer.json();
        assert_eq!(
            (body["subject"].as_str(), body["links"][0]["href"].as_str()),
            (Some(format!("acct:{account}@acme.example").as_str()), Some(server.address.as_str()))
        );
    }
    let missing = http.get("/.well-known/webfinger").await.expect(400);
    assert!(missing.json()["error_description"].as_str().unwrap().starts_with("resource"));
    let passkeys = http.get("/.well-known/passkey-endpoints").await.expect(200).json();
    for (name, path) in [("enroll", "/me/security/passkeys/add"), ("manage", "/me/security")] {
        assert_eq!(passkeys[name], format!("{}{path}", server.address));
    }
}

/// OA-80
async fn inner_names_reach_no_page(backend: Backend) {
    let server = Inside::with(backend, &[("server.inner_hosts", "auth, sso.internal:8443")]).await;
    let http = Http::new(&server.address);
    let asked = |path: &str, host: &str| http.request(Method::GET, path).header("host", host).header("accept", "text/html").send();
    for host in ["auth", "AUTH:8080", "auth.", "sso.internal:8443"] {
        let metadata = asked(MACHINES[0], host).await.expect(200).json();
        assert_eq!(metadata["issuer"], server.address.as_str(), "the issuer is the public address");
        assert_eq!(asked("/userinfo", host).await.status, 401);
        for page in ["/", "/login", "/authorize", "/logout", "/me"] {
            assert_eq!(asked(page, host).await.status, 421, "{page} under {host}");
        }
    }
    for host in ["sso.internal", "sso.internal:1", "auth.evil.example", "xauth"] {
        assert_eq!(asked(MACHINES[0], host).await.status, 421, "{host}");
    }
}
