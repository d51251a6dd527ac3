//! `/logout` as applications use it (RP-Initiated Logout).

use reqwest::Method;
use serde_json::json;
use vouchsafe::platform::crypto::jws::Algorithm;

use super::{address, code};
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::Ana;
use crate::support::relying_party::Application;
use crate::support::{Backend, both};

both!(a_hint_of_this_session_needs_no_question, whoever_cannot_show_that_asks, nobody_is_sent_elsewhere);
both!(a_wrong_address_still_lets_people_sign_out, what_a_form_carries_is_of_its_browser);

const BACK: &str = "https://grafana.example/bye";

async fn begin(backend: Backend) -> (Inside, Ana, Application, String) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let application = server.register_with("Grafana", |new| new.post_logout_redirect_uris = vec![address(BACK)]).await;
    let (asked, first) = code(&ana.http, &application, "openid", &[]).await;
    let (_, answer) = application.exchange(&asked, &first, server.time()).await;
    let token = answer["id_token"].as_str().unwrap().to_owned();
    (server, ana, application, token)
}

fn request(pairs: &[(&str, &str)]) -> String {
    format!("/logout?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

async fn is_in(http: &Http) -> bool {
    http.get("/me").await.status == 200
}

/// OA-113, OA-114, OA-115, OA-117, SE-12
async fn a_hint_of_this_session_needs_no_question(backend: Backend) {
    let (server, ana, _application, token) = begin(backend).await;
    server.pass(1_000);
    let state = "a b&c=\u{1F511}";
    let fields = [("id_token_hint", token.as_str()), ("post_logout_redirect_uri", BACK), ("state", state)];
    // By POST from another site: first a redirect to ourselves, with which our cookies come.
    let posted = ana.http.request(Method::POST, "/logout").without_cookies();
    let posted = posted.header("origin", "https://grafana.example").header("sec-fetch-site", "cross-site").form(&fields).send().await;
    let next = posted.location().unwrap();
    assert!(posted.status == 303 && next.as_str().starts_with(&format!("{}/logout?", server.address)), "{next}");
    let old = ana.http.cookies();
    let answer = ana.http.get(next.as_str()).await.expect(303);
    assert!(answer.location().unwrap().as_str().starts_with(&format!("{BACK}?")));
    assert_eq!(answer.sent_back("state").as_deref(), Some(state));
    assert!(!ana.http.cookies().values().any(|value| value.starts_with("vss_")), "the cookie is taken back");
    // Not only the cookie.
    let thief = Http::new(&server.address);
    for (name, value) in old {
        thief.set_cookie(&name, &value);
    }
    assert!(!is_in(&thief).await);
}

/// OA-113, OA-115, OA-116, TK-01, TK-04
async fn whoever_cannot_show_that_asks(backend: Backend) {
    let (server, ana, application, token) = begin(backend).await;
    let id = application.client_id.as_str();
    let keys = server.signing.current();
    let key = keys.key(Algorithm::Es256).unwrap();
    let body = token.split('.').nth(1).unwrap();
    let part = |value: serde_json::Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let unsigned = format!("{}.{body}.", part(json!({ "alg": "none", "typ": "JWT", "kid": key.kid })));
    let foreign = vouchsafe::platform::crypto::jws::SigningPair::generate(Algorithm::Es256).unwrap().0;
    let claims: serde_json::Value = serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(body.as_bytes()).unwrap()).unwrap();
    let forged = foreign.sign_jwt(&key.kid, "JWT", &claims).unwrap();
    let typed = key.pair.sign_jwt(&key.kid, "logout+jwt", &claims).unwrap();
    // Of this application and this service, but of a session in another browser.
    let second = Http::new(&server.address);
    ana.sign_in(&server, &second, "/login").await.expect(200);
    for pairs in [
        vec![],
        vec![("client_id", id)],
        vec![("client_id", id), ("post_logout_redirect_uri", BACK)],
        vec![("id_token_hint", unsigned.as_str()), ("post_logout_redirect_uri", BACK)],
        vec![("id_token_hint", forged.as_str()), ("post_logout_redirect_uri", BACK), ("client_id", id)],
        vec![("id_token_hint", typed.as_str()), ("post_logout_redirect_uri", BACK)],
        vec![("id_token_hint", "x"), ("client_id", id)],
        vec![("id_token_hint", token.as_str()), ("post_logout_redirect_uri", BACK)],
    ] {
        let page = second.get(&request(&pairs)).await.expect(200);
        page.form("/logout/confirm");
        assert!(is_in(&second).await, "{pairs:?}");
    }
    // Without its form token the answer is not believed; with it, it is, and leads back.
    let bare = second.post_form("/logout/confirm", &[("scope", "here")]).await;
    assert!((400..500).contains(&bare.status) && is_in(&second).await);
    let page = second.get(&request(&[("client_id", id), ("post_logout_redirect_uri", BACK), ("state", "s")])).await.expect(200);
    let answer = second.send_form(&page, "/logout/confirm", &[("scope", "here")]).await.expect(303);
    assert_eq!(answer.location().unwrap().as_str(), format!("{BACK}?state=s"));
    assert!(!is_in(&second).await && is_in(&ana.http).await, "only this browser");
    let third = Http::new(&server.address);
    ana.sign_in(&server, &third, "/login").await.expect(200);
    let page = third.get("/logout").await.expect(200);
    let answer = third.send_form(&page, "/logout/confirm", &[("scope", "everywhere")]).await.expect(303);
    // The page that says so can be loaded again.
    for _ in 0..2 {
        let page = third.get(answer.location().unwrap().as_str()).await.expect(200);
        assert!(page.words().contains("signed out"), "{}", page.words());
    }
    assert!(!is_in(&third).await && !is_in(&ana.http).await);
}

/// OA-15, OA-114, CVE-88
async fn nobody_is_sent_elsewhere(backend: Backend) {
    let (server, ana, application, token) = begin(backend).await;
    let other = server.register("Payroll").await;
    let stays = |answer: &Answer| answer.location().is_none_or(|to| to.as_str().starts_with(&server.address));
    for wrong in [
        "https://evil.example/",
        "https://grafana.example/bye/",
        "https://grafana.example/bye?x=1",
        "https://grafana.example/BYE",
        "https://grafana.example/callback",
        "https://grafana.example/bye@evil.example",
        "//evil.example",
        "javascript:alert(1)",
    ] {
        let pairs = [("id_token_hint", token.as_str()), ("post_logout_redirect_uri", wrong)];
        for http in [&ana.http, &Http::new(&server.address)] {
            let answer = http.get(&request(&pairs)).await;
            assert!(stays(&answer) && !answer.text().contains(&format!("href=\"{wrong}\"")), "{wrong}: {:?}", answer.location());
        }
    }
    let id = application.client_id.as_str();
    for pairs in [
        vec![("post_logout_redirect_uri", BACK)],
        vec![("id_token_hint", token.as_str()), ("client_id", other.client_id.as_str()), ("post_logout_redirect_uri", BACK)],
        vec![("client_id", other.client_id.as_str()), ("post_logout_redirect_uri", BACK)],
        vec![("client_id", "nobody"), ("post_logout_redirect_uri", BACK)],
        vec![("client_id", "a\0b"), ("post_logout_redirect_uri", BACK)],
        vec![("client_id", id), ("client_id", id), ("post_logout_redirect_uri", BACK)],
    ] {
        let answer = ana.http.get(&request(&pairs)).await;
        assert!(stays(&answer) && answer.status < 500, "{pairs:?}: {} {:?}", answer.status, answer.location());
        assert!(is_in(&ana.http).await, "{pairs:?}");
    }
}

/// OA-114: the way on is here, without the way back, and says what is wrong and under which reference the log has it.
async fn a_wrong_address_still_lets_people_sign_out(backend: Backend) {
    let (server, ana, application, token) = begin(backend).await;
    let id = application.client_id.as_str();
    for (pairs, said) in [
        (
            vec![("id_token_hint", token.as_str()), ("post_logout_redirect_uri", "https://grafana.example/bye/")],
            "is not registered for Grafana",
        ),
        (vec![("client_id", id), ("client_id", id)], "appear twice: client_id"),
        (vec![("id_token_hint", token.as_str()), ("client_id", "other")], "name two applications"),
        (vec![("post_logout_redirect_uri", BACK)], "needs the client_id"),
    ] {
        let page = ana.http.get(&request(&pairs)).await.expect(400);
        let words = page.words();
        assert!(words.contains("Do you want to sign out of") && words.contains(said) && words.contains("Reference"), "{words}");
        assert!(!words.contains("sign in"), "{words}");
        page.form("/logout/confirm");
        let nobody = Http::new(&server.address).get(&request(&pairs)).await.expect(400);
        assert!(nobody.words().contains("You’re not signed in") && nobody.words().contains(said), "{}", nobody.words());
    }
    let pairs = [("id_token_hint", token.as_str()), ("post_logout_redirect_uri", "https://grafana.example/bye/")];
    let page = ana.http.get(&request(&pairs)).await.expect(400);
    let answer = ana.http.send_form(&page, "/logout/confirm", &[("scope", "here")]).await.expect(303);
    assert_eq!(answer.location().unwrap().path(), "/logout/done");
    assert!(!is_in(&ana.http).await);
}

/// SE-18, SE-19: the request to sign out is in the form and nowhere else, and of no use in another browser or later.
async fn what_a_form_carries_is_of_its_browser(backend: Backend) {
    let (server, ana, application, _) = begin(backend).await;
    let pairs = [("client_id", application.client_id.as_str()), ("post_logout_redirect_uri", BACK), ("state", "s")];
    let second = Http::new(&server.address);
    ana.sign_in(&server, &second, "/login").await.expect(200);
    let carried = |page: &Answer| page.form("/logout/confirm").value("request").unwrap().to_owned();
    let page = ana.http.get(&request(&pairs)).await.expect(200);
    let own = second.get("/logout").await.expect(200);
    let fields = [("scope", "here"), ("request", &carried(&page))];
    let token = own.form("/logout/confirm").value("form_token").unwrap().to_owned();
    let answer = second.post_form("/logout/confirm", &[&fields[..], &[("form_token", token.as_str())]].concat()).await.expect(303);
    assert_eq!(answer.location().unwrap().path(), "/logout/done", "another browser's way back is not taken");
    server.pass(3_599);
    let again = ana.http.get("/me").await;
    assert_eq!(again.status, 200);
    server.pass(2);
    let answer = ana.http.send_form(&page, "/logout/confirm", &[("scope", "here")]).await.expect(303);
    assert_eq!(answer.location().unwrap().path(), "/logout/done", "too old");
    // However often the question is asked, nothing is stored for it: another can still sign in.
    let third = Http::new(&server.address);
    ana.sign_in(&server, &third, "/login").await.expect(200);
    let long = "s".repeat(2_000);
    for _ in 0..200 {
        let state = [("client_id", application.client_id.as_str()), ("post_logout_redirect_uri", BACK), ("state", &long)];
        third.get(&request(&state)).await.expect(200);
    }
    let page = third.get(&request(&pairs)).await.expect(200);
    let answer = third.send_form(&page, "/logout/confirm", &[("scope", "here")]).await.expect(303);
    assert_eq!(answer.location().unwrap().as_str(), format!("{BACK}?state=s"));
}
