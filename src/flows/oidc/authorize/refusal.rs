//! What a refused authorization leaves in the log.

use super::received::Request;
use super::rejection::NotTold;
use super::settle::SettledRequest;
use super::verdict::Verdict;
use crate::domain::client::{Access, Client, PkceRule};
use crate::flows::oidc::claims;
use crate::flows::oidc::params::Params;
use crate::flows::oidc::refusal::Refusal;

/// The refusal a verdict stands for.
pub(super) fn refusal(settled: &SettledRequest, params: &Params) -> Refusal {
    let asked = settled.standing.asked.as_ref().ok();
    let client = asked.map(|asked| &asked.client);
    let check = settled.verdict.check();
    let (application, name) = match (client, &settled.verdict) {
        (Some(client), _) => (client.client_id.clone(), client.name.clone()),
        (None, Verdict::Page(NotTold::NoRedirect { app, client_id, .. })) => (client_id.clone(), app.clone()),
        (None, _) => (params.get("client_id").map_or_else(|| "(missing)".to_owned(), outlined), String::new()),
    };
    let value = |name: &str| params.get(name).map_or_else(|| "(missing)".to_owned(), str::to_owned);
    let (sent, registered) = match check {
        "redirect_uri" => match &settled.verdict {
            Verdict::Page(NotTold::NoRedirect { registered, .. }) => ("(missing)".to_owned(), registered.clone()),
            _ => (
                asked.map_or_else(|| value("redirect_uri"), |asked| asked.redirect_uri.clone()),
                client.map(Client::redirect_addresses).unwrap_or_default(),
            ),
        },
        "client_id" => (application.clone(), "an application of this server".to_owned()),
        "scope" => (value("scope"), client.map(|client| client.scopes.join(" ")).unwrap_or_default()),
        "response_type" => (value("response_type"), "code".to_owned()),
        "response_mode" => (value("response_mode"), "query".to_owned()),
        "prompt" => (value("prompt"), "none login consent select_account".to_owned()),
        "max_age" => (value("max_age"), "seconds".to_owned()),
        "pkce" => (challenge(params), client.map(rule).unwrap_or_default()),
        "session" => (session(settled).to_owned(), "a sign-in that is enough without a page".to_owned()),
        "consent" => ("prompt none".to_owned(), "a decision of the person".to_owned()),
        "claims" => {
            ("no value".to_owned(), client.zip(asked.and_then(|asked| asked.request.as_ref().ok())).map(needed).unwrap_or_default())
        }
        "access" => (String::new(), client.map(groups).unwrap_or_default()),
        "repeated" => (params.repeated_names(), "each once".to_owned()),
        // Values of the others may be personal or belong to the application alone.
        _ => (String::new(), String::new()),
    };
    Refusal { endpoint: "authorize", check, application, name, sent, registered }
}

/// Says what browsers do to an application that asks in a frame for who is signed in: they send no cookie from another site.
fn session(settled: &SettledRequest) -> &'static str {
    match &settled.session {
        Some(_) => "prompt none, with a session that is too old, too weak or of another person",
        None => "prompt none, without a live session; from a frame of another site browsers send no cookie",
    }
}

fn needed((client, request): (&Client, &Request)) -> String {
    let words: Vec<&str> = claims::needed(&request.request, client).iter().map(|claim| claim.as_str()).collect();
    words.join(" ")
}

/// What was sent as `client_id` and is none, by its beginning and its length: it may be anything, also a name (LG-06).
fn outlined(sent: &str) -> String {
    let beginning: String = sent.chars().take(3).collect();
    format!("{beginning}… ({} characters)", sent.chars().count())
}

fn challenge(params: &Params) -> String {
    let there = |name| if params.get(name).is_some() { "sent" } else { "missing" };
    let method = params.get("code_challenge_method").unwrap_or("missing");
    format!("code_challenge {}, code_challenge_method {method}, nonce {}", there("code_challenge"), there("nonce"))
}

fn rule(client: &Client) -> String {
    match client.pkce() {
        PkceRule::Public => "PKCE, as it is public",
        PkceRule::Hardened => "PKCE, as it is hardened",
        PkceRule::UsedBefore(_) => "PKCE, as it has used it before",
        PkceRule::OrNonce => "PKCE or a nonce",
    }
    .to_owned()
}

fn groups(client: &Client) -> String {
    match &client.access {
        Access::Everyone => "everyone".to_owned(),
        Access::Groups(groups) => format!("{} groups", groups.len()),
    }
}
