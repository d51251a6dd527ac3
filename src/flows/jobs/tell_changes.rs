//! Tells people by mail that an application they allowed is no longer what they were shown. A few in each transaction, so
//! that an application that everyone uses keeps nobody waiting; any node does it, and each person is told once.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::domain::client::{self, Client};
use crate::domain::consent::{self, Affected, Shown};
use crate::domain::outbox::MailKind;
use crate::flows::notifications::{self, EventContext};
use crate::kernel::Fault;
use crate::kernel::address::{RedirectUri, host_of};
use crate::platform::db::Work;

/// How often.
const LOOK: Duration = Duration::from_secs(30);
/// The most people of one transaction.
const BATCH: i64 = 50;

/// Tells for as long as the server runs.
pub(super) async fn keep(app: Arc<App>) {
    loop {
        if let Err(fault) = tell_of_changes(&app).await {
            tracing::warn!(%fault, "people could not be told that an application changed; trying again");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Tells everyone who is to be told now.
///
/// # Errors
/// When the database is away.
pub async fn tell_of_changes(app: &App) -> Result<(), Fault> {
    while app.write(tell_some).await? > 0 {}
    Ok(())
}

fn tell_some(w: &mut Work<'_>) -> Result<usize, Fault> {
    let affected = consent::list_affected(w, BATCH)?;
    for Affected { person, client, shown } in &affected {
        if !consent::note_told(w, *person, *client)? {
            continue;
        }
        let Some(application) = client::find_by_id(w, *client)? else { continue };
        let facts = shown.as_ref().map(|shown| differences(shown, &application)).unwrap_or_default();
        if !facts.is_empty() {
            let thing = [("thing", application.name.clone())];
            notifications::tell(w, *person, MailKind::AppChanged, &[&thing[..], &facts].concat(), &EventContext::elsewhere())?;
        }
    }
    Ok(affected.len())
}

/// What is not as it was shown, for the mail.
fn differences(shown: &Shown, now: &Client) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if shown.name != now.name {
        facts.push(("app_name_before", shown.name.clone()));
    }
    if shown.run_by != now.run_by {
        facts.push(("app_run_by", if now.run_by.is_empty() { "-".to_owned() } else { now.run_by.clone() }));
    }
    let hosts: Vec<String> = now.redirect_uris.iter().map(RedirectUri::as_str).map(host_of).collect();
    if !shown.hosts.iter().any(|host| hosts.contains(host)) {
        facts.push(("app_hosts", hosts.join(", ")));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::testing::client;

    #[test]
    fn only_what_was_shown_and_differs_is_told() {
        let at = |address: &str| RedirectUri::parse(address).unwrap();
        let shown = Shown {
            name: "App".into(),
            run_by: "Acme".into(),
            hosts: vec!["app.example".into()],
            claims: vec![],
            needed: vec![],
            own: None,
            text_version: 1,
        };
        let now = Client { run_by: "Acme".into(), redirect_uris: vec![at("https://app.example/new")], ..client() };
        assert!(differences(&shown, &now).is_empty());
        let more = Client { redirect_uris: vec![at("https://app.example/cb"), at("https://two.example/cb")], ..now.clone() };
        assert!(differences(&shown, &more).is_empty(), "the address that was shown is still there");
        let moved = Client { redirect_uris: vec![at("https://two.example/cb")], ..now.clone() };
        assert_eq!(differences(&shown, &moved), [("app_hosts", "two.example".to_owned())]);
        let renamed = Client { name: "Payroll".into(), run_by: String::new(), ..now };
        assert_eq!(differences(&shown, &renamed), [("app_name_before", "App".to_owned()), ("app_run_by", "-".to_owned())]);
    }
}
