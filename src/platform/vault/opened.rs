//! The data keys of people that were opened last, so that a request neither asks for nor opens one that another did a
//! moment ago. Bounded, and short: a key that was destroyed here is forgotten immediately, one that was destroyed on another node
//! is used for five seconds at most. No longer than that a request which had just read it may take to answer anyway, and
//! long enough for the requests of one sign-in.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::kernel::Timestamp;
use crate::kernel::ids::PersonId;
use crate::platform::crypto::envelope::SealingKey;

/// How long a key is used after it was read.
const LONGEST: Duration = Duration::from_secs(5);
/// How long none is kept of a person whose key is being destroyed: longer than any read that began before can take.
const QUARANTINE: Duration = Duration::from_secs(60);

type Keys = HashMap<PersonId, (SealingKey, Timestamp)>;

/// Two generations, of which the older goes when the newer is full: what is used stays, in constant time.
pub(super) struct OpenedKeys {
    kept: Mutex<Kept>,
    most: usize,
}

#[derive(Default)]
struct Kept {
    newer: Keys,
    older: Keys,
    destroyed: HashMap<PersonId, Timestamp>,
}

impl OpenedKeys {
    /// For at most twice as many.
    pub(super) fn new(most: usize) -> Self {
        Self { kept: Mutex::default(), most }
    }

    pub(super) fn get(&self, person: PersonId, now: Timestamp) -> Option<SealingKey> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, read_at) = match kept.newer.get(&person) {
            Some(found) => found.clone(),
            None => kept.older.remove(&person)?,
        };
        // A clock that was set back makes no key younger.
        if now.since(read_at) >= LONGEST || now < read_at {
            kept.newer.remove(&person);
            return None;
        }
        kept.put(person, key.clone(), read_at, self.most);
        Some(key)
    }

    pub(super) fn put(&self, person: PersonId, key: SealingKey, read_at: Timestamp) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.destroyed.retain(|_, at| read_at.since(*at) < QUARANTINE);
        if !kept.destroyed.contains_key(&person) {
            kept.put(person, key, read_at, self.most);
        }
    }

    /// Forgets the key of a person, and keeps none for as long as someone may still be reading it.
    pub(super) fn forget(&self, person: PersonId, now: Timestamp) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.destroyed.insert(person, now);
        kept.newer.remove(&person);
        kept.older.remove(&person);
    }
}

impl Kept {
    fn put(&mut self, person: PersonId, key: SealingKey, read_at: Timestamp, most: usize) {
        if self.newer.len() >= most && !self.newer.contains_key(&person) {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(person, (key, read_at));
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::UuidId;

    fn person(number: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn a_key_is_used_for_a_moment_and_few_are_kept() {
        let keys = OpenedKeys::new(4);
        let now = Timestamp::from_seconds(1_000);
        for number in 1..=8 {
            keys.put(person(number), SealingKey::new(Uuid::from_u128(number), [1; 32]), now);
        }
        assert!(keys.get(person(8), now).is_some_and(|key| key.id() == Uuid::from_u128(8)));
        assert!(keys.get(person(1), now).is_some(), "of the older generation, and now of the newer");
        assert!(keys.get(person(2), now).is_none(), "made room");
        let later = now.plus(Duration::from_secs(4));
        assert!(keys.get(person(8), later).is_some());
        assert!(keys.get(person(8), later.plus(Duration::from_secs(1))).is_none(), "using a key does not make it younger");
        assert!(keys.get(person(1), now.minus(Duration::from_secs(5))).is_none());
    }
}
