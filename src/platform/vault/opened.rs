//! The data keys of people that were opened last, so that a request neither asks for nor opens one that another did a
//! moment ago. Bounded, and no key is used a minute after it was read: a person whose key was destroyed, on whatever node,
//! is unreadable here by then.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::kernel::Timestamp;
use crate::kernel::ids::PersonId;
use crate::platform::crypto::envelope::SealingKey;

/// How long a key is used after it was read.
const LONGEST: Duration = Duration::from_secs(60);

type Keys = HashMap<PersonId, (SealingKey, Timestamp)>;

/// Two generations, of which the older goes when the newer is full: what is used stays, in constant time.
pub(super) struct OpenedKeys {
    generations: Mutex<(Keys, Keys)>,
    most: usize,
}

impl OpenedKeys {
    /// For at most twice as many.
    pub(super) fn new(most: usize) -> Self {
        Self { generations: Mutex::default(), most }
    }

    pub(super) fn get(&self, person: PersonId, now: Timestamp) -> Option<SealingKey> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let (newer, older) = &mut *generations;
        let (key, read_at) = match newer.get(&person) {
            Some(found) => found.clone(),
            None => older.remove(&person)?,
        };
        // A clock that was set back makes no key younger.
        if now.since(read_at) >= LONGEST || now < read_at {
            newer.remove(&person);
            return None;
        }
        drop(generations);
        self.put(person, key.clone(), read_at);
        Some(key)
    }

    pub(super) fn put(&self, person: PersonId, key: SealingKey, read_at: Timestamp) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let (newer, older) = &mut *generations;
        if newer.len() >= self.most && !newer.contains_key(&person) {
            *older = std::mem::take(newer);
        }
        newer.insert(person, (key, read_at));
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
    fn a_key_is_used_for_a_minute_and_few_are_kept() {
        let keys = OpenedKeys::new(4);
        let now = Timestamp::from_seconds(1_000);
        for number in 1..=8 {
            keys.put(person(number), SealingKey::new(Uuid::from_u128(number), [1; 32]), now);
        }
        assert!(keys.get(person(8), now).is_some_and(|key| key.id() == Uuid::from_u128(8)));
        assert!(keys.get(person(1), now).is_some(), "of the older generation, and now of the newer");
        assert!(keys.get(person(2), now).is_none(), "made room");
        let later = now.plus(Duration::from_secs(59));
        assert!(keys.get(person(8), later).is_some());
        assert!(keys.get(person(8), later.plus(Duration::from_secs(1))).is_none(), "using a key does not make it younger");
        assert!(keys.get(person(1), now.minus(Duration::from_secs(5))).is_none());
    }
}
