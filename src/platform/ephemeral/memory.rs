//! The in-process store: one map for each name, under its own lock, with the bounds of its spaces and deadlines by the
//! injected clock.
//!
//! Every value stands in an order by its deadline: what has ended is dropped first, then what ends first. A flood in one
//! space therefore neither touches another nor makes anyone wait for a walk over a map (TH-15, CVE-151).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::space::Maker;
use super::{Counter, Key, MadeBy, PutOutcome, StoreLimits, WhenFull};
use crate::kernel::{Clock, Timestamp};

/// About what an entry occupies beside its key and bytes.
const OVERHEAD: usize = 256;

/// A place in the order: the deadline, then the turn it was given.
type Turn = (Timestamp, u64);

struct StoredEntry {
    bytes: Vec<u8>,
    /// The version of a value, or the count of a counter.
    number: u64,
    turn: Turn,
    made_by: MadeBy,
    makers: Vec<Maker>,
}

impl StoredEntry {
    fn weight(&self, key: &str) -> u64 {
        let makers: usize = self.makers.iter().map(|maker| maker.name.len() + OVERHEAD / 2).sum();
        u64::try_from(key.len() + self.bytes.len() + makers + OVERHEAD).unwrap_or(u64::MAX)
    }
}

/// The values of one maker.
#[derive(Default)]
struct MakerShelf {
    turns: BTreeSet<Turn>,
    weight: u64,
}

/// The values of one space.
#[derive(Default)]
struct Shelf {
    order: BTreeMap<Turn, Arc<str>>,
    weight: u64,
    makers: HashMap<String, MakerShelf>,
}

/// The values of one name.
#[derive(Default)]
struct Room {
    entries: HashMap<Arc<str>, StoredEntry>,
    shelves: HashMap<MadeBy, Shelf>,
    turns: u64,
}

impl Room {
    fn live(&mut self, key: &str, now: Timestamp) -> Option<&mut StoredEntry> {
        self.entries.get_mut(key).filter(|entry| entry.turn.0 > now)
    }

    fn remove(&mut self, key: &str) -> Option<StoredEntry> {
        let entry = self.entries.remove(key)?;
        let weight = entry.weight(key);
        if let Some(shelf) = self.shelves.get_mut(&entry.made_by) {
            shelf.order.remove(&entry.turn);
            shelf.weight = shelf.weight.saturating_sub(weight);
            for maker in &entry.makers {
                if let Some(made) = shelf.makers.get_mut(&maker.name) {
                    made.turns.remove(&entry.turn);
                    made.weight = made.weight.saturating_sub(weight);
                    if made.turns.is_empty() {
                        shelf.makers.remove(&maker.name);
                    }
                }
            }
        }
        Some(entry)
    }

    fn insert(&mut self, key: &str, mut entry: StoredEntry) {
        self.turns += 1;
        entry.turn.1 = self.turns;
        let (weight, key) = (entry.weight(key), Arc::<str>::from(key));
        let shelf = self.shelves.entry(entry.made_by).or_default();
        shelf.order.insert(entry.turn, key.clone());
        shelf.weight += weight;
        for maker in &entry.makers {
            let made = shelf.makers.entry(maker.name.clone()).or_default();
            made.turns.insert(entry.turn);
            made.weight += weight;
        }
        self.entries.insert(key, entry);
    }

    /// Stores an entry after making room for it: what has ended goes, then the maker's own that end first, then those of
    /// the space. Says when the first ends where nothing may be dropped.
    fn store(&mut self, key: &str, entry: StoredEntry, bound: Bound, now: Timestamp) -> Result<(), Timestamp> {
        let replaces = self.remove(key).is_some();
        let weight = entry.weight(key);
        while let Some(ended) = self.first(entry.made_by).filter(|(turn, _)| turn.0 <= now) {
            self.remove(&ended.1);
        }
        for maker in &entry.makers {
            while let Some(own) = self.over(entry.made_by, maker, weight) {
                self.remove(&own);
            }
        }
        while self.shelves.get(&entry.made_by).is_some_and(|shelf| shelf.weight + weight > bound.most)
            && let Some((turn, first)) = self.first(entry.made_by)
        {
            if bound.when_full == WhenFull::Refused && !replaces {
                return Err(turn.0);
            }
            self.remove(&first);
        }
        self.insert(key, entry);
        Ok(())
    }

    fn first(&self, made_by: MadeBy) -> Option<(Turn, Arc<str>)> {
        self.shelves.get(&made_by)?.order.first_key_value().map(|(turn, key)| (*turn, key.clone()))
    }

