//! The pool under load and under attack; the hashes against the reference implementation.

use std::sync::mpsc;

use std::time::Instant;

use super::*;
use crate::platform::crypto::OsEntropy;

const CHEAP: HashCost = HashCost { memory_kib: 64, passes: 1 };
/// From the test suite of the reference implementation in C: "password", "somesalt", 256 KiB, two passes.
const REFERENCE: &str = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

async fn hashed(pool: &Hasher, text: &str, cost: HashCost, salt: u8) -> SecretString {
    match pool.hash(password(text), cost, [salt; 16]).await.unwrap() {
        HashOutcome::Done(hash) => hash,
        HashOutcome::Busy => panic!("busy"),
    }
}

async fn verified(pool: &Hasher, text: &str, hash: &str) -> bool {
    pool.verify(password(text), hash.into()).await.unwrap() == HashOutcome::Done(true)
}

/// A pool whose one thread is held until the returned sender is used or dropped.
async fn held(queue: usize) -> (Hasher, mpsc::Sender<()>) {
    let pool = Hasher::start(1, queue);
    let (release, wait) = mpsc::channel::<()>();
    let (started, running) = oneshot::channel();
    let other = pool.clone();
    tokio::spawn(async move {
        let hold = move |_: &mut Vec<Block>| {
            let _ = started.send(());
            let _ = wait.recv();
            Ok(())
        };
        other.run(hold).await
    });
    running.await.unwrap();
    (pool, release)
}

#[tokio::test]
async fn a_hash_knows_its_password_and_no_other() {
    // PW-02, PW-10: all of a long password counts
    let pool = Hasher::start(2, 8);
    let long = "x".repeat(80);
    let hash = hashed(&pool, &long, CHEAP, 1).await;
    assert!(hash.expose_secret().starts_with("$argon2id$v=19$m=64,t=1,p=1$AQEBAQEBAQEBAQEBAQEBAQ$"));
    assert!(verified(&pool, &long, hash.expose_secret()).await);
    assert!(!verified(&pool, &format!("{}y", "x".repeat(79)), hash.expose_secret()).await);
    assert!(!verified(&pool, &"x".repeat(79), hash.expose_secret()).await);
    assert_ne!(hash.expose_secret(), hashed(&pool, &long, CHEAP, 2).await.expose_secret());
}

#[tokio::test]
async fn a_hash_made_elsewhere_is_checked_at_its_own_cost() {
    // PW-10
    let pool = Hasher::start(1, 8);
    assert!(verified(&pool, "password", REFERENCE).await);
    assert!(!verified(&pool, "Password", REFERENCE).await);
    for other in [REFERENCE.replace("m=256", "m=264"), REFERENCE.replace("t=2", "t=3"), REFERENCE.replace("$c29t", "$d29t")] {
        assert!(!verified(&pool, "password", &other).await, "{other}");
    }
}

#[tokio::test]
async fn what_a_thread_did_before_does_not_change_a_hash() {
    // PW-10: the memory is used again, dirty and larger than needed
    let dirty = Hasher::start(1, 8);
    hashed(&dirty, "something else", HashCost { memory_kib: 256, passes: 2 }, 9).await;
    let second = hashed(&dirty, "password", CHEAP, 1).await;
    let fresh = hashed(&Hasher::start(1, 8), "password", CHEAP, 1).await;
    assert_eq!(second.expose_secret(), fresh.expose_secret());
    assert!(verified(&dirty, "password", REFERENCE).await);
}

#[tokio::test]
async fn what_is_no_hash_of_ours_is_a_fault_and_never_a_match() {
    // PW-10, CR-05
    let pool = Hasher::start(1, 8);
    let broken = [
        String::new(),
        "password".into(),
        REFERENCE.replace("argon2id", "argon2i"),
        REFERENCE.replace("argon2id", "scrypt"),
        REFERENCE.replace("v=19", "v=16"),
        REFERENCE.replace("$v=19", ""),
        REFERENCE.replace("m=256", "m=0"),
        REFERENCE.replace("t=2", "t=0"),
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ".into(),
        // Cut: the beginning of a hash is no hash.
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg".into(),
        "$argon2id$v=19$m=256,t=2,p=1".into(),
    ];
    for hash in broken {
        let hash = SecretString::from(hash);
        assert!(needs_rehash(&hash, HashCost { memory_kib: 256, passes: 2 }), "{}", hash.expose_secret());
        assert!(pool.verify(password("password"), hash.clone()).await.is_err(), "{}", hash.expose_secret());
    }
}

#[test]
fn a_hash_is_made_anew_when_the_cost_moved_either_way() {
    // PW-10
    let stored = SecretString::from(REFERENCE);
    let made_at = HashCost { memory_kib: 256, passes: 2 };
    assert!(!needs_rehash(&stored, made_at));
    for (memory_kib, passes) in [(257, 2), (255, 2), (256, 3), (256, 1)] {
        assert!(needs_rehash(&stored, HashCost { memory_kib, passes }), "{memory_kib} {passes}");
    }
    assert!(needs_rehash(&REFERENCE.replace("p=1", "p=2").into(), made_at));
}

