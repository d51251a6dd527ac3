//! Passwords: one sealed Argon2id hash a person, and the rules for new ones. Hashing itself happens outside any
//! transaction, on the pool of `platform::crypto`.

pub mod rules;
mod store;

use secrecy::{ExposeSecret, SecretString};

use crate::kernel::ids::{PersonId, UuidId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::FieldLabel;
use crate::platform::db::Work;
use crate::platform::vault::open_with;
pub use store::{clear_failures, count_idle_try, count_try, holders_among, uncount_try};

const HASH: FieldLabel = FieldLabel("password.hash");

/// A person's password as kept.
#[derive(Clone, Debug)]
pub struct StoredPassword {
    /// The PHC string.
    pub hash: SecretString,
    /// When it was set.
    pub changed_at: Timestamp,
    /// Wrong tries in a row.
    pub failures: i32,
}

/// Finds a person's password.
pub fn find(w: &mut Work<'_>, person: PersonId) -> Result<Option<StoredPassword>, Fault> {
    let Some(row) = store::find(w, person)? else { return Ok(None) };
    let key = w.person_key(person)?;
    let hash = open_with(&key, HASH, person.uuid().as_bytes(), &row.hash)?;
    Ok(Some(StoredPassword { hash: hash.into(), changed_at: row.changed_at, failures: row.failures }))
}

/// Whether a person has a password.
pub fn exists(w: &mut Work<'_>, person: PersonId) -> Result<bool, Fault> {
    Ok(store::find(w, person)?.is_some())
}

/// Sets a person's password; wrong tries are forgotten.
pub fn set(w: &mut Work<'_>, person: PersonId, hash: &SecretString) -> Result<(), Fault> {
    let sealed = seal(w, person, hash)?;
    store::upsert(w, person, &sealed)
}

/// Keeps the same password at another cost, unless it was changed since it was read.
pub fn rehashed(w: &mut Work<'_>, person: PersonId, read: Timestamp, hash: &SecretString) -> Result<bool, Fault> {
    let sealed = seal(w, person, hash)?;
    store::replace_hash(w, person, read, &sealed)
}

/// Removes a person's password. False when there was none.
pub fn remove(w: &mut Work<'_>, person: PersonId) -> Result<bool, Fault> {
    store::delete(w, person)
}

fn seal(w: &mut Work<'_>, person: PersonId, hash: &SecretString) -> Result<Vec<u8>, Fault> {
    w.person_key(person)?.seal(HASH, person.uuid().as_bytes(), hash.expose_secret().as_bytes())
}

#[cfg(test)]
mod tests;
