//! `/token`: every way a code or an application can be wrong, and what an honest one gets.

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use vouchsafe::domain::client::{self, ClientAuth};
use vouchsafe::flows::{ActingAdmin, apps};
use vouchsafe::kernel::text::Reason;
use vouchsafe::platform::crypto::jws::Algorithm;

use super::{allow, changed, code, public, ready};
use crate::support::http::{Answer, Http};
use crate::support::relying_party::{Asked, basic};
use crate::support::server::Server;
use crate::support::{Backend, both};

both!(a_code_is_bound, a_code_ends, without_pkce_a_nonce_is_enough_until_pkce_is_used, applications_prove_who_they_are);
both!(a_secret_comes_either_way, a_refused_code_says_why, every_refusal_leaves_one_line);
both!(requests_must_be_well_formed, wrong_secrets_are_slowed_down, tokens_say_what_happened);

type Fields = Vec<(String, String)>;

/// The same fields with one changed, or left out.
fn with(fields: &Fields, name: &str, value: Option<&str>) -> Fields {
    let mut fields: Fields = fields.iter().filter(|(known, _)| known != name).cloned().collect();
    fields.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    fields
}

/// An error as every one must be (OA-37, OA-48, WB-08).
#[track_caller]
fn is_error(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.json()["error"].as_str()), (status, Some(error)), "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("access-control-allow-credentials").is_none());
    assert!(answer.json().get("access_token").is_none() && answer.json().get("id_token").is_none());
}

/// The sentence of an error, in the characters RFC 6749 section 5.2 allows.
#[track_caller]
fn described(answer: &Answer) -> String {
    let text = answer.json()["error_description"].as_str().unwrap_or_default().to_owned();
    assert!(!text.is_empty() && text.bytes().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\')), "{text:?}");
    text
}

/// OA-39: a library sends the secret the way it likes, and an empty password for none.
async fn a_secret_comes_either_way(backend: Backend) {
    let (server, ana, _) = ready(backend).await;
    let wiki = server.register_with("Wiki", |new| new.auth = ClientAuth::SecretEither).await;
    let open = server.register_with("Notes", public).await;
    let http = Http::new(&server.address);
    let post = |fields: Fields, header: Option<String>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request = http.request(Method::POST, "/token").form(&fields);
        header.map_or_else(|| http.request(Method::POST, "/token").form(&fields), |header| request.header("authorization", &header)).send()
    };
    let secret = wiki.secret.as_deref().unwrap();
    let (asked, in_header) = code(&ana.http, &wiki, "openid", &[]).await;
    let fields = wiki.token_fields(&asked, &in_header);
    post(with(&fields, "client_id", Some(&wiki.client_id)), Some(basic(&wiki.client_id, secret))).await.expect(200);
    let (asked, in_body) = code(&ana.http, &wiki, "openid", &[]).await;
    let fields = with(&wiki.token_fields(&asked, &in_body), "client_id", Some(&wiki.client_id));
    let told = post(with(&fields, "client_secret", Some("wrong")), None).await;
    is_error(&told, 401, "invalid_client");
    post(with(&fields, "client_secret", Some(secret)), None).await.expect(200);
    let (asked, empty) = code(&ana.http, &open, "openid", &[]).await;
    post(open.token_fields(&asked, &empty), Some(basic(&open.client_id, ""))).await.expect(200);
    let told = post(fields, Some(basic(&wiki.client_id, ""))).await;
    is_error(&told, 401, "invalid_client");
    assert!(described(&told).starts_with("client_secret is missing"));
}

