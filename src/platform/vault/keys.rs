//! How a job of the database makes, opens and destroys data keys.

use std::collections::HashMap;

use super::store;
use crate::kernel::ids::{DataKeyId, IndexKeyId, PersonId, UuidId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::{FieldLabel, SealingKey};
use crate::platform::db::Work;

const DATA_KEY: FieldLabel = FieldLabel("data_key");
const INDEX_KEY: FieldLabel = FieldLabel("index_key");

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

    /// The data key of a person; `None` once it has been destroyed: immediately on the node that did, and a few seconds later at
    /// the latest on the others.
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

    /// The data keys of some people, by one query for those that are not known; who has none is not there.
    pub fn find_person_keys(&mut self, people: &[PersonId]) -> Result<HashMap<PersonId, SealingKey>, Fault> {
        let (vault, now) = (self.vault, self.now);
        let mut found: HashMap<PersonId, SealingKey> =
            people.iter().filter_map(|person| Some((*person, vault.known.people.get(*person, now)?))).collect();
        let unknown: HashMap<String, PersonId> =
            people.iter().filter(|person| !found.contains_key(person)).map(|person| (person_owner(*person), *person)).collect();
        if unknown.is_empty() {
            return Ok(found);
        }
        let owners: Vec<String> = unknown.keys().cloned().collect();
        for (owner, id, sealed) in store::find_data_keys(self, &owners)? {
            let Some(person) = unknown.get(&owner) else { continue };
            let key = self.open_key(id, &sealed)?;
            vault.known.people.put(*person, key.clone(), now);
            found.insert(*person, key);
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

    /// Destroys the data key of a person: whatever was sealed under it is never read again.
    pub fn destroy_person_key(&mut self, person: PersonId) -> Result<(), Fault> {
        // Before the row goes, and for longer than any read of it can be under way: none puts the key back.
        self.vault.known.people.forget(person, self.now);
        store::delete_data_key(self, &person_owner(person))
    }

    /// The data key of this month and a class of the record, for what an entry says of someone unknown; made on first use.
    pub fn month_key(&mut self, class: &str) -> Result<SealingKey, Fault> {
        let owner = month_owner(class, self.now);
        match self.key_of(&owner)? {
            Some(key) => Ok(key),
            None => self.make_key(&owner),
        }
    }

    /// Destroys the data keys of a class whose months were over before an instant. Says which months these were.
    pub fn destroy_month_keys(&mut self, class: &str, before: Timestamp) -> Result<Vec<String>, Fault> {
        let owners = store::list_owners(self, &month_owners(class), &month_owner(class, before))?;
        for owner in &owners {
            store::delete_data_key(self, owner)?;
        }
        Ok(owners.iter().filter_map(|owner| owner.rsplit(':').next()).map(str::to_owned).collect())
    }

    fn key_of(&mut self, owner: &str) -> Result<Option<SealingKey>, Fault> {
        let Some((id, sealed)) = store::find_data_key(self, owner)? else { return Ok(None) };
        self.open_key(id, &sealed).map(Some)
    }

    fn open_key(&self, id: DataKeyId, sealed: &[u8]) -> Result<SealingKey, Fault> {
        let bytes = self.vault.master.open(DATA_KEY, id.uuid().as_bytes(), sealed)?;
        Ok(SealingKey::new(id.uuid(), key_bytes(&bytes)?))
    }

    fn make_key(&mut self, owner: &str) -> Result<SealingKey, Fault> {
        let key = SealingKey::make(DataKeyId::make(self.now, self.entropy).uuid(), self.entropy);
        let sealed = self.vault.master.seal(DATA_KEY, key.id().as_bytes(), key.bytes())?;
        store::insert_data_key(self, DataKeyId::from_uuid(key.id()), owner, &sealed, self.vault.master.id())?;
        self.key_of(owner)?.ok_or_else(|| Fault::crypto("a data key was stored and is not there"))
    }
}

fn key_bytes(bytes: &[u8]) -> Result<[u8; 32], Fault> {
    bytes.try_into().map_err(|_| Fault::crypto("a key does not have 32 bytes"))
}

fn person_owner(person: PersonId) -> String {
    format!("person:{person}")
}

fn month_owners(class: &str) -> String {
    format!("month:{class}:")
}

fn month_owner(class: &str, at: Timestamp) -> String {
    format!("{}{}", month_owners(class), at.to_utc().format("%Y%m"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::platform::db::Conn;
    use crate::platform::db::testing::each_backend;
    use crate::platform::vault::Vault;

    #[test]
    fn a_destroyed_key_is_not_used_again() {
        each_backend(|w| {
            let person = PersonId::make(w.now, w.entropy);
            w.make_person_key(person).unwrap();
            let key = w.person_key(person).unwrap();
            w.destroy_person_key(person).unwrap();
            assert!(w.find_person_key(person).unwrap().is_none());
            // Another thread had read it a moment before, and is done now.
            w.vault.known.people.put(person, key, w.now);
            assert!(w.find_person_key(person).unwrap().is_none());
        });
    }

    #[test]
    fn a_key_destroyed_on_another_node_is_used_for_a_few_seconds_at_most() {
        each_backend(|w| {
            let person = PersonId::make(w.now, w.entropy);
            w.make_person_key(person).unwrap();
            w.person_key(person).unwrap();
            let node = Vault::new(w.vault.master.clone());
            let (now, entropy) = (w.now, w.entropy);
            let conn = match &mut w.conn {
                Conn::Pg(c) => Conn::Pg(c),
                Conn::Lite(c) => Conn::Lite(c),
            };
            Work { conn, vault: &node, now, entropy }.destroy_person_key(person).unwrap();
            w.now = now.plus(Duration::from_secs(5));
            assert!(w.find_person_key(person).unwrap().is_none());
        });
    }
}
