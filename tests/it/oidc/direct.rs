//! What `/authorize` answers by itself: a sign-in that stands, and everything that can show no page.

use reqwest::Method;

use super::{address, code, public, ready};
use crate::support::http::{Answer, Http};
use crate::support::relying_party::{Application, Asked};
use crate::support::{Backend, both};

both!(what_stands_is_answered_without_another_step, a_frame_of_another_site_is_answered, what_shows_no_page_keeps_nothing);
both!(an_own_scheme_is_answered_without_a_page);

/// OA-29, OA-110: three requests from the browser to the claims.
async fn what_stands_is_answered_without_another_step(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    code(&ana.http, &application, "openid profile", &[]).await;
    server.pass(90);
    for _ in 0..3 {
        let (asked, before) = (application.ask("openid profile", &[]), ana.http.cookies());
        let answer = ana.http.get(asked.url.as_str()).await.expect(303);
        assert_eq!(ana.http.cookies(), before, "nothing is kept in the browser either");
        let code = application.code(&asked, &answer.location().unwrap());
        let (_, token) = application.exchange(&asked, &code, server.time()).await;
        let told = application.userinfo(token["access_token"].as_str().unwrap()).await.expect(200).json();
        assert_eq!(told["name"], "Ana Example");
    }
    // It counts as use of the session: without, it would be over by now.
    for _ in 0..3 {
        server.pass(IDLE - 60);
        ana.http.get(application.ask("openid profile", &[]).url.as_str()).await.expect(303).sent_back("code").unwrap();
    }
    // HEAD only looks.
    let asked = application.ask("openid profile", &[]);
    let answer = ana.http.request(Method::HEAD, asked.url.as_str()).send().await;
    assert!(answer.status == 200 && answer.location().is_none());
}

/// How long a session lasts without use, by default, in seconds.
const IDLE: u64 = 3_600;

fn error(answer: Answer) -> Option<String> {
    answer.expect(303).sent_back("error")
}

/// A request as the browser sends it from inside another page, and so without cookies where that is of another site.
async fn embedded(http: &Http, asked: &Asked, mode: &str, dest: &str) -> Answer {
    let request = http.request(Method::GET, asked.url.as_str()).without_cookies();
    request.header("sec-fetch-site", "cross-site").header("sec-fetch-mode", mode).header("sec-fetch-dest", dest).send().await
}

/// OA-63: the application's hidden frame learns immediately that it must send the person to sign in.
async fn a_frame_of_another_site_is_answered(backend: Backend) {
    let (_server, ana, application) = ready(backend).await;
    code(&ana.http, &application, "openid", &[]).await;
    let asked = application.ask("openid", &[("prompt", "none")]);
    for (mode, dest) in [("navigate", "iframe"), ("no-cors", "image"), ("cors", "empty")] {
        let answer = embedded(&ana.http, &asked, mode, dest).await;
        assert_eq!(answer.sent_back("state").as_ref(), Some(&asked.state));
        assert_eq!(error(answer).as_deref(), Some("login_required"), "{mode} {dest}");
    }
    // With its cookie, on the same site, the frame gets its code.
    let request = ana.http.request(Method::GET, asked.url.as_str()).header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "iframe");
    application.code(&asked, &request.send().await.expect(303).location().unwrap());
}

/// SE-19, TH-15: a page of another site with hundreds of images takes nothing from the people of that network.
async fn what_shows_no_page_keeps_nothing(backend: Backend) {
    let (server, _ana, application) = ready(backend).await;
    let asked = application.ask("openid", &[]);
    let heavy = application.ask("openid", &[("unknown", &"x".repeat(12_000))]);
    let heavy = Asked { url: super::changed(&heavy, "state", Some(&"s".repeat(2_000))).parse().unwrap(), ..heavy };
    let stranger = Http::new(&server.address);
    for number in 0..300 {
        let (mode, dest) = [("no-cors", "image"), ("navigate", "iframe"), ("cors", "empty")][number % 3];
        let answer = embedded(&stranger, &heavy, mode, dest).await.expect(403);
        assert!(answer.location().is_none() && answer.words().contains("Open this in its own window"), "{}", answer.words());
    }
    let kept = stranger.cookies().into_keys().filter(|name| name.contains("request-")).count();
    assert_eq!(kept, 0);
    let page = stranger.follow(asked.url.as_str()).await.expect(200);
    assert_eq!(page.url.path(), "/login");
}

/// OA-63: also where the answer goes to an application's own scheme.
async fn an_own_scheme_is_answered_without_a_page(backend: Backend) {
    let (server, ana, _) = ready(backend).await;
    let callback = "com.example.notes:/callback";
    let notes: Application = server
        .register_with("Notes", |new| {
            public(new);
            (new.native, new.redirect_uris) = (true, vec![address(callback)]);
        })
        .await
        .answered_at(callback);
    let silent = notes.ask("openid", &[("prompt", "none")]);
    for (http, expected) in [(&Http::new(&server.address), "login_required"), (&ana.http, "consent_required")] {
        let answer = http.get(silent.url.as_str()).await.expect(303);
        let to = answer.header("location").unwrap();
        assert!(to.starts_with(callback) && to.contains(&format!("error={expected}")), "{to}");
    }
    // With a page the person follows a link to it.
    let asked = notes.ask("openid", &[]);
    let page = ana.http.follow(asked.url.as_str()).await.expect(200);
    let page = ana.http.send_form(&page, &super::consent_action(&page), &[("decision", "allow")]).await.expect(200);
    assert!(page.text().contains(&format!("href=\"{callback}?code=")), "{}", page.text());
}
