//! One winner each time, deadlines by the clock, and no room for more than there is.

use std::sync::{Barrier, LazyLock};

use serde::Deserialize;
use tokio::runtime::Runtime;

use super::*;
use crate::kernel::Entropy;
use crate::kernel::fault::FaultKind;
use crate::kernel::time::FixedClock;
use crate::platform::crypto::OsEntropy;

const MINUTE: Duration = Duration::from_secs(60);
const MICRO: Duration = Duration::from_micros(1);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    version: u64,
    by: usize,
}

impl Versioned for Counted {
    fn version(&self) -> u64 {
        self.version
    }
}

fn store(most: usize) -> (Ephemeral, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(Timestamp::from_seconds(1_800_000_000)));
    (Ephemeral::memory(clock.clone(), most), clock)
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A store of each kind, empty.
fn stores() -> [(Ephemeral, Arc<FixedClock>); 2] {
    let url = std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL is not set: start the tests with tests/run, which provides it");
    let (memory, clock) = store(1000);
    let _inside = RUNTIME.enter();
    let own = Arc::new(FixedClock::at(clock.now()));
    // Another key, and so another store.
    let redis = Ephemeral::redis(own.clone(), &url, &(&OsEntropy as &dyn Entropy).bytes()).unwrap();
    [(memory, clock), (redis, own)]
}

fn key() -> Key<Counted> {
    Key::new("counted", "1")
}

fn now<F: Future>(work: F) -> F::Output {
    RUNTIME.block_on(work)
}

/// How many of fifty threads, let go at once, won.
fn winners(race: impl Fn(usize) -> bool + Sync) -> usize {
    let line = Barrier::new(50);
    let run = |number| {
        line.wait();
        race(number)
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..50).map(|number| scope.spawn(move || run(number))).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap().then_some(())).count()
    })
}

#[test]
fn of_fifty_takers_one_gets_it() {
    // WA-12, OA-51
    for (store, _) in stores() {
        for round in 0..20 {
            now(store.put(&key(), &Counted { version: round, by: 0 }, MINUTE)).unwrap();
            assert_eq!(winners(|_| now(store.take(&key())).unwrap().is_some()), 1);
            assert_eq!(now(store.get(&key())).unwrap(), None);
        }
    }
}

#[test]
fn of_fifty_swaps_over_one_version_one_is_stored() {
    // AA-05: two answers to one step of a sign-in
    for (store, _) in stores() {
        now(store.put_versioned(&key(), &Counted { version: 1, by: 99 }, MINUTE)).unwrap();
        for seen in 1..20 {
            let swap = |by| now(store.swap(&key(), seen, &Counted { version: seen + 1, by })).unwrap();
            assert_eq!(winners(swap), 1);
            assert_eq!(now(store.get(&key())).unwrap().unwrap().version, seen + 1);
        }
    }
}

#[test]
fn of_fifty_that_put_new_one_is_stored() {
    for (store, clock) in stores() {
        for _ in 0..10 {
            assert_eq!(winners(|by| now(store.put_new(&key(), &Counted { version: 0, by }, MINUTE)).unwrap()), 1);
            clock.advance(MINUTE);
            assert_eq!(winners(|by| now(store.put_new_versioned(&key(), &Counted { version: 3, by }, MINUTE)).unwrap()), 1);
            assert!(now(store.swap(&key(), 3, &Counted { version: 4, by: 0 })).unwrap());
            now(store.remove(&key())).unwrap();
        }
    }
}

#[test]
fn fifty_tries_at_once_count_fifty() {
    // TH-04
    for (store, _) in stores() {
        let within = |_| now(store.bump("tries", "1", MINUTE)).unwrap().0 <= 20;
        assert_eq!(winners(within), 20);
        assert_eq!(now(store.count("tries", "1")).unwrap(), 50);
    }
}

