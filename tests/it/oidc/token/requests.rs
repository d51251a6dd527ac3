//! The form of a request, and the line that each refusal leaves in the log.

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::{code, ready};
use super::{described, is_error, with};
use crate::support::http::Http;
use crate::support::relying_party::basic;
use crate::support::server::Server;
use crate::support::{Backend, both};

both!(requests_must_be_well_formed, every_refusal_leaves_one_line);

/// OA-07, OA-13, OA-36, OA-37, OA-45, OA-48
async fn requests_must_be_well_formed(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, code) = code(&ana.http, &application, "openid", &[]).await;
    let honest = application.token_fields(&asked, &code);
    for (grant, error) in [
        (Some("password"), "unsupported_grant_type"),
        (Some("implicit"), "unsupported_grant_type"),
        (Some("client_credentials"), "unsupported_grant_type"),
        (Some("refresh_token"), "unsupported_grant_type"),
        (Some("AUTHORIZATION_CODE"), "unsupported_grant_type"),
        (Some(""), "invalid_request"),
        (None, "invalid_request"),
    ] {
        is_error(&application.token(&with(&honest, "grant_type", grant)).await, 400, error);
    }
    is_error(&application.token(&with(&honest, "code", None)).await, 400, "invalid_request");
    for name in ["code", "grant_type", "code_verifier", "redirect_uri", "unknown"] {
        let mut fields = honest.clone();
        fields.push((name.into(), "x".into()));
        fields.push((name.into(), "x".into()));
        is_error(&application.token(&fields).await, 400, "invalid_request");
    }
    let http = Http::new(&server.address);
    let header = basic(&application.client_id, application.secret.as_deref().unwrap());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&honest).finish();
    let post = |address: &str, kind: &str, body: &str| {
        http.request(Method::POST, address).header("authorization", &header).body(kind, body.as_bytes().to_vec())
    };
    let form = "application/x-www-form-urlencoded";
    is_error(&post(&format!("/token?{query}"), form, "").send().await, 400, "invalid_request");
    is_error(&post("/token", "text/plain", &query).send().await, 400, "invalid_request");
    let json_body = json!({ "grant_type": "authorization_code", "code": code }).to_string();
    is_error(&post("/token", "application/json", &json_body).send().await, 400, "invalid_request");
    is_error(&post("/token", form, &format!("{query}&x={}", "a".repeat(70_000))).send().await, 413, "invalid_request");
    // A body that breaks off is not one that is too large.
    let host = server.address.strip_prefix("http://").unwrap();
    let mut wire = tokio::net::TcpStream::connect(host).await.unwrap();
    let head = format!("POST /token HTTP/1.1\r\nhost: {host}\r\ncontent-type: {form}\r\ntransfer-encoding: chunked\r\n\r\n");
    wire.write_all(format!("{head}4\r\ncode\r\nno number\r\n").as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    wire.read_exact(&mut answer).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 400");
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = http.request(method, &format!("/token?{query}")).header("authorization", &header).send().await;
        assert_eq!(answer.status, 405);
        assert!(answer.header("allow").unwrap().contains("POST"));
    }
    let preflight = http.request(Method::OPTIONS, "/token").header("origin", "https://app.example").send().await.expect(204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert!(preflight.header("access-control-allow-credentials").is_none());
    // Nothing of this has spent the code, and what is unknown or empty does not matter (OA-08).
    let answer = post("/token", &format!("{form}; charset=UTF-8"), &format!("{query}&unknown=x&empty=")).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// OA-48, LG-02, LG-06: each refusal leaves one line with the application, the check, and what was sent beside what is registered.
async fn every_refusal_leaves_one_line(backend: Backend) {
    let mut server = Server::first(backend);
    let add = |name: &str, more: &[&str]| {
        let all = [&["app", "add", "--name", name, "--redirect-uri", "https://a.example/cb", "--access", "everyone"], more].concat();
        let printed = String::from_utf8(server.home().run(&all).stdout).unwrap();
        let word = |label: &str| {
            printed.lines().find_map(|line| line.trim().strip_prefix(label)?.split_whitespace().next().map(str::to_owned)).unwrap()
        };
        (word("client id"), word("client secret"))
    };
    let (wiki, secret) = add("Wiki", &[]);
    let (pinned, pinned_secret) = add("Pinned", &["--authentication", "client_secret_basic"]);
    let (open, _) = add("Notes", &["--public"]);
    let (off, off_secret) = add("Off", &[]);
    server.home().run(&["app", "disable", "Off", "--text", "Moved", "--reason", "Moved"]);
    let http = Http::new(&server.address);
    let form = "application/x-www-form-urlencoded";
    let credentials = format!("client_id={wiki}&client_secret={secret}");
    let hidden = "vsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for (header, kind, body, check, names) in [
        (None, "text/plain", "x".to_owned(), "content_type", "text/plain"),
        (None, form, "x".repeat(70_000), "body", "at most"),
        (None, form, "grant_type=a&grant_type=b".to_owned(), "repeated", "each once"),
        (None, form, "grant_type=x".to_owned(), "client_credentials_missing", "no client_id"),
        (Some("Bearer x".to_owned()), form, String::new(), "authorization_header", "another scheme"),
        (None, form, "client_assertion=x".to_owned(), "client_assertion", "client_secret_post"),
        (Some(basic(&wiki, &secret)), form, credentials.clone(), "client_auth_twice", "one of the two"),
        (Some(basic(&wiki, &secret)), form, "client_id=other".to_owned(), "client_id_differs", "other in the body"),
        (None, form, "client_id=nobody&client_secret=x".to_owned(), "client_unknown", "nobody"),
        (None, form, format!("client_id={wiki}"), "client_secret_missing", &wiki),
        (None, form, format!("client_id={wiki}&client_secret={hidden}"), "client_secret_wrong", &wiki),
        (None, form, format!("client_id={open}&client_secret={secret}"), "client_is_public", &open),
        (None, form, format!("client_id={pinned}&client_secret={pinned_secret}"), "client_auth_method", "client_secret_basic"),
        (None, form, format!("client_id={off}&client_secret={off_secret}"), "client_disabled", &off),
        (None, form, credentials.clone(), "grant_type", "(missing)"),
        (None, form, format!("{credentials}&grant_type=authorization_code"), "code", "(missing)"),
        (
            None,
            form,
            format!("{credentials}&grant_type=authorization_code&code=vsc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            "code_unknown",
            &wiki,
        ),
    ] {
        let request = http.request(Method::POST, "/token").body(kind, body.into_bytes());
        let answer = match header {
            Some(header) => request.header("authorization", &header).send().await,
            None => request.send().await,
        };
        assert!(answer.status >= 400);
        described(&answer);
        let line = server.wait_for(check, |line| line.contains(&format!("check=\"{check}\"")).then(|| line.to_owned()));
        assert!(line.contains("INFO") && line.contains(names), "{line}");
        for part in ["application=", "name=", "sent=", "registered="] {
            assert!(line.contains(part), "{line}");
        }
        assert_eq!(server.log().matches(&format!("check=\"{check}\"")).count(), 1);
    }
    for secret in [&secret, &pinned_secret, &off_secret, hidden] {
        assert!(!server.log().contains(secret));
    }
    // One who goes on is told once more of each kind at most: the log does not grow with them (LG-03).
    for _ in 0..40 {
        http.request(Method::POST, "/token").body(form, b"client_id=nobody&client_secret=x".to_vec()).send().await;
    }
    assert!(server.log().matches("client_unknown").count() <= 16, "{}", server.log());
}
