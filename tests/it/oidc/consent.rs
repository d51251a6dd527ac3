//! The person's decision: asked when it must be, bound to the request and the browser, and carried out to the mail.

use reqwest::Method;

use super::{allow, code, consent_action, ready};
use crate::people;
use crate::support::http::Http;
use crate::support::people::PASSWORD;
use crate::support::{Backend, both, totp};

both!(what_is_declined_is_not_given, the_question_is_asked_when_it_must_be, the_answer_belongs_to_its_page);
both!(the_answer_is_of_who_was_asked);

/// OA-70, OA-110, OA-111
async fn what_is_declined_is_not_given(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let asked = application.ask("openid profile email", &[("prompt", "consent")]);
    let page = ana.http.follow(asked.url.as_str()).await.expect(200);
    let words = page.words();
    for shown in [
        "Grafana wants to access your account",
        "run by Acme IT",
        "grafana.example",
        "Ana Example",
        "ana@acme.example",
        "until Grafana asks",
    ] {
        assert!(words.contains(shown), "{shown} is not on the page:\n{words}");
    }
    let policy = page.header("content-security-policy").unwrap();
    // Where an application leads on to nobody told us, and Chromium holds form-action against it.
    assert!(!policy.contains("form-action") && policy.contains("default-src 'none'"), "{policy}");
    let login = Http::new(&server.address).follow(asked.url.as_str()).await.expect(200);
    assert!(login.header("content-security-policy").unwrap().contains("form-action 'self'"), "where a password is typed");
    let refused = ana.http.send_form(&page, &consent_action(&page), &[("decision", "decline")]).await.expect(303);
    assert_eq!(refused.sent_back("error").as_deref(), Some("access_denied"));
    assert_eq!(refused.sent_back("state"), Some(asked.state));
    for (optional, given) in [
        (vec![], vec!["name", "sub", "updated_at"]),
        (vec!["email"], vec!["email", "email_verified", "name", "sub", "updated_at"]),
        (vec!["username"], vec!["name", "preferred_username", "sub", "updated_at"]),
    ] {
        let asked = application.ask("openid profile email", &[("prompt", "consent")]);
        let page = ana.http.follow(asked.url.as_str()).await.expect(200);
        let ticks: Vec<String> = ["username", "email"].iter().map(|claim| format!("claim_{claim}")).collect();
        let mut values = vec![("decision", "allow")];
        for tick in &ticks {
            let yes = optional.iter().any(|claim| tick.ends_with(claim));
            values.push((tick.as_str(), if yes { "yes" } else { "" }));
        }
        let back = ana.http.send_form(&page, &consent_action(&page), &values).await.expect(303).location().unwrap();
        let (claims, answer) = application.exchange(&asked, &application.code(&asked, &back), server.time()).await;
        let told = application.userinfo(answer["access_token"].as_str().unwrap()).await.expect(200).json();
        let names: Vec<&String> = told.as_object().unwrap().keys().collect();
        assert_eq!(names, given, "{told}");
        assert_eq!(claims.get("email").is_some(), optional.contains(&"email"), "{claims}");
        assert_eq!(claims.get("preferred_username").is_some(), optional.contains(&"username"), "{claims}");
    }
}

/// OA-20, OA-70, OA-110
async fn the_question_is_asked_when_it_must_be(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, first) = code(&ana.http, &application, "openid", &[]).await;
    // Nobody agreed to more than the number: nothing more is given, in neither place.
    let (claims, answer) = application.exchange(&asked, &first, server.time()).await;
    assert_eq!(answer["scope"], "openid");
    assert!(claims.get("name").is_none() && claims.get("email").is_none(), "{claims}");
    assert_eq!(application.userinfo(answer["access_token"].as_str().unwrap()).await.json().as_object().unwrap().len(), 1);
    // The same again is answered immediately; more is asked, also when it comes as single claims.
    let status = |asked: crate::support::relying_party::Asked| {
        let http = &ana.http;
        async move { http.follow(asked.url.as_str()).await.status }
    };
    assert_eq!(status(application.ask("openid", &[])).await, 303);
    assert_eq!(status(application.ask("openid email", &[])).await, 200);
    assert_eq!(status(application.ask("openid", &[("claims", "{\"userinfo\":{\"email\":null}}")])).await, 200);
    assert_eq!(status(application.ask("openid", &[("prompt", "consent")])).await, 200);
    // Scopes it is not registered for are not given, however they are asked for (CVE-72).
    let small = server.register_with("Small", |new| new.scopes = vec!["openid".into()]).await;
    let asked = small.ask("openid email admin offline_access", &[("claims", "{\"userinfo\":{\"email\":{\"essential\":true}}}")]);
    let back = allow(&ana.http, &asked, &[]).await.location().unwrap();
    let (_, answer) = small.exchange(&asked, &small.code(&asked, &back), server.time()).await;
    assert_eq!(answer["scope"], "openid");
    assert!(answer.get("refresh_token").is_none());
    assert_eq!(small.userinfo(answer["access_token"].as_str().unwrap()).await.json().as_object().unwrap().len(), 1);
}

