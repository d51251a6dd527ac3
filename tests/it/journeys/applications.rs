//! An administrator looks after an application and its people, and what they see of it.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::people::set_up_with_passkey;
use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::{Backend, both};

both!(an_application_is_looked_after, an_application_leads_on_to_where_it_likes);

/// Where an application sends its people.
fn request(server: &Server, client_id: &str, redirect: &str) -> String {
    let query = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect),
        ("scope", "openid profile"),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    url::Url::parse_with_params(&server.url("/authorize"), query).unwrap().to_string()
}

/// Connected, changed, given a second secret, opened to a group, switched off and on; every page looked at.
async fn an_application_is_looked_after(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    set_up_with_passkey(&browser, &server).await;
    browser.goto(&server.url("/apps/new")).await;
    browser.fill("Name", "Wiki").await;
    browser.fill("Run by", "Acme IT").await;
    browser.fill("Redirect URIs", "https://wiki.example/callback").await;
    browser.tick("Everyone with an account").await;
    browser.tick("On a server").await;
    browser.click("Connect application").await;
    browser.at("Wiki is connected").await;
    let client_id = browser.read("#client-id").await;
    browser.click("View Wiki").await;
    browser.at("Wiki").await;
    browser.look("app").await;

    // Another address: the old one is refused from then on.
    browser.click("Edit application").await;
    browser.at("Edit Wiki").await;
    browser.look("app-change").await;
    browser.fill("Redirect URIs", "https://*.example/").await;
    browser.click("Save changes").await;
    browser.wait_for_problem().await;
    browser.look("app-change-refused").await;
    let redirect = "https://wiki.example/signed-in";
    browser.fill("Redirect URIs", redirect).await;
    browser.click("Save changes").await;
    browser.wait_for("Changes saved").await;
    browser.goto(&request(&server, &client_id, "https://wiki.example/callback")).await;
    browser.at("We stopped here to keep you safe").await;
    browser.goto(&request(&server, &client_id, redirect)).await;
    browser.at("Wiki wants to access your account").await;

    // A second secret, and the end of the first.
    browser.goto(&server.url("/apps")).await;
    browser.at("Applications").await;
    browser.look("apps").await;
    browser.click("View Wiki").await;
    browser.at("Wiki").await;
    browser.tab_to("Add a second secret").await;
    browser.enter().await;
    browser.at("New secret for Wiki").await;
    browser.look("app-second-secret").await;
    browser.click("View Wiki").await;
    browser.wait_for("at most two secrets").await;
    browser.look("app-two-secrets").await;
    browser.click("Revoke").await;
    browser.at("Revoke a secret of Wiki?").await;
    browser.look("app-revoke").await;
    browser.click("Revoke secret").await;
    browser.wait_for("Secret revoked").await;

    // Only for a group, in which nobody is yet.
    browser.click("Groups").await;
    browser.at("Groups").await;
    browser.look("groups-none").await;
    browser.click("Create a group").await;
    browser.at("Create a group").await;
    browser.look("group-new").await;
    // The field has the focus.
    browser.type_letters("Warehouse").await;
    browser.enter().await;
    browser.wait_for("Group created").await;
    browser.click("Applications").await;
    browser.click("View Wiki").await;
    browser.click("Edit application").await;
    browser.tick("Only people in these groups").await;
    browser.tick("Warehouse").await;
    browser.click("Save changes").await;
    browser.wait_for("Changes saved").await;
    browser.goto(&request(&server, &client_id, redirect)).await;
    browser.at("You don’t have access to Wiki").await;
    browser.wait_for("Warehouse").await;
    browser.look("denied").await;
    browser.click("Use another account").await;
    browser.at("Sign in").await;
    browser.look("login-other").await;

    // Ana puts herself in, and may immediately.
    browser.goto(&server.url("/people")).await;
    browser.click("Ana Example").await;
    browser.at("Ana Example").await;
    browser.click("Edit groups").await;
    browser.at("Groups of Ana Example").await;
    browser.look("person-groups").await;
    browser.tick("Warehouse").await;
    browser.fill("Reason", "Keeps the stores").await;
    browser.click("Save groups").await;
    browser.wait_for("Groups saved").await;
    browser.goto(&request(&server, &client_id, redirect)).await;
    browser.at("Wiki wants to access your account").await;
    browser.goto(&server.url("/groups")).await;
    browser.at("Groups").await;
    browser.look("groups").await;
    browser.click("Rename Warehouse").await;
    browser.at("Rename Warehouse").await;
    browser.look("group-rename").await;
    browser.back().await;
    browser.click("Delete Warehouse").await;
    browser.at("Delete Warehouse?").await;
    browser.look("group-in-use").await;

    // Off with a text, and on again.
    browser.goto(&server.url("/apps")).await;
    browser.click("View Wiki").await;
    browser.at("Wiki").await;
    browser.click("Disable application").await;
    browser.at("Disable Wiki?").await;
    browser.look("app-disable").await;
    browser.click("Disable application").await;
    browser.wait_for_problem().await;
    browser.look("app-disable-refused").await;
    browser.fill("Message for users", "We move it to a new machine. It is back on Monday.").await;
    browser.fill("Reason", "Ticket 4411").await;
    browser.click("Disable application").await;
    browser.wait_for("Application disabled").await;
    browser.look("app-off").await;
    browser.goto(&request(&server, &client_id, redirect)).await;
    browser.at("Wiki is currently unavailable").await;
    browser.wait_for("It is back on Monday.").await;
    browser.look("denied-off").await;
    browser.goto(&server.url("/apps")).await;
    browser.click("View Wiki").await;
    browser.click("Delete application").await;
    browser.at("Delete Wiki?").await;
    browser.look("app-delete").await;
    browser.click("Cancel").await;
    browser.at("Wiki Disabled").await;
    browser.click("Enable application").await;
    browser.at("Enable Wiki?").await;
    browser.type_letters("Moved").await;
    browser.enter().await;
    browser.wait_for("Application enabled").await;
    browser.goto(&request(&server, &client_id, redirect)).await;
    browser.at("Wiki wants to access your account").await;
}

/// Answers everything with this.
async fn always(answer: String) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let asked = stream.read(&mut [0; 8192]).await.unwrap_or_default();
                if asked > 0 {
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
            });
        }
    });
    address
}

/// From the address that takes the answer to another origin, as single-page applications with a server behind them do
/// (OA-16).
async fn an_application_leads_on_to_where_it_likes(backend: Backend) {
    let (server, browser) = (Server::first(backend), Browser::start().await);
    set_up_with_passkey(&browser, &server).await;
    let page = "<!doctype html><title>Notes</title><h1>Welcome</h1>";
    let ends = always(format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{page}", page.len())).await;
    let takes = always(format!("HTTP/1.1 303 See Other\r\nlocation: http://{ends}/\r\ncontent-length: 0\r\n\r\n")).await;
    let redirect = format!("http://{takes}/callback");
    let added = server.home().run(&["app", "add", "--name", "Notes", "--redirect-uri", &redirect, "--access", "everyone"]);
    let printed = String::from_utf8(added.stdout).unwrap();
    let client_id = printed.lines().find_map(|line| line.trim().strip_prefix("client id")).expect("no client id").trim();
    browser.goto(&request(&server, client_id, &redirect)).await;
    browser.at("Notes wants to access your account").await;
    browser.click("Allow and continue").await;
    browser.at("Welcome").await;
    browser.arrive(&format!("http://{ends}/")).await;
}
