//! Signing in again.

use super::people::{USERNAME, set_up_with_passkey, set_up_with_password, sign_out, type_password};
use crate::support::browser::Browser;
use crate::support::ports::free_port;
use crate::support::server::{Home, Server, Start};
use crate::support::{Backend, both};

both!(without_a_user_name, with_a_password_and_a_code, with_a_recovery_code, after_a_restart);

/// AA-02: a passkey alone, and nothing is typed.
async fn without_a_user_name(backend: Backend) {
    let (server, mut browser) = (Server::first(backend), Browser::start().await);
    set_up_with_passkey(&browser, &server).await;
    sign_out(&browser, &server).await;
    // Without the device there is a page to look at; with it, autofill may answer immediately.
    let passkeys = browser.take_passkeys().await;
    assert_eq!(passkeys.len(), 1);
    browser.goto(&server.url("/login")).await;
    browser.at("Sign in").await;
    browser.look("login").await;
    // From here on the button alone signs in: the field, asked again after the refusal, would answer before it.
    browser.run_async("delete document.querySelector('[data-passkey]').dataset.autofill; arguments[0]();").await;
    browser.click("Sign in with a passkey").await;
    browser.wait_for("Cancelled or timed out").await;
    browser.look("login-no-passkey").await;
    browser.bring_passkeys(passkeys).await;
    browser.click("Sign in with a passkey").await;
    browser.at("Hello Ana Example").await;
    browser.look("me").await;
    browser.goto(&server.url("/logout")).await;
    browser.at("Sign out").await;
    browser.look("logout").await;
    browser.click("Sign out everywhere").await;
    browser.at("You’re signed out").await;
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
    browser.fill("Email or username", USERNAME).await;
    browser.fill("Password", "not the one she chose").await;
    browser.click("Continue").await;
    browser.wait_for_problem().await;
    assert_eq!(browser.value("Email or username").await, USERNAME);
    assert_eq!(browser.value("Password").await, "");
    browser.look("login-refused").await;
    type_password(&browser, &server).await;
    browser.at("Enter your code").await;
    browser.look("code").await;
    browser.fill("Code", "000000").await;
    browser.click("Continue").await;
    browser.wait_for_problem().await;
    browser.look("code-refused").await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Continue").await;
    browser.at("Hello Ana Example").await;
    browser.look("me-password").await;
}

/// The phone is lost: a code from the list, once.
async fn with_a_recovery_code(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    set_up_with_password(&browser, &server).await;
    browser.goto(&server.url("/me/security")).await;
    browser.wait_for("You have no recovery codes.").await;
    browser.look("security-no-recovery").await;
    browser.click("Create recovery codes").await;
    browser.at("Recovery codes").await;
    browser.look("recovery").await;
    browser.click("Create recovery codes").await;
    browser.at("Your recovery codes").await;
    browser.look("recovery-codes").await;
    let listed = browser.read("#codes").await;
    let codes: Vec<&str> = listed.split_whitespace().collect();
    assert_eq!(codes.len(), 10, "{listed}");
    browser.tick("I’ve saved my codes").await;
    browser.click("Continue").await;
    browser.at("Sign-in methods").await;
    browser.wait_for("10 of 10 left").await;
    browser.look("security-recovery").await;
    sign_out(&browser, &server).await;
    type_password(&browser, &server).await;
    browser.at("Enter your code").await;
    browser.click("Use a recovery code").await;
    browser.at("Use a recovery code").await;
    browser.look("recovery-code").await;
    browser.fill("Recovery code", "7KQ2-9VXM-4T8C-0HRD").await;
    browser.click("Continue").await;
    browser.wait_for_problem().await;
    browser.look("recovery-code-refused").await;
    browser.fill("Recovery code", &codes[4].to_lowercase()).await;
    browser.click("Continue").await;
    browser.at("You’re signed in").await;
    browser.wait_for("You have 9 recovery codes left.").await;
    browser.look("recovery-code-done").await;
    browser.click("Continue").await;
    browser.at("Hello Ana Example").await;
    sign_out(&browser, &server).await;
    type_password(&browser, &server).await;
    browser.click("Use a recovery code").await;
    browser.fill("Recovery code", codes[4]).await;
    browser.click("Continue").await;
    browser.wait_for("You’ve already used this code").await;
    browser.goto(&server.url("/me")).await;
    browser.at("Sign in").await;
}

/// What was made lasts, sessions too, and there is no longer a set-up link.
async fn after_a_restart(backend: Backend) {
    // The same port again: to a browser another one is another site.
    let start = Start::new().listen(&format!("localhost:{}", free_port()));
    let (server, browser) = (Home::new(backend).start(&start), Browser::start().await);
    set_up_with_passkey(&browser, &server).await;
    let (home, status, printed) = server.stop();
    assert!(status.success(), "{status}:\n{printed}");
    let server = home.start(&start);
    assert!(!server.printed().contains("/setup/"), "{}", server.printed());
    browser.goto(&server.url("/")).await;
    browser.at("Hello Ana Example").await;
}
