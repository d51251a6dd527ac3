//! From a bare machine to an administrator who is signed in to the demo application.

use super::people::{App, NAME, PASSWORD, USERNAME};
use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::{Backend, both};

both!(with_a_passkey, with_a_password_and_an_authenticator, in_ten_interactions);

/// One passkey, every page looked at.
async fn with_a_passkey(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    browser.goto(&server.url("/")).await;
    browser.at("This server isn’t set up yet").await;
    browser.look("not-set-up").await;
    arrive(&browser, &server).await;
    browser.click("Create a passkey").await;
    browser.at("Create a passkey").await;
    browser.look("setup-passkey").await;
    browser.click("Create passkey").await;
    browser.at("You’re all set").await;
    browser.look("setup-done-passkey").await;
    assert_eq!(browser.passkeys().await, 1);
    to_the_demo(&browser).await;
    the_link_is_used_up(&browser, &server).await;
}

/// A password and an authenticator, every page looked at.
async fn with_a_password_and_an_authenticator(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    arrive(&browser, &server).await;
    browser.click("Use a password and a code").await;
    browser.at("Choose a password").await;
    browser.look("setup-password").await;
    // PW: too short, then among the most common, then her own name.
    for (weak, why) in [("short", "12"), ("password1234", ""), ("anaanaanaana", "")] {
        browser.fill("Password", weak).await;
        browser.click("Continue").await;
        browser.wait_for_problem().await;
        browser.wait_for(why).await;
        assert_eq!(browser.value("Password").await, "", "a refused password is not shown again");
    }
    browser.look("setup-password-refused").await;
    browser.fill("Password", PASSWORD).await;
    browser.click("Continue").await;
    browser.at("Add an authenticator").await;
    browser.look("setup-authenticator").await;
    let mut app = App::set_up(&browser).await;
    browser.fill("Name of this authenticator", "Ana's phone").await;
    browser.fill("Code", "000000").await;
    browser.click("Confirm and save").await;
    browser.wait_for_problem().await;
    assert_eq!(browser.value("Name of this authenticator").await, "Ana's phone", "what was typed stays");
    browser.look("setup-authenticator-refused").await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Confirm and save").await;
    browser.at("Save your recovery codes").await;
    browser.look("setup-recovery").await;
    browser.click("Create recovery codes").await;
    browser.at("Your recovery codes").await;
    browser.wait_for("Step 5 of 5").await;
    browser.look("setup-recovery-codes").await;
    browser.click("Continue").await;
    browser.wait_for_problem().await;
    browser.look("setup-recovery-codes-refused").await;
    browser.tick("I’ve saved my codes").await;
    browser.click("Continue").await;
    browser.at("You’re all set").await;
    browser.wait_for("10 recovery codes").await;
    browser.look("setup-done-password").await;
    to_the_demo(&browser).await;
    the_link_is_used_up(&browser, &server).await;
}

/// One command and at most ten interactions, from the link to the demo application.
async fn in_ten_interactions(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    browser.goto(&server.setup_link()).await;
    browser.fill("Name", NAME).await;
    browser.fill("Username", USERNAME).await;
    browser.click("Continue").await;
    browser.click("Create a passkey").await;
    browser.click("Create passkey").await;
    browser.click("Try the demo app").await;
    browser.click("Sign in with Vouchsafe").await;
    browser.click("Allow and continue").await;
    browser.at(&format!("Hello {NAME}")).await;
    assert!(browser.interactions() <= 10, "{} interactions", browser.interactions());
}

async fn arrive(browser: &Browser, server: &Server) {
    browser.goto(&server.setup_link()).await;
    browser.at("Create the administrator account").await;
    browser.look("setup-name").await;
    browser.click("Continue").await;
    browser.wait_for_problem().await;
    browser.look("setup-name-refused").await;
    browser.fill("Name", NAME).await;
    browser.fill("Username", USERNAME).await;
    browser.fill("Email", "ana@acme.example").await;
    browser.click("Continue").await;
    browser.at("How do you want to sign in?").await;
    browser.look("setup-method").await;
}

/// From “You are in” through consent to what the demo application received.
async fn to_the_demo(browser: &Browser) {
    browser.click("Try the demo app").await;
    browser.at("See how signing in works").await;
    browser.look("demo").await;
    browser.click("Sign in with Vouchsafe").await;
    browser.wait_for("Allow and continue").await;
    browser.wait_for(NAME).await;
    browser.look("consent").await;
    browser.click("Allow and continue").await;
    browser.at(&format!("Hello {NAME}")).await;
    browser.wait_for("Recorded in the ledger").await;
    browser.look("demo-received").await;
    // Again: known by now, so nothing is asked.
    browser.click("Try again").await;
    browser.at(&format!("Hello {NAME}")).await;
    // Out again, here and at the service: the demo names the session, so that nothing needs asking.
    browser.click("Sign out").await;
    browser.wait_for("You’re signed out of the demo app.").await;
    browser.look("demo-signed-out").await;
}

/// TK-04: a link works once. And the landing page is a landing now.
async fn the_link_is_used_up(browser: &Browser, server: &Server) {
    browser.goto(&server.setup_link()).await;
    browser.at("This set-up link has already been used").await;
    browser.look("setup-used").await;
    browser.goto(&server.url("/setup/7KQ29-VXM4T-8C0HR-D3MTZ-PW5X8-A")).await;
    browser.at("This link isn’t valid").await;
    browser.look("setup-unknown").await;
    browser.goto(&server.url("/logout")).await;
    browser.at("You’re not signed in").await;
    browser.look("not-signed-in").await;
    browser.goto(&server.url("/")).await;
    browser.at("Welcome").await;
    browser.look("landing").await;
}
