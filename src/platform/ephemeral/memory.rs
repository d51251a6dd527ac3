//! The in-process store: a few maps, each under its own lock, bounded, with deadlines by the injected clock.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Made;
use crate::kernel::fault::FaultKind;
use crate::kernel::{Clock, Fault, Timestamp};

const SHARDS: usize = 16;

struct Entry {
    bytes: Vec<u8>,
    /// The version of a versioned value, or the count of a counter.
    number: u64,
    ends: Timestamp,
    /// Its turn among the open values, if anybody can have made it who has proved nothing.
    open: Option<u64>,
}

impl Entry {
    /// About what it occupies.
    fn weight(&self, key: &str) -> usize {
        key.len() + self.bytes.len() + 96
    }
}

/// The most one map holds, in bytes: the whole store stays under 64 MiB whatever is sent to us.
const MOST_BYTES_PER_SHARD: usize = 4 * 1024 * 1024;

/// The open values of one space: they share a quarter of the map, all spaces together three quarters, and the oldest of
/// the fullest space makes place for the newest. Whoever floods us with some kinds of beginnings stops neither the other
/// kinds nor those who are further on (TH-15).
#[derive(Default)]
struct Open {
    /// Oldest first, each with its turn. Some may have left the map already, or come again with a later turn.
    keys: VecDeque<(u64, String)>,
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
    /// How many open values there have been.
    turns: u64,
    /// No entry ends before this: until then looking for ended ones is vain, and whoever floods a full map must not
    /// make everyone wait for a walk over all of it (CVE-151).
    all_live_until: Option<Timestamp>,
}