    /// The maker's value that ends first, if one more of this weight is beyond the maker's maximum.
    fn over(&self, made_by: MadeBy, maker: &Maker, weight: u64) -> Option<Arc<str>> {
        let shelf = self.shelves.get(&made_by)?;
        let made = shelf.makers.get(&maker.name).filter(|made| made.weight + weight > maker.most)?;
        shelf.order.get(made.turns.first()?).cloned()
    }
}

/// The maximum of a space.
#[derive(Clone, Copy)]
struct Bound {
    most: u64,
    when_full: WhenFull,
}

/// See the module.
pub struct Memory {
    rooms: RwLock<HashMap<&'static str, Arc<Mutex<Room>>>>,
    clock: Arc<dyn Clock>,
    limits: StoreLimits,
}

impl Memory {
    pub(super) fn new(clock: Arc<dyn Clock>, limits: StoreLimits) -> Self {
        Self { rooms: RwLock::default(), clock, limits }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn room<T>(&self, key: &Key<T>) -> Arc<Mutex<Room>> {
        let name = key.share.name;
        if let Some(room) = self.rooms.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return room.clone();
        }
        self.rooms.write().unwrap_or_else(PoisonError::into_inner).entry(name).or_default().clone()
    }

    fn entry<T>(&self, key: &Key<T>, bytes: Vec<u8>, number: u64, now: Timestamp) -> (StoredEntry, Bound) {
        let turn = (self.limits.ends(key, now), 0);
        let bound = Bound { most: self.limits.most(&key.share), when_full: key.share.when_full };
        (StoredEntry { bytes, number, turn, made_by: key.share.made_by, makers: key.makers.clone() }, bound)
    }

    pub(super) fn put<T>(&self, key: &Key<T>, bytes: Vec<u8>, version: u64) -> PutOutcome {
        let now = self.now();
        let (entry, bound) = self.entry(key, bytes, version, now);
        locked(&self.room(key)).store(&key.name, entry, bound, now).map_or_else(PutOutcome::Full, |()| PutOutcome::Kept)
    }

    pub(super) fn put_new<T>(&self, key: &Key<T>, bytes: Vec<u8>, version: u64) -> PutOutcome {
        let now = self.now();
        let (entry, bound) = self.entry(key, bytes, version, now);
        let room = self.room(key);
        let mut room = locked(&room);
        if room.live(&key.name, now).is_some() {
            return PutOutcome::Taken;
        }
        room.store(&key.name, entry, bound, now).map_or_else(PutOutcome::Full, |()| PutOutcome::Kept)
    }

    pub(super) fn get<T>(&self, key: &Key<T>) -> Option<Vec<u8>> {
        let now = self.now();
        locked(&self.room(key)).live(&key.name, now).map(|entry| entry.bytes.clone())
    }

    pub(super) fn take<T>(&self, key: &Key<T>) -> Option<Vec<u8>> {
        let now = self.now();
        locked(&self.room(key)).remove(&key.name).filter(|entry| entry.turn.0 > now).map(|entry| entry.bytes)
    }

    pub(super) fn swap<T>(&self, key: &Key<T>, seen: u64, bytes: Vec<u8>, version: u64) -> bool {
        let now = self.now();
        let room = self.room(key);
        let mut room = locked(&room);
        if room.live(&key.name, now).is_none_or(|entry| entry.number != seen) {
            return false;
        }
        // The deadline, the makers and the share stay: a value that grows pushes nothing out.
        if let Some(entry) = room.remove(&key.name) {
            room.insert(&key.name, StoredEntry { bytes, number: version, ..entry });
        }
        true
    }

    pub(super) fn bump(&self, key: &Key<Counter>) -> Result<(u64, Timestamp), Timestamp> {
        let now = self.now();
        let room = self.room(key);
        let mut room = locked(&room);
        if let Some(entry) = room.live(&key.name, now) {
            entry.number = entry.number.saturating_add(1);
            return Ok((entry.number, entry.turn.0));
        }
        let (entry, bound) = self.entry(key, Vec::new(), 1, now);
        let ends = entry.turn.0;
        room.store(&key.name, entry, bound, now)?;
        Ok((1, ends))
    }

    pub(super) fn lower(&self, key: &Key<Counter>) {
        let now = self.now();
        if let Some(entry) = locked(&self.room(key)).live(&key.name, now) {
            entry.number = entry.number.saturating_sub(1);
        }
    }

    pub(super) fn count(&self, key: &Key<Counter>) -> u64 {
        let now = self.now();
        locked(&self.room(key)).live(&key.name, now).map_or(0, |entry| entry.number)
    }
}

fn locked(room: &Mutex<Room>) -> MutexGuard<'_, Room> {
    room.lock().unwrap_or_else(PoisonError::into_inner)
}
