//! `app add`: connects an application and prints what it needs to know.

use super::args::{AccessChoice, AppAdd, access_of};
use super::once::{Printed, PrintedSecret};
use super::{CommandFailure, listen};
use crate::app::App;
use crate::domain::access::AdminActor;
use crate::domain::client::{AddressPurpose, AddressReasons, ClaimDelivery, Client, PkceRule, Registered};
use crate::flows::apps::{self, SameName, Shape, TypedApp, Unfit, Who, Wrong};
use crate::kernel::address::{AddressExemption, AddressProblem, ascii_of};
use crate::kernel::claim::{Claim, ClaimRule};
use crate::kernel::text::TextProblem;

/// What is said when everyone and groups were named together.
pub(super) const MIXED: &str = "--access everyone already includes every group; give one or the other.";

/// What the flags say.
fn typed(add: &AppAdd) -> Result<TypedApp, CommandFailure> {
    let who = match access_of(&add.access) {
        Some(AccessChoice::Everyone) => Who::Everyone,
        Some(AccessChoice::Groups(names)) => Who::Groups(names),
        None => return Err(CommandFailure(MIXED.to_owned())),
    };
    let shape = match (add.native, add.public) {
        (true, _) => Shape::Installed,
        (false, true) => Shape::Browser,
        (false, false) => Shape::Server,
    };
    Ok(TypedApp {
        name: add.name.clone(),
        run_by: add.run_by.clone(),
        redirect_uris: add.redirect_uri.clone(),
        post_logout_redirect_uris: add.post_logout_redirect_uri.clone(),
        address_reasons: AddressReasons { private_http: add.private_http.clone(), undotted_scheme: add.undotted_scheme.clone() },
        who: Some(who),
        shape: Some(shape),
        authentication: add.authentication.as_str().to_owned(),
        algorithm: add.algorithm.as_str().to_owned(),
        claim_delivery: add.claim_delivery.as_str().to_owned(),
        claim_rules: add.claim.iter().map(|(claim, rule)| (*claim, rule.as_str().to_owned())).collect(),
        own: add.own.clone(),
        hardened: add.hardened,
    })
}

/// Connects an application and says what it needs to know.
pub(super) async fn run(app: &App, add: &AppAdd) -> Result<Printed, CommandFailure> {
    let same_name = if add.same_name { SameName::Taken } else { SameName::Refused };
    let registered = match apps::register_typed(app, &AdminActor::at_the_host(), typed(add)?, same_name).await? {
        Ok(registered) => registered,
        Err(Unfit::SameName) => {
            return Err(CommandFailure(format!(
                "An application called {} is connected already, and people tell applications apart by their names.\n\
                 Choose another --name, or add --same-name to connect a second one.",
                add.name.trim()
            )));
        }
        Err(Unfit::Wrong(wrong)) => return Err(CommandFailure(wrong.iter().map(say).collect::<Vec<_>>().join("\n"))),
    };
    Ok(Printed { text: printed(app, &registered), made: PrintedSecret::Application(registered.client.id) })
}

/// The values an application needs.
fn printed(app: &App, registered: &Registered) -> String {
    let mut lines = vec![
        format!("{} is connected.", registered.client.name),
        String::new(),
        format!("  issuer         {}", app.settings.origin().as_str()),
        format!("  discovery      {}", app.settings.origin().join("/.well-known/openid-configuration")),
        format!("  client id      {}", registered.client.client_id),
    ];
    match &registered.secret {
        Some(secret) => {
            lines.push(format!("  client secret  {}   (shown this once)", secret.expose()));
            lines.push(format!("  authentication {}", registered.client.auth.as_str()));
        }
        None => lines.push("  client secret  none; it uses PKCE".to_owned()),
    }
    if registered.client.native {
        lines.push(
            "  port           any, at http://127.0.0.1, http://[::1] and http://localhost; elsewhere exactly as registered".to_owned(),
        );
    }
    lines.push(format!("  scopes         {}", registered.client.scopes.join(" ")));
    lines.push(format!("  ID tokens      {}", registered.client.algorithm.as_str()));
    lines.push(format!("  claims         {}", claim_rules(&registered.client)));
    if registered.client.claim_rules.of(Claim::Email) == ClaimRule::Choice {
        lines.push("                 choice: the person ticks it. If the application requires it: --claim email=needed".to_owned());
    }
    lines.push(format!("  read           {}", claim_delivery(registered.client.claim_delivery)));
    lines.push(format!("  PKCE           {}", pkce(&registered.client)));
    if listen::is_silent(app.settings.origin()) {
        lines.push(String::new());
        lines.push("Nothing is running at this issuer now. It is the address the server last used, or the one you gave.".to_owned());
        lines.push("If you start the server elsewhere, the issuer changes and the application needs the new one.".to_owned());
    }
    lines.join("\n") + "\n"
}

