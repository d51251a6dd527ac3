//! The store of several nodes: Redis, or what speaks like it. Each verb is one command or one script, so nothing comes
//! between its parts.
//!
//! Whoever reads that Redis learns nothing: values are sealed under a key of their own, derived from the service's key
//! and the entry's name, and names are keyed hashes. An entry is a hash of `n` (version or count), `e` (when it ends, by
//! our clock, in microseconds) and `v` (the sealed value); Redis drops it a while after it ended.
//!
//! What anybody can begin has a budget for each space: a list of the names of such entries, oldest first, each with its
//! weight, and their sum. What is over the budget is dropped, the oldest first, so that no stranger fills Redis.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, ErrorKind, RedisError, Script};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Made;
use crate::kernel::fault::FaultKind;
use crate::kernel::{Clock, Fault, Timestamp};
use crate::platform::crypto::envelope::{Field, SealingKey};
use crate::platform::crypto::{hkdf_sha256, hmac_sha256};

const VALUE: Field = Field("ephemeral.value");
/// How long Redis keeps what has ended, in case our clocks do not agree.
const SLACK: Duration = Duration::from_secs(60);
const CONNECT: Duration = Duration::from_secs(3);
const ANSWER: Duration = Duration::from_secs(3);
/// A connection on which an answer is late is kept at least this long: a busy Redis is not helped by new ones, nor is one
/// that answers that it will not or cannot do what it was asked.
const KEPT: Duration = Duration::from_secs(10);
/// Answers about what was asked, which say nothing against the connection. Others may be about its beginning: a password, or
/// too many clients.
const REFUSALS: [&str; 5] = ["NOPERM", "OOM", "MISCONF", "BUSY", "LOADING"];
/// About what the open entries of one space may occupy, in bytes.
const MOST_OPEN_BYTES: u64 = 16 * 1024 * 1024;

/// What every script begins with: whether the entry lives, and how to store one.
const COMMON: &str = "
local key, now = KEYS[1], tonumber(ARGV[1])
local function live()
  local ends = redis.call('HGET', key, 'e')
  if not ends then return false end
  if tonumber(ends) > now then return true end
  redis.call('DEL', key)
  return false
end
local function store(number, value, ends, keep)
  redis.call('DEL', key)
  redis.call('HSET', key, 'n', number, 'v', value, 'e', ends)
  redis.call('PEXPIRE', key, keep)
