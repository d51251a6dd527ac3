//! The applications a person allowed: what each gets, changed and withdrawn by the person (OA-112).

use super::claims::Claim;
use super::consent as decisions;
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Client};
use crate::domain::consent::{self, Consent};
use crate::domain::identity::{self, Profile};
use crate::domain::ledger;
use crate::domain::session::Session;
use crate::flows::{Caller, revalidate};
use crate::kernel::claim::ClaimRule;
use crate::kernel::ids::{ClientId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// An application that gets something.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The application.
    pub client: Client,
    /// What the person decided, or was told.
    pub consent: Consent,
    /// The administrator who decided that it is the organisation's own, if one did.
    pub own_by: Option<String>,
    /// When it was last given something about this person.
    pub last_released: Option<Timestamp>,
}

/// What became of changing a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionChange {
    /// The application gets what was chosen, from now on.
    Saved,
    /// It gets nothing any more, and is not in the list.
    NotThere,
}

impl Allowed {
    /// The claims the person was asked about, in the order they are shown.
    pub fn asked(&self) -> Vec<Claim> {
        asked(&self.consent)
    }
    /// The claims it gets now.
    pub fn given(&self) -> Vec<Claim> {
        let gives = |claim: &Claim| self.consent.claims.iter().any(|word| word == claim.as_str()) && self.rule(*claim) != ClaimRule::Never;
        Claim::ALL.into_iter().filter(gives).collect()
    }
    /// Who decides about a claim.
    pub fn rule(&self, claim: Claim) -> ClaimRule {
        self.client.claim_rules.of(claim)
    }
}

fn asked(consent: &Consent) -> Vec<Claim> {
    Claim::ALL.into_iter().filter(|claim| consent.asked().iter().any(|word| word == claim.as_str())).collect()
}

/// Every application a person allowed, by their names.
pub async fn list(app: &App, person: PersonId) -> Result<Vec<Allowed>, Fault> {
    app.read(move |w| {
        let mut all = Vec::new();
        for decided in consent::list_of(w, person)? {
            all.extend(allowed(w, person, decided.client, decided.consent)?);
        }
        all.sort_by_key(|allowed| allowed.client.name.to_lowercase());
        Ok(all)
    })
    .await
}

/// One of them, with the person's values; `None` when the person allowed no such application.
pub async fn find(app: &App, person: PersonId, client: ClientId) -> Result<Option<(Allowed, Profile)>, Fault> {
    app.read(move |w| {
        let Some(consent) = consent::find(w, person, client)? else { return Ok(None) };
        let Some(allowed) = allowed(w, person, client, consent)? else { return Ok(None) };
        Ok(Some((allowed, identity::profile(w, person)?)))
    })
    .await
}

fn allowed(w: &mut Work<'_>, person: PersonId, client: ClientId, consent: Consent) -> Result<Option<Allowed>, Fault> {
    let Some(client) = client::find_by_id(w, client)? else { return Ok(None) };
    let own_by = match client.own.as_ref().and_then(|own| own.by) {
        Some(by) => identity::name_of(w, by)?,
        None => None,
    };
    let last_released = ledger::last_about(w, person, client.id)?;
    Ok(Some(Allowed { client, consent, own_by, last_released }))
}

/// Changes which of the claims that are the person's choice an application gets. Tokens from before give no more than that
/// from the same write on: they are answered by the decision, not by what it was.
pub async fn change(app: &App, caller: &Caller, session: &Session, client: ClientId, chosen: Vec<Claim>) -> Result<DecisionChange, Fault> {
    let (person, in_session, origin) = (session.person, session.id, caller.audit_origin());
    app.write(move |w| {
        revalidate::hold(w, person, in_session)?;
        let (Some(known), Some(before)) = (client::hold(w, client)?, consent::find(w, person, client)?) else {
            return Ok(DecisionChange::NotThere);
        };
        let gave = |claim: &Claim| before.claims.iter().any(|word| word == claim.as_str());
        let gives = |claim: &Claim| match known.claim_rules.of(*claim) {
            ClaimRule::Needed => gave(claim),
            ClaimRule::Choice => chosen.contains(claim),
            ClaimRule::Never => false,
        };
        let now: Vec<String> = asked(&before).into_iter().filter(gives).map(|claim| claim.as_str().to_owned()).collect();
        if now == before.claims {
            return Ok(DecisionChange::Saved);
        }
        consent::set_claims(w, person, client, &now)?;
        let entry = Entry::new(Kind::ConsentChanged, Actor::Person(person)).about(person).with(client);
        let entry = entry.fact("claims", serde_json::json!({ "old": before.claims, "new": now }));
        audit::append(w, &entry.personal(Some(person), origin))?;
        Ok(DecisionChange::Saved)
    })
    .await
}

/// Stops an application: the decision is withdrawn, what was given under it ends, and the next request asks again.
pub async fn stop(app: &App, caller: &Caller, session: &Session, client: ClientId) -> Result<DecisionChange, Fault> {
    let (person, in_session, origin) = (session.person, session.id, caller.audit_origin());
    app.write(move |w| {
        revalidate::hold(w, person, in_session)?;
        Ok(if decisions::withdraw(w, person, client, &origin)? { DecisionChange::Saved } else { DecisionChange::NotThere })
    })
    .await
}
