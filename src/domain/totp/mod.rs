//! Authenticator apps: time-based codes (RFC 6238), six digits, thirty seconds, SHA-1, because apps silently ignore
//! anything else. A code's step is used once for each authenticator, claimed by one conditional write (OT-01).

mod code;
mod seed;
mod store;

pub use code::Code;
pub use seed::{FirstCode, Seed, check_enrolment, qr_svg};

use crate::kernel::ids::{PersonId, TotpId, UuidId};
use crate::kernel::text::DeviceName;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::{Field, SealingKey};
use crate::platform::db::Work;
use crate::platform::vault::open_with;

const SEED: Field = Field("totp.seed");
const NAME: Field = Field("totp.name");

/// The length of a step in seconds.
pub const STEP: i64 = 30;
/// The most authenticators one account has.
pub const MOST: i64 = 20;
/// How many steps back a wrong code is looked for, to help with a slow clock.
const DRIFT: i64 = 10;

/// An authenticator of a person.
#[derive(Clone, Debug)]
pub struct Totp {
    /// Its row.
    pub id: TotpId,
    /// What the person calls it.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// Wrong codes in a row.
    pub failures: i32,
}

/// What became of adding an authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is there.
    Made(TotpId),
    /// The account has as many as it may have.
    TooMany,
}

/// What a code turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Right, and its step is spent now.
    Accepted(TotpId),
    /// Wrong. When it was right some steps ago, how many.
    Wrong {
        /// Steps in the past at which it would have been right.
        behind: Option<i64>,
    },
    /// Right, but its step, or a later one, was used before.
    Replayed {
        /// Seconds until the next code.
        next_in: u64,
    },
    /// Too many wrong codes in a row: switched off until it is set up anew (TH-01).
    Disabled,
    /// The person has no authenticator.
    NotEnrolled,
}

/// The authenticators of a person, oldest first.
pub fn list(w: &mut Work<'_>, person: PersonId) -> Result<Vec<Totp>, Fault> {
    let key = w.person_key(person)?;
    store::list(w, person)?
        .into_iter()
        .map(|row| {
            Ok(Totp {
                name: open_with(&key, NAME, row.id.uuid().as_bytes(), &row.name)?,
                id: row.id,
                created_at: row.created_at,
                last_used_at: row.last_used_at,
                failures: row.failures,
            })
        })
        .collect()
}

/// Adds a confirmed authenticator; the step of the confirming code is spent (OT-05).
pub fn add(w: &mut Work<'_>, person: PersonId, name: &DeviceName, seed: &Seed, step: i64) -> Result<Added, Fault> {
    if store::count(w, person)? >= MOST {
        return Ok(Added::TooMany);
    }
    let id = TotpId::make(w.now, w.entropy);
    let key = w.person_key(person)?;
    let sealed_seed = key.seal(SEED, id.uuid().as_bytes(), seed.bytes())?;
    let sealed_name = key.seal(NAME, id.uuid().as_bytes(), name.as_str().as_bytes())?;
    store::insert(w, id, person, &sealed_name, &sealed_seed, step)?;
    Ok(Added::Made(id))
}

/// Checks a code against all of a person's authenticators. Every live one counts a try first (TH-04); the right one
/// then claims its step and forgets its failures, the others keep theirs until they are right themselves.
pub fn verify(w: &mut Work<'_>, person: PersonId, code: &Code, skew: i64, disable_after: i32) -> Result<Verdict, Fault> {
    let rows = store::list(w, person)?;
    if rows.is_empty() {
        return Ok(Verdict::NotEnrolled);
    }
    let key = w.person_key(person)?;
    let now = w.now.seconds();
    let current = now.div_euclid(STEP);
    let mut verdict = Verdict::Disabled;
    let mut tried = Vec::new();
    for row in rows {
        if !store::count_try(w, row.id, disable_after)? {
            continue;
        }
        tried.push(row.id);
        let seed = open_seed(&key, &row)?;
        let found = seed.matching_step(code, current, skew);
        match found {
            Some(step) if store::claim_step(w, row.id, step)? => {
                // The code was for this one: the tries it cost the person's other authenticators were no failures.
                for other in tried.iter().filter(|other| **other != row.id) {
                    store::uncount_try(w, *other)?;
                }
                return Ok(Verdict::Accepted(row.id));
            }
            Some(_) => {
                let next_in = u64::try_from(STEP - now.rem_euclid(STEP)).unwrap_or(30);
                verdict = Verdict::Replayed { next_in };
            }
            None if matches!(verdict, Verdict::Replayed { .. }) => {}
            None => {
                let behind = seed.step_behind(code, current - skew - 1, DRIFT).map(|step| current - step);
                let known = if let Verdict::Wrong { behind } = verdict { behind } else { None };
                verdict = Verdict::Wrong { behind: known.or(behind) };
            }
        }
    }
    Ok(verdict)
}

/// Gives an authenticator another name. False when the person has no such authenticator.
pub fn rename(w: &mut Work<'_>, person: PersonId, id: TotpId, name: &DeviceName) -> Result<bool, Fault> {
    let sealed = w.person_key(person)?.seal(NAME, id.uuid().as_bytes(), name.as_str().as_bytes())?;
    store::rename(w, person, id, &sealed)
}

/// Removes all authenticators of a person.
pub fn remove_all(w: &mut Work<'_>, person: PersonId) -> Result<usize, Fault> {
    store::delete_all(w, person)
}

/// Removes an authenticator. False when the person has no such authenticator.
pub fn remove(w: &mut Work<'_>, person: PersonId, id: TotpId) -> Result<bool, Fault> {
    store::delete(w, person, id)
}

fn open_seed(key: &SealingKey, row: &store::TotpRow) -> Result<Seed, Fault> {
    let bytes = key.open(SEED, row.id.uuid().as_bytes(), &row.seed)?;
    Seed::from_bytes(&bytes).ok_or_else(|| Fault::corrupt("totps", "seed", row.id))
}

#[cfg(test)]
mod tests;
