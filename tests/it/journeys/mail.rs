//! The first administrator makes sure that messages reach her.

use std::time::Duration;

use super::people::{NAME, USERNAME};
use crate::support::browser::Browser;
use crate::support::mailbox::Mailbox;
use crate::support::server::{Home, Start};
use crate::support::{Backend, both};

both!(confirming_an_address);

/// From the warning on her home page to a code off the mail, past a slip of the finger.
async fn confirming_an_address(backend: Backend) {
    let mailbox = Mailbox::open().await;
    let start = Start::new().variable("VOUCHSAFE_MAIL__SERVER", &mailbox.url);
    let (server, browser) = (Home::new(backend).start(&start), Browser::start().await);
    browser.goto(&server.setup_link()).await;
    browser.at("Create the administrator account").await;
    browser.look("setup-with-mail").await;
    browser.fill("Name", NAME).await;
    browser.fill("Username", USERNAME).await;
    browser.fill("Email", "ana@acme.example").await;
    browser.click("Continue").await;
    browser.click("Create a passkey").await;
    browser.at("Create a passkey").await;
    browser.click("Create passkey").await;
    browser.at("You’re all set").await;
    // The home page asks for another way in first, and only for that.
    browser.goto(&server.url("/me")).await;
    browser.wait_for("not confirmed").await;
    browser.look("me-unconfirmed").await;
    browser.goto(&server.url("/me/security")).await;
    browser.wait_for("to get security emails").await;
    browser.click("Send a code").await;
    browser.at("Confirm your email").await;
    browser.look("address-code").await;
    let mail = loop {
        if let Some(mail) = mailbox.take().pop() {
            break mail;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let text = mail.text();
    let code = text.lines().find_map(|line| line.strip_prefix("Your code: ")).expect("a code in the mail");
    browser.fill("Code", "7KQ2").await;
    browser.click("Confirm email").await;
    browser.wait_for("Enter all eight letters and digits of the code").await;
    browser.look("address-code-short").await;
    browser.fill("Code", code).await;
    browser.click("Confirm email").await;
    browser.at("Hello Ana Example").await;
    browser.wait_for("Your email is confirmed.").await;
    browser.look("me-confirmed").await;
    browser.goto(&server.url("/me/security")).await;
    browser.wait_for("We email ana@acme.example when").await;
    browser.look("security-mails").await;
}
