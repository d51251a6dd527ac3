//! The same pages without a script, with the keyboard alone, with a change of browser on the way, and while a part of the
//! service is away.

use super::people::{
    App, NAME, PASSWORD, USERNAME, introduce, leave_recovery_codes, set_up_with_passkey, set_up_with_password, sign_out, type_password,
};
use crate::support::browser::Browser;
use crate::support::redis::Redis;
use crate::support::server::{Home, Server, Start};
use crate::support::{Backend, both};

both!(without_a_script, with_the_keyboard_alone, begun_in_one_browser_and_gone_on_in_another, while_redis_is_not_as_it_should_be);

/// WB-16, WA-68: complete, but for passkeys, whose pages say what to do instead.
async fn without_a_script(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    browser.scripts(false).await;
    introduce(&browser, &server).await;
    browser.look("no-script-method").await;
    browser.click("Create a passkey").await;
    browser.at("Create a passkey").await;
    browser.wait_for("Passkeys need JavaScript, which is turned off in this browser").await;
    browser.look("no-script-passkey").await;
    browser.click("Use another method").await;
    browser.at("How do you want to sign in?").await;
    browser.click("Use a password and a code").await;
    browser.at("Choose a password").await;
    browser.look("no-script-password").await;
    browser.fill("Password", PASSWORD).await;
    browser.click("Continue").await;
    browser.at("Add an authenticator").await;
    browser.look("no-script-authenticator").await;
    let mut app = App::set_up(&browser).await;
    browser.fill("Name of this authenticator", "Ana's phone").await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Confirm and save").await;
    browser.at("Save your recovery codes").await;
    browser.look("no-script-recovery").await;
    browser.click("Create recovery codes").await;
    browser.at("Your recovery codes").await;
    browser.look("no-script-codes").await;
    let listed = browser.read("#codes").await;
    browser.tick("I’ve saved my codes").await;
    browser.click("Continue").await;
    browser.at("You’re all set").await;
    browser.look("no-script-done").await;
    sign_out(&browser, &server).await;
    browser.goto(&server.url("/login")).await;
    browser.wait_for("Passkeys need JavaScript").await;
    browser.look("no-script-login").await;
    type_password(&browser, &server).await;
    browser.at("Enter your code").await;
    browser.look("no-script-code").await;
    browser.fill("Code", &app.code().await).await;
    browser.click("Continue").await;
    browser.at("Hello Ana Example").await;
    browser.look("no-script-me").await;
    sign_out(&browser, &server).await;
    type_password(&browser, &server).await;
    browser.click("Use a recovery code").await;
    browser.at("Use a recovery code").await;
    browser.look("no-script-recovery-code").await;
    browser.fill("Recovery code", listed.split_whitespace().next().unwrap()).await;
    browser.click("Continue").await;
    browser.at("You’re signed in").await;
    browser.look("no-script-recovery-done").await;
}

/// WB-16: only Tab, Enter, the space bar and letters; what has the focus can always be seen.
async fn with_the_keyboard_alone(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    let type_in = async |label: &str, text: &str| {
        browser.tab_to(label).await;
        browser.type_letters(text).await;
    };
    let press = async |label: &str| {
        browser.tab_to(label).await;
        browser.enter().await;
    };
    browser.goto(&server.setup_link()).await;
    browser.at("Create the administrator account").await;
    type_in("Name", NAME).await;
    type_in("Username", USERNAME).await;
    press("Continue").await;
    browser.at("How do you want to sign in?").await;
    press("Use a password and a code").await;
    browser.at("Choose a password").await;
    type_in("Password", "short").await;
    browser.enter().await;
    browser.wait_for_problem().await;
    // On a form of one field the focus is there, where the message is.
    browser.type_letters(PASSWORD).await;
    browser.enter().await;
    browser.at("Add an authenticator").await;
    let mut app = App::set_up(&browser).await;
    type_in("Name of this authenticator", "Ana's phone").await;
    type_in("Code", &app.code().await).await;
    press("Confirm and save").await;
    browser.at("Save your recovery codes").await;
    press("Create recovery codes").await;
    browser.at("Your recovery codes").await;
    let listed = browser.read("#codes").await;
    browser.tab_to("I’ve saved my codes").await;
    browser.space().await;
    press("Continue").await;
    browser.at("You’re all set").await;
    press("Go to your account").await;
    browser.at("Hello Ana Example").await;
    press("Sign out").await;
    browser.at("Sign out").await;
    press("Sign out of this browser").await;
    browser.at("You’re signed out").await;
    press("Sign in again").await;
    browser.at("Sign in").await;
    let sign_in = async || {
        type_in("Email or username", USERNAME).await;
        type_in("Password", PASSWORD).await;
        browser.enter().await;
        browser.at("Enter your code").await;
    };
    sign_in().await;
    type_in("Code", &app.code().await).await;
    browser.enter().await;
    browser.at("Hello Ana Example").await;
    browser.goto(&server.url("/logout")).await;
    press("Sign out everywhere").await;
    browser.at("You’re signed out").await;
    press("Sign in again").await;
    browser.at("Sign in").await;
    sign_in().await;
    press("Use a recovery code").await;
    browser.at("Use a recovery code").await;
    type_in("Recovery code", listed.split_whitespace().nth(3).unwrap()).await;
    browser.enter().await;
    browser.at("You’re signed in").await;
    press("Continue").await;
    browser.at("Hello Ana Example").await;
}

