//! Two tabs, back, refresh: what browsers are used for.

use super::people::{PASSWORD, introduce, set_up_with_passkey, set_up_with_password, sign_out, type_password};
use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::{Backend, both};

both!(two_tabs_in_one_sign_in, two_tabs_in_one_set_up, back_and_refresh, back_after_the_end);

/// The same step in two tabs: one wins, the other is told who is signed in.
async fn two_tabs_in_one_sign_in(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    let mut app = set_up_with_password(&browser, &server).await;
    sign_out(&browser, &server).await;
    type_password(&browser, &server).await;
    browser.at("Enter your code").await;
    let (first, address) = (browser.tab().await, browser.url().await);
    let second = browser.new_tab().await;
    browser.goto(address.as_str()).await;
    browser.at("Enter your code").await;
    browser.switch_to(&first).await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Continue").await;
    browser.at("Hello Ana Example").await;
    browser.switch_to(&second).await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Continue").await;
    browser.at("You’re signed in").await;
    browser.look("finished-elsewhere").await;
    browser.click("Go to your account").await;
    browser.at("Hello Ana Example").await;
}

/// Set-up in two tabs: a step that is over in one is not done again in the other.
async fn two_tabs_in_one_set_up(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    introduce(&browser, &server).await;
    let (first, address) = (browser.tab().await, browser.url().await);
    let second = browser.new_tab().await;
    browser.goto(address.as_str()).await;
    browser.at("How do you want to sign in?").await;
    browser.switch_to(&first).await;
    browser.click("Use a password and a code").await;
    browser.at("Choose a password").await;
    browser.fill("Password", PASSWORD).await;
    browser.click("Continue").await;
    browser.at("Add an authenticator").await;
    // The other tab still shows the choice; what it sends is out of date and leads to where the journey is.
    browser.switch_to(&second).await;
    browser.click("Create a passkey").await;
    browser.at("Add an authenticator").await;
}

/// Back and refresh in the middle: nothing breaks, nothing is asked twice without need.
async fn back_and_refresh(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    let mut app = set_up_with_password(&browser, &server).await;
    sign_out(&browser, &server).await;
    type_password(&browser, &server).await;
    browser.at("Enter your code").await;
    browser.refresh().await;
    browser.at("Enter your code").await;
    browser.back().await;
    browser.at("Sign in").await;
    browser.forward().await;
    browser.at("Enter your code").await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Continue").await;
    browser.at("Hello Ana Example").await;
    browser.refresh().await;
    browser.at("Hello Ana Example").await;
}

/// Back after the end: the finished steps cannot be taken again, and the way on is shown.
async fn back_after_the_end(backend: Backend) {
    let (server, mut browser) = (Server::first(backend), Browser::start().await);
    set_up_with_passkey(&browser, &server).await;
    browser.refresh().await;
    browser.click("Go to your account").await;
    browser.at("Hello Ana Example").await;
    for _ in 0..3 {
        browser.back().await;
        browser.wait_for("Vouchsafe").await;
        let text = browser.text().await;
        assert!(!text.contains("Reference"), "an error page:\n{text}");
    }
    // Signed out, the back button shows nothing of the account.
    sign_out(&browser, &server).await;
    // Without the device: it would sign in again by itself.
    browser.take_passkeys().await;
    browser.goto(&server.url("/")).await;
    browser.at("Welcome").await;
    browser.goto(&server.url("/me")).await;
    browser.at("Sign in").await;
    browser.forget_cookies().await;
    browser.goto(&server.url("/me/security")).await;
    browser.at("Sign in").await;
}
