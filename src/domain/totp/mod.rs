//! Authenticator apps: time-based codes (RFC 6238), six digits, thirty seconds, SHA-1, because apps silently ignore
//! anything else. A code's step is used once for each authenticator, claimed by one conditional write (OT-01).

mod code;
mod seed;
mod store;

pub use code::TotpCode;
pub use seed::{FirstCode, Seed, check_enrolment, qr_svg};
use store::NewTotp;
pub use store::{count_each, ids, sweep_steps};

use crate::kernel::ids::{PersonId, TotpId, UuidId};
use crate::kernel::text::DeviceName;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::{FieldLabel, SealingKey};
use crate::platform::db::Work;
use crate::platform::vault::open_with;

const SEED: FieldLabel = FieldLabel("totp.seed");
const NAME: FieldLabel = FieldLabel("totp.name");

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

/// The result of adding an authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is there.
    Made(TotpId),
    /// The account has as many as it may have.
    TooMany,
}

/// What a code turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotpVerdict {
    /// Right, and its step is spent now.
    Accepted {
        /// The authenticator.
        id: TotpId,
        /// The last step was so many seconds after now: the server's clock had been ahead, and the step was taken back.
        ahead: Option<i64>,
    },
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
    store::insert(w, &NewTotp { id, person, name: &sealed_name, seed: &sealed_seed, last_step: step })?;
    store::spend_step(w, id, step)?;
    Ok(Added::Made(id))
}

/// Counts a guess at each of these authenticators before it is verified (TH-04); says at which. Those with too many wrong
/// codes in a row are switched off until they are set up anew (TH-01).
pub fn count_try(w: &mut Work<'_>, ids: &[TotpId], disable_after: i32) -> Result<Vec<TotpId>, Fault> {
    let mut counted = Vec::new();
    for id in ids {
        if store::count_try(w, *id, disable_after)? {
            counted.push(*id);
        }
    }
    Ok(counted)
}

/// Takes counts back.
pub fn uncount_try(w: &mut Work<'_>, ids: &[TotpId]) -> Result<(), Fault> {
    ids.iter().try_for_each(|id| store::uncount_try(w, *id))
}

/// Checks a code against those of a person's authenticators that are `among`. The right one claims its step and forgets its
/// failures; the others keep theirs until they are right themselves.
pub fn verify(w: &mut Work<'_>, person: PersonId, code: &TotpCode, skew: i64, among: &[TotpId]) -> Result<TotpVerdict, Fault> {
    let key = w.person_key(person)?;
    let now = w.now.seconds();
    let current = now.div_euclid(STEP);
    let mut verdict = TotpVerdict::Wrong { behind: None };
    for row in store::list(w, person)?.into_iter().filter(|row| among.contains(&row.id)) {
        let seed = open_seed(&key, &row)?;
        match (seed.matching_step(code, current, skew), verdict) {
            (Some(step), _) => match claim(w, row.id, step, current + skew)? {
                StepClaim::Next => return Ok(TotpVerdict::Accepted { id: row.id, ahead: None }),
                StepClaim::TakenBack => return Ok(TotpVerdict::Accepted { id: row.id, ahead: Some((row.last_step - current) * STEP) }),
                StepClaim::Used => verdict = TotpVerdict::Replayed { next_in: u64::try_from(STEP - now.rem_euclid(STEP)).unwrap_or(30) },
            },
            (None, TotpVerdict::Wrong { behind: None }) => {
                let behind = seed.step_behind(code, current - skew - 1, DRIFT).map(|step| current - step);
                verdict = TotpVerdict::Wrong { behind };
            }
            (None, _) => {}
        }
    }
    Ok(verdict)
}

/// The result of spending a step.
enum StepClaim {
    /// It is the last one now.
    Next,
    /// It is the last one now, in place of one that no honest clock has reached.
    TakenBack,
    /// It, or a later one, was used before.
    Used,
}

/// Spends a step. A last step after `latest` was spent while the server's clock was ahead: it holds nobody up. That each step
/// is spent once holds whatever the clock does (OT-01, OT-03, OT-08).
fn claim(w: &mut Work<'_>, id: TotpId, step: i64, latest: i64) -> Result<StepClaim, Fault> {
    if !store::spend_step(w, id, step)? {
        return Ok(StepClaim::Used);
    }
    if store::claim_step(w, id, step)? {
        return Ok(StepClaim::Next);
    }
    Ok(if store::take_step_back(w, id, step, latest)? { StepClaim::TakenBack } else { StepClaim::Used })
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
