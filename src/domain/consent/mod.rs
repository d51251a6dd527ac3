//! Consent: what a person agreed to give an application. Asked first, remembered until it is withdrawn or something
//! new is asked (OA-110).

mod store;

use crate::kernel::ids::{ClientId, ConsentId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// What was agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The scopes the person was asked about.
    pub scopes: Vec<String>,
    /// The claims they agreed to; claims they declined are not here.
    pub claims: Vec<String>,
    /// When.
    pub given_at: Timestamp,
}

/// Finds what a person agreed to give an application.
pub fn find(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<Option<Consent>, Fault> {
    store::find(w, person, client)
}

/// Writes down what a person agreed to; replaces what they agreed to before.
pub fn give(w: &mut Work<'_>, person: PersonId, client: ClientId, scopes: &[String], claims: &[String]) -> Result<(), Fault> {
    let id = ConsentId::make(w.now, w.entropy);
    store::upsert(w, id, person, client, &scopes.join(" "), claims.to_vec())
}

/// How many people agreed to give an application something.
pub fn count(w: &mut Work<'_>, client: ClientId) -> Result<i64, Fault> {
    store::count(w, client)
}

/// Forgets what was agreed.
pub fn withdraw(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<bool, Fault> {
    store::delete(w, person, client)
}
