//! Consent: what a person agreed to give an application. Asked first, remembered until it is withdrawn or something that the
//! page showed has changed (OA-110).

mod store;

use serde::{Deserialize, Serialize};

use crate::kernel::ids::{ClientId, ConsentId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

pub use store::{Decided, count, delete as withdraw, find, find_held, list_affected, list_of, note_told, set_claims};

/// What was agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The scopes the person was asked about.
    pub scopes: Vec<String>,
    /// The claims they agreed to; claims they declined are not here.
    pub claims: Vec<String>,
    /// When.
    pub given_at: Timestamp,
    /// What the page showed; unknown of decisions from before that was kept.
    pub shown: Option<Shown>,
}

/// What the page that asked showed about the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub run_by: String,
    /// The hosts of the addresses the answer went to, as the page named them; one for each address that was decided about.
    pub hosts: Vec<String>,
    /// The claims it asked for.
    pub claims: Vec<String>,
    /// Those of them that it said the application needs.
    #[serde(default)]
    pub needed: Vec<String>,
    /// Why the person was told and not asked, where the organisation runs the application itself.
    #[serde(default)]
    pub own: Option<String>,
    /// Which version of the page's text.
    pub text_version: u32,
}

/// A decision about an application that changed since, whose person has not been told yet.
#[derive(Clone, Debug)]
pub struct Affected {
    /// Who decided.
    pub person: PersonId,
    /// About which application.
    pub client: ClientId,
    /// What they were shown.
    pub shown: Option<Shown>,
}

/// What is not as it was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The application's name was another.
    Name(String),
    /// Another person or organisation ran it.
    RunBy(String),
    /// The answer goes to a host that was not shown; these were.
    Host(Vec<String>),
    /// It asks for more.
    More,
    /// It needs what was the person's choice, and they chose not to give it.
    Needs(Vec<String>),
    /// The organisation began or stopped running it itself, or says so for another reason.
    Own,
    /// The page said something else, or what it said was not kept.
    Text,
}

impl Shown {
    /// The same with the hosts that were decided about before and are still registered, unless the application calls itself
    /// something else since.
    pub fn after(mut self, before: Option<&Self>, registered: &[String]) -> Self {
        if let Some(before) = before.filter(|before| before.name == self.name && before.run_by == self.run_by) {
            let kept = before.hosts.iter().filter(|host| registered.contains(host) && !self.hosts.contains(host)).cloned();
            self.hosts.extend(kept.collect::<Vec<_>>());
        }
        self
    }
}

impl Consent {
    /// What differs between what was decided about and what would be shown now.
    pub fn changes(&self, now: &Shown, scopes: &[String]) -> Vec<Change> {
        let Some(before) = &self.shown else { return vec![Change::Text] };
        let mut changes = Vec::new();
        if before.name != now.name {
            changes.push(Change::Name(before.name.clone()));
        }
        if before.run_by != now.run_by {
            changes.push(Change::RunBy(before.run_by.clone()));
        }
        if !now.hosts.iter().all(|host| before.hosts.contains(host)) {
            changes.push(Change::Host(before.hosts.clone()));
        }
        let covered = now.claims.iter().all(|claim| before.claims.contains(claim));
        if !covered || !scopes.iter().all(|scope| self.scopes.contains(scope)) {
            changes.push(Change::More);
        }
        let needs = |claim: &&String| before.claims.contains(claim) && !self.claims.contains(claim);
        let needs: Vec<String> = now.needed.iter().filter(needs).cloned().collect();
        if !needs.is_empty() {
            changes.push(Change::Needs(needs));
        }
        if before.own != now.own {
            changes.push(Change::Own);
        }
        if before.text_version != now.text_version {
            changes.push(Change::Text);
        }
        changes
    }
    /// Whether a claim was asked about.
    pub fn was_asked(&self, claim: &str) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.claims.iter().any(|known| known == claim))
    }
}

impl Consent {
    /// The claims the person was asked about; of a decision from before that was kept, those they agreed to.
    pub fn asked(&self) -> &[String] {
        self.shown.as_ref().map_or(&self.claims, |shown| &shown.claims)
    }
    /// Whether the person was told and not asked.
    pub fn was_told(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.own.is_some())
    }
}

/// Writes down what a person agreed to; replaces what they agreed to before.
pub fn give(w: &mut Work<'_>, person: PersonId, client: ClientId, consent: &Consent) -> Result<(), Fault> {
    let id = ConsentId::make(w.now, w.entropy);
    store::upsert(w, id, person, client, consent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown() -> Shown {
        let text = |text: &str| text.to_owned();
        Shown {
            name: text("Notes"),
            run_by: text("Acme IT"),
            hosts: vec![text("notes.example")],
            claims: vec![text("name")],
            needed: vec![],
            own: None,
            text_version: 1,
        }
    }

    #[test]
    fn a_decision_is_about_what_was_shown() {
        // OA-110
        let scopes = ["openid".to_owned(), "profile".to_owned()];
        let consent = Consent { scopes: scopes.to_vec(), claims: vec![], given_at: Timestamp::from_seconds(1), shown: Some(shown()) };
        let owned = |text: &str| text.to_owned();
        for (now, changes) in [
            (shown(), vec![]),
            (Shown { claims: vec![], ..shown() }, vec![]),
            (Shown { name: owned("Payroll"), ..shown() }, vec![Change::Name(owned("Notes"))]),
            (Shown { run_by: String::new(), ..shown() }, vec![Change::RunBy(owned("Acme IT"))]),
            (Shown { hosts: vec![owned("payroll.example")], ..shown() }, vec![Change::Host(vec![owned("notes.example")])]),
            (Shown { claims: vec![owned("name"), owned("email")], ..shown() }, vec![Change::More]),
            (Shown { needed: vec![owned("name")], ..shown() }, vec![Change::Needs(vec![owned("name")])]),
            (Shown { own: Some(owned("Our notes")), ..shown() }, vec![Change::Own]),
            (Shown { text_version: 2, ..shown() }, vec![Change::Text]),
        ] {
            assert_eq!(consent.changes(&now, &scopes), changes, "{now:?}");
        }
        // What was given already may become needed.
        let given = Consent { claims: vec![owned("name")], ..consent.clone() };
        assert_eq!(given.changes(&Shown { needed: vec![owned("name")], ..shown() }, &scopes), []);
        assert_eq!(consent.changes(&shown(), &[owned("email")]), [Change::More]);
        assert_eq!(Consent { shown: None, ..consent }.changes(&shown(), &scopes), [Change::Text]);
    }

    #[test]
    fn a_second_address_joins_the_first_and_a_new_name_begins_again() {
        let owned = |text: &str| text.to_owned();
        let second = Shown { hosts: vec![owned("admin.example")], ..shown() };
        let registered = [owned("notes.example"), owned("admin.example")];
        assert_eq!(second.clone().after(Some(&shown()), &registered).hosts, ["admin.example", "notes.example"]);
        assert_eq!(second.clone().after(Some(&shown()), &registered[1..]).hosts, ["admin.example"], "no longer registered");
        let renamed = Shown { name: owned("Payroll"), ..second.clone() };
        assert_eq!(renamed.after(Some(&shown()), &registered).hosts, ["admin.example"]);
        assert_eq!(second.after(None, &registered).hosts, ["admin.example"]);
    }
}
