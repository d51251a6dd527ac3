//! Short-lived state: attempts, ceremonies, counters. In this process by default; in Redis for several nodes.
//!
//! Every verb is one step that nobody else can come between: `take` has one winner, `swap` stores only over the
//! version that was seen, `put_new` only where nothing is.

mod memory;
mod redis;

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::{Clock, Fault, Timestamp};
use memory::Memory;
pub use redis::Eviction;
use redis::Redis;

/// Where a value of type `T` is kept.
#[derive(Debug)]
pub struct Key<T> {
    name: String,
    kind: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    /// The key of `id` in a space of its own; ids are opaque, never personal.
    pub fn new(space: &'static str, id: &str) -> Self {
        Self { name: format!("{space}:{id}"), kind: PhantomData }
    }
}

/// A value that knows how often it has been changed.
pub trait Versioned {
    /// The number of changes.
    fn version(&self) -> u64;
}

/// Who can have made a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    /// Somebody who has proved something, or who is one of a few.
    Known,
    /// Anybody. Such values of one space have a share of the place, and the oldest makes room for the newest.
    Openly,
}

impl Made {
    /// What an entry of the store in this process begins with; its turn is given to it there.
    fn turn(self) -> Option<u64> {
        (self == Self::Openly).then_some(0)
    }
}

/// How the store is, for those who look after it.
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

impl Ephemeral {
    /// A store in this process with at most `most` entries.
    pub fn memory(clock: Arc<dyn Clock>, most: usize) -> Self {
        Self::Memory(Arc::new(Memory::new(clock, most)))
    }

