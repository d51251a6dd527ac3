//! `app add`: connects an application and prints what it needs to know.

use super::args::{AccessChoice, AppAdd};
use super::{Stop, listen};
use crate::app::App;
use crate::domain::client::{Access, ClientAuth, ClientKind, NewClient, Refused};
use crate::domain::group;
use crate::flows::apps::{self, SameName};
use crate::kernel::address::{AddressProblem, RedirectUri};
use crate::kernel::text::{ClientName, Reason};
use crate::platform::crypto::jws::Algorithm;

pub(super) async fn run(app: &App, add: &AppAdd) -> Result<String, Stop> {
    let access = match add.access() {
        Some(AccessChoice::Everyone) => Access::Everyone,
        Some(AccessChoice::Groups(names)) => Access::Groups(groups(app, names).await?),
        None => return Err(Stop("--access everyone already includes every group; give one or the other.".to_owned())),
    };
    // What is installed on many devices cannot keep one secret (RFC 8252 section 8.5).
    let (kind, auth) =
        if add.public || add.native { (ClientKind::Public, ClientAuth::None) } else { (ClientKind::Confidential, ClientAuth::SecretBasic) };
    let new = NewClient {
        client_id: None,
        name: name("--name", &add.name)?,
        // Nobody said so: then no page says so either.
        run_by: add
            .run_by
            .as_deref()
            .map(|given| name("--run-by", given))
            .transpose()?
            .map(|name| name.as_str().to_owned())
            .unwrap_or_default(),
        kind,
        auth,
        native: add.native,
        algorithm: Algorithm::parse(add.algorithm.as_str()).ok_or_else(|| Stop("That algorithm is not offered.".to_owned()))?,
        redirect_uris: addresses("--redirect-uri", &add.redirect_uri)?,
        post_logout_redirect_uris: addresses("--post-logout-redirect-uri", &add.post_logout_redirect_uri)?,
        access,
        scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        no_pkce: reason("--no-pkce", add.no_pkce.as_deref())?,
        no_nonce: reason("--no-nonce", add.no_nonce.as_deref())?,
        demo: false,
    };
    let same_name = if add.same_name { SameName::Taken } else { SameName::Refused };
    let registered = match apps::register_named(app, new, same_name, apps::Registrar::Host).await? {
        Ok(registered) => registered,
        Err(Refused::SameName) => {
            return Err(Stop(format!(
                "An application called {} is connected already, and people tell applications apart by their names.\n\
                 Choose another --name, or add --same-name to connect a second one.",
                add.name.trim()
            )));
        }
        Err(Refused::Taken) => return Err(Stop("Another application has this id.".to_owned())),
        Err(Refused::NoRedirect) => return Err(Stop("Give at least one --redirect-uri.".to_owned())),
        Err(Refused::Contradiction) => {
            return Err(Stop("An application without a secret cannot be exempt from PKCE or nonce.".to_owned()));
        }
    };
    let mut lines = vec![
        format!("{} is connected.", registered.client.name),
        String::new(),
        format!("  issuer         {}", app.settings.origin().as_str()),
        format!("  discovery      {}", app.settings.origin().join("/.well-known/openid-configuration")),
        format!("  client id      {}", registered.client.client_id),
    ];
    match &registered.secret {
        Some(secret) => lines.push(format!("  client secret  {}   (shown this once)", secret.expose())),
        None => lines.push("  client secret  none: it proves itself by PKCE".to_owned()),
    }
    if registered.client.native {
        lines.push("  port           any, at http://127.0.0.1 and http://[::1]; elsewhere exactly as registered".to_owned());
    }
    lines.push(format!("  scopes         {}", registered.client.scopes.join(" ")));
    lines.push(format!("  ID tokens      {}", registered.client.algorithm.as_str()));
    lines.push(format!("  PKCE           {}", if registered.client.pkce_required { "S256, required" } else { "S256, not required" }));
    if listen::is_silent(app.settings.origin()) {
        lines.push(String::new());
        lines.push("Nothing answers at this issuer now. It is where the server was started last, or what you said.".to_owned());
        lines.push("Starting it elsewhere changes the issuer, and the application must be told.".to_owned());
    }
    Ok(lines.join("\n") + "\n")
}

async fn groups(app: &App, names: Vec<String>) -> Result<Vec<crate::kernel::ids::GroupId>, Stop> {
    let found = app
        .read(move |w| {
            let mut found = Vec::new();
            for name in names {
                found.push((group::find_by_name(w, &name)?, name));
            }
            Ok(found)
        })
        .await?;
    found.into_iter().map(|(id, name)| id.ok_or_else(|| Stop(format!("There is no group called {name}.")))).collect()
}

fn addresses(flag: &str, given: &[String]) -> Result<Vec<RedirectUri>, Stop> {
    given
        .iter()
        .map(|text| {
            RedirectUri::parse(text).map_err(|problem| {
                Stop(format!("{flag} {text}: {}.\nAllowed: https, http on this machine, or an app's own scheme with a dot, such as com.example.app:/callback.", why(problem)))
            })
        })
        .collect()
}

fn why(problem: AddressProblem) -> &'static str {
    match problem {
        AddressProblem::Malformed => "this is not a whole address",
        AddressProblem::Scheme | AddressProblem::NeedsHttps => "this way of opening it is not safe for the answer to a sign-in",
        AddressProblem::Fragment => "there must be no # part",
        AddressProblem::UserInfo => "there must be no user name and no password in it",
        AddressProblem::Pattern => "there must be no wildcard: addresses are compared letter by letter",
        AddressProblem::Path => "there must be nothing after host and port",
        AddressProblem::IpAddress => "there must be a host name, not an IP address",
        AddressProblem::TooLong => "it is longer than 2000 characters",
    }
}

fn name(flag: &str, given: &str) -> Result<ClientName, Stop> {
    ClientName::parse(given).map_err(|_| Stop(format!("{flag} needs 1 to 60 characters on one line.")))
}

fn reason(flag: &str, given: Option<&str>) -> Result<Option<Reason>, Stop> {
    given.map(|text| Reason::parse(text).map_err(|_| Stop(format!("{flag} needs a reason of 1 to 300 characters.")))).transpose()
}