/// OA-48: what does not fit is named, and missing is not wrong.
async fn a_refused_code_says_why(backend: Backend) {
    let (_server, ana, application) = ready(backend).await;
    for (name, value, why) in [
        ("redirect_uri", None, "redirect_uri is missing"),
        ("redirect_uri", Some("https://grafana.example/other"), "redirect_uri differs"),
        ("code_verifier", None, "code_verifier is missing"),
        ("code_verifier", Some("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "code_verifier does not fit"),
    ] {
        let (asked, code) = code(&ana.http, &application, "openid", &[]).await;
        let fields = application.token_fields(&asked, &code);
        let told = described(&application.token(&with(&fields, name, value)).await);
        assert!(told.starts_with(why), "{told}");
        let again = described(&application.token(&fields).await);
        assert!(again.starts_with("code was used before"), "{again}");
    }
}

/// OA-26, OA-27, OA-28, OA-32, OA-34, OA-57, CVE-58, CVE-59, CVE-60, CVE-68, CVE-70
async fn a_code_is_bound(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let other = server.register("Payroll").await;
    let open = server.register_with("Notes", public).await;
    for (name, value) in [
        ("code_verifier", None),
        ("code_verifier", Some("")),
        ("code_verifier", Some("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")),
        ("code_verifier", Some("short")),
        ("redirect_uri", None),
        ("redirect_uri", Some("https://payroll.example/callback")),
        ("redirect_uri", Some("https://grafana.example/callback/")),
    ] {
        let (asked, code) = code(&ana.http, &application, "openid", &[]).await;
        let fields = application.token_fields(&asked, &code);
        is_error(&application.token(&with(&fields, name, value)).await, 400, "invalid_grant");
        // The try has spent it.
        is_error(&application.token(&fields).await, 400, "invalid_grant");
    }
    // Another application's, though with credentials of its own.
    for thief in [&other, &open] {
        let (asked, code) = code(&ana.http, &application, "openid", &[]).await;
        let mut fields = application.token_fields(&asked, &code);
        if thief.secret.is_none() {
            fields.push(("client_id".into(), thief.client_id.clone()));
        }
        is_error(&thief.token(&fields).await, 400, "invalid_grant");
    }
    // Cut, longer, made up.
    let (asked, whole) = code(&ana.http, &application, "openid", &[]).await;
    let fields = application.token_fields(&asked, &whole);
    let (access, _) = ("vsa_", ());
    for bad in [
        &whole[..whole.len() - 1],
        &format!("{whole}A"),
        &format!("{whole} "),
        &whole.to_uppercase(),
        &whole.replacen("vsc_", access, 1),
        &whole[4..],
        "vsc_",
        "a\0b",
        "vsc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        is_error(&application.token(&with(&fields, "code", Some(bad))).await, 400, "invalid_grant");
    }
    // None of which has spent the right one. Twice is once too often, and takes back what the first gave.
    let answer = application.token(&fields).await.expect(200).json();
    let token = answer["access_token"].as_str().unwrap();
    application.userinfo(token).await.expect(200);
    is_error(&application.token(&fields).await, 400, "invalid_grant");
    assert_eq!(application.userinfo(token).await.status, 401);
}

/// OA-25, OA-29
async fn a_code_ends(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, early) = code(&ana.http, &application, "openid", &[]).await;
    server.pass(59);
    application.token(&application.token_fields(&asked, &early)).await.expect(200);
    let (asked, late) = code(&ana.http, &application, "openid", &[]).await;
    server.pass(60);
    is_error(&application.token(&application.token_fields(&asked, &late)).await, 400, "invalid_grant");
    let (asked, left) = code(&ana.http, &application, "openid", &[]).await;
    let page = ana.http.get("/logout").await.expect(200);
    ana.http.send_form(&page, "/logout/confirm", &[("scope", "here")]).await;
    is_error(&application.token(&application.token_fields(&asked, &left)).await, 400, "invalid_grant");
}

/// A request without PKCE.
fn bare(asked: &Asked) -> Asked {
    let without = |asked: &Asked, name| Asked { url: changed(asked, name, None).parse().unwrap(), ..asked.clone() };
    without(&without(asked, "code_challenge"), "code_challenge_method")
}

/// OA-30, OA-33, CVE-71: a confidential application may send a nonce instead, and is bound all the same; what has used PKCE
/// goes on using it, until an administrator lets it do without.
async fn without_pkce_a_nonce_is_enough_until_pkce_is_used(backend: Backend) {
    let (server, ana, _) = ready(backend).await;
    let old = server.register("Old").await;
    let refused = async |asked: &Asked, missing: &str| {
        let answer = ana.http.get(asked.url.as_str()).await.expect(303);
        assert_eq!(answer.sent_back("error").as_deref(), Some("invalid_request"));
        let said = answer.sent_back("error_description").unwrap();
        assert!(said.contains(missing), "{said}");
    };
    let fields_of = async |asked: &Asked| {
        let back = allow(&ana.http, asked, &[]).await.location().unwrap();
        old.token_fields(asked, &old.code(asked, &back))
    };
    let without_verifier = async |asked: &Asked| with(&fields_of(asked).await, "code_verifier", None);
    let neither = bare(&old.ask("openid", &[]));
    refused(&Asked { url: changed(&neither, "nonce", None).parse().unwrap(), ..neither }, "code_challenge and nonce").await;
    // A verifier without a challenge is a downgrade.
    is_error(&old.token(&fields_of(&bare(&old.ask("openid", &[]))).await).await, 400, "invalid_grant");
    old.token(&without_verifier(&bare(&old.ask("openid", &[]))).await).await.expect(200);
    // A challenge in a request is not the application's doing until its code is redeemed: anyone can write a request.
    allow(&ana.http, &old.ask("openid", &[]), &[]).await;
    let on_its_way = without_verifier(&bare(&old.ask("openid", &[]))).await;
    old.token(&fields_of(&old.ask("openid", &[])).await).await.expect(200);
    refused(&bare(&old.ask("openid", &[])), "has used PKCE before").await;
    is_error(&old.token(&on_its_way).await, 400, "invalid_grant");

    let name = old.client_id.clone();
    let client = server.read(move |w| client::find(w, &name)).await.unwrap().unwrap();
    let why = Reason::parse("An older version is back").unwrap();
    let released = apps::release_pkce(&server, &ActingAdmin::at_the_host(), client.id, why).await.unwrap();
    assert!(matches!(released, apps::AppOutcome::Done(())));
    old.token(&without_verifier(&bare(&old.ask("openid", &[]))).await).await.expect(200);

    let edit = |now| Some(apps::TypedApp { hardened: true, ..now });
    let changed = apps::change_typed(&server, &ActingAdmin::at_the_host(), client.id, edit, apps::SameName::Refused).await;
    assert!(matches!(changed.unwrap(), apps::AppOutcome::Done(apps::ChangeOutcome::Saved)));
    refused(&bare(&old.ask("openid", &[])), "always use PKCE").await;
    let open = server.register_with("Notes", public).await;
    refused(&bare(&open.ask("openid", &[])), "a public application must use PKCE").await;
}

/// OA-27, OA-38, OA-39, OA-40, OA-41, CVE-58
async fn applications_prove_who_they_are(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let posting = server.register_with("Posting", |new| new.auth = ClientAuth::SecretPost).await;
    let open = server.register_with("Notes", public).await;
    let other = server.register("Payroll").await;
    let (asked, code) = code(&ana.http, &application, "openid", &[]).await;
    let honest = application.token_fields(&asked, &code);
    let (id, secret) = (application.client_id.as_str(), application.secret.as_deref().unwrap());
    let send = |header: Option<String>, fields: Fields| {
        let server = &server;
        async move {
            let http = Http::new(&server.address);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let request = http.request(Method::POST, "/token").without("origin").without("sec-fetch-site").form(&fields);
            match header {
                Some(header) => request.header("authorization", &header).send().await,
                None => request.send().await,
            }
        }
    };
    let mut refusals = Vec::new();
    for header in [
        basic(id, "vsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        basic(id, &secret[..secret.len() - 1]),
        basic(id, &format!("{secret}A")),
        basic(id, ""),
        basic(id, other.secret.as_deref().unwrap()),
        basic(&other.client_id, secret),
        basic("nobody", secret),
        basic("a\0b", secret),
        basic(&id.to_uppercase(), &format!("{secret}A")),
        "Basic".to_owned(),
        "Basic ???".to_owned(),
        format!("Bearer {secret}"),
        basic("", ""),
        basic(&open.client_id, secret),
    ] {
        let answer = send(Some(header.clone()), honest.clone()).await;
        is_error(&answer, 401, "invalid_client");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Basic "), "{header}");
        refusals.push((header, answer.json()));
    }
    let wrong = &refusals[0].1;
    assert_eq!(*wrong, refusals[6].1, "an unknown application is answered like a wrong secret");
    // Another method than the registered one, or none.
    let post = |id: &str, secret: Option<&str>| {
        let fields = with(&honest, "client_id", Some(id));
        if secret.is_some() { with(&fields, "client_secret", secret) } else { fields }
    };
    for fields in [
        post(id, Some(secret)),
        post(id, None),
        honest.clone(),
        post(&open.client_id, Some(secret)),
        post("nobody", Some(secret)),
        post("a\0b", None),
        with(&post(id, None), "client_assertion", Some("x.y.z")),
    ] {
        let answer = send(None, fields).await;
        is_error(&answer, 401, "invalid_client");
        // RFC 6749 section 5.2: a challenge is for who tried the header.
        assert!(answer.header("www-authenticate").is_none());
    }
    let as_basic = basic(&posting.client_id, posting.secret.as_deref().unwrap());
    let told = send(Some(as_basic), honest.clone()).await;
    is_error(&told, 401, "invalid_client");
    assert!(described(&told).contains("the secret is right") && described(&told).contains("client_secret_post"), "{}", told.text());
    let told = send(None, post(id, Some(secret))).await;
    assert!(described(&told).contains("the secret is right") && described(&told).contains("client_secret_basic"), "{}", told.text());
    // Missing is not wrong, whether there is such an application or not.
    for id in [id, "nobody"] {
        assert!(described(&send(None, post(id, None)).await).starts_with("client_secret is missing"));
        assert!(described(&send(None, post(id, Some("wrong"))).await).ends_with("is wrong"));
    }
    // Two methods at once, though both are right; two names.
    is_error(&send(Some(basic(id, secret)), with(&honest, "client_secret", Some(secret))).await, 400, "invalid_request");
    is_error(&send(Some(basic(id, secret)), with(&honest, "client_id", Some(&other.client_id))).await, 400, "invalid_request");
    // None of this has touched the code; the scheme's name may be written in any way.
    let answer = send(Some(basic(id, secret).replacen("Basic", "bAsIc", 1)), with(&honest, "client_id", Some(id))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let (asked, code) = super::code(&ana.http, &posting, "openid", &[]).await;
    let fields = with(&posting.token_fields(&asked, &code), "client_id", Some(&posting.client_id));
    let answer = send(None, with(&fields, "client_secret", posting.secret.as_deref())).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

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

/// OA-42
async fn wrong_secrets_are_slowed_down(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let other = server.register("Payroll").await;
    let (asked, code) = code(&ana.http, &application, "openid", &[]).await;
    let fields = application.token_fields(&asked, &code);
    let http = Http::new(&server.address);
    let try_as = |id: &str, secret: &str| {
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        http.request(Method::POST, "/token").header("authorization", &basic(id, secret)).form(&pairs)
    };
    for _ in 0..30 {
        is_error(&try_as(&application.client_id, "wrong").send().await, 401, "invalid_client");
    }
    let slowed = try_as(&application.client_id, "wrong").send().await;
    assert_eq!(slowed.status, 429);
    assert!(slowed.header("retry-after").is_some());
    // Whoever has the right secret is not kept out by others who have not.
    assert_eq!(application.token(&fields).await.status, 200);
    // Names nobody has are counted together, and nobody else is slowed down by either.
    for number in 0..30 {
        is_error(&try_as(&format!("nobody{number}"), "wrong").send().await, 401, "invalid_client");
    }
    assert_eq!(try_as("nobody-else", "wrong").send().await.status, 429);
    is_error(&other.token(&with(&fields, "code", Some("x"))).await, 400, "invalid_grant");
    server.pass(601);
    is_error(&application.token(&fields).await, 400, "invalid_grant");
}

/// OA-21, OA-24, OA-47, OA-58, OA-59, OA-60, OA-62, OA-69, OA-70, TK-05
async fn tokens_say_what_happened(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let other = server.register_with("Payroll", |new| new.algorithm = Algorithm::EdDsa).await;
    let (asked, first) = code(&ana.http, &application, "openid profile email", &["email", "username"]).await;
    let answer = application.token(&application.token_fields(&asked, &first)).await.expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    let entry = answer.header("vouchsafe-ledger-entry").unwrap().to_owned();
    let answer = answer.json();
    assert_eq!((answer["token_type"].as_str(), answer["expires_in"].as_i64()), (Some("Bearer"), Some(600)));
    assert_eq!(answer["scope"], "openid profile email");
    assert!(answer.get("refresh_token").is_none(), "OA-49");
    let access = answer["access_token"].as_str().unwrap();
    assert!(!access.contains('.') && access.len() >= 43, "opaque");
    let token = answer["id_token"].as_str().unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!((header.typ.as_deref(), header.alg), (Some("JWT"), jsonwebtoken::Algorithm::ES256));
    let claims = application.check_id_token(token, server.time()).await;
    let names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "acr",
            "amr",
            "at_hash",
            "aud",
            "auth_time",
            "email",
            "email_verified",
            "exp",
            "iat",
            "iss",
            "name",
            "nonce",
            "preferred_username",
            "sid",
            "sub",
            "updated_at"
        ],
        "what was allowed, and about the sign-in"
    );
    assert_eq!(claims["aud"], application.client_id.as_str());
    assert_eq!(claims["acr"], "aal2");
    assert_eq!(claims["amr"], json!(["pwd", "otp", "mfa"]));
    let half = &crate::support::authenticator::sha256(access.as_bytes())[..16];
    assert_eq!(claims["at_hash"], crate::support::authenticator::base64url(half).as_str());
    assert!(!ana.http.cookies().values().any(|value| value.contains(claims["sid"].as_str().unwrap())), "OA-120");
    let subject = claims["sub"].as_str().unwrap();
    assert!(subject.is_ascii() && subject.len() <= 255 && !subject.contains("ana"));
    // Another application knows another number; the same one always the same (OA-59).
    let (asked, code_of_other) = code(&ana.http, &other, "openid", &[]).await;
    let (theirs, _) = other.exchange(&asked, &code_of_other, server.time()).await;
    assert_ne!(theirs["sub"], claims["sub"]);
    assert_ne!(theirs["sid"], claims["sid"]);
    let (asked, again) = code(&ana.http, &application, "openid", &[]).await;
    let (same, second) = application.exchange(&asked, &again, server.time()).await;
    assert_eq!((&same["sub"], &same["sid"]), (&claims["sub"], &claims["sid"]));
    assert_ne!(second["access_token"], answer["access_token"]);
    // Without openid: plain OAuth, no ID token; userinfo answers what was agreed to (OA-21).
    let (asked, plain) = code(&ana.http, &application, "profile", &[]).await;
    let answer = application.token(&application.token_fields(&asked, &plain)).await.expect(200).json();
    assert!(answer.get("id_token").is_none() && answer["scope"] == "profile");
    let told = application.userinfo(answer["access_token"].as_str().unwrap()).await.expect(200).json();
    assert_eq!((told["name"].as_str(), &told["sub"]), (Some("Ana Example"), &claims["sub"]));
    // Every giving is written down: who, to whom, what.
    let rows = super::userinfo::ledger(&server).await;
    assert!(rows.iter().any(|(id, ..)| entry.starts_with(id.as_str())), "{entry} in {rows:?}");
    let plain_row = rows.iter().find(|(_, claims)| claims.is_empty());
    assert!(plain_row.is_some(), "the token itself told nothing, and so it stands: {rows:?}");
}
