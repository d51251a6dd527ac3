//! Passkeys: WebAuthn credentials as rows, and the two ceremonies. The library does the cryptography; this room
//! checks the shape of what came before it and what the library is lenient about after it.

mod ceremony;
mod provider;
mod shape;
mod store;

use uuid::Uuid;

pub use ceremony::{Assertion, Mediation, Registration, RelyingParty};
pub use provider::provider;
pub use shape::{CeremonyRefusal, NamedCredential, challenge_of, named};

use crate::kernel::ids::{PasskeyId, PersonId, UuidId};
use crate::kernel::text::DeviceName;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::FieldLabel;
use crate::platform::db::Work;
use crate::platform::vault::open_with;
pub use store::{claim_use, count_each};

const NAME: FieldLabel = FieldLabel("passkey.name");

/// The most passkeys one account has (WA-44).
pub const MOST: i64 = 50;

/// A passkey of a person.
#[derive(Clone, Debug)]
pub struct Passkey {
    /// Its row.
    pub id: PasskeyId,
    /// What the person calls it.
    pub name: String,
    /// The id the authenticator gave it.
    pub credential_id: Vec<u8>,
    /// The public key in COSE form.
    pub public_key: Vec<u8>,
    /// The authenticator's model, zero when it does not say.
    pub aaguid: Uuid,
    /// How often it was used, by its own count.
    pub counter: u32,
    /// Whether it may be copied by its provider.
    pub backup_eligible: bool,
    /// Whether it has been.
    pub backup_state: bool,
    /// How the browser may reach it.
    pub transports: Vec<String>,
    /// Counts changes; a use is written only over the version it was checked against.
    pub version: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

impl Passkey {
    /// Who made or keeps it, from the bundled list.
    pub fn provider(&self) -> Option<&'static str> {
        provider(self.aaguid)
    }
}

/// A passkey that has passed registration and is not stored yet.
#[derive(Clone, Debug)]
pub struct NewPasskey {
    /// The id the authenticator gave it.
    pub credential_id: Vec<u8>,
    /// The public key in COSE form.
    pub public_key: Vec<u8>,
    /// Its COSE algorithm.
    pub algorithm: i32,
    /// The authenticator's model.
    pub aaguid: Uuid,
    /// Its count.
    pub counter: u32,
    /// Whether it may be copied by its provider.
    pub backup_eligible: bool,
    /// Whether it has been.
    pub backup_state: bool,
    /// How the browser may reach it.
    pub transports: Vec<String>,
}

/// What an accepted assertion showed.
#[derive(Clone, Copy, Debug)]
pub struct Proof {
    /// The new count.
    pub counter: u32,
    /// The new backup state.
    pub backup_state: bool,
}

/// The result of storing a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It is there.
    Made(PasskeyId),
    /// This credential id is on this or another account (WA-43).
    Taken,
    /// The account has as many as it may have.
    TooMany,
}

/// The passkeys of a person, oldest first.
pub fn list(w: &mut Work<'_>, person: PersonId) -> Result<Vec<Passkey>, Fault> {
    let key = w.person_key(person)?;
    store::list(w, person)?.into_iter().map(|row| row.open(&key)).collect()
}

/// Stores a passkey. The unique index decides when two accounts present one credential at the same time.
pub fn insert(w: &mut Work<'_>, person: PersonId, name: &DeviceName, new: &NewPasskey) -> Result<Inserted, Fault> {
    if store::count(w, person)? >= MOST {
        return Ok(Inserted::TooMany);
    }
    let id = PasskeyId::make(w.now, w.entropy);
    let name = w.person_key(person)?.seal(NAME, id.uuid().as_bytes(), name.as_str().as_bytes())?;
    Ok(if store::insert(w, id, person, &name, new)? { Inserted::Made(id) } else { Inserted::Taken })
}

/// Finds a credential and whose it is.
pub fn find_by_credential(w: &mut Work<'_>, credential_id: &[u8]) -> Result<Option<(PersonId, Passkey)>, Fault> {
    let Some(row) = store::find_by_credential(w, credential_id)? else { return Ok(None) };
    let person = row.person_id;
    let key = w.person_key(person)?;
    Ok(Some((person, row.open(&key)?)))
}

/// Gives a passkey another name. False when the person has no such passkey.
pub fn rename(w: &mut Work<'_>, person: PersonId, id: PasskeyId, name: &DeviceName) -> Result<bool, Fault> {
    let sealed = w.person_key(person)?.seal(NAME, id.uuid().as_bytes(), name.as_str().as_bytes())?;
    store::rename(w, person, id, &sealed)
}

/// Removes all passkeys of a person.
pub fn remove_all(w: &mut Work<'_>, person: PersonId) -> Result<usize, Fault> {
    store::delete_all(w, person)
}

/// Removes a passkey. False when the person has no such passkey.
pub fn remove(w: &mut Work<'_>, person: PersonId, id: PasskeyId) -> Result<bool, Fault> {
    store::delete(w, person, id)
}

impl store::PasskeyRow {
    fn open(self, key: &crate::platform::crypto::envelope::SealingKey) -> Result<Passkey, Fault> {
        Ok(Passkey {
            name: open_with(key, NAME, self.id.uuid().as_bytes(), &self.name)?,
            id: self.id,
            credential_id: self.credential_id,
            public_key: self.public_key,
            aaguid: self.aaguid.0,
            counter: u32::try_from(self.counter).map_err(|_| Fault::corrupt("passkeys", "counter", self.id))?,
            backup_eligible: self.backup_eligible,
            backup_state: self.backup_state,
            transports: self.transports.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            version: self.version,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
        })
    }
}

#[cfg(test)]
mod tests;
