//! `/authorize`: who is answered where, and with what.

use reqwest::Method;
use vouchsafe::domain::client::{self, Access};
use vouchsafe::kernel::text::Announcement;

use super::{address, allow, changed, code, public, ready};
use crate::support::http::{Answer, Http};
use crate::support::{Backend, both};

both!(addresses_are_exact, errors_go_back_whole, posted_requests_arrive, no_prompt_means_no_page, closed_applications_stay_closed,);

/// Told to the person, never to an address (OA-03).
#[track_caller]
fn kept_here(answer: &Answer, what: &str) {
    assert!(answer.location().is_none() && (400..500).contains(&answer.status), "{what}: {} {:?}", answer.status, answer.location());
}

/// OA-01, OA-02, OA-03, OA-04, OA-07, CVE-88, CVE-89, CVE-90, WB-13
async fn addresses_are_exact(backend: Backend) {
    let (server, _ana, application) = ready(backend).await;
    let native = server
        .register_with("Notes", |new| {
            public(new);
            new.native = true;
            new.redirect_uris = vec![address("http://127.0.0.1:7000/callback"), address("http://localhost:7000/callback")];
        })
        .await;
    let (http, asked) = (Http::new(&server.address), application.ask("openid", &[]));
    for wrong in [
        "https://grafana.example/callback/",
        "https://grafana.example/callback/../callback",
        "https://grafana.example/callback/..;/x",
        "https://grafana.example/callback%2e%2e/x",
        "https://grafana.example/%63allback",
        "https://grafana.example/callback?x=1",
        "https://grafana.example/callback?",
        "https://grafana.example/callback#x",
        "https://grafana.example:443/callback",
        "https://grafana.example:8443/callback",
        "https://Grafana.example/callback",
        "HTTPS://grafana.example/callback",
        "http://grafana.example/callback",
        "https://grafana.example/Callback",
        "https://grafana.example",
        "https://grafana.example/",
        "//grafana.example/callback",
        "/callback",
        "https://grafana.example@evil.example/callback",
        "https://evil.example/https://grafana.example/callback",
        "https://evil.example#@grafana.example/callback",
        "https://grafana.example.evil.example/callback",
        "https://grafana.example\\@evil.example/callback",
        "https://grafana.example\\callback",
        "https:\\\\grafana.example/callback",
        " https://grafana.example/callback",
        "https://grafana.example/callback ",
        "https://grafana.example/call\tback",
        "https://grafana.example/callback\r\nLocation: https://evil.example",
        "https://grafana.example/callback\0",
        "https://grafanа.example/callback",
        "https://xn--grafan-7fg.example/callback",
        "https://[::1]/callback",
        "https://2130706433/callback",
        "http://127.0.0.1:7000/callback",
        "javascript:alert(1)//https://grafana.example/callback",
        "data:text/html,x",
        "grafanaXexample",
    ] {
        let answer = http.get(&changed(&asked, "redirect_uri", Some(wrong))).await;
        kept_here(&answer, wrong);
        assert!(!answer.text().contains(&format!("href=\"{wrong}")), "{wrong} became a link");
    }
    for (name, value) in [("redirect_uri", None), ("redirect_uri", Some("")), ("client_id", None), ("client_id", Some("nobody"))] {
        kept_here(&http.get(&changed(&asked, name, value)).await, name);
    }
    for strange in ["a\0b", "'; DROP TABLE clients; --", "<script>alert(1)</script>", &"x".repeat(5000)] {
        let answer = http.get(&changed(&asked, "client_id", Some(strange))).await;
        kept_here(&answer, strange);
        assert!(!answer.text().contains("<script>alert"), "WB-06");
    }
    // Twice, the second one foreign: neither is believed.
    kept_here(&http.get(&format!("{}&redirect_uri=https%3A%2F%2Fevil.example", asked.url)).await, "redirect_uri twice");
    kept_here(&http.get(&format!("{}&client_id={}", asked.url, native.client_id)).await, "client_id twice");
    kept_here(&http.get(&format!("{}&%zz=%ff", changed(&asked, "redirect_uri", Some("\u{fffd}")))).await, "not UTF-8");
    // The loopback address of a native application may change its port, and nothing else may.
    let asked = native.ask("openid", &[]);
    let port = |uri: &str| changed(&asked, "redirect_uri", Some(uri));
    http.get(&port("http://127.0.0.1:51234/callback")).await.expect(303);
    http.get(&port("http://localhost:51234/callback")).await.expect(303);
    for wrong in [
        "http://127.0.0.1:51234/other",
        "http://localhost.example:51234/callback",
        "http://127.0.0.2:7000/callback",
        "http://[::1]:7000/callback",
        "https://127.0.0.1:7000/callback",
        "http://127.0.0.1:7000@evil.example/callback",
        "http://127.0.0.1:99999/callback",
    ] {
        kept_here(&http.get(&port(wrong)).await, wrong);
    }
}