#[tokio::test]
async fn a_value_ends_at_its_deadline() {
    for (store, clock) in stores() {
        let value = Counted { version: 1, by: 1 };
        store.put_versioned(&key(), &value, MINUTE).await.unwrap();
        clock.advance(MINUTE - MICRO);
        assert_eq!(store.get(&key()).await.unwrap(), Some(value.clone()));
        clock.advance(MICRO);
        assert_eq!(store.get(&key()).await.unwrap(), None);
        assert!(!store.swap(&key(), 1, &value).await.unwrap());
        assert_eq!(store.take(&key()).await.unwrap(), None);
        // What was taken late is gone, even if the clock is set back.
        clock.set(Timestamp::from_seconds(1_800_000_000));
        assert_eq!(store.get(&key()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_swap_keeps_the_deadline_and_refuses_what_was_not_seen() {
    for (store, clock) in stores() {
        let value = |version| Counted { version, by: 0 };
        assert!(!store.swap(&key(), 0, &value(1)).await.unwrap(), "nothing is there");
        store.put_versioned(&key(), &value(1), MINUTE).await.unwrap();
        clock.advance(MINUTE / 2);
        for unseen in [0, 2, u64::MAX] {
            assert!(!store.swap(&key(), unseen, &value(9)).await.unwrap());
        }
        assert_eq!(store.get(&key()).await.unwrap(), Some(value(1)));
        assert!(store.swap(&key(), 1, &value(2)).await.unwrap());
        assert!(!store.swap(&key(), 1, &value(2)).await.unwrap());
        clock.advance(MINUTE / 2 - MICRO);
        assert_eq!(store.get(&key()).await.unwrap(), Some(value(2)));
        clock.advance(MICRO);
        assert_eq!(store.get(&key()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_removed_value_is_not_brought_back_by_a_swap() {
    // SE-06: whoever still holds what they read cannot store it again
    for (store, _) in stores() {
        let value = Counted { version: 1, by: 0 };
        store.put_versioned(&key(), &value, MINUTE).await.unwrap();
        store.remove(&key()).await.unwrap();
        assert!(!store.swap(&key(), 1, &value).await.unwrap());
        assert_eq!(store.get(&key()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn put_new_stores_once_until_the_deadline() {
    for (store, clock) in stores() {
        let value = |by| Counted { version: 0, by };
        assert!(store.put_new(&key(), &value(1), MINUTE).await.unwrap());
        clock.advance(MINUTE - MICRO);
        assert!(!store.put_new(&key(), &value(2), MINUTE).await.unwrap());
        assert_eq!(store.get(&key()).await.unwrap(), Some(value(1)));
        clock.advance(MICRO);
        assert!(store.put_new(&key(), &value(3), MINUTE).await.unwrap());
        assert_eq!(store.take(&key()).await.unwrap(), Some(value(3)));
    }
}

#[tokio::test]
async fn a_window_begins_with_the_first_and_is_not_stretched() {
    // TH-04
    for (store, clock) in stores() {
        let begin = clock.now();
        let end = begin.plus(MINUTE);
        assert_eq!(store.bump("tries", "1", MINUTE).await.unwrap(), (1, end));
        clock.advance(MINUTE - MICRO);
        assert_eq!(store.bump("tries", "1", MINUTE).await.unwrap(), (2, end));
        assert_eq!(store.bump("tries", "2", MINUTE).await.unwrap().0, 1, "others count for themselves");
        store.lower("tries", "1").await.unwrap();
        assert_eq!(store.count("tries", "1").await.unwrap(), 1);
        clock.advance(MICRO);
        assert_eq!(store.count("tries", "1").await.unwrap(), 0);
        store.lower("tries", "1").await.unwrap();
        assert_eq!(store.bump("tries", "1", MINUTE).await.unwrap(), (1, end.plus(MINUTE)));
        for _ in 0..3 {
            store.lower("tries", "1").await.unwrap();
        }
        assert_eq!(store.bump("tries", "1", MINUTE).await.unwrap().0, 1, "a counter does not go below nothing");
    }
}

#[tokio::test]
async fn spaces_do_not_meet() {
    // TK-04
    for (store, _) in stores() {
        let value = Counted { version: 1, by: 0 };
        store.put(&Key::new("one", "id"), &value, MINUTE).await.unwrap();
        for (space, id) in [("two", "id"), ("one", "ID"), ("one", ""), ("one", "id "), ("oneid", "")] {
            assert_eq!(store.get(&Key::<Counted>::new(space, id)).await.unwrap(), None, "{space} {id}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_a_fault_and_not_nothing() {
    for (store, _) in stores() {
        store.put(&Key::new("counted", "1"), &"text", MINUTE).await.unwrap();
        assert!(store.get(&key()).await.is_err());
        assert!(store.take(&key()).await.is_err());
    }
}

#[tokio::test]
async fn what_strangers_begin_in_redis_has_a_budget() {
    // TH-15, SE-19
    let url = std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL is not set: start the tests with tests/run, which provides it");
    let clock = Arc::new(FixedClock::at(Timestamp::from_seconds(1_800_000_000)));
    let mut redis = Redis::new(clock, &url, &(&OsEntropy as &dyn Entropy).bytes()).unwrap();
    redis.most_open = 64 * 1024;
    let store = Ephemeral::Redis(Arc::new(redis));
    let value = Counted { version: 1, by: 0 };
    store.put(&Key::new("attempt", "1"), &value, MINUTE).await.unwrap();
    store.put_open(&Key::new("assertion", "1"), &value, MINUTE).await.unwrap();
    for id in 0..300 {
        let id = id.to_string();
        store.put_open(&Key::new("request", &id), &value, MINUTE).await.unwrap();
        assert!(store.put_new_versioned_open(&Key::new("tries", &id), &value, MINUTE).await.unwrap());
        assert!(!store.put_new_versioned_open(&Key::new("tries", &id), &value, MINUTE).await.unwrap());
        assert!(store.put_new_open(&Key::new("noted", &id), &value, MINUTE).await.unwrap());
        assert_eq!(store.bump_open("network", &id, 2, MINUTE).await.unwrap().0, 2);
        assert_eq!(store.bump_open("network", &id, 1, MINUTE).await.unwrap().0, 3);
    }
    for space in ["request", "tries", "noted"] {
        let mut kept = Vec::new();
        for id in 0..300 {
            if store.get::<Counted>(&Key::new(space, &id.to_string())).await.unwrap().is_some() {
                kept.push(id);
            }
        }
        assert!((50..=128).contains(&kept.len()), "{space}: {}", kept.len());
        assert!(kept.iter().copied().eq(300 - kept.len()..300), "the newest are kept: {kept:?}");
    }
    assert_eq!(store.count("network", "0").await.unwrap(), 0);
    assert_eq!(store.count("network", "299").await.unwrap(), 3);
    assert!(store.get::<Counted>(&Key::new("attempt", "1")).await.unwrap().is_some(), "whoever is further on is not touched");
    assert!(store.get::<Counted>(&Key::new("assertion", "1")).await.unwrap().is_some(), "nor is another kind");
}

/// Fills a store to the brim; returns the ids that found room.
async fn filled(store: &Ephemeral) -> Vec<String> {
    let mut inside = Vec::new();
    for id in 0..2000 {
        let id = id.to_string();
        match store.put(&Key::new("flood", &id), &0, MINUTE).await {
            Ok(()) => inside.push(id),
            Err(fault) => assert_eq!(fault.kind, FaultKind::Busy),
        }
    }
    inside
}

#[tokio::test]
async fn a_full_store_refuses_and_loses_nothing() {
    // TK-06: bounded; a counter that finds no room is a refusal, never a free try (TH-04)
    let (store, clock) = store(160);
    let inside = filled(&store).await;
    assert_eq!(inside.len(), 160);
    for id in 0..100 {
        let id = id.to_string();
        assert!(store.bump("tries", &id, MINUTE).await.unwrap_err().is_temporary());
        assert!(store.put_new(&Key::new("other", &id), &0, MINUTE).await.unwrap_err().is_temporary());
    }
    for id in &inside {
        // What is inside stays, can be replaced and can be taken.
        assert!(!store.put_new(&Key::new("flood", id), &1, MINUTE).await.unwrap());
        store.put(&Key::new("flood", id), &2, MINUTE).await.unwrap();
        assert_eq!(store.get::<i32>(&Key::new("flood", id)).await.unwrap(), Some(2));
    }
    // What is taken leaves room for one, and what has ended for all.
    assert_eq!(store.take::<i32>(&Key::new("flood", &inside[0])).await.unwrap(), Some(2));
    store.put(&Key::new("flood", &inside[0]), &3, 2 * MINUTE).await.unwrap();
    clock.advance(MINUTE);
    assert_eq!(filled(&store).await.len(), 160, "the one that is still there among them");
    assert_eq!(store.get::<i32>(&Key::new("flood", &inside[0])).await.unwrap(), Some(0));
}

#[tokio::test]
async fn room_is_found_again_at_the_moment_the_first_value_ends() {
    let (store, clock) = store(1);
    // A store for one is a store for one in each of its parts; ends differ by part.
    let inside = filled(&store).await;
    for id in &inside {
        store.put(&Key::new("flood", id), &0, Duration::from_secs(10)).await.unwrap();
    }
    clock.advance(Duration::from_secs(10) - MICRO);
    assert!(store.put(&Key::new("flood", "late"), &0, MINUTE).await.is_err());
    clock.advance(MICRO);
    store.put(&Key::new("flood", "late"), &0, MINUTE).await.unwrap();
}
