//! Short-lived state: attempts, ceremonies, counters. In this process by default.
//!
//! Every verb is one step that nobody else can come between: `take` has one winner, `swap` stores only over the
//! version that was seen, `put_new` only where nothing is.

mod memory;

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::{Clock, Fault, Timestamp};
use memory::Memory;

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

/// The store. Cheap to clone.
#[derive(Clone)]
pub enum Ephemeral {
    /// In this process: gone when it ends.
    Memory(Arc<Memory>),
}

impl Ephemeral {
    /// A store in this process with at most `most` entries.
    pub fn memory(clock: Arc<dyn Clock>, most: usize) -> Self {
        Self::Memory(Arc::new(Memory::new(clock, most)))
    }

    /// Stores a value for `ttl`, over whatever was there.
    pub async fn put<T: Serialize>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<(), Fault> {
        let Self::Memory(memory) = self;
        memory.put(&key.name, bytes(value)?, None, ttl)
    }

    /// Stores a value that anybody can have made who has proved nothing. In this process such values of one space
    /// share a quarter of the place, and the oldest makes room for the newest (TH-15).
    pub async fn put_open<T: Serialize>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<(), Fault> {
        let Self::Memory(memory) = self;
        memory.put_open(&key.name, bytes(value)?, ttl)
    }

    /// Stores a versioned value for `ttl`.
    pub async fn put_versioned<T: Serialize + Versioned>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<(), Fault> {
        let Self::Memory(memory) = self;
        memory.put(&key.name, bytes(value)?, Some(value.version()), ttl)
    }

    /// Stores a versioned value unless one is there. True when it was stored.
    pub async fn put_new_versioned<T: Serialize + Versioned>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<bool, Fault> {
        let Self::Memory(memory) = self;
        memory.put_new(&key.name, bytes(value)?, value.version(), ttl)
    }

    /// Stores a value unless one is there. True when it was stored.
    pub async fn put_new<T: Serialize>(&self, key: &Key<T>, value: &T, ttl: Duration) -> Result<bool, Fault> {
        let Self::Memory(memory) = self;
        memory.put_new(&key.name, bytes(value)?, 0, ttl)
    }

    /// Reads a value.
    pub async fn get<T: DeserializeOwned>(&self, key: &Key<T>) -> Result<Option<T>, Fault> {
        let Self::Memory(memory) = self;
        memory.get(&key.name).map(|bytes| value(&bytes)).transpose()
    }

    /// Reads a value and removes it: of any number of takers one gets it.
    pub async fn take<T: DeserializeOwned>(&self, key: &Key<T>) -> Result<Option<T>, Fault> {
        let Self::Memory(memory) = self;
        memory.take(&key.name).map(|bytes| value(&bytes)).transpose()
    }

    /// Removes a value.
    pub async fn remove<T>(&self, key: &Key<T>) -> Result<(), Fault> {
        let Self::Memory(memory) = self;
        memory.take(&key.name);
        Ok(())
    }

    /// Stores `value` only if the version there is `seen`; the deadline stays. True when it was stored.
    pub async fn swap<T: Serialize + Versioned>(&self, key: &Key<T>, seen: u64, value: &T) -> Result<bool, Fault> {
        let Self::Memory(memory) = self;
        Ok(memory.swap(&key.name, seen, bytes(value)?, value.version()))
    }

    /// How far a counter has come in its window.
    pub async fn count(&self, space: &'static str, id: &str) -> Result<u64, Fault> {
        let Self::Memory(memory) = self;
        Ok(memory.count(&format!("{space}:{id}")))
    }

    /// Takes one back from a counter, for a try that turned out right.
    pub async fn lower(&self, space: &'static str, id: &str) -> Result<(), Fault> {
        let Self::Memory(memory) = self;
        memory.lower(&format!("{space}:{id}"));
        Ok(())
    }

    /// Counts one, in a window that begins with the first; returns the count and when the window ends.
    pub async fn bump(&self, space: &'static str, id: &str, window: Duration) -> Result<(u64, Timestamp), Fault> {
        self.bump_by(space, id, 1, window).await
    }

    /// Counts several at once, like [`Self::bump`].
    pub async fn bump_by(&self, space: &'static str, id: &str, by: u64, window: Duration) -> Result<(u64, Timestamp), Fault> {
        let Self::Memory(memory) = self;
        memory.bump(&format!("{space}:{id}"), by, window)
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
