//! `app`: what the pages about applications do, for anyone who has the host.

use super::args::{AccessChoice, AppChange, AppCommand, AppSecretCommand, YesNo, access_of};
use super::once::{Printed, PrintedSecret};
use super::people::reason;
use super::{CommandFailure, app_add};
use crate::app::App;
use crate::domain::client::{AddressReasons, Client, ClientAuth, PkceRule, Revoked};
use crate::flows::ActingAdmin;
use crate::flows::apps::{
    self, AppDetail, AppOutcome, AppOverview, ChangeOutcome, NamedApp, SameName, SecretAdded, Shape, TypedApp, Unfit, Who,
};
use crate::kernel::Timestamp;
use crate::kernel::address::RedirectUri;
use crate::kernel::ids::SecretId;
use crate::kernel::text::Announcement;

/// Runs one of them and says what to print.
pub(super) async fn run(app: &App, command: &AppCommand) -> Result<Printed, CommandFailure> {
    match command {
        AppCommand::Add(add) => app_add::run(app, add).await,
        AppCommand::Secret { command: AppSecretCommand::Add { app: typed } } => add_secret(app, typed).await,
        other => look_after(app, other).await.map(Printed::from),
    }
}

async fn add_secret(app: &App, typed: &str) -> Result<Printed, CommandFailure> {
    let host = ActingAdmin::at_the_host();
    let client = known(app, &host, typed).await?;
    match done(apps::add_secret(app, &host, client.id).await?)? {
        SecretAdded::Made(made) => {
            let text = format!(
                "{} has a second secret, {}. The other keeps working until you revoke it.\n\n  client secret  {}   (shown this once)\n",
                client.name,
                made.id,
                made.secret.expose()
            );
            Ok(Printed { text, made: PrintedSecret::Secret(client.id, made.id) })
        }
        SecretAdded::TooMany => Err(CommandFailure(format!("{} already has two secrets, the maximum. Revoke one first.", client.name))),
        SecretAdded::Public => Err(CommandFailure(format!("{} has no secret. It uses PKCE.", client.name))),
    }
}

/// What shows nothing that is shown once.
async fn look_after(app: &App, command: &AppCommand) -> Result<String, CommandFailure> {
    let host = ActingAdmin::at_the_host();
    match command {
        AppCommand::List => list(app, &host).await,
        AppCommand::Show { app: typed } => {
            let client = known(app, &host, typed).await?;
            let found = apps::find(app, host.actor.looks(), client.id).await?.ok_or_else(gone)?;
            Ok(shown(&found))
        }
        AppCommand::Change(typed) => change(app, &host, typed).await,
        AppCommand::Add(_) | AppCommand::Secret { command: AppSecretCommand::Add { .. } } => Ok(String::new()),
        AppCommand::Secret { command: AppSecretCommand::Revoke { app: typed, secret } } => {
            let client = known(app, &host, typed).await?;
            let nothing = || CommandFailure(format!("{} has no active secret {secret}. See: app show", client.name));
            let id: SecretId = secret.parse().map_err(|_| nothing())?;
            match done(apps::revoke_secret(app, &host, client.id, id).await?)? {
                Revoked::Done => Ok(format!("The secret {id} of {} no longer works.\n", client.name)),
                Revoked::Last => Err(CommandFailure(format!(
                    "This is the only secret of {}, and without one no one could sign in to it. Add another first, or disable the application.",
                    client.name
                ))),
                Revoked::NotThere => Err(nothing()),
            }
        }
        AppCommand::Disable { app: typed, text, reason: why } => {
            let client = known(app, &host, typed).await?;
            if client.disabled {
                return Err(CommandFailure(format!("{} is already disabled.", client.name)));
            }
            let text = Announcement::parse(text).map_err(|_| CommandFailure("--text needs 1 to 300 characters on one line.".to_owned()))?;
            done(apps::disable(app, &host, client.id, text, reason(why)?).await?)?;
            Ok(format!("{} is disabled, and its access was revoked.\n", client.name))
        }
        AppCommand::Enable { app: typed, reason: why } => {
            let client = known(app, &host, typed).await?;
            if !client.disabled {
                return Err(CommandFailure(format!("{} is already enabled.", client.name)));
            }
            done(apps::enable(app, &host, client.id, reason(why)?).await?)?;
            Ok(format!("{} is enabled.\n", client.name))
        }
        AppCommand::ReleasePkce { app: typed, reason: why } => {
            let client = known(app, &host, typed).await?;
            if !matches!(client.pkce(), PkceRule::UsedBefore(_)) {
                return Err(CommandFailure(format!(
                    "{} does not require PKCE because of earlier use. PKCE: {}.",
                    client.name,
                    app_add::pkce(&client)
                )));
            }
            done(apps::release_pkce(app, &host, client.id, reason(why)?).await?)?;
            Ok(format!("{} may send a nonce instead of PKCE until it next uses PKCE.\n", client.name))
        }
        AppCommand::Delete { app: typed, reason: why } => {
            let client = known(app, &host, typed).await?;
            done(apps::delete(app, &host, client.id, reason(why)?).await?)?;
            Ok(format!("{} is deleted. The ledger of what it was given is kept.\n", client.name))
        }
    }
}