/// OA-06, OA-07, OA-10, OA-17, OA-19, OA-71, CVE-93
async fn errors_go_back_whole(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let http = Http::new(&server.address);
    let state = format!("\"><script>alert(1)</script>+&=%25 ümlaut \u{1F511}\r\n{}", "x".repeat(384));
    for (name, value, error) in [
        ("response_type", Some("token"), "unsupported_response_type"),
        ("response_type", Some("code id_token"), "unsupported_response_type"),
        ("response_type", None, "invalid_request"),
        ("response_mode", Some("form_post"), "invalid_request"),
        ("scope", Some("admin"), "invalid_scope"),
        ("code_challenge", None, "invalid_request"),
        ("code_challenge_method", Some("plain"), "invalid_request"),
        ("prompt", Some("none login"), "invalid_request"),
        ("max_age", Some("-1"), "invalid_request"),
        ("claims", Some("{"), "invalid_request"),
        ("id_token_hint", Some("x.y.z"), "invalid_request"),
        ("request", Some("x"), "request_not_supported"),
        ("request_uri", Some("https://evil.example/"), "request_uri_not_supported"),
        ("nonce", Some("a\0b"), "invalid_request"),
    ] {
        let asked = application.ask("openid", &[]);
        let with_state = changed(&asked, "state", Some(&state));
        let asked = crate::support::relying_party::Asked { url: with_state.parse().unwrap(), ..asked };
        let answer = http.get(&changed(&asked, name, value)).await.expect(303);
        let back = answer.location().unwrap();
        assert!(back.as_str().starts_with("https://grafana.example/callback?"), "{back}");
        assert_eq!(answer.sent_back("error").as_deref(), Some(error), "{name}={value:?}");
        assert_eq!(answer.sent_back("state").as_deref(), Some(state.as_str()));
        assert_eq!(answer.sent_back("iss").as_deref(), Some(server.address.as_str()));
        assert_eq!(answer.sent_back("code"), None);
        let description = answer.sent_back("error_description").unwrap();
        assert!(description.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\'), "{description}");
        assert!(answer.headers.get("access-control-allow-origin").is_none(), "OA-13");
    }
    // A state that came twice cannot be given back; without one none is.
    let asked = application.ask("openid", &[]);
    let answer = http.get(&format!("{}&state=x", asked.url)).await.expect(303);
    assert_eq!((answer.sent_back("error").as_deref(), answer.sent_back("state")), (Some("invalid_request"), None));
    let answer = http.get(&changed(&asked, "response_type", Some("x"))).await.expect(303);
    assert_eq!(answer.sent_back("state"), Some(asked.state));
    // And the success says the same, byte for byte.
    let asked = application.ask("openid", &[]);
    let nonce = format!("+&=% \u{1F511} {}", "n".repeat(384));
    let url = changed(&asked, "state", Some(&state));
    let asked = crate::support::relying_party::Asked { url: url.parse().unwrap(), state: state.clone(), ..asked };
    let url = changed(&asked, "nonce", Some(&nonce));
    let asked = crate::support::relying_party::Asked { url: url.parse().unwrap(), nonce, ..asked };
    let back = allow(&ana.http, &asked, &[]).await.location().unwrap();
    let code = application.code(&asked, &back);
    application.exchange(&asked, &code, server.time()).await;
}

/// OA-07, OA-09: a form of another site carries no cookie of ours, and arrives all the same; its parameters count once.
async fn posted_requests_arrive(backend: Backend) {
    let (_server, ana, application) = ready(backend).await;
    let asked = application.ask("openid", &[]);
    let pairs: Vec<(String, String)> = asked.url.query_pairs().into_owned().collect();
    let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let post = |address: &'static str| {
        let request = ana.http.request(Method::POST, address).without_cookies();
        request.header("origin", "https://grafana.example").header("sec-fetch-site", "cross-site").form(&fields)
    };
    let answer = post("/authorize").send().await.expect(303);
    let page = ana.http.follow_on(answer).await.expect(200);
    assert!(page.words().contains("Grafana wants to access your account"), "{}", page.words());
    let answer = post("/authorize?state=other").send().await.expect(303);
    let answer = ana.http.follow_on(answer).await.expect(303);
    assert_eq!(answer.sent_back("error").as_deref(), Some("invalid_request"));
    let answer = ana.http.request(Method::POST, "/authorize").body("application/x-www-form-urlencoded", vec![b'a'; 70_000]).send().await;
    assert_eq!(answer.status, 413);
}

