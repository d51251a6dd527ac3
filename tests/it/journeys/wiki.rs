//! A site in Apache that only signed-in people may read: mod_auth_openidc, set up as README.md says, over https, through
//! nginx, in a browser that was told which certificate to trust.

use super::people::{NAME, set_up_with_passkey};
use crate::support::browser::Browser;
use crate::support::network::{Apache, Names, Site};
use crate::support::ports::free_port;
use crate::support::{Backend, both};

both!(somebody_reads_a_protected_page_and_leaves);

async fn somebody_reads_a_protected_page_and_leaves(backend: Backend) {
    let site = Site::open(backend).await;
    let port = free_port();
    let wiki = Apache::address(port);
    let (id, secret) = site.connect("Wiki", &format!("{wiki}/callback"), &format!("{wiki}/bye.html"));
    let names = Names::leading(&[("auth.example.org", site.nginx.https), ("wiki.example.org", port)]).await;
    site.is_complete().await;
    let _apache = Apache::start(port, &id, &secret, &site.certificates, &names);
    let mut browser = Browser::told(&[names.for_chromium(), site.certificates.for_chromium()]).await;
    // A passkey belongs to the public name, and is made only where the browser finds nothing wrong with the certificate.
    set_up_with_passkey(&browser, &site.server).await;
    browser.goto(&site.server.url("/logout")).await;
    browser.click("Sign out of this browser").await;
    browser.at("You’re signed out").await;

    // Without the device there is a page to look at; with it, autofill may answer immediately.
    let passkeys = browser.take_passkeys().await;
    browser.goto(&wiki).await;
    browser.at("Sign in").await;
    browser.arrive("https://auth.example.org/login").await;
    browser.wait_for("to continue to Wiki").await;
    browser.look("wiki-login").await;
    browser.bring_passkeys(passkeys).await;
    browser.click("Sign in with a passkey").await;
    browser.wait_for("Allow and continue").await;
    browser.look("wiki-consent").await;
    browser.click("Allow and continue").await;

    browser.at("Wiki").await;
    browser.arrive(&format!("{wiki}/")).await;
    assert_eq!(browser.read("#name").await, NAME);
    assert_eq!(browser.read("#issuer").await, "https://auth.example.org");
    let user = browser.read("#user").await;
    assert!(user.len() > 20 && user.ends_with("@auth.example.org"), "a number of its own for each application: {user}");

    // Out of the wiki, and by way of us out here too, without a question, because the wiki names the session.
    browser.click("Leave").await;
    browser.at("Goodbye").await;
    browser.arrive(&format!("{wiki}/bye.html")).await;
    browser.goto(&site.server.url("/logout")).await;
    browser.at("You’re not signed in").await;
    browser.take_passkeys().await;
    browser.goto(&wiki).await;
    browser.at("Sign in").await;
}
