//! The ways on from a sign-in, and the ways out of it: back to the page that was asked for, back to the application, to
//! another account, and what someone is told whose account is disabled.

use reqwest::Method;

use crate::passkeys::{CeremonyForm, at_login, signed_in};
use crate::people::{invite, page_of};
use crate::support::app::Inside;
use crate::support::authenticator::Authenticator;
use crate::support::http::Http;
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both};

both!(
    a_sign_in_leads_to_the_page_that_was_asked_for,
    a_sign_in_leads_nowhere_else,
    someone_else_can_begin_again,
    turning_back_tells_the_application,
    whose_account_is_disabled_is_told_after_the_proof,
    an_error_page_leads_on,
    every_page_says_where_help_is,
);

async fn a_sign_in_leads_to_the_page_that_was_asked_for(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    for path in ["/me/security", "/me/applications", "/people", "/me/security/password"] {
        let http = Http::new(&server.address);
        let asked = http.get(path).await.expect(303).location().unwrap();
        assert_eq!((asked.path(), asked.query()), ("/login", Some(format!("to={path}").as_str())));
        // A wrong password loses nothing.
        let page = http.get(asked.as_str()).await.expect(200);
        let page = http.send_form(&page, "/login", &[("name", "ana"), ("password", "wrong wrong wrong")]).await.expect(422);
        assert_eq!(page.form("/login").value("to"), Some(path));
        let end = ana.sign_in(&server, &http, asked.as_str()).await.expect(200);
        assert_eq!(end.url.path(), path);
        // Who is signed in goes there without a question.
        assert_eq!(http.get(asked.as_str()).await.expect(303).location().unwrap().path(), path);
    }
}

/// OA-15: only pages of ours, and only such as someone who is signed in may ask for.
async fn a_sign_in_leads_nowhere_else(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    for elsewhere in ["https://evil.example/", "//evil.example", "/logout", "/authorize/continue/x", "/me/../people", "/nothing"] {
        let address = format!("/login?to={elsewhere}");
        assert_eq!(ana.http.get(&address).await.expect(303).location().unwrap().path(), "/me", "{elsewhere}");
        let page = Http::new(&server.address).get(&address).await.expect(200);
        assert!(!page.text().contains("evil") && page.form("/login").value("to").is_none(), "{elsewhere}");
    }
    // A post that was not made does not happen after the sign-in.
    let posted = Http::new(&server.address).request(Method::POST, "/me/reset-link/stop").send().await;
    assert!(posted.status == 403 || posted.location().unwrap().query().is_none(), "{}", posted.status);
}

async fn someone_else_can_begin_again(backend: Backend) {
    let server = Inside::start(backend).await;
    let _ana = Ana::arrive(&server).await;
    let http = Http::new(&server.address);
    let page = http.follow("/me/security").await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana@acme.example"), ("password", PASSWORD)]).await.expect(200);
    assert!(page.words().contains("Signing in as ana"), "{}", page.words());
    let again = http.get(&page.link("again=other").unwrap()).await.expect(200);
    assert_eq!((again.form("/login").value("name"), again.form("/login").value("to")), (Some(""), Some("/me/security")));
    let recovery = http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
    assert!(recovery.words().contains("Signing in as ana"), "{}", recovery.words());
}

async fn turning_back_tells_the_application(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let application = server.register("Grafana").await;
    for steps in [0, 1] {
        let (http, asked) = (Http::new(&server.address), application.ask("openid", &[]));
        let mut page = http.follow(asked.url.as_str()).await.expect(200);
        if steps == 1 {
            page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
        }
        assert!(page.words().contains("Cancel and return to Grafana"), "{}", page.words());
        let way = page.link("/authorize/cancel/").unwrap();
        // Neither another browser nor a HEAD takes the request away.
        ana.http.get(&way).await.expect(200);
        http.request(Method::HEAD, &way).send().await.expect(200);
        let back = http.get(&way).await.expect(303);
        assert!(back.location().unwrap().as_str().starts_with(&application.redirect_uri));
        assert_eq!(back.sent_back("error").as_deref(), Some("access_denied"));
        assert_eq!((back.sent_back("state").as_deref(), back.sent_back("iss")), (Some(asked.state.as_str()), Some(server.address.clone())));
        // A request is answered once.
        assert!(http.get(&way).await.expect(200).location().is_none());
    }
}

