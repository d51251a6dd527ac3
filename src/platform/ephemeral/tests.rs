//! One winner each time, deadlines by the clock, and no room for more than there is.

use std::sync::{Barrier, LazyLock};

use serde::Deserialize;
use tokio::runtime::Runtime;

use super::*;
use crate::kernel::Entropy;
use crate::kernel::fault::FaultKind;
use crate::kernel::time::FixedClock;
use crate::platform::config::Settings;
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

const fn share(name: &'static str, when_full: WhenFull) -> Share {
    Share { name, kept: Lifetime::Fixed(MINUTE), made_by: MadeBy::Stranger, part: 500, each: None, when_full }
}

const COUNTED: Space<Counted> = Space::versioned(share("counted", WhenFull::FirstToEndGoes));
const TRIES: Space<Counter> = Space::new(share("tries", WhenFull::Refused));

fn limits() -> StoreLimits {
    StoreLimits::of(&Settings::defaults())
}

fn store(limits: StoreLimits) -> (Ephemeral, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(Timestamp::from_seconds(1_800_000_000)));
    (Ephemeral::memory(clock.clone(), limits), clock)
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A store of each kind, empty.
fn stores() -> [(Ephemeral, Arc<FixedClock>); 2] {
    stores_of(limits())
}

/// The same, of another size.
fn stores_of(limits: StoreLimits) -> [(Ephemeral, Arc<FixedClock>); 2] {
    let url = std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL is not set: start the tests with tests/run, which provides it");
    let (memory, clock) = store(limits);
    let _inside = RUNTIME.enter();
    let own = Arc::new(FixedClock::at(clock.now()));
    // Another key, and so another store.
    let redis = Ephemeral::redis(own.clone(), limits, &url, &(&OsEntropy as &dyn Entropy).bytes()).unwrap();
    [(memory, clock), (redis, own)]
}

fn key() -> Key<Counted> {
    COUNTED.key("1")
}

fn now<F: Future>(work: F) -> F::Output {
    RUNTIME.block_on(work)
}

/// How many of fifty threads, let go at the same time, won.
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
            now(store.put(&key(), &Counted { version: round, by: 0 })).unwrap();
            assert_eq!(winners(|_| now(store.take(&key())).unwrap().is_some()), 1);
            assert_eq!(now(store.get(&key())).unwrap(), None);
        }
    }
}

#[test]
fn of_fifty_swaps_over_one_version_one_is_stored() {
    // AA-05: two answers to one step of a sign-in
    for (store, _) in stores() {
        now(store.put(&key(), &Counted { version: 1, by: 99 })).unwrap();
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
            assert_eq!(winners(|by| now(store.put_new(&key(), &Counted { version: 0, by })).unwrap()), 1);
            clock.advance(MINUTE);
            assert_eq!(winners(|by| now(store.put_new(&key(), &Counted { version: 3, by })).unwrap()), 1);
            assert!(now(store.swap(&key(), 3, &Counted { version: 4, by: 0 })).unwrap());
            now(store.take(&key())).unwrap();
        }
    }
}

#[test]
fn fifty_tries_at_once_count_fifty() {
    // TH-04
    for (store, _) in stores() {
        let within = |_| now(store.bump(&TRIES.key(1))).unwrap().0 <= 20;
        assert_eq!(winners(within), 20);
        assert_eq!(now(store.count(&TRIES.key(1))).unwrap(), 50);
    }
}