/// A step belongs to the browser that began it; elsewhere one begins again. A link from an administrator can be opened
/// anywhere, and anyone who is done first has the account.
async fn begun_in_one_browser_and_gone_on_in_another(backend: Backend) {
    let (server, first, second) = (Server::first(backend), Browser::start().await, Browser::start().await);
    let mut app = set_up_with_password(&first, &server).await;
    sign_out(&first, &server).await;
    type_password(&first, &server).await;
    first.at("Enter your code").await;
    let address = first.url().await;
    second.goto(address.as_str()).await;
    second.at("Cookies are blocked").await;
    second.goto(&server.url("/me")).await;
    second.at("Sign in").await;
    // Now it has a cookie of its own, and the address is still another browser's.
    second.goto(address.as_str()).await;
    second.at("This sign-in has expired").await;
    second.look("elsewhere").await;
    first.fill("Code", &app.code().await).await;
    first.click("Continue").await;
    first.at("Hello Ana Example").await;
    // An invitation begun at a desk and finished on a phone.
    first.goto(&server.url("/people/invite")).await;
    first.fill("Name", "Ben Example").await;
    first.fill("Username", "ben").await;
    first.fill("Reason", "Starts on Monday").await;
    first.click("Create invitation").await;
    let link = first.read("#address").await;
    let (desk, phone) = (second, Browser::start().await);
    for browser in [&desk, &phone] {
        browser.goto(&link).await;
        browser.click("Start").await;
        browser.click("Use a password and a code").await;
        browser.fill("Password", PASSWORD).await;
        browser.click("Continue").await;
        browser.at("Add an authenticator").await;
    }
    let (mut at_the_desk, mut on_the_phone) = (App::set_up(&desk).await, App::set_up(&phone).await);
    phone.fill("Name of this authenticator", "Ben's phone").await;
    phone.fill("Code", &on_the_phone.code().await).await;
    phone.click("Confirm and save").await;
    leave_recovery_codes(&phone).await;
    phone.at("You’re all set").await;
    desk.fill("Name of this authenticator", "Ben's desk").await;
    desk.fill("Code", &at_the_desk.code().await).await;
    desk.click("Confirm and save").await;
    desk.at("This invitation has already been used").await;
    desk.look("invite-finished-elsewhere").await;
    desk.goto(&server.url("/me")).await;
    desk.at("Sign in").await;
}

/// SE-19, TH-11: what administrators read about it, and what everybody else does.
async fn while_redis_is_not_as_it_should_be(backend: Backend) {
    let redis = Redis::with(&["maxmemory 50mb", "maxmemory-policy allkeys-lru"]);
    let server = Home::new(backend).start(&Start::new().variable("VOUCHSAFE_EPHEMERAL__URL", redis.url()));
    let browser = Browser::start().await;
    set_up_with_passkey(&browser, &server).await;
    browser.goto(&server.url("/people")).await;
    browser.wait_for("its maxmemory-policy is allkeys-lru. Set it to noeviction.").await;
    browser.look("people-care").await;
    redis.kill();
    browser.goto(&server.url("/me")).await;
    browser.at("Hello Ana Example").await;
    let other = Browser::start().await;
    type_password(&other, &server).await;
    other.at("Sign-in is temporarily unavailable").await;
    other.wait_for("Try again in").await;
    other.look("sign-ins-wait").await;
}