/// OA-63, OA-110, OA-117
async fn no_prompt_means_no_page(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let silent = || application.ask("openid profile", &[("prompt", "none")]);
    let error = |answer: Answer| answer.expect(303).sent_back("error");
    let stranger = Http::new(&server.address);
    assert_eq!(error(stranger.follow(silent().url.as_str()).await).as_deref(), Some("login_required"));
    assert_eq!(error(ana.http.follow(silent().url.as_str()).await).as_deref(), Some("consent_required"));
    allow(&ana.http, &application.ask("openid profile", &[]), &[]).await;
    let asked = silent();
    let answer = ana.http.follow(asked.url.as_str()).await.expect(303);
    application.code(&asked, &answer.location().unwrap());
    // More than was agreed to.
    let more = application.ask("openid profile email", &[("prompt", "none")]);
    assert_eq!(error(ana.http.follow(more.url.as_str()).await).as_deref(), Some("consent_required"));
    // Any program on a device can pretend to be one behind a loopback address: its user is asked each time. An exact https
    // address is the application's own (RFC 8252 section 8.6).
    for (name, address, error_sent) in
        [("Notes", "https://notes.example/callback", None), ("Tool", "http://127.0.0.1:7000/callback", Some("consent_required"))]
    {
        let app = server
            .register_with(name, |new| {
                public(new);
                (new.native, new.redirect_uris) = (true, vec![super::address(address)]);
            })
            .await
            .answered_at(address);
        allow(&ana.http, &app.ask("openid", &[]), &[]).await;
        let again = app.ask("openid", &[("prompt", "none")]);
        assert_eq!(error(ana.http.get(again.url.as_str()).await).as_deref(), error_sent, "{name}");
    }
    // Signed out is signed out.
    let page = ana.http.get("/logout").await.expect(200);
    ana.http.send_form(&page, "/logout/confirm", &[("scope", "here")]).await;
    assert_eq!(error(ana.http.follow(silent().url.as_str()).await).as_deref(), Some("login_required"));
}

/// OA-18, CVE-62: switched off at every endpoint; and not open to everybody.
async fn closed_applications_stay_closed(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, first) = code(&ana.http, &application, "openid", &[]).await;
    let (_, answer) = application.exchange(&asked, &first, server.time()).await;
    let token = answer["access_token"].as_str().unwrap();
    let (asked, second) = code(&ana.http, &application, "openid", &[]).await;
    let waiting = application.ask("openid", &[("prompt", "consent")]);
    let page = ana.http.follow(waiting.url.as_str()).await.expect(200);
    let name = application.client_id.clone();
    server
        .write(move |w| {
            let client = client::find(w, &name)?.unwrap();
            client::disable(w, client.id, &Announcement::parse("Back on Monday").unwrap())
        })
        .await
        .unwrap();
    // Anyone who comes from it reads why, signed in or not, and is sent nowhere.
    let shown = |page: &Answer| page.words().contains("Grafana is currently unavailable") && page.words().contains("Back on Monday");
    let refused = ana.http.get(application.ask("openid", &[]).url.as_str()).await.expect(403);
    assert!(shown(&refused), "{}", refused.words());
    assert!(shown(&Http::new(&server.address).get(application.ask("openid", &[]).url.as_str()).await.expect(403)));
    assert!(shown(&ana.http.get(waiting.url.as_str()).await.expect(403)));
    let refused = ana.http.send_form(&page, &super::consent_action(&page), &[("decision", "allow")]).await.expect(403);
    assert!(shown(&refused), "{}", refused.words());
    // An application that asked to see no page is told so.
    let refused = ana.http.get(application.ask("openid", &[("prompt", "none")]).url.as_str()).await.expect(303);
    assert_eq!(refused.sent_back("error").as_deref(), Some("unauthorized_client"));
    let refused = application.token(&application.token_fields(&asked, &second)).await.expect(400);
    assert_eq!(refused.json()["error"], "unauthorized_client");
    assert_eq!(application.userinfo(token).await.status, 401);

    let closed = server.register_with("Payroll", |new| new.access = Access::Groups(vec![])).await;
    let page = ana.http.follow(closed.ask("openid", &[]).url.as_str()).await.expect(403);
    assert!(page.words().contains("You don’t have access to Payroll"), "{}", page.words());
    let silent = ana.http.follow(closed.ask("openid", &[("prompt", "none")]).url.as_str()).await.expect(303);
    assert_eq!(silent.sent_back("error").as_deref(), Some("access_denied"));
}
