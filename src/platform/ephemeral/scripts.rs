//! The scripts of the Redis store. Each verb is one of them, so nothing comes between its parts.
//!
//! An entry is a hash: `n` (version or count), `e` (its deadline by our clock, in microseconds), `v` (the sealed value), `w`
//! (its weight), `b` (the sets that bound it: its space's, then its makers'). A bounding set is a sorted set of
//! `weight:deadline:name` by deadline, and under the same name with `:w` the sum of the weights.
//!
//! A script touches entries it was not told of, those that make room. A cluster does not allow that: it is refused at
//! start.

use redis::Script;

/// Whether the entry lives, how to drop one, and how to store one within its bounds. `ARGV[1]` is the present instant;
/// `KEYS[2..]` are the bounding sets and `ARGV[7..]` their maxima.
const COMMON: &str = "
local key, now = KEYS[1], tonumber(ARGV[1])
local function member(name, e) return e[1] .. ':' .. e[2] .. ':' .. name end
local function drop(name)
  local e = redis.call('HMGET', name, 'w', 'e', 'b')
  if redis.call('DEL', name) == 0 then return false end
  if not e[1] then return true end
  for set in string.gmatch(e[3], '%S+') do
    if redis.call('ZREM', set, member(name, e)) == 1 then redis.call('DECRBY', set .. ':w', e[1]) end
  end
  return true
end
local function live()
  local ends = redis.call('HGET', key, 'e')
  if not ends then return false end
  if tonumber(ends) > now then return true end
  drop(key)
  return false
end
local function pop(set, entry)
  local weight, name = string.match(entry, '^(%d+):%d+:(.*)$')
  local e = redis.call('HMGET', name, 'w', 'e')
  if e[1] and member(name, e) == entry then drop(name) end
  if redis.call('ZREM', set, entry) == 1 then redis.call('DECRBY', set .. ':w', weight) end
end
local function place(number, value, ends, keep, weight, sets)
  redis.call('HSET', key, 'n', number, 'v', value, 'e', ends, 'w', weight, 'b', table.concat(sets, ' '))
  redis.call('PEXPIRE', key, keep)
  for _, set in ipairs(sets) do
    redis.call('ZADD', set, ends, weight .. ':' .. ends .. ':' .. key)
    redis.call('INCRBY', set .. ':w', weight)
    if redis.call('PTTL', set) < tonumber(keep) then
      redis.call('PEXPIRE', set, keep)
      redis.call('PEXPIRE', set .. ':w', keep)
    end
  end
end
local function store(number)
  local value, ends, keep, refuse, weight = ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1', tonumber(ARGV[6])
  local replaces, sets = drop(key), {}
  for i = #KEYS, 2, -1 do
    local set, most = KEYS[i], tonumber(ARGV[i + 5])
    table.insert(sets, 1, set)
    for _, entry in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', now, 'LIMIT', 0, 64)) do pop(set, entry) end
    while tonumber(redis.call('GET', set .. ':w') or '0') + weight > most do
      local first = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')
      if not first[1] then redis.call('DEL', set .. ':w') break end
      if i == 2 and refuse and not replaces then return string.match(first[1], '^%d+:(%d+):') end
      pop(set, first[1])
    end
  end
  place(number, value, ends, keep, weight, sets)
  return false
end
";
/// Both answer whether it was stored (1), another one is there (0) or the share is used up (-1), and until when.
const PUT: &str = "local full = store(ARGV[#KEYS + 6]) if full then return {-1, full} end return {1, '0'}";
const PUT_NEW: &str = "if live() then return {0, '0'} end
local full = store(ARGV[#KEYS + 6]) if full then return {-1, full} end return {1, '0'}";
const GET: &str = "if not live() then return false end return redis.call('HGET', key, 'v')";
const TAKE: &str = "if not live() then return false end local v = redis.call('HGET', key, 'v') drop(key) return v";
/// The deadline and the bounds stay: a value that grows pushes nothing out.
const SWAP: &str = "if not live() or redis.call('HGET', key, 'n') ~= ARGV[2] then return 0 end
local e, keep, sets = redis.call('HMGET', key, 'e', 'b'), redis.call('PTTL', key), {}
for set in string.gmatch(e[2] or '', '%S+') do sets[#sets + 1] = set end
drop(key)
place(ARGV[3], ARGV[4], e[1], keep, ARGV[5] + #sets * ARGV[6], sets)
return 1";
const COUNT: &str = "if not live() then return 0 end return tonumber(redis.call('HGET', key, 'n'))";
const LOWER: &str = "if live() and tonumber(redis.call('HGET', key, 'n')) > 0 then redis.call('HINCRBY', key, 'n', -1) end return 1";
/// Answers the count, or -1 when the share is used up; and until when.
const BUMP: &str = "if not live() then local full = store(0) if full then return {-1, full} end end
return {redis.call('HINCRBY', key, 'n', 1), redis.call('HGET', key, 'e')}";

pub(super) struct Scripts {
    pub(super) put: Script,
    pub(super) put_new: Script,
    pub(super) get: Script,
    pub(super) take: Script,
    pub(super) swap: Script,
    pub(super) count: Script,
    pub(super) lower: Script,
    pub(super) bump: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        let script = |body: &str| Script::new(&format!("{COMMON}{body}"));
        Self {
            put: script(PUT),
            put_new: script(PUT_NEW),
            get: script(GET),
            take: script(TAKE),
            swap: script(SWAP),
            count: script(COUNT),
            lower: script(LOWER),
            bump: script(BUMP),
        }
    }
}
