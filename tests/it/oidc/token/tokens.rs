//! What an honest application gets.

use serde_json::json;
use vouchsafe::platform::crypto::jws::Algorithm;

use super::super::{code, ready};
use crate::support::{Backend, both};

both!(tokens_say_what_happened);

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
    let rows = super::super::userinfo::ledger(&server).await;
    assert!(rows.iter().any(|(id, ..)| entry.starts_with(id.as_str())), "{entry} in {rows:?}");
    let plain_row = rows.iter().find(|(_, claims)| claims.is_empty());
    assert!(plain_row.is_some(), "the token itself told nothing, and so it stands: {rows:?}");
}
