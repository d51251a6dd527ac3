//! Signing in again.

use super::people::{USERNAME, set_up_with_passkey, set_up_with_password, sign_out, type_password};
use crate::support::browser::Browser;
use crate::support::server::{Home, Server, Start};
use crate::support::{Backend, both};

both!(without_a_user_name, with_a_password_and_a_code, after_a_restart);

/// A passkey alone: nothing is typed.
async fn without_a_user_name(backend: Backend) {
    let (server, mut browser) = (Server::first(backend), Browser::start().await);
    set_up_with_passkey(&browser, &server).await;
    sign_out(&browser, &server).await;
    // Without the device there is a page to look at; with it, autofill may answer at once.
    let passkeys = browser.take_passkeys().await;
    assert_eq!(passkeys.len(), 1);
    browser.goto(&server.url("/login")).await;
    browser.at("Sign in").await;
    browser.look("login").await;
    browser.click("Sign in with face, fingerprint or passcode").await;
    browser.wait_for("Nothing happened").await;
    browser.look("login-no-passkey").await;
    browser.bring_passkeys(passkeys).await;
    browser.click("Sign in with face, fingerprint or passcode").await;
    browser.at("Hello Ana Example").await;
    browser.look("me").await;
    browser.goto(&server.url("/logout")).await;
    browser.at("Sign out").await;
    browser.look("logout").await;
    browser.click("Sign out everywhere").await;
    browser.at("You are signed out").await;
    browser.look("signed-out").await;
    // The device answers in the name field: this Chromium chooses for its user as soon as the page is there.
    browser.click("Sign in again").await;
    browser.at("Hello Ana Example").await;
}

/// Name and password, then the code; wrong ones on the way.
async fn with_a_password_and_a_code(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    let mut app = set_up_with_password(&browser, &server).await;
    sign_out(&browser, &server).await;
    browser.goto(&server.url("/login")).await;
    browser.fill("E-mail or user name", USERNAME).await;
    browser.fill("Password", "not the one she chose").await;
    browser.click("Continue").await;
    browser.wait_for("There is a problem").await;
    assert_eq!(browser.value("E-mail or user name").await, USERNAME);
    assert_eq!(browser.value("Password").await, "");
    browser.look("login-refused").await;
    type_password(&browser, &server).await;
    browser.at("Enter your code").await;
    browser.look("code").await;
    browser.fill("Code", "000000").await;
    browser.click("Continue").await;
    browser.wait_for("There is a problem").await;
    browser.look("code-refused").await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Continue").await;
    browser.at("Hello Ana Example").await;
    browser.look("me-password").await;
}

/// What was made lasts, sessions too, and there is no set-up link any more.
async fn after_a_restart(backend: Backend) {
    // The same port again: to a browser another one is another site.
    let start = Start::new().listen(&free_port());
    let (server, browser) = (Home::new(backend).start(&start), Browser::start().await);
    set_up_with_passkey(&browser, &server).await;
    let (home, status, printed) = server.stop();
    assert!(status.success(), "{status}:\n{printed}");
    let server = home.start(&start);
    assert!(!server.printed().contains("/setup/"), "{}", server.printed());
    browser.goto(&server.url("/")).await;
    browser.at("Hello Ana Example").await;
}

fn free_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("localhost:{}", listener.local_addr().unwrap().port())
}
