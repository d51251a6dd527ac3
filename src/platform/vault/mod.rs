//! The vault: the master key, and the data keys in the database that it seals.
//!
//! Every person has a data key, the service has one, and so has each month (for log entries about nobody known).
//! What is personal or secret is sealed under one of them, so that destroying a person's key makes everything
//! about them unreadable, and a stolen database alone opens nothing. The database names the master key it
//! belongs to; a node with another key refuses to start.

mod master;
mod opened;
mod store;

use std::sync::{Arc, OnceLock};

use opened::OpenedKeys;

pub use master::{MasterKeyProblem, MasterKeySource, find_or_make_master};

use crate::kernel::ids::{DataKeyId, IndexKeyId, PersonId, UuidId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::{Field, SealingKey, key_id_of};
use crate::platform::db::Work;

const DATA_KEY: Field = Field("data_key");
const INDEX_KEY: Field = Field("index_key");

/// The keys of this server. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    master: SealingKey,
    known: Arc<Known>,
}

struct Known {
    service: OnceLock<SealingKey>,
    index: OnceLock<(IndexKeyId, SealingKey)>,
    people: OpenedKeys,
}

/// Keys of people that are kept opened: as many people as use a large service within a minute, at 100 bytes each.
const MOST_OPENED: usize = 4_096;

impl Vault {
    /// A vault that opens with `master`.
    pub fn new(master: SealingKey) -> Self {
        let people = OpenedKeys::new(MOST_OPENED);
        Self { master, known: Arc::new(Known { service: OnceLock::new(), index: OnceLock::new(), people }) }
    }
}

impl Work<'_> {
    /// Makes what a database needs before anything can be sealed: its claim to this master key, the service's
    /// data key and the index key. Each is inserted if absent, so of two nodes starting together one wins.
    ///
    /// # Errors
    /// A crypto fault when the database belongs to another master key.
    pub fn found_vault(&mut self) -> Result<(), Fault> {
        let ours = self.vault.master.id();
        let theirs = store::claim_service(self, ours)?;
        if theirs != ours {
            return Err(Fault::crypto(format!("this database is sealed by master key {theirs}, the key given is {ours}")));
        }
        self.make_key("service")?;
        let key = SealingKey::make(IndexKeyId::make(self.now, self.entropy).uuid(), self.entropy);
        let service = self.service_key()?;
        let sealed = service.seal(INDEX_KEY, key.id().as_bytes(), key.bytes())?;
        store::insert_index_key(self, IndexKeyId::from_uuid(key.id()), &sealed)
    }

    /// The data key of what belongs to no person.
    pub fn service_key(&mut self) -> Result<SealingKey, Fault> {
        if let Some(key) = self.vault.known.service.get() {
            return Ok(key.clone());
        }
        let key = self.key_of("service")?.ok_or_else(|| Fault::crypto("the service has no data key"))?;
        Ok(self.vault.known.service.get_or_init(|| key).clone())
    }

    /// The key under which login names are found, and its id.
    pub fn index_key(&mut self) -> Result<(IndexKeyId, SealingKey), Fault> {
        if let Some(known) = self.vault.known.index.get() {
            return Ok(known.clone());
        }
        let (id, sealed) = store::current_index_key(self)?.ok_or_else(|| Fault::crypto("there is no index key"))?;
        let bytes = self.service_key()?.open(INDEX_KEY, id.uuid().as_bytes(), &sealed)?;
        let key = SealingKey::new(id.uuid(), key_bytes(&bytes)?);
        Ok(self.vault.known.index.get_or_init(|| (id, key)).clone())
    }

    /// The data key of a person; `None` once it has been destroyed, a minute after that at the latest.
    pub fn find_person_key(&mut self, person: PersonId) -> Result<Option<SealingKey>, Fault> {
        if let Some(key) = self.vault.known.people.get(person, self.now) {
            return Ok(Some(key));
        }
        let found = self.key_of(&person_owner(person))?;
        if let Some(key) = &found {
            self.vault.known.people.put(person, key.clone(), self.now);
        }
        Ok(found)
    }

    /// The data key of a person who must have one.
    pub fn person_key(&mut self, person: PersonId) -> Result<SealingKey, Fault> {
        self.find_person_key(person)?.ok_or_else(|| Fault::crypto(format!("person {person} has no data key")))
    }

    /// Makes the data key of a new person.
    pub fn make_person_key(&mut self, person: PersonId) -> Result<SealingKey, Fault> {
        self.make_key(&person_owner(person))
    }

    /// The data key of this month, for entries about nobody known; made on first use.
    pub fn month_key(&mut self) -> Result<SealingKey, Fault> {
        let owner = month_owner(self.now);
        match self.key_of(&owner)? {
            Some(key) => Ok(key),
            None => self.make_key(&owner),
        }
    }

    fn key_of(&mut self, owner: &str) -> Result<Option<SealingKey>, Fault> {
        let Some((id, sealed)) = store::find_data_key(self, owner)? else { return Ok(None) };
        let bytes = self.vault.master.open(DATA_KEY, id.uuid().as_bytes(), &sealed)?;
        Ok(Some(SealingKey::new(id.uuid(), key_bytes(&bytes)?)))
    }

    fn make_key(&mut self, owner: &str) -> Result<SealingKey, Fault> {
        let key = SealingKey::make(DataKeyId::make(self.now, self.entropy).uuid(), self.entropy);
        let sealed = self.vault.master.seal(DATA_KEY, key.id().as_bytes(), key.bytes())?;
        store::insert_data_key(self, DataKeyId::from_uuid(key.id()), owner, &sealed, self.vault.master.id())?;
        self.key_of(owner)?.ok_or_else(|| Fault::crypto("a data key was stored and is not there"))
    }
}

/// Opens `sealed` with `key` after checking that it is the key that sealed it, for a clearer fault.
pub fn open_with(key: &SealingKey, field: Field, row: &[u8], sealed: &[u8]) -> Result<String, Fault> {
    if key_id_of(sealed) != Some(key.id()) {
        return Err(Fault::crypto(format!("a value of {} is sealed under another key", field.0)));
    }
    let bytes = key.open(field, row, sealed)?;
    String::from_utf8(bytes.to_vec()).map_err(|_| Fault::crypto(format!("a value of {} is not text", field.0)))
}

fn key_bytes(bytes: &[u8]) -> Result<[u8; 32], Fault> {
    bytes.try_into().map_err(|_| Fault::crypto("a key does not have 32 bytes"))
}

fn person_owner(person: PersonId) -> String {
    format!("person:{person}")
}

fn month_owner(now: Timestamp) -> String {
    format!("month:{}", now.to_utc().format("%Y%m"))
}