/// OA-35, OA-110, SE-18, WB-01, CVE-78, CVE-85
async fn the_answer_belongs_to_its_page(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let asked = application.ask("openid profile", &[]);
    let page = ana.http.follow(asked.url.as_str()).await.expect(200);
    let action = consent_action(&page);
    // Another browser, though of the same person, and one of nobody.
    let second = Http::new(&server.address);
    ana.sign_in(&server, &second, "/login").await.expect(200);
    let elsewhere = second.get(page.url.path()).await;
    assert!(elsewhere.location().is_none_or(|to| to.host_str() == Some("localhost")) && !elsewhere.text().contains("wants to access"));
    let own = second.follow(application.ask("openid", &[]).url.as_str()).await.expect(200);
    let token = own.form(&consent_action(&own)).filled(&[]).into_iter().find(|(name, _)| name == "form_token").unwrap().1;
    let shown = page.form(&action).value("shown_to").unwrap().to_owned();
    let answer = second.post_form(&action, &[("form_token", &token), ("shown_to", &shown), ("decision", "allow")]).await;
    assert!(answer.location().is_none_or(|to| to.host_str() == Some("localhost")), "{:?}", answer.location());
    // No token, another browser's token, another site, another kind of body.
    let mine = page.form(&action).filled(&[]).into_iter().find(|(name, _)| name == "form_token").unwrap().1;
    for request in [
        ana.http.request(Method::POST, &action).form(&[("decision", "allow")]),
        ana.http.request(Method::POST, &action).form(&[("decision", "allow"), ("form_token", &token)]),
        ana.http
            .request(Method::POST, &action)
            .header("origin", "https://grafana.example")
            .header("sec-fetch-site", "cross-site")
            .form(&[("decision", "allow"), ("form_token", &mine)]),
        ana.http.request(Method::POST, &action).form(&[("decision", "allow"), ("decision", "decline"), ("form_token", &mine)]),
        ana.http.request(Method::POST, &action).form(&[("decision", "perhaps"), ("form_token", &mine), ("shown_to", &shown)]),
        ana.http.request(Method::POST, &action).body("text/plain", format!("decision=allow&form_token={mine}").into_bytes()),
    ] {
        let answer = request.send().await;
        assert!(answer.location().is_none() && (400..500).contains(&answer.status), "{} {:?}", answer.status, answer.location());
    }
    // What the form adds to the request is not looked at; a request is answered once.
    let own = [("decision", "allow"), ("form_token", mine.as_str()), ("shown_to", shown.as_str())];
    let fields = [&own[..], &[("scope", "openid email"), ("redirect_uri", "https://evil.example")]].concat();
    let back = ana.http.post_form(&action, &fields).await.expect(303).location().unwrap();
    let (_, answer) = application.exchange(&asked, &application.code(&asked, &back), server.time()).await;
    assert_eq!(answer["scope"], "openid profile");
    let again = ana.http.post_form(&action, &fields).await;
    assert!(again.location().is_none_or(|to| to.host_str() == Some("localhost")), "answered twice: {:?}", again.location());
    // No cookie holds anything of the request.
    for (name, value) in ana.http.cookies() {
        assert!(["vss_", "vsf_", "vsd_"].iter().any(|kind| value.starts_with(kind)), "{name}={value}");
    }
}

/// OA-110, SE-18: a page that was shown to one person decides nothing for another who signed in over them.
async fn the_answer_is_of_who_was_asked(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (_, bens_key) = people::come_in(&server, &people::invite(&ana, &[]).await).await;
    let asked = application.ask("openid profile email", &[]);
    let anas = ana.http.follow(asked.url.as_str()).await.expect(200);
    let action = consent_action(&anas);
    assert!(anas.words().contains("Ana Example"));
    let id = action.strip_prefix("/consent/").unwrap();
    let page = ana.http.get(&format!("/login?request={id}&again=other")).await.expect(200);
    let page = ana.http.submit(&page, "/login", &[("name", "ben"), ("password", PASSWORD)]).await.expect(200);
    let code = totp::code(&bens_key, server.time());
    let bens = ana.http.submit(&page, "/totp", &[("code", &code)]).await.expect(200);
    assert!(bens.words().contains("Ben Example"), "{}", bens.words());
    for decision in ["allow", "decline"] {
        let answer = ana.http.send_form(&anas, &action, &[("decision", decision)]).await.expect(303);
        let again = ana.http.follow_on(answer).await.expect(200);
        assert_eq!(consent_action(&again), action, "the request is still open");
        assert!(again.words().contains("Ben Example"), "{}", again.words());
    }
    // Without saying to whom, or with what is said of another request.
    let other = ana.http.follow(application.ask("openid profile email", &[]).url.as_str()).await.expect(200);
    let token = bens.form(&action).value("form_token").unwrap().to_owned();
    let of_other = other.form(&consent_action(&other)).value("shown_to").unwrap().to_owned();
    for shown in [None, Some(""), Some(of_other.as_str())] {
        let mut fields = vec![("form_token", token.as_str()), ("decision", "allow")];
        fields.extend(shown.map(|shown| ("shown_to", shown)));
        let to = ana.http.post_form(&action, &fields).await.expect(303).location().unwrap();
        assert_eq!(to.path(), format!("/authorize/continue/{id}"), "{shown:?}");
    }
    // What Ben was asked he answers.
    let back = ana.http.send_form(&bens, &action, &[("decision", "allow")]).await.expect(303).location().unwrap();
    let (_, answer) = application.exchange(&asked, &application.code(&asked, &back), server.time()).await;
    let told = application.userinfo(answer["access_token"].as_str().unwrap()).await.expect(200).json();
    assert_eq!(told["name"], "Ben Example");
}
