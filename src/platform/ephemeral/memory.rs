//! The in-process store: a few maps, each under its own lock, bounded, with deadlines by the injected clock.

use std::collections::{HashMap, VecDeque};
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
    /// Whether anybody can have made it who has proved nothing.
    open: bool,
}

impl Entry {
    /// About what it occupies.
    fn weight(&self, key: &str) -> usize {
        key.len() + self.bytes.len() + 96
    }
}

/// The most one map holds, in bytes: the whole store stays under 64 MiB whatever is sent to us.
const MOST_BYTES_PER_SHARD: usize = 4 * 1024 * 1024;

/// The open values of one space: they share a quarter of the map, and the oldest makes place for the newest. Whoever
/// floods us with one kind of beginning stops neither the other kinds nor those who are further on (TH-15).
#[derive(Default)]
struct Open {
    /// Oldest first. Some may have left the map already.
    keys: VecDeque<String>,
    count: usize,
    weight: usize,
}

/// The space of a key.
fn space(key: &str) -> &str {
    key.split_once(':').map_or(key, |(space, _)| space)
}

/// One map and what it weighs.
#[derive(Default)]
struct Shard {
    entries: HashMap<String, Entry>,
    weight: usize,
    open: HashMap<String, Open>,
    /// No entry ends before this: until then looking for ended ones is vain, and whoever floods a full map must not
    /// make everyone wait for a walk over all of it (CVE-151).
    all_live_until: Option<Timestamp>,
}

impl Shard {
    fn insert(&mut self, key: &str, entry: Entry) {
        self.remove(key);
        self.weight += entry.weight(key);
        self.all_live_until = self.all_live_until.map(|until| until.min(entry.ends));
        if entry.open {
            let open = self.open.entry(space(key).to_owned()).or_default();
            open.keys.push_back(key.to_owned());
            open.count += 1;
            open.weight += entry.weight(key);
        }
        self.entries.insert(key.to_owned(), entry);
    }
    /// Drops the oldest open values of a space until one more of this weight stays within its share.
    fn make_room(&mut self, of: &str, weight: usize, most: usize) {
        while let Some(open) = self.open.get_mut(of) {
            if open.count < most / 4 && open.weight + weight <= MOST_BYTES_PER_SHARD / 4 {
                return;
            }
            let Some(oldest) = open.keys.pop_front() else { return };
            self.remove(&oldest);
        }
    }
    fn remove(&mut self, key: &str) -> Option<Entry> {
        let entry = self.entries.remove(key)?;
        self.weight = self.weight.saturating_sub(entry.weight(key));
        if entry.open
            && let Some(open) = self.open.get_mut(space(key))
        {
            open.count = open.count.saturating_sub(1);
            open.weight = open.weight.saturating_sub(entry.weight(key));
            // What has left the map is forgotten here too, before the list is mostly of that.
            if open.keys.len() > 2 * open.count + 64 {
                let entries = &self.entries;
                open.keys.retain(|key| entries.contains_key(key));
            }
        }
        Some(entry)
    }
    fn live(&mut self, key: &str, now: Timestamp) -> Option<&mut Entry> {
        self.entries.get_mut(key).filter(|entry| entry.ends > now)
    }
    fn sweep(&mut self, now: Timestamp) {
        if self.all_live_until.is_some_and(|until| now < until) {
            return;
        }
        let ended: Vec<String> = self.entries.iter().filter(|(_, entry)| entry.ends <= now).map(|(key, _)| key.clone()).collect();
        for key in ended {
            self.remove(&key);
        }
        self.all_live_until = self.entries.values().map(|entry| entry.ends).min();
    }
}

/// See the module.
pub struct Memory {
    shards: [Mutex<Shard>; SHARDS],
    hasher: RandomState,
    clock: Arc<dyn Clock>,
    most_per_shard: usize,
}