end
";
const PUT: &str = "store(ARGV[2], ARGV[3], ARGV[4], ARGV[5]) return 1";
const PUT_NEW: &str = "if live() then return 0 end store(ARGV[2], ARGV[3], ARGV[4], ARGV[5]) return 1";
const GET: &str = "if not live() then return false end return redis.call('HGET', key, 'v')";
const TAKE: &str = "if not live() then return false end local v = redis.call('HGET', key, 'v') redis.call('DEL', key) return v";
const SWAP: &str = "if not live() or redis.call('HGET', key, 'n') ~= ARGV[2] then return 0 end
redis.call('HSET', key, 'n', ARGV[3], 'v', ARGV[4]) return 1";
/// What follows `put`, `put_new` and `bump` of an open entry: notes it in the list of its space and says what has to go.
const OPEN: &str = "
local out = {}
local function note(value, keep, most)
  local weight = #value + 512
  redis.call('RPUSH', KEYS[2], weight .. ':' .. key)
  local total = redis.call('INCRBY', KEYS[3], weight)
  while total > tonumber(most) do
    local oldest = redis.call('LPOP', KEYS[2])
    if not oldest then redis.call('SET', KEYS[3], 0) break end
    local gone, name = string.match(oldest, '^(%d+):(.*)$')
    total = redis.call('DECRBY', KEYS[3], gone)
    if name ~= key then out[#out + 1] = name end
  end
  redis.call('PEXPIRE', KEYS[2], keep)
  redis.call('PEXPIRE', KEYS[3], keep)
end
";
const PUT_OPEN: &str = "store(ARGV[2], ARGV[3], ARGV[4], ARGV[5]) note(ARGV[3], ARGV[5], ARGV[6]) return {1, '0', out}";
const PUT_NEW_OPEN: &str = "if live() then return {0, '0', out} end
store(ARGV[2], ARGV[3], ARGV[4], ARGV[5]) note(ARGV[3], ARGV[5], ARGV[6]) return {1, '0', out}";
const BUMP_OPEN: &str = "if not live() then store(0, '', ARGV[3], ARGV[4]) note('', ARGV[4], ARGV[5]) end
return {redis.call('HINCRBY', key, 'n', ARGV[2]), redis.call('HGET', key, 'e'), out}";
const COUNT: &str = "if not live() then return 0 end return tonumber(redis.call('HGET', key, 'n'))";
const LOWER: &str = "if live() and tonumber(redis.call('HGET', key, 'n')) > 0 then redis.call('HINCRBY', key, 'n', -1) end return 1";
const BUMP: &str = "if not live() then store(0, '', ARGV[3], ARGV[4]) end
return {redis.call('HINCRBY', key, 'n', ARGV[2]), redis.call('HGET', key, 'e')}";

struct Scripts {
    put: Script,
    put_new: Script,
    get: Script,
    take: Script,
    swap: Script,
    count: Script,
    lower: Script,
    bump: Script,
    put_open: Script,
    put_new_open: Script,
    bump_open: Script,
}

/// The connection all share. Whatever goes wrong on it, a new one takes its place: the library keeps one whose beginning
/// was refused (a password, too many clients) for good, and one whose other end has vanished for a quarter of an hour.
struct Link {
    connection: ConnectionManager,
    /// Which one this is, so that of many who saw it fail one replaces it.
    number: u64,
    begun: Instant,
}

/// See the module.
pub struct Redis {
    client: Client,
    link: RwLock<Link>,
    clock: Arc<dyn Clock>,
    /// What the open entries of one space may occupy.
    pub(super) most_open: u64,
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

impl Redis {
    /// A store at `url`. It connects when it is first used, and again whenever the connection is lost.
    ///
    /// # Errors
    /// When the address is not one.
    pub fn new(clock: Arc<dyn Clock>, url: &str, service: &[u8; 32]) -> Result<Self, Fault> {
        let client = Client::open(url).map_err(|error| away(&error))?;
        let link = RwLock::new(Link { connection: lazy(&client).map_err(|error| away(&error))?, number: 0, begun: Instant::now() });
        let script = |body: &str| Script::new(&format!("{COMMON}{body}"));
        let open = |body: &str| Script::new(&format!("{COMMON}{OPEN}{body}"));
        Ok(Self {
            client,
            link,
            clock,
            most_open: MOST_OPEN_BYTES,
            names: Zeroizing::new(hkdf_sha256(service, &[], b"ephemeral names")),
            values: Zeroizing::new(hkdf_sha256(service, &[], b"ephemeral values")),
            scripts: Scripts {
                put: script(PUT),
                put_new: script(PUT_NEW),
                get: script(GET),
                take: script(TAKE),
                swap: script(SWAP),
                count: script(COUNT),
                lower: script(LOWER),
                bump: script(BUMP),
                put_open: open(PUT_OPEN),
                put_new_open: open(PUT_NEW_OPEN),
                bump_open: open(BUMP_OPEN),
            },
        })
    }

    /// The name an entry has in Redis: its space, for whoever looks after it, and a keyed hash.
    fn name(&self, key: &str) -> String {
        let space = key.split_once(':').map_or(key, |(space, _)| space);
        format!("vouchsafe:{space}:{}", BASE64URL_NOPAD.encode(&hmac_sha256(&self.names, key.as_bytes())))
    }

    /// The key that seals one entry; an entry that is written often gets a new nonce each time.
    fn sealing(&self, name: &str) -> SealingKey {
        SealingKey::new(Uuid::nil(), hkdf_sha256(&self.values, name.as_bytes(), b"value"))
    }

    fn ends(&self, ttl: Duration) -> (i64, i64, u64) {
        let now = self.clock.now();
        let keep = u64::try_from((ttl + SLACK).as_millis()).unwrap_or(u64::MAX);
        (now.micros(), now.plus(ttl).micros(), keep)
    }

    async fn run<T: redis::FromRedisValue>(&self, mut script: redis::ScriptInvocation<'_>, name: &str) -> Result<T, Fault> {
        let (mut connection, number) = self.connection();
        script.key(name).invoke_async(&mut connection).await.map_err(|error| self.failed(number, &error))
    }

    fn connection(&self) -> (ConnectionManager, u64) {
        let link = self.link.read().unwrap_or_else(PoisonError::into_inner);
        (link.connection.clone(), link.number)
    }

    /// Says that the store is away and leaves a new connection behind, made when it is next needed. Nothing is sent a
    /// second time: what the other end did with it is not known, and a `take` done twice would find nothing.
    fn failed(&self, number: u64, error: &RedisError) -> Fault {
        let mut link = self.link.write().unwrap_or_else(PoisonError::into_inner);
        if link.number == number
            && !((error.is_timeout() || is_refusal(error)) && link.begun.elapsed() < KEPT)
            && let Ok(connection) = lazy(&self.client)
        {
            *link = Link { connection, number: number + 1, begun: Instant::now() };
        }
        away(error)
    }

    async fn store(&self, script: &Script, key: &str, bytes: &[u8], number: u64, ttl: Duration) -> Result<bool, Fault> {
        let name = self.name(key);
        let sealed = self.sealing(&name).seal(VALUE, name.as_bytes(), bytes)?;
        let (now, ends, keep) = self.ends(ttl);
        let mut invocation = script.prepare_invoke();
        invocation.arg(now).arg(number).arg(sealed).arg(ends).arg(keep);
        self.run(invocation, &name).await
    }

    async fn store_open(&self, script: &Script, key: &str, bytes: &[u8], number: u64, ttl: Duration) -> Result<bool, Fault> {
        let name = self.name(key);
        let sealed = self.sealing(&name).seal(VALUE, name.as_bytes(), bytes)?;
        let (now, ends, keep) = self.ends(ttl);
        let mut invocation = script.prepare_invoke();
        invocation.key(&name).arg(now).arg(number).arg(sealed).arg(ends).arg(keep);
        Ok(self.run_open(invocation, key).await?.0 == 1)
    }

    /// Runs a script on an open entry, and drops what it pushed out: by a command of its own, because a script may touch
    /// only what it was told of. Should that fail, the rest ends at its deadline.
    async fn run_open(&self, mut script: redis::ScriptInvocation<'_>, key: &str) -> Result<(u64, i64), Fault> {
        let space = key.split_once(':').map_or(key, |(space, _)| space);
        let of_space = |what: &str| BASE64URL_NOPAD.encode(&hmac_sha256(&self.names, format!("{what}:{space}").as_bytes()));
        script.key(format!("vouchsafe:open-names:{}", of_space("open-names")));
        script.key(format!("vouchsafe:open-weight:{}", of_space("open-weight"))).arg(self.most_open);
        let (mut connection, number) = self.connection();
        let answer = script.invoke_async(&mut connection).await;
        let (count, ends, out): (u64, i64, Vec<String>) = answer.map_err(|error| self.failed(number, &error))?;
        if !out.is_empty() {
            let dropped = redis::cmd("UNLINK").arg(out).exec_async(&mut connection).await;
            dropped.map_err(|error| self.failed(number, &error))?;
        }
        Ok((count, ends))
    }

    pub(super) async fn put(&self, key: &str, bytes: &[u8], number: u64, ttl: Duration, made: Made) -> Result<(), Fault> {
        let done = match made {
            Made::Known => self.store(&self.scripts.put, key, bytes, number, ttl).await,
            Made::Openly => self.store_open(&self.scripts.put_open, key, bytes, number, ttl).await,
        };
        done.map(|_| ())
    }

    pub(super) async fn put_new(&self, key: &str, bytes: &[u8], number: u64, ttl: Duration, made: Made) -> Result<bool, Fault> {
        match made {
            Made::Known => self.store(&self.scripts.put_new, key, bytes, number, ttl).await,
            Made::Openly => self.store_open(&self.scripts.put_new_open, key, bytes, number, ttl).await,
        }
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.read(&self.scripts.get, key).await
    }

    pub(super) async fn take(&self, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.read(&self.scripts.take, key).await
    }

    async fn read(&self, script: &Script, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        let name = self.name(key);
        let mut invocation = script.prepare_invoke();
        invocation.arg(self.clock.now().micros());
        let sealed: Option<Vec<u8>> = self.run(invocation, &name).await?;
        sealed.map(|sealed| self.sealing(&name).open(VALUE, name.as_bytes(), &sealed).map(|plain| plain.to_vec())).transpose()
    }

    pub(super) async fn swap(&self, key: &str, seen: u64, bytes: &[u8], number: u64) -> Result<bool, Fault> {
        let name = self.name(key);
        let sealed = self.sealing(&name).seal(VALUE, name.as_bytes(), bytes)?;
        let mut invocation = self.scripts.swap.prepare_invoke();
        invocation.arg(self.clock.now().micros()).arg(seen).arg(number).arg(sealed);
        self.run(invocation, &name).await
    }

    pub(super) async fn count(&self, key: &str) -> Result<u64, Fault> {
        let mut invocation = self.scripts.count.prepare_invoke();
        invocation.arg(self.clock.now().micros());
        self.run(invocation, &self.name(key)).await
    }

    pub(super) async fn lower(&self, key: &str) -> Result<(), Fault> {
        let mut invocation = self.scripts.lower.prepare_invoke();
        invocation.arg(self.clock.now().micros());
        self.run::<bool>(invocation, &self.name(key)).await.map(|_| ())
    }

    pub(super) async fn bump(&self, key: &str, by: u64, window: Duration, made: Made) -> Result<(u64, Timestamp), Fault> {
        let (now, ends, keep) = self.ends(window);
        let script = match made {
            Made::Known => &self.scripts.bump,
            Made::Openly => &self.scripts.bump_open,
        };
        let mut invocation = script.prepare_invoke();
        invocation.arg(now).arg(by).arg(ends).arg(keep);
        let (count, ends): (u64, i64) = match made {
            Made::Known => self.run(invocation, &self.name(key)).await?,
            Made::Openly => {
                invocation.key(self.name(key));
                self.run_open(invocation, key).await?
            }
        };
        Ok((count, Timestamp::from_micros(ends)))
    }

    /// Whether it answers.
    pub(super) async fn ping(&self) -> Result<(), Fault> {
        let (mut connection, number) = self.connection();
        redis::cmd("PING").exec_async(&mut connection).await.map_err(|error| self.failed(number, &error))
    }

    /// What it does when it is full.
    pub(super) async fn eviction(&self) -> Result<Eviction, Fault> {
        let (mut connection, number) = self.connection();
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

/// Whether an error is what Redis itself answered.
fn is_answer(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension)
}

fn is_refusal(error: &RedisError) -> bool {
    is_answer(error) && error.code().is_some_and(|code| REFUSALS.contains(&code))
}

/// A connection that is made when it is first used. Whoever waits for it waits a bounded time, and is told at once when
/// it cannot be made.
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