/// Who decides about each claim.
pub(super) fn claim_rules(client: &Client) -> String {
    let rules: Vec<String> = Claim::ALL.map(|claim| format!("{} {}", claim.as_str(), client.claim_rules.of(claim).as_str())).into();
    rules.join(", ")
}

pub(super) fn claim_delivery(delivery: ClaimDelivery) -> &'static str {
    match delivery {
        ClaimDelivery::IdTokenAndUserinfo => "in the ID token and at userinfo",
        ClaimDelivery::Userinfo => "at userinfo only",
    }
}

/// What an application must send to protect its codes.
pub(super) fn pkce(client: &Client) -> String {
    match client.pkce() {
        PkceRule::Public | PkceRule::Hardened => "always required (S256)".to_owned(),
        PkceRule::UsedBefore(since) => format!("required (S256), as it has used it since {since}"),
        PkceRule::OrNonce => "PKCE (S256) or a nonce; required once it has used PKCE".to_owned(),
    }
}

/// What is wrong, by its flag.
pub(super) fn say(wrong: &Wrong) -> String {
    let reason = |flag: &str| format!("{flag} needs a reason of 1 to 300 characters.");
    match wrong {
        Wrong::Name(problem @ (TextProblem::Forbidden(_) | TextProblem::Borrowed(_))) => format!("--name: {problem}."),
        Wrong::Name(_) => "--name needs 1 to 60 characters on one line.".to_owned(),
        Wrong::RunBy => "--run-by needs 1 to 60 characters on one line.".to_owned(),
        Wrong::NoRedirect => "Give at least one --redirect-uri.".to_owned(),
        Wrong::Address(place, text, problem) => {
            let flag = match place {
                AddressPurpose::Redirect => "--redirect-uri",
                AddressPurpose::PostLogout => "--post-logout-redirect-uri",
            };
            format!("{flag} {text}: {}.\n{}", why(*problem), advice(*problem, text))
        }
        Wrong::AddressReason(AddressExemption::PrivateHttp) => reason("--private-http"),
        Wrong::AddressReason(AddressExemption::UndottedScheme) => reason("--undotted-scheme"),
        Wrong::NobodyChosen => "Use --access to say who may use it: everyone, or the name of a group.".to_owned(),
        Wrong::NoSuchGroup(name) => format!("There is no group called {name}."),
        Wrong::OwnReason => "--own needs a reason of 1 to 300 characters on one line.".to_owned(),
        Wrong::ClaimRule(_) | Wrong::NoShape | Wrong::Authentication | Wrong::Algorithm | Wrong::ClaimDelivery => {
            "That is not supported.".to_owned()
        }
    }
}

fn advice(problem: AddressProblem, text: &str) -> String {
    match problem {
        AddressProblem::NotAscii => format!("Browsers send it as {}", ascii_of(text).unwrap_or_default()),
        AddressProblem::PrivateHttp => {
            "Anyone on that network can read the sign-in response. If the application supports nothing else, add --private-http \"REASON\"."
                .to_owned()
        }
        AddressProblem::UndottedScheme => {
            "Any program on a device can claim such a scheme. If the application supports nothing else, add --undotted-scheme \"REASON\"."
                .to_owned()
        }
        _ => "Allowed: https, http on this machine, or an app's own scheme with a dot, such as com.example.app:/callback.".to_owned(),
    }
}

fn why(problem: AddressProblem) -> &'static str {
    match problem {
        AddressProblem::Malformed => "this is not a complete address",
        AddressProblem::Scheme | AddressProblem::NeedsHttps => "this scheme is not secure for a sign-in response",
        AddressProblem::PrivateHttp => "this is http on a private network",
        AddressProblem::UndottedScheme => "this scheme has no dot",
        AddressProblem::NotAscii => "it contains characters that browsers encode differently",
        AddressProblem::Fragment => "it must not contain a # part",
        AddressProblem::UserInfo => "it must not contain a username or password",
        AddressProblem::Pattern => "it must not contain a wildcard: addresses are compared character by character",
        AddressProblem::Path => "it must end after host and port",
        AddressProblem::IpAddress => "it must have a host name, not an IP address",
        AddressProblem::TooLong => "it is longer than 2000 characters",
    }
}
