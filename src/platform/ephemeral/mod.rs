//! Short-lived state: attempts, ceremonies, counters. In this process by default; in Redis for several nodes.
//!
//! Every verb is one atomic step: `take` has one winner, `swap` stores only over the version that was read, `put_new` only
//! where nothing is. What may be kept, how long and how much of it, is said by its [`Space`].

mod memory;
mod redis;
mod scripts;
mod space;

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::fault::FaultKind;
use crate::kernel::{Clock, Fault, Timestamp};
use memory::Memory;
use redis::Redis;
pub use redis::{Eviction, UnusableRedis};
pub use space::{Counter, Key, Lifetime, MadeBy, Share, Space, StoreLimits, Versioned, WhenFull};

/// The state of the store, for operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreState {
    /// As it should be.
    Fine,
    /// It answers, and does not say whether it may drop living values.
    Unknown,
    /// It may drop living values, by this policy.
    Evicts(String),
    /// It does not answer: nobody new can sign in until it does.
    Away,
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub enum Ephemeral {
    /// In this process: gone when it ends.
    Memory(Arc<Memory>),
    /// In Redis: shared by all nodes, and there when one of them ends.
    Redis(Arc<Redis>),
}

/// What the store did with a value.
enum PutOutcome {
    /// It is kept.
    Kept,
    /// Another one is there.
    Taken,
    /// The share is used up until then.
    Full(Timestamp),
}

impl Ephemeral {
    /// A store in this process.
    pub fn memory(clock: Arc<dyn Clock>, limits: StoreLimits) -> Self {
        Self::Memory(Arc::new(Memory::new(clock, limits)))
    }

    /// A store in the Redis at `url`, for all nodes with this service key.
    ///
    /// # Errors
    /// When the address is not one; that it does not answer shows when it is used.
    pub fn redis(clock: Arc<dyn Clock>, limits: StoreLimits, url: &str, service: &[u8; 32]) -> Result<Self, Fault> {
        Ok(Self::Redis(Arc::new(Redis::new(clock, limits, url, service)?)))
    }

    /// Whether the store answers.
    pub async fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Redis(redis) => redis.ping().await,
        }
    }

    /// Why the store can never be used as it is set, if so; that it does not answer now is another matter.
    pub async fn unusable(&self) -> Option<UnusableRedis> {
        match self {
            Self::Memory(_) => None,
            Self::Redis(redis) => redis.unusable().await,
        }
    }

    /// Whether the store may drop living values when it is full, beyond what the spaces allow.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn eviction(&self) -> Result<Eviction, Fault> {
        match self {
            Self::Memory(_) => Ok(Eviction::Never),
            Self::Redis(redis) => redis.eviction().await,
        }
    }

    /// Stores a value, over whatever was there.
    ///
    /// # Errors
    /// When the share of the space is used up and nothing may be dropped (503), or the store is away.
    pub async fn put<T: Serialize>(&self, key: &Key<T>, value: &T) -> Result<(), Fault> {
        let (bytes, version) = (bytes(value)?, (key.version)(value));
        let stored = match self {
            Self::Memory(memory) => memory.put(key, bytes, version),
            Self::Redis(redis) => redis.put(key, &bytes, version).await?,
        };
        self.kept(stored, &key.share).map(|_| ())
    }

    /// Stores a value unless one is there. True when it was stored.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn put_new<T: Serialize>(&self, key: &Key<T>, value: &T) -> Result<bool, Fault> {
        let (bytes, version) = (bytes(value)?, (key.version)(value));
        let stored = match self {
            Self::Memory(memory) => memory.put_new(key, bytes, version),
            Self::Redis(redis) => redis.put_new(key, &bytes, version).await?,
        };
        self.kept(stored, &key.share)
    }

    /// Reads a value.
    pub async fn get<T: DeserializeOwned>(&self, key: &Key<T>) -> Result<Option<T>, Fault> {
        let found = match self {
            Self::Memory(memory) => memory.get(key),
            Self::Redis(redis) => redis.get(key).await?,
        };
        found.map(|bytes| value(&bytes)).transpose()
    }

    /// Reads a value and removes it: of any number of takers one gets it.
    pub async fn take<T: DeserializeOwned>(&self, key: &Key<T>) -> Result<Option<T>, Fault> {
        let found = match self {
            Self::Memory(memory) => memory.take(key),
            Self::Redis(redis) => redis.take(key).await?,
        };
        found.map(|bytes| value(&bytes)).transpose()
    }

    /// Stores `value` only if the version there is `seen`; the deadline stays. True when it was stored.
    pub async fn swap<T: Serialize + Versioned>(&self, key: &Key<T>, seen: u64, value: &T) -> Result<bool, Fault> {
        match self {
            Self::Memory(memory) => Ok(memory.swap(key, seen, bytes(value)?, value.version())),
            Self::Redis(redis) => redis.swap(key, seen, &bytes(value)?, value.version()).await,
        }
    }

    /// Counts one, in a window that begins with the first; returns the count and when the window ends.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn bump(&self, key: &Key<Counter>) -> Result<(u64, Timestamp), Fault> {
        let counted = match self {
            Self::Memory(memory) => memory.bump(key),
            Self::Redis(redis) => redis.bump(key).await?,
        };
        counted.map_err(|until| self.full(&key.share, until))
    }

    /// Takes one back from a counter, for a try that turned out right.
    pub async fn lower(&self, key: &Key<Counter>) -> Result<(), Fault> {
        match self {
            Self::Memory(memory) => memory.lower(key),
            Self::Redis(redis) => redis.lower(key).await?,
        }
        Ok(())
    }

    /// A counter's number in its window.
    pub async fn count(&self, key: &Key<Counter>) -> Result<u64, Fault> {
        match self {
            Self::Memory(memory) => Ok(memory.count(key)),
            Self::Redis(redis) => redis.count(key).await,
        }
    }

    fn kept(&self, stored: PutOutcome, share: &Share) -> Result<bool, Fault> {
        match stored {
            PutOutcome::Kept => Ok(true),
            PutOutcome::Taken => Ok(false),
            PutOutcome::Full(until) => Err(self.full(share, until)),
        }
    }

    /// The share of a space is used up until then: 503 with the time that really lasts.
    fn full(&self, share: &Share, until: Timestamp) -> Fault {
        let now = match self {
            Self::Memory(memory) => memory.now(),
            Self::Redis(redis) => redis.now(),
        };
        let text = format!("the share of {} in the short-lived store is used up", share.name);
        Fault::new(FaultKind::Busy, text).after(now.until(until).max(Duration::from_secs(1)))
    }
}

fn bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(value).map_err(|error| Fault::internal(format!("a short-lived value cannot be written: {error}")))
}

fn value<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(bytes).map_err(|error| Fault::internal(format!("a short-lived value cannot be read: {error}")))
}

#[cfg(test)]
mod tests;