#[tokio::test]
async fn a_value_ends_at_its_deadline() {
    for (store, clock) in stores() {
        let value = Counted { version: 1, by: 1 };
        store.put(&key(), &value).await.unwrap();
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
        store.put(&key(), &value(1)).await.unwrap();
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
    // SE-06: anyone who still holds what they read cannot store it again
    for (store, _) in stores() {
        let value = Counted { version: 1, by: 0 };
        store.put(&key(), &value).await.unwrap();
        store.take(&key()).await.unwrap();
        assert!(!store.swap(&key(), 1, &value).await.unwrap());
        assert_eq!(store.get(&key()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn put_new_stores_once_until_the_deadline() {
    for (store, clock) in stores() {
        let value = |by| Counted { version: 0, by };
        assert!(store.put_new(&key(), &value(1)).await.unwrap());
        clock.advance(MINUTE - MICRO);
        assert!(!store.put_new(&key(), &value(2)).await.unwrap());
        assert_eq!(store.get(&key()).await.unwrap(), Some(value(1)));
        clock.advance(MICRO);
        assert!(store.put_new(&key(), &value(3)).await.unwrap());
        assert_eq!(store.take(&key()).await.unwrap(), Some(value(3)));
    }
}

#[tokio::test]
async fn a_window_begins_with_the_first_and_is_not_stretched() {
    // TH-04
    for (store, clock) in stores() {
        let begin = clock.now();
        let end = begin.plus(MINUTE);
        assert_eq!(store.bump(&TRIES.key(1)).await.unwrap(), (1, end));
        clock.advance(MINUTE - MICRO);
        assert_eq!(store.bump(&TRIES.key(1)).await.unwrap(), (2, end));
        assert_eq!(store.bump(&TRIES.key(2)).await.unwrap().0, 1, "others count for themselves");
        store.lower(&TRIES.key(1)).await.unwrap();
        assert_eq!(store.count(&TRIES.key(1)).await.unwrap(), 1);
        clock.advance(MICRO);
        assert_eq!(store.count(&TRIES.key(1)).await.unwrap(), 0);
        store.lower(&TRIES.key(1)).await.unwrap();
        assert_eq!(store.bump(&TRIES.key(1)).await.unwrap(), (1, end.plus(MINUTE)));
        for _ in 0..3 {
            store.lower(&TRIES.key(1)).await.unwrap();
        }
        assert_eq!(store.bump(&TRIES.key(1)).await.unwrap().0, 1, "a counter does not go below nothing");
    }
}

#[tokio::test]
async fn spaces_do_not_meet() {
    // TK-04
    for (store, _) in stores() {
        let one: Space<Counted> = Space::new(share("one", WhenFull::Refused));
        store.put(&one.key("id"), &Counted { version: 1, by: 0 }).await.unwrap();
        for (name, id) in [("two", "id"), ("one", "ID"), ("one", ""), ("one", "id "), ("oneid", "")] {
            let other: Space<Counted> = Space::new(share(name, WhenFull::Refused));
            assert_eq!(store.get(&other.key(id)).await.unwrap(), None, "{name} {id}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_a_fault_and_not_nothing() {
    for (store, _) in stores() {
        let texts: Space<&str> = Space::new(share("counted", WhenFull::Refused));
        store.put(&texts.key(1), &"text").await.unwrap();
        assert!(store.get(&key()).await.is_err());
        assert!(store.take(&key()).await.is_err());
    }
}

const fn bounded(name: &'static str, made_by: MadeBy, each: Option<u64>, when_full: WhenFull) -> Share {
    // Of a store of 16 MiB about 16 KiB.
    Share { name, kept: Lifetime::Fixed(MINUTE), made_by, part: 1, each, when_full }
}

/// Which of `0..most` are there.
async fn there(store: &Ephemeral, space: &Space<Counted>, most: usize) -> Vec<usize> {
    let mut there = Vec::new();
    for id in 0..most {
        if store.get(&space.key(id)).await.unwrap().is_some() {
            there.push(id);
        }
    }
    there
}

#[tokio::test]
async fn a_flood_in_one_space_takes_nothing_from_another() {
    // TH-15, SE-19, CVE-151
    const FLOOD: Space<Counted> = Space::versioned(bounded("flood", MadeBy::Stranger, None, WhenFull::FirstToEndGoes));
    const OTHER: Space<Counted> = Space::new(bounded("other", MadeBy::Stranger, None, WhenFull::FirstToEndGoes));
    const OF_SESSION: Space<Counted> = Space::new(bounded("flood", MadeBy::Session, Some(4), WhenFull::FirstToEndGoes));
    for (store, clock) in stores_of(small()) {
        let value = Counted { version: 1, by: 0 };
        store.put(&OTHER.key("kept"), &value).await.unwrap();
        store.put(&OF_SESSION.key("kept").made_by("ana"), &value).await.unwrap();
        for id in 0..300 {
            clock.advance(MICRO);
            assert!(store.put_new(&FLOOD.key(id), &value).await.unwrap());
            assert!(store.swap(&FLOOD.key(id), 1, &Counted { version: 2, by: 10_000 }).await.unwrap());
            assert!(!store.put_new(&FLOOD.key(id), &value).await.unwrap());
        }
        let there = there(&store, &FLOOD, 300).await;
        assert!((20..=80).contains(&there.len()), "{}", there.len());
        assert!(there.iter().copied().eq(300 - there.len()..300), "the newest are kept: {there:?}");
        assert!(store.get(&OTHER.key("kept")).await.unwrap().is_some(), "another space is not touched");
        assert!(store.get(&FLOOD.key("kept")).await.unwrap().is_some(), "nor another kind of maker in the same space");
        // What is taken leaves room.
        for id in &there {
            assert!(store.take(&FLOOD.key(id)).await.unwrap().is_some());
        }
        for id in there.iter().take(20) {
            store.put(&FLOOD.key(id), &value).await.unwrap();
        }
        assert_eq!(super::tests::there(&store, &FLOOD, 300).await.len(), 20);
    }
}

#[tokio::test]
async fn one_maker_pushes_out_only_its_own() {
    // TH-15: anyone who makes many takes no room from the others of the same kind
    const LINKS: Space<Counted> = Space::new(bounded("links", MadeBy::Link, Some(4), WhenFull::FirstToEndGoes));
    for (store, clock) in stores_of(small()) {
        let value = Counted { version: 1, by: 0 };
        store.put(&LINKS.key("ana's").made_by("ana"), &value).await.unwrap();
        for id in 0..200 {
            clock.advance(MICRO);
            store.put(&LINKS.key(id).made_by("eve").made_by_group("eves", 2), &value).await.unwrap();
        }
        let of_one = there(&store, &LINKS, 200).await;
        assert!((3..=12).contains(&of_one.len()), "{of_one:?}");
        assert!(of_one.contains(&199), "the newest is there");
        assert!(store.get(&LINKS.key("ana's")).await.unwrap().is_some());
        // Many makers of one group are bounded as a group.
        for id in 200..400 {
            store.put(&LINKS.key(id).made_by(format!("eve {id}")).made_by_group("eves", 2), &value).await.unwrap();
        }
        assert!(there(&store, &LINKS, 400).await.len() <= 24);
        assert!(store.get(&LINKS.key("ana's")).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_guarding_counter_is_never_dropped_and_says_when_there_is_room() {
    // TH-04, TH-12, SE-19: a counter that finds no room is a refusal, never a free try
    const GUARD: Space<Counter> = Space::new(bounded("guard", MadeBy::Stranger, None, WhenFull::Refused));
    for (store, clock) in stores_of(small()) {
        let mut inside = 0;
        let refused = loop {
            match store.bump(&GUARD.key(inside)).await {
                Ok(_) => inside += 1,
                Err(fault) => break fault,
            }
        };
        assert!((10..=80).contains(&inside), "{inside}");
        assert_eq!((refused.kind, refused.retry_after()), (FaultKind::Busy, Some(MINUTE)));
        for id in 0..inside {
            assert_eq!(store.bump(&GUARD.key(id)).await.unwrap().0, 2, "those inside count on");
        }
        clock.advance(MINUTE - MICRO);
        assert!(store.bump(&GUARD.key("late")).await.is_err());
        clock.advance(MICRO);
        assert_eq!(store.bump(&GUARD.key("late")).await.unwrap().0, 1);
    }
}

#[tokio::test]
async fn what_has_ended_takes_no_room() {
    const SPACE: Space<Counted> = Space::new(bounded("ended", MadeBy::Stranger, None, WhenFull::FirstToEndGoes));
    for (store, clock) in stores_of(small()) {
        let value = Counted { version: 1, by: 0 };
        let long = clock.now().plus(10 * MINUTE);
        store.put(&SPACE.key("long").until(long), &value).await.unwrap();
        for round in 0..10 {
            for id in 0..15 {
                store.put(&SPACE.key(format!("{round} {id}")), &value).await.unwrap();
            }
            assert!(store.get(&SPACE.key("long")).await.unwrap().is_some(), "{round}");
            clock.advance(MINUTE - Duration::from_secs(10));
        }
    }
}

fn small() -> StoreLimits {
    StoreLimits::of(&Settings::from_pairs(&[("ephemeral.size", "16")]).unwrap())
}
