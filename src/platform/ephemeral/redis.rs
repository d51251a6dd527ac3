//! The store of several nodes: Redis, or what speaks its protocol. Each verb is one script, see [`super::scripts`].
//!
//! Nobody who reads that Redis learns anything: values are sealed under a key of their own, derived from the service's
//! key and the entry's name, and names are keyed hashes. Redis drops an entry a while after its deadline.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, ErrorKind, RedisError, ScriptInvocation};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::scripts::Scripts;
use super::{Counter, Key, PutOutcome, Share, StoreLimits, WhenFull};
use crate::kernel::fault::FaultKind;
use crate::kernel::{Clock, Fault, Timestamp};
use crate::platform::crypto::envelope::{FieldLabel, SealingKey};
use crate::platform::crypto::{hkdf_sha256, hmac_sha256};

const VALUE: FieldLabel = FieldLabel("ephemeral.value");
/// How long Redis keeps what has ended, in case our clocks do not agree.
const SLACK: Duration = Duration::from_secs(60);
const CONNECT: Duration = Duration::from_secs(3);
const ANSWER: Duration = Duration::from_secs(3);
/// A connection on which an answer is late is kept at least this long: a busy Redis is not helped by new ones, nor is one
/// that answers that it will not or cannot do what it was asked.
const KEPT: Duration = Duration::from_secs(10);
/// After so long without an answer a connection is tested before anything is sent on it: the other end may have closed it
/// (`timeout` of Redis, a firewall), and nothing may be sent twice.
const TESTED_AFTER: Duration = Duration::from_secs(1);
/// Answers about what was asked, which say nothing against the connection. Others may be about its beginning: a password, or
/// too many clients.
const REFUSALS: [&str; 5] = ["NOPERM", "OOM", "MISCONF", "BUSY", "LOADING"];
/// About what an entry occupies in Redis beside its value, and for each of its bounds.
const OVERHEAD: usize = 320;
const OVERHEAD_OF_BOUND: usize = 192;

/// The connection all share. Whatever goes wrong on it, a new one takes its place: the library keeps one whose beginning
/// was refused (a password, too many clients) for good, and one whose other end has vanished for a quarter of an hour.
struct SharedConnection {
    connection: ConnectionManager,
    /// Which one this is, so that of many who saw it fail one replaces it.
    number: u64,
    begun: Instant,
}

/// See the module.
pub struct Redis {
    client: Client,
    link: RwLock<SharedConnection>,
    /// When it last answered.
    answered: Mutex<Option<Instant>>,
    clock: Arc<dyn Clock>,
    limits: StoreLimits,
    names: Zeroizing<[u8; 32]>,
    values: Zeroizing<[u8; 32]>,
    scripts: Scripts,
}

/// How Redis drops what it has no room for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Eviction {
    /// It refuses new values instead: nothing that is kept is lost.
    Never,
    /// It may drop living values by this policy: a sign-in may have to begin again, a pause may end early.
    Allowed(String),
    /// It does not say.
    Unknown,
}

/// Why a Redis can never be used as it is set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableRedis {
    /// It refuses the name or password.
    #[error("The Redis of ephemeral.url refuses us. Are its username and password right? It answers: {0}")]
    Refused(String),
    /// It is part of a cluster.
    #[error("The Redis of ephemeral.url runs in cluster mode, which is not supported. Use one Redis, with a replica if you like.")]
    Cluster,
}

/// A value to store: its arguments for a script.
struct StoreValue<'a> {
    bytes: &'a [u8],
    version: u64,
}

