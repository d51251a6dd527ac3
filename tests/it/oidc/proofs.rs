//! Who is asked for, how long ago they proved it and how strongly: `max_age`, `prompt`, hints and `acr_values`.

use super::{allow, code, consent_action, ready};
use crate::passkeys;
use crate::support::app::Inside;
use crate::support::authenticator::Authenticator;
use crate::support::http::{Answer, Http};
use crate::support::{Backend, both};

both!(
    old_proofs_do_not_count,
    hints_are_checked,
    assurance_is_met_or_refused,
    assurance_is_named_as_it_was_asked,
    only_the_person_asked_for_is_answered,
);

/// OA-64, OA-65, OA-58
async fn old_proofs_do_not_count(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, first) = code(&ana.http, &application, "openid", &[]).await;
    let (old, _) = application.exchange(&asked, &first, server.time()).await;
    server.pass(60);
    for more in [("prompt", "login"), ("max_age", "0"), ("max_age", "1"), ("max_age", "59"), ("prompt", "select_account")] {
        let asked = application.ask("openid", &[more]);
        let page = ana.http.follow(asked.url.as_str()).await.expect(200);
        assert_eq!(page.url.path(), "/login", "{more:?}");
        let silent = application.ask("openid", &[("max_age", "1"), ("prompt", "none")]);
        let answer = ana.http.follow(silent.url.as_str()).await.expect(303);
        assert_eq!(answer.sent_back("error").as_deref(), Some("login_required"));
    }
    let lenient = application.ask("openid", &[("max_age", "3000")]);
    let answer = ana.http.follow(lenient.url.as_str()).await.expect(303);
    let lenient_code = application.code(&lenient, &answer.location().unwrap());
    let (claims, _) = application.exchange(&lenient, &lenient_code, server.time()).await;
    assert_eq!(claims["auth_time"], old["auth_time"]);
    // Proved again, with everything, and said so.
    let asked = application.ask("openid", &[("prompt", "login")]);
    let begun = server.time().seconds();
    let answer = ana.sign_in(&server, &ana.http, asked.url.as_str()).await.expect(303);
    let new_code = application.code(&asked, &answer.location().unwrap());
    let (claims, _) = application.exchange(&asked, &new_code, server.time()).await;
    assert!(claims["auth_time"].as_i64().unwrap() >= begun, "{claims}");
    assert_eq!(claims["amr"], serde_json::json!(["pwd", "otp", "mfa"]));
    // A proof given for a request is no longer new when it is answered much later.
    for more in [("prompt", "login consent"), ("max_age", "60")] {
        let asked = application.ask("openid", &[more, ("claims", r#"{"userinfo":{"email":null}}"#)]);
        server.pass(61);
        let page = ana.sign_in(&server, &ana.http, asked.url.as_str()).await.expect(200);
        server.pass(900);
        let answer = ana.http.send_form(&page, &consent_action(&page), &[("decision", "allow")]).await;
        let page = ana.http.follow_on(answer).await.expect(200);
        assert_eq!(page.url.path(), "/login", "{more:?}");
    }
}

/// OA-66, OA-67, OA-74, TK-01, TK-02, TK-04
async fn hints_are_checked(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, first) = code(&ana.http, &application, "openid", &[]).await;
    let (claims, answer) = application.exchange(&asked, &first, server.time()).await;
    let token = answer["id_token"].as_str().unwrap().to_owned();
    server.pass(900);
    let ask = |hint: &str| application.ask("openid", &[("prompt", "none"), ("id_token_hint", hint)]).url.to_string();
    let error = |answer: Answer| answer.expect(303).sent_back("error");
    assert_eq!(error(ana.http.follow(&ask(&token)).await), None, "one that has ended is still a hint");
    let own = server.signing.current();
    let key = own.key(vouchsafe::platform::crypto::jws::Algorithm::Es256).unwrap();
    let signed = |typ: &str, claims: &serde_json::Value| key.pair.sign_jwt(&key.kid, typ, claims).unwrap();
    let mut other = claims.clone();
    other["sub"] = "somebody-else".into();
    assert_eq!(error(ana.http.follow(&ask(&signed("JWT", &other))).await).as_deref(), Some("login_required"));
    let loud = application.ask("openid", &[("id_token_hint", &signed("JWT", &other))]);
    assert_eq!(ana.http.follow(loud.url.as_str()).await.expect(200).url.path(), "/login");
    let (mut foreign, mut elsewhere) = (claims.clone(), claims.clone());
    foreign["aud"] = "another-app".into();
    elsewhere["iss"] = "https://evil.example".into();
    let part = |value: serde_json::Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let body = token.split('.').nth(1).unwrap();
    let unsigned = |alg: &str| format!("{}.{body}.", part(serde_json::json!({ "alg": alg, "typ": "JWT", "kid": key.kid })));
    for bad in [
        signed("JWT", &foreign),
        signed("JWT", &elsewhere),
        signed("logout+jwt", &claims),
        unsigned("none"),
        unsigned("nOnE"),
        unsigned("HS256"),
        format!("{}x", token),
        token[..token.len() - 4].to_owned(),
        token.replacen('.', "..", 1),
        answer["access_token"].as_str().unwrap().to_owned(),
    ] {
        assert_eq!(error(ana.http.follow(&ask(&bad)).await).as_deref(), Some("invalid_request"), "{bad}");
    }
    // Whom an application expects is text in a field, whether we know them or not.
    let stranger = Http::new(&server.address);
    let hinted = |name: &str| application.ask("openid", &[("login_hint", name)]).url.to_string();
    let known = stranger.follow(&hinted("ana@acme.example")).await.expect(200);
    let unknown = stranger.follow(&hinted("xyz@acme.example")).await.expect(200);
    let same = |page: &Answer, name: &str| page.words().replace(name, "");
    assert_eq!(same(&known, "ana@acme.example"), same(&unknown, "xyz@acme.example"));
    let markup = stranger.follow(&hinted("\"><script>alert(1)</script>")).await.expect(200);
    assert!(!markup.text().contains("<script>alert"), "WB-06");
}

/// OA-68, OA-77
async fn assurance_is_met_or_refused(backend: Backend) {
    let (_server, ana, application) = ready(backend).await;
    let essential = |values: &str| format!("{{\"id_token\":{{\"acr\":{{\"essential\":true,\"values\":{values}}}}}}}");
    let ask = |claims: &str| application.ask("openid", &[("claims", claims), ("prompt", "none")]).url.to_string();
    allow(&ana.http, &application.ask("openid", &[]), &[]).await;
    for (values, error) in [
        ("[\"phr\"]", Some("login_required")),
        ("[\"phrh\",\"phr\"]", Some("login_required")),
        ("[\"gold\"]", Some("unmet_authentication_requirements")),
        ("[\"aal1\"]", Some("unmet_authentication_requirements")), // OA-81
        ("[\"aal2\"]", None),
        ("[\"phr\",\"aal2\"]", None),
    ] {
        let answer = ana.http.follow(&ask(&essential(values))).await.expect(303);
        assert_eq!(answer.sent_back("error").as_deref(), error, "{values}");
    }
    let wish = application.ask("openid", &[("acr_values", "phrh gold"), ("prompt", "none")]);
    assert_eq!(ana.http.follow(wish.url.as_str()).await.expect(303).sent_back("error"), None, "a wish, not a demand");
}

/// OA-68, OA-77: an application turns away what it did not ask for, so it is told one of its own values.
async fn assurance_is_named_as_it_was_asked(backend: Backend) {
    let server = Inside::start(backend).await;
    let (http, _) = passkeys::with_passkey(&server, &Authenticator::bound()).await;
    let application = server.register("Grafana").await;
    let claim = |how: &str| format!("{{\"id_token\":{{\"acr\":{how}}}}}");
    let essential = |values: &str| ("claims", claim(&format!("{{\"essential\":true,\"values\":{values}}}")));
    for (asked_for, said) in [
        (essential("[\"aal2\"]"), "aal2"),
        (essential("[\"phr\",\"aal2\"]"), "phr"),
        (essential("[\"aal2\",\"gold\",\"phrh\"]"), "phrh"),
        (("claims", claim("{\"essential\":true,\"value\":\"phr\"}")), "phr"),
        (("claims", claim("{\"values\":[\"phr\"]}")), "phr"),
        (("acr_values", "aal2 gold".to_owned()), "aal2"),
        (("acr_values", "aal2 phr".to_owned()), "phr"),
        (("acr_values", "gold aal1".to_owned()), "phrh"),
        (("claims", claim("{\"essential\":true}")), "phrh"),
        (("max_age", "3600".to_owned()), "phrh"),
    ] {
        let asked = application.ask("openid", &[(asked_for.0, asked_for.1.as_str())]);
        let back = allow(&http, &asked, &[]).await.location().unwrap();
        let (claims, _) = application.exchange(&asked, &application.code(&asked, &back), server.time()).await;
        assert_eq!(claims["acr"], said, "{asked_for:?}");
    }
}

/// OA-66, OA-71
async fn only_the_person_asked_for_is_answered(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, first) = code(&ana.http, &application, "openid", &[]).await;
    let (told, answer) = application.exchange(&asked, &first, server.time()).await;
    let (subject, hint) = (told["sub"].as_str().unwrap(), answer["id_token"].as_str().unwrap());
    let claims = |place: &str, subject: &str| format!("{{\"{place}\":{{\"sub\":{{\"value\":\"{subject}\"}}}}}}");
    for (claims, hint, error) in [
        (claims("id_token", subject), None, None),
        (claims("userinfo", subject), Some(hint), None),
        (claims("id_token", "somebody-else"), None, Some("login_required")),
        (claims("userinfo", "somebody-else"), None, Some("login_required")),
        (claims("id_token", "somebody-else"), Some(hint), Some("invalid_request")),
        ("{\"id_token\":{\"sub\":{\"value\":1}}}".to_owned(), None, Some("invalid_request")),
    ] {
        let mut more = vec![("prompt", "none"), ("claims", claims.as_str())];
        more.extend(hint.map(|hint| ("id_token_hint", hint)));
        let answer = ana.http.follow(application.ask("openid", &more).url.as_str()).await.expect(303);
        assert_eq!(answer.sent_back("error").as_deref(), error, "{claims}");
    }
    let loud = application.ask("openid", &[("claims", &claims("id_token", "somebody-else"))]);
    assert_eq!(ana.http.follow(loud.url.as_str()).await.expect(200).url.path(), "/login");
}