/// TH-08: nobody else learns it, because the proof comes first.
async fn whose_account_is_disabled_is_told_after_the_proof(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let ben = Http::new(&server.address);
    let page = ben.follow(&invite(&ana, &[]).await).await.expect(200);
    let page = ben.submit(&page, page.url.path(), &[]).await.expect(200);
    let page = ben.submit(&page, "/method", &[("method", "passkey")]).await.expect(200);
    let ceremony = CeremonyForm::on(&page);
    let (answer, credential) = Authenticator::synced().create(&ceremony.begin(&ben).await, &server.address).finish();
    assert!(signed_in(&ceremony.end(&ben, &answer).await));
    let person = page_of(&ana, "Ben Example").await.url.path().to_owned();
    let ask = ana.http.get(&format!("{person}/disable")).await.expect(200);
    ana.http.submit(&ask, "/disable", &[("reason", "Left the company")]).await.expect(200);
    let (http, ceremony) = at_login(&server).await;
    let options = ceremony.begin(&http).await;
    let told = ceremony.end(&http, &credential.get(&options, &server.address).finish()).await.expect(403);
    assert!(told.json()["message"].as_str().unwrap().contains("Your account is disabled"), "{}", told.text());
    let options = ceremony.begin(&http).await;
    let lie = ceremony.end(&http, &credential.get(&options, &server.address).signature(&[]).finish()).await.expect(403);
    assert!(!lie.text().contains("disabled"), "{}", lie.text());
}

async fn an_error_page_leads_on(backend: Backend) {
    let server = Inside::start(backend).await;
    let http = Http::new(&server.address);
    let application = server.register("Grafana").await;
    let mut asked = application.ask("openid", &[]).url;
    asked.set_query(Some("client_id=nobody"));
    for (path, status) in [("/nothing-here", 404), ("/invite/7KQ29-VXM4T-8C0HR-D3MTZ-PW5X8-A", 404), (asked.as_str(), 400)] {
        let page = http.follow(path).await;
        assert!(page.status == status || page.status == 410, "{path}: {}", page.status);
        assert!(page.text().contains("<a class=\"button primary\" href=\"/\">"), "{path}: {}", page.words());
    }
    // What an application asked for goes on after a form that was too old.
    let page = http.follow(application.ask("openid", &[]).url.as_str()).await.expect(200);
    let form = [("name", "ana"), ("form_token", "old")];
    let refused = http.request(Method::POST, page.url.path()).form(&form).send().await.expect(403);
    assert!(refused.link("/authorize?").is_some(), "{}", refused.words());
}

async fn every_page_says_where_help_is(backend: Backend) {
    let set = [("brand.support", "help@acme.example"), ("brand.privacy", "https://acme.example/privacy")];
    let server = Inside::with(backend, &set).await;
    let http = Http::new(&server.address);
    for (path, status) in [("/login", 200), ("/nothing-here", 404)] {
        let page = http.get(path).await.expect(status);
        assert_eq!(page.link("mailto:").as_deref(), Some("mailto:help@acme.example"), "{path}");
        assert_eq!(page.link("privacy").as_deref(), Some("https://acme.example/privacy"), "{path}");
        assert!(!page.words().contains("Terms of use"), "{path}");
    }
    let elsewhere = http.request(Method::GET, "/login").header("host", "192.168.1.5:8080").send().await.expect(421);
    assert!(elsewhere.link("mailto:").is_some());
    for wrong in ["http://acme.example/", "javascript:alert(1)", "https://user:secret@acme.example/", "acme"] {
        assert!(vouchsafe::platform::config::Settings::from_pairs(&[("brand.privacy", wrong)]).is_err(), "{wrong}");
    }
}
