//! A server that begins anew with its attempts in its own process: what applications asked comes back by the browser.

use crate::support::Backend;
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::{Ana, PASSWORD};
use crate::support::relying_party::{Application, Asked};

async fn at_the_first_step() -> (Inside, Ana, Application, Asked, Http, Answer) {
    let server = Inside::start(Backend::Sqlite).await;
    let ana = Ana::arrive(&server).await;
    let application = server.register("Grafana").await;
    let asked = application.ask("openid", &[]);
    let http = Http::new(&server.address);
    let page = http.follow(asked.url.as_str()).await.expect(200);
    assert_eq!(page.url.path(), "/login");
    (server, ana, application, asked, http, page)
}

fn kept(http: &Http) -> Vec<String> {
    http.cookies().into_keys().filter(|name| name.contains("-request-")).collect()
}

/// Where the one button of the page leads.
fn onward(page: &Answer) -> String {
    assert!(page.words().contains("This sign-in has expired"), "{}", page.words());
    page.link("/authorize").or_else(|| page.link("/login")).unwrap()
}

/// OA-35: one press, and the sign-in ends in the application with its own state.
#[tokio::test]
async fn a_restart_keeps_what_the_application_asked() {
    let (server, ana, application, asked, http, page) = at_the_first_step().await;
    let server = server.replaced().await;
    let again = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let next = onward(&again);
    assert!(next.contains("/authorize?"), "{next}");
    let page = ana.sign_in(&server, &http, &next).await.expect(200);
    let action = page.url.path().replace("/authorize/continue/", "/consent/");
    let back = http.send_form(&page, &action, &[("decision", "allow")]).await.expect(303);
    let code = application.code(&asked, &back.location().unwrap());
    application.exchange(&asked, &code, server.time()).await;
    assert_eq!(kept(&http).len(), 1, "the answered one is gone, the one before the restart ends by itself");
}

/// The same for anyone who comes back to the address, or to a later step, or after more than an hour.
#[tokio::test]
async fn every_way_back_leads_to_the_application() {
    let (server, _ana, _application, _asked, http, page) = at_the_first_step().await;
    let later = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let request = page.url.query_pairs().find(|(name, _)| name == "request").unwrap().1.into_owned();
    server.pass(3_601);
    let ways = [page.url.to_string(), format!("/authorize/continue/{request}"), later.url.to_string()];
    for way in &ways {
        assert!(onward(&http.get(way).await.expect(200)).contains("/authorize?"), "{way}");
    }
    server.pass(3_601);
    assert!(!onward(&http.get(&ways[1]).await.expect(200)).contains("/authorize?"), "too old for everything");
}

/// SE-18, CR-06: a cookie that was changed, or taken to another request or browser, opens nothing.
#[tokio::test]
async fn only_the_browser_that_brought_it_has_it() {
    let (server, _ana, application, _asked, http, page) = at_the_first_step().await;
    let [name] = kept(&http).try_into().unwrap();
    let value = http.cookie(&name).unwrap();
    let request = page.url.query_pairs().find(|(name, _)| name == "request").unwrap().1.into_owned();
    let server = server.replaced().await;
    let way = format!("/authorize/continue/{request}");
    let stranger = Http::new(&server.address);
    stranger.get("/login").await.expect(200);
    assert!(stranger.get(&way).await.text().find("/authorize?").is_none());
    let mut changed = value.clone();
    changed.replace_range(60..61, if &value[60..61] == "A" { "B" } else { "A" });
    http.set_cookie(&name, &changed);
    assert!(!onward(&http.get(&way).await.expect(200)).contains("/authorize?"));
    http.set_cookie(&name, &value);
    assert!(onward(&http.get(&way).await.expect(200)).contains("/authorize?"));
    // At most five, and a request that is too long is not among them.
    for _ in 0..7 {
        http.follow(application.ask("openid", &[]).url.as_str()).await.expect(200);
    }
    assert_eq!(kept(&http).len(), 5);
    let long = "x".repeat(2_000);
    let names = kept(&http);
    http.follow(application.ask("openid", &[("unknown", &long)]).url.as_str()).await.expect(200);
    assert_eq!(kept(&http), names);
}
