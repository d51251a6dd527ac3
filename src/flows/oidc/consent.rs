//! The person's decision about an application: what the page that asks showed, the decision given, declined, withdrawn.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::consent::{self, Consent, Shown};
use crate::domain::{grant, ledger};
use crate::kernel::Fault;
use crate::kernel::ids::{ClientId, PersonId, RequestId, UuidId};
use crate::platform::crypto::{hmac_sha256, same};
use crate::platform::db::Work;

/// Counts up with every change of what the page says an application gets: then everyone is asked again.
pub(super) const TEXT_VERSION: u32 = 1;

/// What a page about a request shows, and to whom. Its token goes into the form: a browser stays the same when another
/// person signs in, and an answer counts only for the page it was given on (OA-110).
#[derive(Debug)]
pub(super) struct Showing {
    pub(super) person: PersonId,
    pub(super) request: RequestId,
    pub(super) shown: Shown,
}

impl Showing {
    /// The token for the form.
    pub(super) fn token(&self, form_key: &[u8; 32]) -> String {
        let mut message = b"shown to\0".to_vec();
        message.extend_from_slice(self.person.uuid().as_bytes());
        message.extend_from_slice(self.request.uuid().as_bytes());
        let Shown { name, run_by, hosts, claims, needed, own, text_version } = &self.shown;
        message.extend_from_slice(serde_json::json!([name, run_by, hosts, claims, needed, own, text_version]).to_string().as_bytes());
        BASE64URL_NOPAD.encode(&hmac_sha256(form_key, &message))
    }
    /// Whether a form is of a page that showed this.
    pub(super) fn fits(&self, form_key: &[u8; 32], presented: &str) -> bool {
        same(self.token(form_key).as_bytes(), presented.as_bytes())
    }
}

/// Writes a decision down; it replaces the one before.
pub(super) fn give(w: &mut Work<'_>, person: PersonId, client: ClientId, decided: &Consent, origin: &Value) -> Result<(), Fault> {
    consent::give(w, person, client, decided)?;
    let entry = Entry::new(Kind::ConsentGiven, Actor::Person(person)).about(person).with(client);
    let entry = entry.fact("scopes", decided.scopes.clone()).fact("claims", decided.claims.clone());
    let entry = entry.fact("basis", if decided.was_told() { "told" } else { "asked" });
    audit::append(w, &entry.personal(Some(person), origin.clone())).map(|_| ())
}

/// Writes down that the person said no. What they decided before holds no longer.
pub(super) fn decline(w: &mut Work<'_>, person: PersonId, client: ClientId, origin: &Value) -> Result<(), Fault> {
    let entry = Entry::new(Kind::ConsentDeclined, Actor::Person(person)).about(person).with(client);
    audit::append(w, &entry.personal(Some(person), origin.clone()))?;
    withdraw(w, person, client, origin).map(|_| ())
}

/// Withdraws what a person decided about an application: it is asked about anew, and what was given under it ends (OA-112).
/// The record and the ledger both say so. False when there was nothing to withdraw.
pub(super) fn withdraw(w: &mut Work<'_>, person: PersonId, client: ClientId, origin: &Value) -> Result<bool, Fault> {
    if !consent::withdraw(w, person, client)? {
        return Ok(false);
    }
    let ended = grant::revoke_for_person_and_client(w, person, client)?;
    let entry = Entry::new(Kind::ConsentWithdrawn, Actor::Person(person)).about(person).with(client).fact("grants_ended", ended);
    audit::append(w, &entry.personal(Some(person), origin.clone()))?;
    ledger::withdrawn(w, person, client)?;
    Ok(true)
}