impl Shard {
    fn insert(&mut self, key: &str, mut entry: Entry) {
        self.remove(key);
        self.weight += entry.weight(key);
        self.all_live_until = self.all_live_until.map(|until| until.min(entry.ends));
        if entry.open.is_some() {
            self.turns += 1;
            entry.open = Some(self.turns);
            let open = self.open.entry(space(key).to_owned()).or_default();
            open.keys.push_back((self.turns, key.to_owned()));
            open.count += 1;
            open.weight += entry.weight(key);
        }
        self.entries.insert(key.to_owned(), entry);
    }
    /// Drops the oldest open values until one more of this weight stays within the share of its space and of all.
    fn make_room(&mut self, of: &str, weight: usize, most: usize) {
        let over = |count: usize, held: usize, quarters: usize| {
            count >= (most * quarters).div_ceil(4) || held + weight > MOST_BYTES_PER_SHARD / 4 * quarters
        };
        loop {
            let (own, all) = (self.open.get(of), self.open.values());
            let (count, held) = all.fold((0, 0), |(count, held), open| (count + open.count, held + open.weight));
            let from = if own.is_some_and(|own| over(own.count, own.weight, 1)) {
                of.to_owned()
            } else if over(count, held, 3) {
                let part = |open: &Open| open.count * MOST_BYTES_PER_SHARD + open.weight * most;
                let fullest = self.open.iter().max_by_key(|(_, open)| part(open));
                fullest.map(|(space, _)| space.clone()).unwrap_or_default()
            } else {
                return;
            };
            let Some((turn, oldest)) = self.open.get_mut(&from).and_then(|open| open.keys.pop_front()) else { return };
            if self.entries.get(&oldest).is_some_and(|entry| entry.open == Some(turn)) {
                self.remove(&oldest);
            }
        }
    }
    /// Changes a value where it stands: an open one grows no younger by it.
    fn change(&mut self, key: &str, bytes: Vec<u8>, number: u64) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        let before = entry.weight(key);
        (entry.bytes, entry.number) = (bytes, number);
        let after = entry.weight(key);
        self.weight = (self.weight + after).saturating_sub(before);
        if entry.open.is_some()
            && let Some(open) = self.open.get_mut(space(key))
        {
            open.weight = (open.weight + after).saturating_sub(before);
        }
    }
    fn remove(&mut self, key: &str) -> Option<Entry> {
        let entry = self.entries.remove(key)?;
        self.weight = self.weight.saturating_sub(entry.weight(key));
        if entry.open.is_some()
            && let Some(open) = self.open.get_mut(space(key))
        {
            open.count = open.count.saturating_sub(1);
            open.weight = open.weight.saturating_sub(entry.weight(key));
            // What has left the map is forgotten here too, before the list is mostly of that.
            if open.keys.len() > 2 * open.count + 64 {
                let entries = &self.entries;
                open.keys.retain(|(turn, key)| entries.get(key).is_some_and(|entry| entry.open == Some(*turn)));
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

    /// Stores an entry; makes room by dropping what has ended, and refuses when everything is still alive. An open one
    /// drops older open ones first.
    fn store(&self, shard: &mut Shard, key: &str, entry: Entry, now: Timestamp) -> Result<(), Fault> {
        if entry.open.is_some() {
            shard.make_room(space(key), entry.weight(key), self.most_per_shard);
        }
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

    pub(super) fn put(&self, key: &str, bytes: Vec<u8>, number: u64, ttl: Duration, made: Made) -> Result<(), Fault> {
        let now = self.clock.now();
        let entry = Entry { bytes, number, ends: now.plus(ttl), open: made.turn() };
        self.store(&mut self.shard(key), key, entry, now)
    }

    pub(super) fn put_new(&self, key: &str, bytes: Vec<u8>, number: u64, ttl: Duration, made: Made) -> Result<bool, Fault> {
        let now = self.clock.now();
        let mut shard = self.shard(key);
        if shard.live(key, now).is_some() {
            return Ok(false);
        }
        self.store(&mut shard, key, Entry { bytes, number, ends: now.plus(ttl), open: made.turn() }, now)?;
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
        if shard.live(key, now).is_none_or(|entry| entry.number != seen) {
            return false;
        }
        shard.change(key, bytes, version);
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

    pub(super) fn bump(&self, key: &str, by: u64, window: Duration, made: Made) -> Result<(u64, Timestamp), Fault> {
        let now = self.clock.now();
        let mut shard = self.shard(key);
        if let Some(entry) = shard.live(key, now) {
            entry.number = entry.number.saturating_add(by);
            return Ok((entry.number, entry.ends));
        }
        let ends = now.plus(window);
        self.store(&mut shard, key, Entry { bytes: Vec::new(), number: by, ends, open: made.turn() }, now)?;
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
        memory.put("a", vec![1], 1, HOUR, Made::Known).unwrap();
        assert_eq!(winners(|memory| memory.swap("a", 1, vec![2], 2), &memory), 1);
        assert_eq!(winners(|memory| memory.take("a").is_some(), &memory), 1);
        assert_eq!(winners(|memory| memory.put_new("b", vec![], 0, HOUR, Made::Known).unwrap(), &memory), 1);
        assert_eq!(winners(|memory| memory.bump("c", 1, HOUR, Made::Known).unwrap().0 == 50, &memory), 1);
    }

    #[test]
    fn a_deadline_is_kept_by_a_change_and_ends_a_value() {
        let (memory, clock) = store(100);
        memory.put("a", vec![1], 1, HOUR, Made::Known).unwrap();
        clock.advance(Duration::from_secs(3599));
        assert!(memory.swap("a", 1, vec![2], 2));
        assert_eq!(memory.get("a"), Some(vec![2]));
        clock.advance(Duration::from_secs(1));
        assert_eq!(memory.get("a"), None);
        assert!(!memory.swap("a", 2, vec![3], 3));
        assert_eq!(memory.bump("c", 1, HOUR, Made::Known).unwrap().0, 1);
        clock.advance(HOUR);
        assert_eq!(memory.bump("c", 1, HOUR, Made::Known).unwrap().0, 1);
    }

    #[test]
    fn a_flood_of_beginnings_drops_the_oldest_of_its_own_kind_only() {
        // TH-15, SE-19
        let (memory, _) = store(SHARDS * 100);
        memory.put("assertion:a", vec![], 0, HOUR, Made::Openly).unwrap();
        for n in 0..10_000 {
            memory.put(&format!("request:{n}"), vec![], 0, HOUR, Made::Openly).unwrap();
        }
        let kept = (0..10_000).filter(|n| memory.get(&format!("request:{n}")).is_some()).count();
        assert!(kept <= SHARDS * 25, "{kept}");
        assert!(memory.get("request:9999").is_some(), "the newest is there");
        assert!(memory.get("assertion:a").is_some(), "another kind is not touched");
        let (memory, _) = store(1_000_000);
        for n in 0..2_000 {
            memory.put(&format!("request:{n}"), vec![0; 100 * 1024], 0, HOUR, Made::Openly).unwrap();
        }
        let kept = (0..2_000).filter(|n| memory.get(&format!("request:{n}")).is_some()).count();
        assert!(kept <= SHARDS * 10, "{kept}");
        for n in 0..100 {
            memory.put(&format!("attempt:{n}"), vec![0; 500], 1, HOUR, Made::Known).unwrap();
            memory.bump(&format!("network:{n}"), 1, HOUR, Made::Known).unwrap();
        }
    }

    #[test]
    fn floods_of_every_kind_leave_room_for_those_who_are_further_on() {
        // TH-15, SE-19, CVE-151: counters too, and counts that are changed
        let (memory, _) = store(SHARDS * 100);
        let kinds = ["request", "assertion", "tries", "network", "noted"];
        for n in 0..10_000_u64 {
            for kind in kinds {
                let key = format!("{kind}:{n}");
                assert!(memory.put_new(&key, vec![0; 30], 1, HOUR, Made::Openly).unwrap());
                assert!(memory.swap(&key, 1, vec![0; 60], 2));
                memory.bump(&format!("count-{kind}:{n}"), 1, HOUR, Made::Openly).unwrap();
            }
        }
        for shard in &memory.shards {
            let shard = shard.lock().unwrap();
            assert!(shard.entries.len() <= 75, "{}", shard.entries.len());
            assert_eq!(shard.weight, shard.entries.iter().map(|(key, entry)| entry.weight(key)).sum::<usize>());
            assert_eq!(shard.weight, shard.open.values().map(|open| open.weight).sum::<usize>());
        }
        assert_eq!(memory.count("network:9999"), 2, "the newest is there");
        for n in 0..150 {
            memory.put(&format!("attempt:{n}"), vec![], 0, HOUR, Made::Known).unwrap();
        }
    }

    #[test]
    fn what_came_again_is_as_young_as_its_last_coming() {
        let (memory, _) = store(SHARDS * 100);
        for n in 0..2_000 {
            memory.put("request:again", vec![], 0, HOUR, Made::Openly).unwrap();
            memory.put(&format!("request:{n}"), vec![], 0, HOUR, Made::Openly).unwrap();
            assert!(memory.get("request:again").is_some());
        }
    }

    #[test]
    fn values_that_were_taken_leave_nothing_behind() {
        let (memory, _) = store(SHARDS * 1_000);
        for n in 0..20_000 {
            let key = format!("request:{n}");
            memory.put(&key, vec![], 0, HOUR, Made::Openly).unwrap();
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
        let stored = (0..100).filter(|n| memory.put(&n.to_string(), vec![], 0, HOUR, Made::Known).is_ok()).count();
        assert!((1..=16).contains(&stored), "{stored}");
        let (memory, _) = store(1_000_000);
        let large = (0..200).filter(|n| memory.put(&n.to_string(), vec![0; 1024 * 1024], 0, HOUR, Made::Known).is_ok()).count();
        assert!((16..=64).contains(&large), "{large}");
        clock.advance(HOUR);
        let (memory, clock) = store(16);
        memory.put("x", vec![], 0, HOUR, Made::Known).unwrap();
        clock.advance(HOUR);
        assert!((0..100).any(|n| memory.put(&n.to_string(), vec![], 0, HOUR, Made::Known).is_ok()));
    }
}
