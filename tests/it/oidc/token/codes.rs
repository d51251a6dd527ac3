//! A code: what it is bound to, when it ends, and what is said of one that is refused.

use super::super::{code, public, ready};
use super::{described, is_error, with};
use crate::support::{Backend, both};

both!(a_code_is_bound, a_code_ends, a_refused_code_says_why);

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