impl Memory {
    pub(super) fn new(clock: Arc<dyn Clock>, most: usize) -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), hasher: RandomState::new(), clock, most_per_shard: most.div_ceil(SHARDS) }
    }

    fn shard(&self, key: &str) -> MutexGuard<'_, Shard> {
        let place = usize::try_from(self.hasher.hash_one(key) % 16).unwrap_or(0);
        let [first, ..] = &self.shards;
        self.shards.get(place).unwrap_or(first).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores an entry; makes room by dropping what has ended, and refuses when everything is still alive.
    fn store(&self, shard: &mut Shard, key: &str, entry: Entry, now: Timestamp) -> Result<(), Fault> {
        let fits = |shard: &Shard| {
            // What is there under the same key makes place for it.
            let (count, weight) = shard.entries.get(key).map_or((0, 0), |old| (1, old.weight(key)));
            shard.entries.len() - count < self.most_per_shard && shard.weight - weight + entry.weight(key) <= MOST_BYTES_PER_SHARD
        };
        if !fits(shard) {
            shard.sweep(now);
            if !fits(shard) {
                return Err(Fault::new(FaultKind::Busy, "the store of short-lived values is full"));
            }
        }
        shard.insert(key, entry);
        Ok(())
    }

    pub(super) fn put(&self, key: &str, bytes: Vec<u8>, version: Option<u64>, ttl: Duration) -> Result<(), Fault> {
        let now = self.clock.now();
        let entry = Entry { bytes, number: version.unwrap_or(0), ends: now.plus(ttl), open: false };
        self.store(&mut self.shard(key), key, entry, now)
    }

    pub(super) fn put_open(&self, key: &str, bytes: Vec<u8>, ttl: Duration) -> Result<(), Fault> {
        let now = self.clock.now();
        let entry = Entry { bytes, number: 0, ends: now.plus(ttl), open: true };
        let mut shard = self.shard(key);
        shard.make_room(space(key), entry.weight(key), self.most_per_shard);
        self.store(&mut shard, key, entry, now)
    }

    pub(super) fn put_new(&self, key: &str, bytes: Vec<u8>, number: u64, ttl: Duration) -> Result<bool, Fault> {
        let now = self.clock.now();
        let mut shard = self.shard(key);
        if shard.live(key, now).is_some() {
            return Ok(false);
        }
        self.store(&mut shard, key, Entry { bytes, number, ends: now.plus(ttl), open: false }, now)?;
        Ok(true)
    }

    pub(super) fn get(&self, key: &str) -> Option<Vec<u8>> {
        let now = self.clock.now();
        self.shard(key).live(key, now).map(|entry| entry.bytes.clone())
    }

    pub(super) fn take(&self, key: &str) -> Option<Vec<u8>> {
        let now = self.clock.now();
        self.shard(key).remove(key).filter(|entry| entry.ends > now).map(|entry| entry.bytes)
    }

    pub(super) fn swap(&self, key: &str, seen: u64, bytes: Vec<u8>, version: u64) -> bool {
        let now = self.clock.now();
        let mut shard = self.shard(key);
        let Some(ends) = shard.live(key, now).filter(|entry| entry.number == seen).map(|entry| entry.ends) else { return false };
        shard.insert(key, Entry { bytes, number: version, ends, open: false });
        true
    }

    pub(super) fn count(&self, key: &str) -> u64 {
        let now = self.clock.now();
        self.shard(key).live(key, now).map_or(0, |entry| entry.number)
    }

    pub(super) fn lower(&self, key: &str) {
        let now = self.clock.now();
        if let Some(entry) = self.shard(key).live(key, now) {
            entry.number = entry.number.saturating_sub(1);
        }
    }

    pub(super) fn bump(&self, key: &str, by: u64, window: Duration) -> Result<(u64, Timestamp), Fault> {
        let now = self.clock.now();
        let mut shard = self.shard(key);
        if let Some(entry) = shard.live(key, now) {
            entry.number = entry.number.saturating_add(by);
            return Ok((entry.number, entry.ends));
        }
        let ends = now.plus(window);
        self.store(&mut shard, key, Entry { bytes: Vec::new(), number: by, ends, open: false }, now)?;
        Ok((by, ends))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::FixedClock;

    const HOUR: Duration = Duration::from_secs(3600);

    fn store(most: usize) -> (Arc<Memory>, Arc<FixedClock>) {
        let clock = Arc::new(FixedClock::at(Timestamp::from_seconds(1_000)));
        (Arc::new(Memory::new(clock.clone(), most)), clock)
    }

    fn winners(act: impl Fn(&Memory) -> bool + Send + Sync, memory: &Arc<Memory>) -> usize {
        let act = &act;
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..50).map(|_| scope.spawn(move || act(memory))).collect();
            threads.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum()
        })
    }

    #[test]
    fn of_fifty_at_once_one_wins() {
        // WA-02, AA-05
        let (memory, _) = store(100);
        memory.put("a", vec![1], Some(1), HOUR).unwrap();
        assert_eq!(winners(|memory| memory.swap("a", 1, vec![2], 2), &memory), 1);
        assert_eq!(winners(|memory| memory.take("a").is_some(), &memory), 1);
        assert_eq!(winners(|memory| memory.put_new("b", vec![], 0, HOUR).unwrap(), &memory), 1);
        assert_eq!(winners(|memory| memory.bump("c", 1, HOUR).unwrap().0 == 50, &memory), 1);
    }

    #[test]
    fn a_deadline_is_kept_by_a_change_and_ends_a_value() {
        let (memory, clock) = store(100);
        memory.put("a", vec![1], Some(1), HOUR).unwrap();
        clock.advance(Duration::from_secs(3599));
        assert!(memory.swap("a", 1, vec![2], 2));
        assert_eq!(memory.get("a"), Some(vec![2]));
        clock.advance(Duration::from_secs(1));
        assert_eq!(memory.get("a"), None);
        assert!(!memory.swap("a", 2, vec![3], 3));
        assert_eq!(memory.bump("c", 1, HOUR).unwrap().0, 1);
        clock.advance(HOUR);
        assert_eq!(memory.bump("c", 1, HOUR).unwrap().0, 1);
    }

    #[test]
    fn a_flood_of_beginnings_drops_the_oldest_of_its_own_kind_only() {
        // TH-15, SE-19
        let (memory, _) = store(SHARDS * 100);
        memory.put_open("assertion:a", vec![], HOUR).unwrap();
        for n in 0..10_000 {
            memory.put_open(&format!("request:{n}"), vec![], HOUR).unwrap();
        }
        let kept = (0..10_000).filter(|n| memory.get(&format!("request:{n}")).is_some()).count();
        assert!(kept <= SHARDS * 25, "{kept}");
        assert!(memory.get("request:9999").is_some(), "the newest is there");
        assert!(memory.get("assertion:a").is_some(), "another kind is not touched");
        let (memory, _) = store(1_000_000);
        for n in 0..2_000 {
            memory.put_open(&format!("request:{n}"), vec![0; 100 * 1024], HOUR).unwrap();
        }
        let kept = (0..2_000).filter(|n| memory.get(&format!("request:{n}")).is_some()).count();
        assert!(kept <= SHARDS * 10, "{kept}");
        for n in 0..100 {
            memory.put(&format!("attempt:{n}"), vec![0; 500], Some(1), HOUR).unwrap();
            memory.bump(&format!("network:{n}"), 1, HOUR).unwrap();
        }
    }

    #[test]
    fn values_that_were_taken_leave_nothing_behind() {
        let (memory, _) = store(SHARDS * 1_000);
        for n in 0..20_000 {
            let key = format!("request:{n}");
            memory.put_open(&key, vec![], HOUR).unwrap();
            assert!(memory.take(&key).is_some());
        }
        for shard in &memory.shards {
            let shard = shard.lock().unwrap();
            assert_eq!((shard.entries.len(), shard.weight), (0, 0));
            assert!(shard.open.values().all(|open| open.keys.len() <= 64 && open.count == 0 && open.weight == 0));
        }
    }

    #[test]
    fn it_is_bounded_and_refuses_rather_than_forgets() {
        // SE-19, TH-15
        let (memory, clock) = store(16);
        let stored = (0..100).filter(|n| memory.put(&n.to_string(), vec![], None, HOUR).is_ok()).count();
        assert!((1..=16).contains(&stored), "{stored}");
        let (memory, _) = store(1_000_000);
        let large = (0..200).filter(|n| memory.put(&n.to_string(), vec![0; 1024 * 1024], None, HOUR).is_ok()).count();
        assert!((16..=64).contains(&large), "{large}");
        clock.advance(HOUR);
        let (memory, clock) = store(16);
        memory.put("x", vec![], None, HOUR).unwrap();
        clock.advance(HOUR);
        assert!((0..100).any(|n| memory.put(&n.to_string(), vec![], None, HOUR).is_ok()));
    }
}