    /// A store in the Redis at `url`, for all nodes with this service key.
    ///
    /// # Errors
    /// When the address is not one; that it does not answer shows when it is used.
    pub fn redis(clock: Arc<dyn Clock>, url: &str, service: &[u8; 32]) -> Result<Self, Fault> {
        Ok(Self::Redis(Arc::new(Redis::new(clock, url, service)?)))
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Redis(redis) => redis.ping().await,
        }
    }

    /// Whether the store may drop living values when it is full. The one in this process refuses instead, but for what
    /// anybody can begin.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn eviction(&self) -> Result<Eviction, Fault> {
        match self {
            Self::Memory(_) => Ok(Eviction::Never),
            Self::Redis(redis) => redis.eviction().await,
        }
    }

    /// Stores a value for `ttl`, over whatever was there.
    pub async fn put<T: Serialize>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<(), Fault> {
        self.store(key, bytes(value)?, 0, ttl, Made::Known).await
    }

    /// Stores a value that anybody can have made who has proved nothing. Such values of one space have a share of the
    /// place, and the oldest makes room for the newest (TH-15).
    pub async fn put_open<T: Serialize>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<(), Fault> {
        self.store(key, bytes(value)?, 0, ttl, Made::Openly).await
    }

    /// Stores a versioned value for `ttl`.
    pub async fn put_versioned<T: Serialize + Versioned>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<(), Fault> {
        self.store(key, bytes(value)?, value.version(), ttl, Made::Known).await
    }

    async fn store<T>(&self, key: &Key<T>, bytes: Vec<u8>, number: u64, ttl: Duration, made: Made) -> Result<(), Fault> {
        match self {
            Self::Memory(memory) => memory.put(&key.name, bytes, number, ttl, made),
            Self::Redis(redis) => redis.put(&key.name, &bytes, number, ttl, made).await,
        }
    }

    /// Stores a versioned value unless one is there. True when it was stored.
    pub async fn put_new_versioned<T: Serialize + Versioned>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<bool, Fault> {
        self.store_new(key, bytes(value)?, value.version(), ttl, Made::Known).await
    }

    /// Like [`Self::put_new_versioned`], for what anybody can have made; see [`Self::put_open`].
    pub async fn put_new_versioned_open<T: Serialize + Versioned>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<bool, Fault> {
        self.store_new(key, bytes(value)?, value.version(), ttl, Made::Openly).await
    }

    /// Stores a value unless one is there. True when it was stored.
    pub async fn put_new<T: Serialize>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<bool, Fault> {
        self.store_new(key, bytes(value)?, 0, ttl, Made::Known).await
    }

    /// Like [`Self::put_new`], for what anybody can have made; see [`Self::put_open`].
    pub async fn put_new_open<T: Serialize>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<bool, Fault> {
        self.store_new(key, bytes(value)?, 0, ttl, Made::Openly).await
    }

    async fn store_new<T>(&self, key: &Key<T>, bytes: Vec<u8>, number: u64, ttl: Duration, made: Made) -> Result<bool, Fault> {
        match self {
            Self::Memory(memory) => memory.put_new(&key.name, bytes, number, ttl, made),
            Self::Redis(redis) => redis.put_new(&key.name, &bytes, number, ttl, made).await,
        }
    }

    /// Reads a value.
    pub async fn get<T: DeserializeOwned>(&self, key: &Key<T>) -> Result<Option<T>, Fault> {
        let found = match self {
            Self::Memory(memory) => memory.get(&key.name),
            Self::Redis(redis) => redis.get(&key.name).await?,
        };
        found.map(|bytes| value(&bytes)).transpose()
    }

    /// Reads a value and removes it: of any number of takers one gets it.
    pub async fn take<T: DeserializeOwned>(&self, key: &Key<T>) -> Result<Option<T>, Fault> {
        let found = match self {
            Self::Memory(memory) => memory.take(&key.name),
            Self::Redis(redis) => redis.take(&key.name).await?,
        };
        found.map(|bytes| value(&bytes)).transpose()
    }

    /// Removes a value.
    pub async fn remove<T>(&self, key: &Key<T>) -> Result<(), Fault> {
        match self {
            Self::Memory(memory) => drop(memory.take(&key.name)),
            Self::Redis(redis) => drop(redis.take(&key.name).await?),
        }
        Ok(())
    }

    /// Stores `value` only if the version there is `seen`; the deadline stays. True when it was stored.
    pub async fn swap<T: Serialize + Versioned>(&self, key: &Key<T>, seen: u64, value: &T) -> Result<bool, Fault> {
        match self {
            Self::Memory(memory) => Ok(memory.swap(&key.name, seen, bytes(value)?, value.version())),
            Self::Redis(redis) => redis.swap(&key.name, seen, &bytes(value)?, value.version()).await,
        }
    }

    /// How far a counter has come in its window.
    pub async fn count(&self, space: &'static str, id: &str) -> Result<u64, Fault> {
        match self {
            Self::Memory(memory) => Ok(memory.count(&format!("{space}:{id}"))),
            Self::Redis(redis) => redis.count(&format!("{space}:{id}")).await,
        }
    }

    /// Takes one back from a counter, for a try that turned out right.
    pub async fn lower(&self, space: &'static str, id: &str) -> Result<(), Fault> {
        match self {
            Self::Memory(memory) => memory.lower(&format!("{space}:{id}")),
            Self::Redis(redis) => redis.lower(&format!("{space}:{id}")).await?,
        }
        Ok(())
    }

    /// Counts one, in a window that begins with the first; returns the count and when the window ends.
    pub async fn bump(&self, space: &'static str, id: &str, window: Duration) -> Result<(u64, Timestamp), Fault> {
        self.count_by(space, id, 1, window, Made::Known).await
    }

    /// Like [`Self::bump`], several at once, in a counter that anybody can begin; see [`Self::put_open`].
    pub async fn bump_open(&self, space: &'static str, id: &str, by: u64, window: Duration) -> Result<(u64, Timestamp), Fault> {
        self.count_by(space, id, by, window, Made::Openly).await
    }

    async fn count_by(&self, space: &'static str, id: &str, by: u64, window: Duration, made: Made) -> Result<(u64, Timestamp), Fault> {
        match self {
            Self::Memory(memory) => memory.bump(&format!("{space}:{id}"), by, window, made),
            Self::Redis(redis) => redis.bump(&format!("{space}:{id}"), by, window, made).await,
        }
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
