//! How an application proves who it is, and what becomes of one that cannot.

use reqwest::Method;
use vouchsafe::domain::client::ClientAuth;

use super::super::{code, public, ready};
use super::{Fields, described, is_error, with};
use crate::support::http::Http;
use crate::support::relying_party::basic;
use crate::support::{Backend, both};

both!(a_secret_comes_either_way, applications_prove_who_they_are, wrong_secrets_are_slowed_down);

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
    // Two methods at the same time, though both are right; two names.
    is_error(&send(Some(basic(id, secret)), with(&honest, "client_secret", Some(secret))).await, 400, "invalid_request");
    is_error(&send(Some(basic(id, secret)), with(&honest, "client_id", Some(&other.client_id))).await, 400, "invalid_request");
    // None of this has touched the code; the scheme's name may be written in any way.
    let answer = send(Some(basic(id, secret).replacen("Basic", "bAsIc", 1)), with(&honest, "client_id", Some(id))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let (asked, code) = super::super::code(&ana.http, &posting, "openid", &[]).await;
    let fields = with(&posting.token_fields(&asked, &code), "client_id", Some(&posting.client_id));
    let answer = send(None, with(&fields, "client_secret", posting.secret.as_deref())).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
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
    // Anyone who has the right secret is not kept out by others who have not.
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
