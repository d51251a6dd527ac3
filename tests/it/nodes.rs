//! Several servers on one Postgres and one Redis: a sign-in begun at one ends at another, and losing one loses nothing.

use crate::support::Backend;
use crate::support::app::Inside;
use crate::support::http::Http;
use crate::support::people::{Ana, PASSWORD};

/// SE-18, TH-11: the password at one node; that node ends; the code at another.
#[tokio::test]
async fn a_node_ends_between_the_password_and_the_code() {
    let server = Inside::start(Backend::Postgres).await;
    let ana = Ana::arrive(&server).await;
    let http = Http::new(&server.address);
    let page = http.get("/login").await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let code = ana.code(&server);
    let server = server.replaced().await;
    let answer = http.send_form(&page, "/totp", &[("code", &code)]).await.expect(303);
    assert!(answer.set_cookies().iter().any(|cookie| cookie.contains("=vss_")), "signed in");
    assert_eq!(http.get("/me").await.status, 200);
    assert_eq!(ana.http.get("/me").await.status, 200, "and who was signed in still is");
    drop(server);
}

/// TH-03, TH-11: a node that begins anew has forgotten no failure.
#[tokio::test]
async fn failures_at_one_node_count_at_the_next() {
    let mut server = Inside::start(Backend::Postgres).await;
    let _ana = Ana::arrive(&server).await;
    let mut paused = false;
    for _ in 0..7 {
        let http = Http::new(&server.address);
        let page = http.get("/login").await.expect(200);
        let answer = http.send_form(&page, "/login", &[("name", "ana"), ("password", "wrong wrong wrong")]).await;
        paused = answer.status == 429;
        server = server.replaced().await;
    }
    assert!(paused);
}
