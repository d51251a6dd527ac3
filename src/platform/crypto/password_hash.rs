//! Argon2id on a pool of its own: as many threads as configured, a bounded queue with classes, never a web worker (PW-12).
//!
//! The threads step back behind those that answer. Each keeps its memory block while work is waiting and gives it back after ten idle seconds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::hash_queue::{HashJob, Queue};
use super::same;
use crate::kernel::secret::Password;
use crate::kernel::{Entropy, Fault};

pub use super::hash_queue::Class;

/// What one hash costs; one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl HashCost {
    /// The least OWASP and ASVS allow: 19 MiB, two passes (PW-10).
    pub const FLOOR: Self = Self { memory_kib: 19_456, passes: 2 };

    /// Whether a hash takes more work than at another cost, and no less memory.
    pub fn is_dearer_than(self, other: Self) -> bool {
        let work = |cost: Self| u64::from(cost.memory_kib) * u64::from(cost.passes);
        self.memory_kib >= other.memory_kib && work(self) > work(other)
    }
}

/// The result of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HashOutcome<T> {
    /// It was done.
    Done(T),
    /// Too many were waiting: the answer is 503 with `Retry-After`, never a bypass.
    Busy,
}

const HASH_BYTES: usize = 32;
/// A bare hash.
pub type SecretHash = Zeroizing<[u8; HASH_BYTES]>;

/// About a tenth of the processor time of a thread that is not nice, while both want it.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Blocks (of 1 KiB) reserved at least, used or not: above 32 MiB the allocator always maps memory by itself and gives
/// it back when it is freed; a smaller block may stay in the heap for good after a first one was freed.
const ALWAYS_MAPPED: usize = 33 * 1024;

/// What all handles share; the threads hold the queue only, so that the last handle ends them.
struct Pool(Arc<Queue>);

impl Drop for Pool {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The pool. Cheap to clone; its threads end with its last clone.
#[derive(Clone)]
pub struct Hasher {
    pool: Arc<Pool>,
    class: Class,
}

impl Hasher {
    /// Starts `threads` threads; at most `queue` jobs wait for them.
    pub fn start(threads: usize, queue: usize) -> Self {
        let shared = Arc::new(Queue::new(threads.max(1), queue));
        for number in 0..threads.max(1) {
            let queue = shared.clone();
            let spawned = std::thread::Builder::new().name(format!("hash-{number}")).spawn(move || work(&queue));
            if let Err(error) = spawned {
                tracing::error!(%error, "a hashing thread could not be started");
            }
        }
        Self { pool: Arc::new(Pool(shared)), class: Class::Stranger }
    }

    /// The same pool for jobs of this class; a handle is for strangers until it says otherwise.
    #[must_use]
    pub fn of(&self, class: Class) -> Self {
        Self { pool: self.pool.clone(), class }
    }

    /// About how long what waits now takes: when to try again after [`HashOutcome::Busy`].
    pub fn wait(&self) -> Duration {
        self.pool.0.wait()
    }

    /// Hashes a password with a 16-byte salt; the result is a PHC string.
    pub async fn hash(&self, password: Password, cost: HashCost, salt: [u8; 16]) -> Result<HashOutcome<SecretString>, Fault> {
        self.run(move |memory| phc(password.expose().as_bytes(), cost, &salt, memory)).await
    }

    /// Whether a password is the one of a PHC string, whatever that string's cost.
    pub async fn verify(&self, password: Password, hash: SecretString) -> Result<HashOutcome<bool>, Fault> {
        self.run(move |memory| matches(password.expose().as_bytes(), hash.expose_secret(), memory)).await
    }

    /// The bare hashes of several secrets that share one salt, in one job. For what is looked up by its hash.
    pub async fn derive(&self, secrets: Vec<SecretString>, cost: HashCost, salt: [u8; 16]) -> Result<HashOutcome<Vec<SecretHash>>, Fault> {
        self.run(move |memory| {
            let one = |secret: &SecretString| fill(secret.expose_secret().as_bytes(), &salt, params(cost)?, memory).map(Zeroizing::new);
            secrets.iter().map(one).collect()
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<HashOutcome<T>, Fault> {
        let (answer, outcome) = oneshot::channel();
        let job: HashJob = Box::new(move |memory| {
            // The one who asked has gone: their work is not worth 100 ms of everyone else's.
            if !answer.is_closed() {
                let _ = answer.send(work(memory));
            }
        });
        if !self.pool.0.push(self.class, job) {
            return Ok(HashOutcome::Busy);
        }
        outcome.await.map_err(|_| Fault::internal("a hashing job ended without an answer"))?.map(HashOutcome::Done)
    }
}

fn work(queue: &Queue) {
    step_back();
    let mut memory: Vec<Block> = Vec::new();
    while let Some(job) = queue.next(&mut memory) {
        let start = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| job(&mut memory))).is_err() {
            tracing::error!("a hashing job panicked");
            memory = Vec::new();
        }
        queue.took(start.elapsed());
    }
}

/// A hash takes 100 ms and everybody else's answer a thousandth of that: while both want a core, the answer comes first.
/// On Linux each thread has a priority of its own; elsewhere this would slow down the whole process.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%error, "a hashing thread keeps the usual priority");
    }
}

