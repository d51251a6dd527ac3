//! The in-process store: a few maps, each under its own lock, bounded, with deadlines by the injected clock.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::kernel::fault::FaultKind;
use crate::kernel::{Clock, Fault, Timestamp};

const SHARDS: usize = 16;

struct Entry {
    bytes: Vec<u8>,
    /// The version of a versioned value, or the count of a counter.
    number: u64,
    ends: Timestamp,
}

/// See the module.
pub struct Memory {
    shards: [Mutex<HashMap<String, Entry>>; SHARDS],
    hasher: RandomState,
    clock: Arc<dyn Clock>,
    most_per_shard: usize,
}

impl Memory {
    pub(super) fn new(clock: Arc<dyn Clock>, most: usize) -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), hasher: RandomState::new(), clock, most_per_shard: most.div_ceil(SHARDS) }
    }

    fn shard(&self, key: &str) -> MutexGuard<'_, HashMap<String, Entry>> {
        let place = usize::try_from(self.hasher.hash_one(key) % 16).unwrap_or(0);
        let [first, ..] = &self.shards;
        self.shards.get(place).unwrap_or(first).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes room by dropping what has ended; refuses when everything is still alive.
    fn admit(&self, shard: &mut HashMap<String, Entry>, key: &str, now: Timestamp) -> Result<(), Fault> {
        if shard.len() >= self.most_per_shard && !shard.contains_key(key) {
            shard.retain(|_, entry| entry.ends > now);
            if shard.len() >= self.most_per_shard {
                return Err(Fault::new(FaultKind::Busy, "the store of short-lived values is full"));
            }
        }
        Ok(())
    }

    pub(super) fn put(&self, key: &str, bytes: Vec<u8>, version: Option<u64>, ttl: Duration) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut shard = self.shard(key);
        self.admit(&mut shard, key, now)?;
        shard.insert(key.to_owned(), Entry { bytes, number: version.unwrap_or(0), ends: now.plus(ttl) });
        Ok(())
    }

    pub(super) fn put_new(&self, key: &str, bytes: Vec<u8>, number: u64, ttl: Duration) -> Result<bool, Fault> {
        let now = self.clock.now();
        let mut shard = self.shard(key);
        if shard.get(key).is_some_and(|entry| entry.ends > now) {
            return Ok(false);
        }
        self.admit(&mut shard, key, now)?;
        shard.insert(key.to_owned(), Entry { bytes, number, ends: now.plus(ttl) });
        Ok(true)
    }

    pub(super) fn get(&self, key: &str) -> Option<Vec<u8>> {
        let now = self.clock.now();
        self.shard(key).get(key).filter(|entry| entry.ends > now).map(|entry| entry.bytes.clone())
    }

    pub(super) fn take(&self, key: &str) -> Option<Vec<u8>> {
        let now = self.clock.now();
        self.shard(key).remove(key).filter(|entry| entry.ends > now).map(|entry| entry.bytes)
    }

    pub(super) fn swap(&self, key: &str, seen: u64, bytes: Vec<u8>, version: u64) -> bool {
        let now = self.clock.now();
        match self.shard(key).get_mut(key) {
            Some(entry) if entry.ends > now && entry.number == seen => {
                entry.bytes = bytes;
                entry.number = version;
                true
            }
            _ => false,
        }
    }

    pub(super) fn count(&self, key: &str) -> u64 {
        let now = self.clock.now();
        self.shard(key).get(key).filter(|entry| entry.ends > now).map_or(0, |entry| entry.number)
    }

    pub(super) fn lower(&self, key: &str) {
        let now = self.clock.now();
        if let Some(entry) = self.shard(key).get_mut(key).filter(|entry| entry.ends > now) {
            entry.number = entry.number.saturating_sub(1);
        }
    }

    pub(super) fn bump(&self, key: &str, window: Duration) -> Result<(u64, Timestamp), Fault> {
        let now = self.clock.now();
        let mut shard = self.shard(key);
        if let Some(entry) = shard.get_mut(key).filter(|entry| entry.ends > now) {
            entry.number = entry.number.saturating_add(1);
            return Ok((entry.number, entry.ends));
        }
        self.admit(&mut shard, key, now)?;
        let ends = now.plus(window);
        shard.insert(key.to_owned(), Entry { bytes: Vec::new(), number: 1, ends });
        Ok((1, ends))
    }
}
