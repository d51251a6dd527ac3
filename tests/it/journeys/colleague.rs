//! A colleague joins, and comes back after losing the phone.

use super::people::{App, PASSWORD, leave_recovery_codes, set_up_with_passkey};
use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::{Backend, both};

both!(by_a_card_with_a_passkey, by_a_card_with_a_password_and_a_code, back_in_after_losing_the_phone);

/// Fills in the page and reads the link off the card.
async fn invited(admin: &Browser, server: &Server) -> String {
    admin.goto(&server.url("/people")).await;
    admin.at("People").await;
    admin.click("Invite someone").await;
    admin.at("Invite someone").await;
    admin.fill("Name", "Ben Example").await;
    admin.fill("Username", "ben").await;
    admin.fill("Reason", "Starts on Monday").await;
    admin.click("Create invitation").await;
    admin.at("Ben Example, welcome to Vouchsafe").await;
    admin.read("#address").await
}

/// From the card to the demo application in at most twelve interactions, every page looked at.
async fn by_a_card_with_a_passkey(backend: Backend) {
    let (server, admin, guest) = (Server::first(backend), Browser::start().await, Browser::start().await);
    set_up_with_passkey(&admin, &server).await;
    admin.goto(&server.url("/people")).await;
    admin.at("People").await;
    admin.look("people").await;
    admin.click("Invite someone").await;
    admin.at("Invite someone").await;
    admin.look("people-invite").await;
    admin.click("Create invitation").await;
    admin.wait_for_problem().await;
    admin.look("people-invite-refused").await;
    let link = invited(&admin, &server).await;
    admin.look("people-card").await;
    admin.click("Back to People").await;
    admin.wait_for("Pending until").await;
    admin.look("people-invited").await;
    guest.goto(&link).await;
    guest.at("Welcome, Ben Example").await;
    guest.look("invite").await;
    guest.click("Start").await;
    guest.click("Create a passkey").await;
    guest.click("Create passkey").await;
    guest.at("You’re all set").await;
    guest.click("Try the demo app").await;
    guest.click("Sign in with Vouchsafe").await;
    guest.click("Allow and continue").await;
    guest.at("Hello Ben Example").await;
    assert!(guest.interactions() <= 12, "{} interactions", guest.interactions());
    guest.forget_cookies().await;
    let late = Browser::start().await;
    late.goto(&link).await;
    late.at("This invitation has already been used").await;
    late.look("invite-used").await;
    admin.goto(&link).await;
    admin.at("This invitation has already been used").await;
}

/// The same with a password and a code; the link is opened where someone else is signed in first.
async fn by_a_card_with_a_password_and_a_code(backend: Backend) {
    let (server, admin, guest) = (Server::first(backend), Browser::start().await, Browser::start().await);
    set_up_with_passkey(&admin, &server).await;
    let link = invited(&admin, &server).await;
    admin.goto(&link).await;
    admin.at("Someone else is signed in").await;
    admin.look("invite-elsewhere").await;
    guest.goto(&link).await;
    guest.click("Start").await;
    with_a_password(&guest, "Ben's phone").await;
    guest.click("Try the demo app").await;
    guest.click("Sign in with Vouchsafe").await;
    guest.click("Allow and continue").await;
    guest.at("Hello Ben Example").await;
}

async fn with_a_password(guest: &Browser, label: &str) {
    guest.click("Use a password and a code").await;
    guest.fill("Password", PASSWORD).await;
    guest.click("Continue").await;
    guest.at("Add an authenticator").await;
    let mut app = App::set_up(guest).await;
    guest.fill("Name of this authenticator", label).await;
    guest.fill("Code", &app.code().await).await;
    guest.click("Confirm and save").await;
    leave_recovery_codes(guest).await;
    guest.at("You’re all set").await;
}

/// The phone is gone with its passkey: a new link, a new way, and the old browser is signed out.
async fn back_in_after_losing_the_phone(backend: Backend) {
    let (server, admin) = (Server::first(backend), Browser::start().await);
    let (phone, new_phone) = (Browser::start().await, Browser::start().await);
    set_up_with_passkey(&admin, &server).await;
    phone.goto(&invited(&admin, &server).await).await;
    phone.click("Start").await;
    phone.click("Create a passkey").await;
    phone.click("Create passkey").await;
    phone.at("You’re all set").await;
    admin.click("View Ben Example").await;
    admin.at("Ben Example").await;
    admin.look("person").await;
    admin.click("Reset sign-in").await;
    admin.at("Reset sign-in for Ben Example").await;
    admin.look("person-enrol").await;
    admin.fill("Reason", "Seen in person").await;
    admin.click("Create reset link").await;
    admin.at("Reset your sign-in, Ben Example").await;
    let link = admin.read("#address").await;
    new_phone.goto(&link).await;
    new_phone.at("Reset your sign-in, Ben Example").await;
    new_phone.look("enrol-link").await;
    new_phone.click("Start").await;
    with_a_password(&new_phone, "New phone").await;
    phone.goto(&server.url("/me")).await;
    phone.at("Sign in").await;
    admin.click("View Ben Example").await;
    admin.at("Ben Example").await;
    admin.wait_for("one authenticator").await;
    admin.click("Disable account").await;
    admin.at("Disable the account of Ben Example?").await;
    admin.look("person-disable").await;
    admin.fill("Reason", "Left the company").await;
    admin.click("Disable account").await;
    admin.wait_for("Account disabled").await;
    new_phone.goto(&server.url("/me")).await;
    new_phone.at("Sign in").await;
}