fn fill(password: &[u8], salt: &[u8], params: Params, memory: &mut Vec<Block>) -> Result<[u8; HASH_BYTES], Fault> {
    let blocks = params.block_count();
    if memory.len() < blocks {
        // A fresh block, not a grown one: growing would copy what is about to be overwritten.
        *memory = Vec::with_capacity(blocks.max(ALWAYS_MAPPED));
        memory.resize(blocks, Block::new());
    }
    let mut out = [0; HASH_BYTES];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(password, salt, &mut out, memory.as_mut_slice()).map_err(Fault::crypto)?;
    Ok(out)
}

fn params(cost: HashCost) -> Result<Params, Fault> {
    Params::new(cost.memory_kib, cost.passes, 1, Some(HASH_BYTES)).map_err(Fault::crypto)
}

fn written(cost: HashCost, salt: &[u8], hash: &[u8]) -> Result<SecretString, Fault> {
    let salt = Salt::new(salt).map_err(Fault::crypto)?;
    let hash = Output::new(hash).map_err(Fault::crypto)?;
    Ok(format!("$argon2id$v=19$m={},t={},p=1${salt}${hash}", cost.memory_kib, cost.passes).into())
}

fn phc(password: &[u8], cost: HashCost, salt: &[u8; 16], memory: &mut Vec<Block>) -> Result<SecretString, Fault> {
    let hash = fill(password, salt, params(cost)?, memory)?;
    written(cost, salt, &hash)
}

/// The parts of a stored hash; `None` when it is not Argon2id of the one version and length there are.
fn read(stored: &str) -> Option<(Params, Salt, Output)> {
    let parsed = PasswordHash::new(stored).ok()?;
    let ours = parsed.algorithm.as_str() == Algorithm::Argon2id.as_str() && parsed.version == Some(Version::V0x13.into());
    let params = Params::try_from(&parsed).ok().filter(|_| ours)?;
    Some((params, parsed.salt?, parsed.hash.filter(|hash| hash.len() == HASH_BYTES)?))
}

fn matches(password: &[u8], stored: &str, memory: &mut Vec<Block>) -> Result<bool, Fault> {
    let (params, salt, expected) = read(stored).ok_or_else(|| Fault::crypto("a stored hash is not one of Argon2id"))?;
    let found = fill(password, salt.as_ref(), params, memory)?;
    Ok(same(&found, expected.as_bytes()))
}

/// A PHC string that no password matches, as costly as a real one: what a name nobody has is checked against (TH-08).
pub fn decoy(cost: HashCost, entropy: &dyn Entropy) -> SecretString {
    written(cost, &entropy.bytes::<16>(), &entropy.bytes::<HASH_BYTES>()).unwrap_or_default()
}

/// Whether a stored hash was made in another way or at another cost than the one in force (PW-10).
pub fn needs_rehash(stored: &SecretString, cost: HashCost) -> bool {
    let found = read(stored.expose_secret());
    found.is_none_or(|(found, ..)| (found.m_cost(), found.t_cost(), found.p_cost()) != (cost.memory_kib, cost.passes, 1))
}

const AIM: Duration = Duration::from_millis(100);
const MOST: Duration = Duration::from_millis(250);
/// A cost in force is raised when it takes less: measurements scatter, and must not creep upwards from start to start.
const TOO_CHEAP: Duration = Duration::from_millis(75);
/// The best of so many is what the machine can do.
const RUNS: usize = 3;

/// Measures what this machine can afford: a hash of 100 to 250 ms of processor time, memory first (to at most
/// `most_memory_kib`), then passes; never below the cost in force. Blocks for about a second.
pub fn calibrate(in_force: HashCost, most_memory_kib: u32) -> HashCost {
    let mut memory = Vec::new();
    calibrate_by(in_force, most_memory_kib, |cost| {
        let run = |memory: &mut Vec<Block>| {
            let (done, took) = measured(|| params(cost).and_then(|params| fill(b"calibration", &[7; 16], params, memory)));
            done.ok().map(|_| took)
        };
        // The first run pays for the memory.
        (0..=RUNS).filter_map(|_| run(&mut memory)).min().unwrap_or(MOST)
    })
}

fn calibrate_by(in_force: HashCost, most_memory_kib: u32, mut time: impl FnMut(HashCost) -> Duration) -> HashCost {
    let mut cost = in_force;
    let mut took = time(cost);
    if cost != HashCost::FLOOR && took >= TOO_CHEAP {
        return cost;
    }
    while took < AIM {
        let more = if cost.memory_kib < most_memory_kib {
            HashCost { memory_kib: cost.memory_kib.saturating_mul(2).min(most_memory_kib), ..cost }
        } else {
            HashCost { passes: cost.passes + 1, ..cost }
        };
        let next = time(more);
        if next > MOST {
            break;
        }
        (cost, took) = (more, next);
    }
    cost
}

/// Runs `work`, and says how much of a processor this thread used for it.
fn measured<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = processor_time();
    (work(), processor_time().saturating_sub(start))
}

/// What this thread has used of a processor: what others use beside it does not make a hash dearer.
fn processor_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.try_into().unwrap_or_default(), now.tv_nsec.try_into().unwrap_or_default())
}

#[cfg(test)]
#[path = "password_hash_tests.rs"]
mod tests;
