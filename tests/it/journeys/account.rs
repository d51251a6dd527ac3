//! A person looks after their own sign-in methods.

use super::people::{App, PASSWORD, set_up_with_passkey, sign_out, type_password};
use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::{Backend, both};

both!(adding_a_password_and_an_authenticator, saying_no);

/// From one passkey to a password and an authenticator beside it, and in with them.
async fn adding_a_password_and_an_authenticator(backend: Backend) {
    let (server, mut browser) = (Server::first(backend), Browser::start().await);
    set_up_with_passkey(&browser, &server).await;
    browser.goto(&server.url("/me/security")).await;
    browser.at("Sign-in methods").await;
    browser.look("security-passkey").await;
    browser.click("Add an authenticator").await;
    browser.at("Add an authenticator").await;
    browser.look("security-authenticator").await;
    let mut app = App::set_up(&browser).await;
    browser.fill("Name of this authenticator", "Tablet").await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Confirm and save").await;
    browser.at("Sign-in methods").await;
    browser.wait_for("Authenticator added.").await;
    browser.click("Set a password").await;
    browser.wait_for("New password").await;
    browser.look("security-password").await;
    browser.fill("New password", PASSWORD).await;
    browser.click("Save password").await;
    browser.at("Sign-in methods").await;
    browser.look("security-full").await;
    sign_out(&browser, &server).await;
    // Without the device: it would answer before anything could be typed.
    browser.take_passkeys().await;
    type_password(&browser, &server).await;
    // The account has both: after a password the code is asked for, and each page leads to the other.
    browser.at("Enter your code").await;
    browser.look("code-or-passkey").await;
    browser.click("Use a passkey instead").await;
    browser.at("Use your passkey").await;
    browser.look("passkey-step").await;
    browser.click("Use a code from your authenticator instead").await;
    browser.at("Enter your code").await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Continue").await;
    browser.at("Hello Ana Example").await;
}

/// Declining is an answer: the application goes on without, or gets nothing at all.
async fn saying_no(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    set_up_with_passkey(&browser, &server).await;
    browser.goto(&server.demo()).await;
    browser.click("Sign in with Vouchsafe").await;
    browser.click("Decline").await;
    browser.at("You declined").await;
    browser.look("demo-declined").await;
    browser.goto(&server.demo()).await;
    browser.click("Sign in with Vouchsafe").await;
    browser.wait_for("Allow and continue").await;
    // One thing more than needed, by choice.
    browser.tick("Your username").await;
    browser.click("Allow and continue").await;
    browser.at("Hello Ana Example").await;
    browser.wait_for("preferred_username").await;
    // A device that does not recognise its user signs nobody in, and says what to do.
    sign_out(&browser, &server).await;
    browser.recognise_user(false).await;
    browser.goto(&server.url("/login")).await;
    browser.click("Sign in with a passkey").await;
    browser.wait_for("Cancelled or timed out").await;
    browser.look("login-not-recognised").await;
}