fn gone() -> CommandFailure {
    CommandFailure("The application no longer exists, or someone else changed it at the same time.".to_owned())
}

fn done<T>(outcome: AppOutcome<T>) -> Result<T, CommandFailure> {
    match outcome {
        AppOutcome::Done(done) => Ok(done),
        AppOutcome::NotThere => Err(gone()),
        AppOutcome::Demo => Err(CommandFailure("The built-in demo application cannot be changed.".to_owned())),
    }
}

async fn known(app: &App, host: &ActingAdmin, typed: &str) -> Result<Client, CommandFailure> {
    match apps::named(app, host.actor.looks(), typed).await? {
        NamedApp::One(client) => Ok(*client),
        NamedApp::Nobody => Err(CommandFailure(format!("There is no application with the client id or name {typed}. See: app list"))),
        NamedApp::Several(clients) => {
            let ids: String = clients.iter().map(|client| format!("\n    {}", client.client_id)).collect();
            Err(CommandFailure(format!("Several applications are called {typed}. Use a client id:{ids}")))
        }
    }
}

async fn list(app: &App, host: &ActingAdmin) -> Result<String, CommandFailure> {
    let all = apps::list(app, host.actor.looks()).await?;
    if all.is_empty() {
        return Ok("No application is connected yet.\n".to_owned());
    }
    let line = |overview: &AppOverview| {
        let off = if overview.client.disabled { "   disabled" } else { "" };
        format!("{}   {}   {}{off}\n", overview.client.client_id, overview.client.name, who(overview))
    };
    Ok(all.iter().map(line).collect())
}

fn who(overview: &AppOverview) -> String {
    match &overview.groups {
        None => "everyone".to_owned(),
        Some(groups) if groups.is_empty() => "no one".to_owned(),
        Some(groups) => groups.join(", "),
    }
}

fn shown(found: &AppDetail) -> String {
    let client = &found.overview.client;
    let mut lines = Vec::new();
    let mut say = |label: &str, value: String| lines.push(format!("  {label:<15}{value}"));
    say("name", client.name.clone());
    say("run by", if client.run_by.is_empty() { "not set".to_owned() } else { client.run_by.clone() });
    say("client id", client.client_id.clone());
    for (label, uris) in [("redirect", &client.redirect_uris), ("after sign-out", &client.post_logout_redirect_uris)] {
        for uri in uris {
            say(label, RedirectUri::as_str(uri).to_owned());
        }
    }
    let reasons = &client.address_reasons;
    for (label, reason) in [("private http", &reasons.private_http), ("undotted scheme", &reasons.undotted_scheme)] {
        if let Some(reason) = reason {
            say(label, format!(" allowed: {reason}"));
        }
    }
    say("access", who(&found.overview));
    let runs = match Shape::of(client) {
        Shape::Server => "on a server",
        Shape::Browser => "in the browser",
        Shape::Installed => "on people's devices",
    };
    say("runs", runs.to_owned());
    if client.auth != ClientAuth::None {
        say("authentication", client.auth.as_str().to_owned());
    }
    say("ID tokens", client.algorithm.as_str().to_owned());
    say("claims", app_add::claim_rules(client));
    say("read", app_add::claim_delivery(client.claim_delivery).to_owned());
    if let Some(own) = &client.own {
        let by = found.own_by.as_deref().unwrap_or("the host");
        say("own", format!("people are told, and not asked; decided by {by} at {}: {}", own.at, own.reason));
    }
    say("PKCE", app_add::pkce(client));
    let at = |at: Timestamp| at.to_string();
    for secret in &found.secrets {
        say("secret", format!("{}   made {}", secret.id, at(secret.made_at)));
    }
    say("connected", at(client.created_at));
    say("last used", format!(" {}", found.overview.last_released.map_or("never".to_owned(), at)));
    if client.disabled {
        say("disabled", client.disabled_text.clone().unwrap_or_default());
    }
    lines.join("\n") + "\n"
}

