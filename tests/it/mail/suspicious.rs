//! TH-13: what may be someone else is told to its owner, once, and no more than once a day.

use vouchsafe::domain::audit::Kind;
use vouchsafe::flows::jobs;

use super::{ben, deliver, mail, mails, ready};
use crate::people::entries;
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::PASSWORD;
use crate::support::{Backend, both, totp};

both!(a_browser_not_seen_before, a_password_without_a_second_step, a_second_step_in_time_tells_nothing);
both!(many_failures_in_an_hour, half_a_sign_in_is_told_whatever_node_goes_on);

/// A browser at the second step; a session it had is forgotten, what makes it known is not.
async fn half_way(http: &Http) -> Answer {
    for (name, _) in http.cookies().iter().filter(|(_, value)| value.starts_with("vss_")) {
        http.forget(name);
    }
    let page = http.get("/login").await.expect(200);
    http.submit(&page, "/login", &[("name", "ben"), ("password", PASSWORD)]).await.expect(200)
}

async fn sign_in(server: &Inside, http: &Http, key: &str) {
    let page = half_way(http).await;
    http.submit(&page, "/totp", &[("code", &totp::code(key, server.time()))]).await.expect(200);
    http.get("/me").await.expect(200);
    server.pass(31);
}

/// E-03
async fn a_browser_not_seen_before(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let (first, key) = ben(&server, &ana, &mailbox).await;
    assert_eq!(deliver(&server).await, 0, "the very first sign-in is no news");
    // Again with the browser that is known.
    sign_in(&server, &first, &key).await;
    assert_eq!(deliver(&server).await, 0);
    let other = Http::new(&server.address);
    sign_in(&server, &other, &key).await;
    let told = mail(&server, &mailbox).await;
    assert_eq!(told.header("subject").as_deref(), Some("New sign-in to your account"));
    for said in [
        "Hello Ben Example",
        "23 November 2026, 12:",
        "UTC",
        "Device: ",
        "recognise this browser next time",
        "change your password",
        "/me/security",
    ] {
        assert!(told.text().contains(said), "{said}: {}", told.text());
    }
    // Its address is not told as if it were a place.
    assert!(!told.text().contains("127.0.0.1"), "{}", told.text());
    sign_in(&server, &other, &key).await;
    assert_eq!(deliver(&server).await, 0, "known now");
    // After the time a browser is known for, it is new again.
    server.pass(400 * 86_400);
    sign_in(&server, &other, &key).await;
    assert_eq!(mails(&server, &mailbox).await.len(), 1);
}

/// E-04: five minutes after the password, and once a day however often it is typed.
async fn a_password_without_a_second_step(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let (known, key) = ben(&server, &ana, &mailbox).await;
    for _ in 0..3 {
        half_way(&Http::new(&server.address)).await;
    }
    assert_eq!(entries(&server, "ben", Kind::SignInBegun).await, 3);
    server.pass(299);
    assert_eq!(deliver(&server).await, 0);
    // Ben himself signs in meanwhile, in another browser: the others are still unfinished.
    sign_in(&server, &known, &key).await;
    let told = mail(&server, &mailbox).await;
    assert_eq!(told.header("subject").as_deref(), Some("Someone may know your password"));
    for said in ["five minutes", "No one was signed in", "Change it now", "/me/security/password", "23 November 2026, 12:"] {
        assert!(told.text().contains(said), "{said}: {}", told.text());
    }
    server.pass(3_600);
    half_way(&Http::new(&server.address)).await;
    server.pass(301);
    assert_eq!(deliver(&server).await, 0, "once a day");
    server.pass(86_400);
    half_way(&Http::new(&server.address)).await;
    server.pass(301);
    assert_eq!(mails(&server, &mailbox).await.len(), 1);
}

/// E-04: who goes on is not told; neither is who began twice in one browser and ended once.
async fn a_second_step_in_time_tells_nothing(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let (http, key) = ben(&server, &ana, &mailbox).await;
    half_way(&http).await;
    server.pass(200);
    half_way(&http).await;
    sign_in(&server, &http, &key).await;
    server.pass(3_600);
    assert_eq!(deliver(&server).await, 0);
    // Once he has another password, nobody knows the one that was typed.
    sign_in(&server, &http, &key).await;
    half_way(&Http::new(&server.address)).await;
    server.pass(1);
    let page = http.get("/me/security/password").await.expect(200);
    let typed = [("current_password", PASSWORD), ("new_password", "another of his, quite long"), ("end_others", "yes")];
    http.submit(&page, "/me/security/password", &typed).await.expect(200);
    server.pass(301);
    let told: Vec<_> = mails(&server, &mailbox).await.iter().map(|mail| mail.header("subject").unwrap()).collect();
    assert_eq!(told, ["Your password was changed"]);
    // A wrong password begins nothing.
    let http = Http::new(&server.address);
    let page = http.get("/login").await.expect(200);
    http.send_form(&page, "/login", &[("name", "ben"), ("password", "not his at all, no")]).await.expect(422);
    server.pass(3_600);
    assert_eq!(deliver(&server).await, 0);
}

/// E-04: it waits in the database, so a node that ends forgets nothing, and of two nodes one tells.
async fn half_a_sign_in_is_told_whatever_node_goes_on(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    ben(&server, &ana, &mailbox).await;
    for _ in 0..4 {
        half_way(&Http::new(&server.address)).await;
    }
    let server = server.replaced().await;
    let other = server.another_node().await;
    server.pass(301);
    let send = async |app: &vouchsafe::app::App| jobs::deliver(app, app.mailer.as_ref().unwrap()).await;
    let (one, two) = tokio::join!(send(&server), send(&other));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(mailbox.take().len(), 1);
}

/// E-05: with the tenth, whichever way they were tried; once a day; and nobody learns from it who there is (TH-08).
async fn many_failures_in_an_hour(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let (known, key) = ben(&server, &ana, &mailbox).await;
    let wrong = async |name: &str| {
        for _ in 0..9 {
            let http = Http::new(&server.address);
            let page = http.get("/login").await.expect(200);
            let answer = http.send_form(&page, "/login", &[("name", name), ("password", "not theirs at all")]).await;
            match answer.header("retry-after") {
                Some(wait) => server.pass(wait.parse().unwrap()),
                None => return,
            }
        }
        panic!("a try of {name} is never looked at");
    };
    for _ in 0..9 {
        wrong("ben").await;
        wrong("nobody").await;
    }
    assert_eq!(deliver(&server).await, 0);
    wrong("BEN@acme.example").await;
    let told = mail(&server, &mailbox).await;
    assert_eq!(told.header("subject").as_deref(), Some("Many failed sign-in attempts"));
    for said in ["ten or more", "slowed down", "You don’t need to do anything", "UTC"] {
        assert!(told.text().contains(said), "{said}: {}", told.text());
    }
    // He himself is not slowed down where he is known.
    sign_in(&server, &known, &key).await;
    for _ in 0..3 {
        wrong("ben").await;
    }
    assert_eq!(deliver(&server).await, 0, "once a day");
    server.pass(86_400);
    // The failures of the day before count no more.
    for _ in 0..9 {
        wrong("ben").await;
    }
    assert_eq!(deliver(&server).await, 0);
}