#[tokio::test]
async fn a_decoy_costs_what_a_real_hash_costs_and_nothing_matches_it() {
    // TH-08
    let pool = Hasher::start(1, 8);
    let decoy = decoy(CHEAP, &OsEntropy);
    assert!(!needs_rehash(&decoy, CHEAP));
    let real = hashed(&pool, "password", CHEAP, 1).await;
    assert_eq!(decoy.expose_secret().len(), real.expose_secret().len());
    for tried in ["password", "x", decoy.expose_secret()] {
        assert!(!verified(&pool, tried, decoy.expose_secret()).await);
    }
    assert_ne!(decoy.expose_secret(), super::decoy(CHEAP, &OsEntropy).expose_secret());
}

#[tokio::test]
async fn a_full_queue_answers_at_once_and_serves_those_who_wait() {
    // PW-12, CVE-151
    let (pool, release) = held(1).await;
    let mut waiting = Box::pin(pool.verify(password("password"), REFERENCE.into()));
    assert!(futures_util::future::poll_immediate(&mut waiting).await.is_none());
    for _ in 0..200 {
        assert_eq!(pool.verify(password("password"), REFERENCE.into()).await.unwrap(), HashOutcome::Busy);
        assert!(matches!(pool.hash(password("password"), CHEAP, [1; 16]).await.unwrap(), HashOutcome::Busy));
    }
    drop(release);
    assert_eq!(waiting.await.unwrap(), HashOutcome::Done(true));
    assert!(verified(&pool, "password", REFERENCE).await);
}

#[tokio::test]
async fn work_nobody_waits_for_is_not_done() {
    // PW-12
    let (pool, release) = held(4).await;
    let (ran, seen) = mpsc::channel::<()>();
    let mut gone = Box::pin(pool.run(move |_| {
        let _ = ran.send(());
        Ok(())
    }));
    assert!(futures_util::future::poll_immediate(&mut gone).await.is_none());
    drop(gone);
    drop(release);
    assert!(verified(&pool, "password", REFERENCE).await);
    assert!(seen.recv().is_err());
}

#[tokio::test]
async fn a_panic_costs_one_answer_and_no_thread() {
    // PW-12
    let pool = Hasher::start(1, 8);
    for _ in 0..3 {
        let broken = pool.run(|_| -> Result<(), Fault> { std::panic::resume_unwind(Box::new("broken")) });
        assert!(broken.await.is_err());
    }
    assert!(verified(&pool, "password", REFERENCE).await);
}

#[test]
fn memory_is_kept_between_jobs() {
    // PW-12
    let mut memory = Vec::new();
    phc(b"password", CHEAP, &[1; 16], &mut memory).unwrap();
    let block = memory.as_ptr();
    phc(b"password", CHEAP, &[1; 16], &mut memory).unwrap();
    assert_eq!(memory.as_ptr(), block);
}

#[test]
fn the_threads_end_with_the_last_handle() {
    // PW-12: a pool that is gone holds no thread and no memory
    let pool = Hasher::start(3, 8);
    let queue = Arc::downgrade(&pool.pool.0);
    drop(pool.clone());
    assert!(queue.upgrade().is_some_and(|queue| !queue.is_closed()));
    drop(pool);
    // Each thread holds the queue until it returns.
    while queue.strong_count() > 0 {
        std::thread::yield_now();
    }
}

#[test]
fn the_measured_cost_is_never_below_the_floor() {
    // PW-10
    for most in [0, 1, HashCost::FLOOR.memory_kib] {
        let cost = calibrate(HashCost::FLOOR, most);
        assert_eq!(cost.memory_kib, HashCost::FLOOR.memory_kib);
        assert!(cost.passes >= HashCost::FLOOR.passes);
    }
}

#[test]
fn the_cost_in_force_is_raised_and_never_lowered() {
    // PW-10: a machine of so many microseconds for a MiB and a pass.
    let machine =
        |micros: u64| move |cost: HashCost| Duration::from_micros(micros * u64::from(cost.memory_kib / 1_024) * u64::from(cost.passes));
    let mib = |memory: u32, passes: u32| HashCost { memory_kib: memory * 1_024, passes };
    for (in_force, micros, chosen) in [
        (HashCost::FLOOR, 1_000, mib(64, 2)),
        (HashCost::FLOOR, 500, mib(64, 4)),
        (HashCost::FLOOR, 10_000, HashCost::FLOOR),
        (mib(64, 3), 500, mib(64, 3)),
        (mib(64, 3), 100, mib(64, 16)),
        (mib(64, 3), 100_000, mib(64, 3)),
        (mib(128, 4), 1_000, mib(128, 4)),
    ] {
        assert_eq!(calibrate_by(in_force, 65_536, machine(micros)), chosen, "{in_force:?} at {micros}");
    }
}

#[test]
fn a_busy_machine_measures_what_a_quiet_one_does() {
    // PW-10: what others do while a thread waits for its turn is not counted.
    const OF_OTHERS: Duration = Duration::from_millis(60);
    let burn = || {
        let start = processor_time();
        while processor_time() - start < OF_OTHERS {}
        start
    };
    let wall = Instant::now();
    let ((), took) = measured(|| std::thread::spawn(burn).join().map(drop).unwrap());
    assert!(wall.elapsed() >= OF_OTHERS && took < OF_OTHERS / 2, "{took:?}");
    let (_, took) = measured(burn);
    assert!(took >= OF_OTHERS, "its own is: {took:?}");
}