/// Everything that was said replaces what was there; what was not said stays.
async fn change(app: &App, host: &ActingAdmin, said: &AppChange) -> Result<String, CommandFailure> {
    let client = known(app, host, &said.app).await?;
    if said.is_empty() {
        return Err(CommandFailure("Nothing to change.".to_owned()));
    }
    let who = match access_of(&said.access) {
        _ if said.access.is_empty() => None,
        Some(AccessChoice::Everyone) => Some(Who::Everyone),
        Some(AccessChoice::Groups(names)) => Some(Who::Groups(names)),
        None => return Err(CommandFailure(app_add::MIXED.to_owned())),
    };
    if said.authentication.is_some() && client.auth == ClientAuth::None {
        return Err(CommandFailure(format!("{} has no secret. It uses PKCE.", client.name)));
    }
    if said.hardened == Some(YesNo::Yes) && client.auth == ClientAuth::None {
        return Err(CommandFailure(format!("{} has no secret, so it always requires PKCE.", client.name)));
    }
    let new = said.clone();
    // Put over what is there in the write itself: what someone else changed meanwhile stays changed.
    let edit = move |now: TypedApp| {
        // An empty reason takes the exemption back.
        let reason = |new: Option<String>, old: Option<String>| new.map_or(old, |new| Some(new).filter(|new| !new.trim().is_empty()));
        let replaced = |new: Vec<String>, old: Vec<String>| if new.is_empty() { old } else { new };
        Some(TypedApp {
            name: new.name.unwrap_or(now.name),
            run_by: new.run_by.or(now.run_by),
            redirect_uris: replaced(new.redirect_uri, now.redirect_uris),
            post_logout_redirect_uris: replaced(new.post_logout_redirect_uri, now.post_logout_redirect_uris),
            address_reasons: AddressReasons {
                private_http: reason(new.private_http, now.address_reasons.private_http),
                undotted_scheme: reason(new.undotted_scheme, now.address_reasons.undotted_scheme),
            },
            who: who.or(now.who),
            authentication: new.authentication.map_or(now.authentication, |authentication| authentication.as_str().to_owned()),
            algorithm: new.algorithm.map_or(now.algorithm, |algorithm| algorithm.as_str().to_owned()),
            claim_rules: now
                .claim_rules
                .into_iter()
                .chain(new.claim.iter().map(|(claim, rule)| (*claim, rule.as_str().to_owned())))
                .collect(),
            own: if new.not_own { None } else { new.own.or(now.own) },
            claim_delivery: new.claim_delivery.map_or(now.claim_delivery, |delivery| delivery.as_str().to_owned()),
            hardened: new.hardened.map_or(now.hardened, |hardened| hardened == YesNo::Yes),
            ..now
        })
    };
    let same = if said.same_name { SameName::Taken } else { SameName::Refused };
    match done(apps::change_typed(app, host, client.id, edit, same).await?)? {
        ChangeOutcome::Saved => {
            let found = apps::find(app, host.actor.looks(), client.id).await?.ok_or_else(gone)?;
            Ok(format!("Changes saved. They apply now.\n\n{}", shown(&found)))
        }
        ChangeOutcome::Outdated => Err(gone()),
        ChangeOutcome::Unfit(Unfit::SameName) => {
            Err(CommandFailure("Another application has this or a similar name. To use it anyway, add --same-name.".to_owned()))
        }
        ChangeOutcome::Unfit(Unfit::Wrong(wrong)) => Err(CommandFailure(wrong.iter().map(app_add::say).collect::<Vec<_>>().join("\n"))),
    }
}
