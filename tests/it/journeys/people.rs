//! Ana, and what she does again and again.

use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::totp::Phone;

/// What Ana types.
pub const NAME: &str = "Ana Example";
pub const USERNAME: &str = "ana";
pub const PASSWORD: &str = "three mild words of hers";

/// An authenticator app with one key: gives each code once.
pub struct App(Phone);

impl App {
    /// Reads the key off the page.
    pub async fn set_up(browser: &Browser) -> Self {
        Self(Phone::new(browser.read("#totp-key").await))
    }
    /// A code that has not been used.
    pub async fn code(&mut self) -> String {
        self.0.code().await
    }
}

/// From the set-up link to the choice of a sign-in method.
pub async fn introduce(browser: &Browser, server: &Server) {
    browser.goto(&server.setup_link()).await;
    browser.at("Create the administrator account").await;
    browser.fill("Name", NAME).await;
    browser.fill("Username", USERNAME).await;
    browser.click("Continue").await;
    browser.at("How do you want to sign in?").await;
}

/// From nothing to an administrator with a passkey, signed in.
pub async fn set_up_with_passkey(browser: &Browser, server: &Server) {
    introduce(browser, server).await;
    browser.click("Create a passkey").await;
    browser.at("Create a passkey").await;
    browser.click("Create passkey").await;
    browser.at("You’re all set").await;
}

/// From nothing to an administrator with a password and an authenticator, signed in.
pub async fn set_up_with_password(browser: &Browser, server: &Server) -> App {
    introduce(browser, server).await;
    browser.click("Use a password and a code").await;
    browser.at("Choose a password").await;
    browser.fill("Password", PASSWORD).await;
    browser.click("Continue").await;
    browser.at("Add an authenticator").await;
    let mut app = App::set_up(browser).await;
    browser.fill("Name of this authenticator", "Ana's phone").await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Confirm and save").await;
    leave_recovery_codes(browser).await;
    browser.at("You’re all set").await;
    app
}

/// Makes no recovery codes for now.
pub async fn leave_recovery_codes(browser: &Browser) {
    browser.at("Save your recovery codes").await;
    browser.click("Not now").await;
}

/// Signs out of this browser.
pub async fn sign_out(browser: &Browser, server: &Server) {
    browser.goto(&server.url("/logout")).await;
    browser.click("Sign out of this browser").await;
    browser.at("You’re signed out").await;
}

/// Types name and password at `/login`.
pub async fn type_password(browser: &Browser, server: &Server) {
    browser.goto(&server.url("/login")).await;
    browser.at("Sign in").await;
    browser.fill("Email or username", USERNAME).await;
    browser.fill("Password", PASSWORD).await;
    browser.click("Continue").await;
}
