//! What a refused authorization leaves in the log.

use super::received::Asked;
use super::verdict::{Stop, Verdict};
use crate::domain::client::{Access, Client, PkceRule};
use crate::flows::oidc::params::Params;
use crate::flows::oidc::refusal::Refusal;
use crate::kernel::address::RedirectUri;

/// The refusal a verdict stands for.
pub(super) fn refusal(verdict: &Verdict, asked: Option<&Asked>, params: &Params) -> Refusal {
    let client = asked.map(|asked| &asked.client);
    let check = check(verdict);
    let client_id = client.map_or_else(|| params.get("client_id").map_or_else(String::new, outlined), |client| client.client_id.clone());
    let value = |name: &str| params.get(name).map_or_else(|| "(missing)".to_owned(), str::to_owned);
    let (sent, registered) = match check {
        "redirect_uri" => (asked.map_or_else(|| value("redirect_uri"), |asked| asked.redirect_uri.clone()), addresses(client)),
        "scope" => (value("scope"), client.map(|client| client.scopes.join(" ")).unwrap_or_default()),
        "response_type" => (value("response_type"), "code".to_owned()),
        "response_mode" => (value("response_mode"), "query".to_owned()),
        "prompt" => (value("prompt"), "none login consent select_account".to_owned()),
        "max_age" => (value("max_age"), "seconds".to_owned()),
        "pkce" => (challenge(params), client.map(rule).unwrap_or_default()),
        "access" => (String::new(), client.map(groups).unwrap_or_default()),
        "repeated" => (params.repeated_names(), "each once".to_owned()),
        // Values of the others may be personal or belong to the application alone.
        _ => (String::new(), String::new()),
    };
    Refusal { endpoint: "authorize", check, client_id, sent, registered }
}

/// What was sent as `client_id` and is none, by its beginning and its length: it may be anything, also a name (LG-06).
fn outlined(sent: &str) -> String {
    let beginning: String = sent.chars().take(3).collect();
    format!("{beginning}… ({} characters)", sent.chars().count())
}

fn check(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Page(Stop::Repeated(_)) => "repeated",
        Verdict::Page(Stop::NoClientId | Stop::UnknownClient { .. }) => "client_id",
        Verdict::Page(Stop::NoRedirect { .. } | Stop::UnknownRedirect { .. }) => "redirect_uri",
        Verdict::Page(Stop::Disabled { .. }) => "client_enabled",
        Verdict::Error(rejection) => rejection.check,
        Verdict::SignIn(_) | Verdict::Denied | Verdict::Consent(_) | Verdict::Code(_) => "navigation",
    }
}

fn addresses(client: Option<&Client>) -> String {
    let texts: Vec<&str> = client.iter().flat_map(|client| client.redirect_uris.iter().map(RedirectUri::as_str)).collect();
    texts.join(" ")
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