impl Redis {
    /// A store at `url`. It connects when it is first used, and again whenever the connection is lost.
    ///
    /// # Errors
    /// When the address is not one.
    pub(super) fn new(clock: Arc<dyn Clock>, limits: StoreLimits, url: &str, service: &[u8; 32]) -> Result<Self, Fault> {
        let client = Client::open(url).map_err(|error| away(&error))?;
        let link =
            RwLock::new(SharedConnection { connection: lazy(&client).map_err(|error| away(&error))?, number: 0, begun: Instant::now() });
        Ok(Self {
            client,
            link,
            answered: Mutex::default(),
            clock,
            limits,
            names: Zeroizing::new(hkdf_sha256(service, &[], b"ephemeral names")),
            values: Zeroizing::new(hkdf_sha256(service, &[], b"ephemeral values")),
            scripts: Scripts::new(),
        })
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The name an entry has in Redis: its space, for operators, and a keyed hash.
    fn name(&self, key: &str) -> String {
        let space = key.split_once(':').map_or(key, |(space, _)| space);
        format!("vouchsafe:{space}:{}", self.hashed(key))
    }

    fn hashed(&self, text: &str) -> String {
        BASE64URL_NOPAD.encode(&hmac_sha256(&self.names, text.as_bytes()))
    }

    /// The sets that bound an entry, with their maxima: its space's first, then its makers'.
    fn bounds<T>(&self, key: &Key<T>) -> Vec<(String, u64)> {
        let Share { name, made_by, .. } = key.share;
        let set = |of: &str| format!("vouchsafe:{name}/:{}", self.hashed(&format!("bound:{name}:{}:{of}", made_by.as_str())));
        let makers = key.makers.iter().map(|maker| (set(&maker.name), maker.most));
        std::iter::once((set(""), self.limits.most(&key.share))).chain(makers).collect()
    }

    /// The key that seals one entry; an entry that is written often gets a new nonce each time.
    fn sealing(&self, name: &str) -> SealingKey {
        SealingKey::new(Uuid::nil(), hkdf_sha256(&self.values, name.as_bytes(), b"value"))
    }

    /// Runs a script that stores: answers its first number and an instant.
    async fn store<T>(
        &self,
        mut script: ScriptInvocation<'_>,
        key: &Key<T>,
        value: Option<StoreValue<'_>>,
    ) -> Result<(i64, Timestamp), Fault> {
        let name = self.name(&key.name);
        let sealed = match &value {
            Some(value) => self.sealing(&name).seal(VALUE, name.as_bytes(), value.bytes)?,
            None => Vec::new(),
        };
        let (now, bounds) = (self.now(), self.bounds(key));
        let ends = self.limits.ends(key, now);
        let keep = u64::try_from((now.until(ends) + SLACK).as_millis()).unwrap_or(u64::MAX);
        let refuse = u8::from(key.share.when_full == WhenFull::Refused);
        script.key(&name);
        script.arg(now.micros()).arg(&sealed).arg(ends.micros()).arg(keep).arg(refuse).arg(weight(sealed.len(), bounds.len()));
        for (set, most) in &bounds {
            script.key(set).arg(most);
        }
        script.arg(value.map_or(0, |value| value.version));
        let (number, until): (i64, i64) = self.invoke(&script).await?;
        Ok((number, Timestamp::from_micros(until)))
    }

    pub(super) async fn put<T>(&self, key: &Key<T>, bytes: &[u8], version: u64) -> Result<PutOutcome, Fault> {
        self.store(self.scripts.put.prepare_invoke(), key, Some(StoreValue { bytes, version })).await.map(stored)
    }

    pub(super) async fn put_new<T>(&self, key: &Key<T>, bytes: &[u8], version: u64) -> Result<PutOutcome, Fault> {
        self.store(self.scripts.put_new.prepare_invoke(), key, Some(StoreValue { bytes, version })).await.map(stored)
    }

    pub(super) async fn bump(&self, key: &Key<Counter>) -> Result<Result<(u64, Timestamp), Timestamp>, Fault> {
        let (count, until) = self.store(self.scripts.bump.prepare_invoke(), key, None).await?;
        Ok(u64::try_from(count).map(|count| (count, until)).map_err(|_| until))
    }

    pub(super) async fn get<T>(&self, key: &Key<T>) -> Result<Option<Vec<u8>>, Fault> {
        self.read(self.scripts.get.prepare_invoke(), &key.name).await
    }

    pub(super) async fn take<T>(&self, key: &Key<T>) -> Result<Option<Vec<u8>>, Fault> {
        self.read(self.scripts.take.prepare_invoke(), &key.name).await
    }

    async fn read(&self, mut script: ScriptInvocation<'_>, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        let name = self.name(key);
        script.key(&name).arg(self.now().micros());
        let sealed: Option<Vec<u8>> = self.invoke(&script).await?;
        sealed.map(|sealed| self.sealing(&name).open(VALUE, name.as_bytes(), &sealed).map(|plain| plain.to_vec())).transpose()
    }

    pub(super) async fn swap<T>(&self, key: &Key<T>, seen: u64, bytes: &[u8], version: u64) -> Result<bool, Fault> {
        let name = self.name(&key.name);
        let sealed = self.sealing(&name).seal(VALUE, name.as_bytes(), bytes)?;
        let mut script = self.scripts.swap.prepare_invoke();
        let weight = weight(sealed.len(), 0);
        script.key(&name).arg(self.now().micros()).arg(seen).arg(version).arg(sealed).arg(weight).arg(OVERHEAD_OF_BOUND);
        self.invoke(&script).await
    }

    pub(super) async fn count(&self, key: &Key<Counter>) -> Result<u64, Fault> {
        let mut script = self.scripts.count.prepare_invoke();
        script.key(self.name(&key.name)).arg(self.now().micros());
        self.invoke(&script).await
    }

    pub(super) async fn lower(&self, key: &Key<Counter>) -> Result<(), Fault> {
        let mut script = self.scripts.lower.prepare_invoke();
        script.key(self.name(&key.name)).arg(self.now().micros());
        self.invoke::<bool>(&script).await.map(|_| ())
    }

    async fn invoke<T: redis::FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Fault> {
        let (mut connection, number) = self.connection().await?;
        script.invoke_async(&mut connection).await.map_err(|error| self.failed(number, &error)).inspect(|_| self.note_answer())
    }

    fn current(&self) -> (ConnectionManager, u64) {
        let link = self.link.read().unwrap_or_else(PoisonError::into_inner);
        (link.connection.clone(), link.number)
    }

    fn note_answer(&self) {
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn is_quiet(&self) -> bool {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at.elapsed() >= TESTED_AFTER)
    }

    /// A connection that answered a moment ago, or one made anew when the last one turns out to be closed.
    async fn connection(&self) -> Result<(ConnectionManager, u64), Fault> {
        let (mut connection, number) = self.current();
        if !self.is_quiet() {
            return Ok((connection, number));
        }
        match redis::cmd("PING").exec_async(&mut connection).await {
            Ok(()) => self.note_answer(),
            Err(error) if error.is_connection_dropped() => drop(self.failed(number, &error)),
            // Anything else is an answer, or a silence, that another connection would meet too.
            Err(_) => {}
        }
        Ok(self.current())
    }

    /// Says that the store is away and leaves a new connection behind, made when it is next needed. Nothing is sent a
    /// second time: what the other end did with it is not known, and a `take` done twice would find nothing.
    fn failed(&self, number: u64, error: &RedisError) -> Fault {
        let mut link = self.link.write().unwrap_or_else(PoisonError::into_inner);
        if link.number == number
            && !((error.is_timeout() || is_refusal(error)) && link.begun.elapsed() < KEPT)
            && let Ok(connection) = lazy(&self.client)
        {
            *link = SharedConnection { connection, number: number + 1, begun: Instant::now() };
        }
        away(error)
    }

    /// Whether it answers.
    pub(super) async fn ping(&self) -> Result<(), Fault> {
        let (mut connection, number) = self.connection().await?;
        redis::cmd("PING").exec_async(&mut connection).await.map_err(|error| self.failed(number, &error)).inspect(|()| self.note_answer())
    }

    /// Asks once whether it takes our password and is no cluster.
    pub(super) async fn unusable(&self) -> Option<UnusableRedis> {
        let (mut connection, number) = self.current();
        let info: Result<String, RedisError> = redis::cmd("INFO").arg("cluster").query_async(&mut connection).await;
        match info {
            Ok(info) => info.lines().any(|line| line.trim() == "cluster_enabled:1").then_some(UnusableRedis::Cluster),
            Err(error) if is_about_credentials(&error) => {
                drop(self.failed(number, &error));
                Some(UnusableRedis::Refused(error.code().map_or_else(|| error.category().to_owned(), str::to_owned)))
            }
            Err(_) => None,
        }
    }

    /// What it does when it is full.
    pub(super) async fn eviction(&self) -> Result<Eviction, Fault> {
        let (mut connection, number) = self.connection().await?;
        let info: String = match redis::cmd("INFO").arg("memory").query_async(&mut connection).await {
            Ok(info) => info,
            // Not everybody may ask it, and some have no such command. Whether it is there, it says to another question.
            Err(error) if is_answer(&error) => return self.ping().await.map(|()| Eviction::Unknown),
            Err(error) => return Err(self.failed(number, &error)),
        };
        let value = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
        Ok(match (value("maxmemory_policy"), value("maxmemory")) {
            (Some("noeviction"), _) | (Some(_), Some("0")) => Eviction::Never,
            (Some(policy), _) => Eviction::Allowed(policy.to_owned()),
            (None, _) => Eviction::Unknown,
        })
    }
}

/// About what a sealed value of this length with so many bounds occupies, in bytes.
fn weight(sealed: usize, bounds: usize) -> usize {
    OVERHEAD + sealed + bounds * OVERHEAD_OF_BOUND
}

fn stored((answer, until): (i64, Timestamp)) -> PutOutcome {
    match answer {
        1 => PutOutcome::Kept,
        0 => PutOutcome::Taken,
        _ => PutOutcome::Full(until),
    }
}

/// Whether an error is what Redis itself answered.
fn is_answer(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension)
}

/// Whether Redis does not take our name or password, or wants one.
fn is_about_credentials(error: &RedisError) -> bool {
    error.kind() == ErrorKind::AuthenticationFailed || matches!(error.code(), Some("WRONGPASS" | "NOAUTH"))
}

fn is_refusal(error: &RedisError) -> bool {
    is_answer(error) && error.code().is_some_and(|code| REFUSALS.contains(&code))
}

/// A connection that is made when it is first used. Requests that wait for it wait a bounded time, and are refused
/// immediately when it cannot be made.
fn lazy(client: &Client) -> Result<ConnectionManager, RedisError> {
    let config =
        ConnectionManagerConfig::new().set_connection_timeout(Some(CONNECT)).set_response_timeout(Some(ANSWER)).set_number_of_retries(0);
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}

/// Every failure there is the same for us: the store is away, and nothing is taken for granted (TH-11, SE-19). The text
/// of the library names no value.
fn away(error: &RedisError) -> Fault {
    Fault::new(FaultKind::EphemeralAway, format!("Redis: {error}"))
}
