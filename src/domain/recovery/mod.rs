//! Recovery codes: ten for a person, made together, each standing once for the second factor (OT-10). They are kept as
//! Argon2id hashes that share one salt, so that one guess costs one hash; a new set makes the whole old one void.

mod code;
mod store;

pub use code::RecoveryCode;

use zeroize::Zeroizing;

use crate::kernel::ids::{PersonId, RecoveryCodeId, RecoverySetId, UuidId};
use crate::kernel::{Entropy, Fault, Timestamp};
use crate::platform::crypto::envelope::FieldLabel;
use crate::platform::crypto::password_hash::{HashCost, SecretHash};
use crate::platform::crypto::same;
use crate::platform::db::Work;
use crate::platform::vault::open_with;
pub use store::{count_try, uncount_try};

const HASH: FieldLabel = FieldLabel("recovery_code.hash");
const SHOWN: FieldLabel = FieldLabel("recovery_code.shown");

/// How many codes a set has.
pub const CODES: usize = 10;
/// When no more than this many are left, it is time for new ones.
pub const FEW: usize = 3;

/// How codes of one set are hashed: what a guess has to be put through.
#[derive(Clone, Copy, Debug)]
pub struct SetHashing {
    /// The salt of the set.
    pub salt: [u8; 16],
    /// The cost when it was made.
    pub cost: HashCost,
}

impl SetHashing {
    /// For a new set: a salt of its own, at the floor; eighty random bits need no more (OT-10).
    pub fn make(entropy: &dyn Entropy) -> Self {
        Self { salt: entropy.bytes(), cost: HashCost::FLOOR }
    }
}

/// What a person has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// How many codes were not used yet.
    pub left: usize,
    /// When they were made.
    pub made_at: Timestamp,
    /// Wrong codes in a row.
    pub failures: i32,
}

/// What a code turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryVerdict {
    /// Right, and spent now.
    Accepted {
        /// Codes that are left.
        left: usize,
    },
    /// One of this set, and spent before.
    Used,
    /// None of this person's.
    Wrong,
}

/// Gives a person a new set; whatever they had before is void from the same write on.
pub fn replace_set(w: &mut Work<'_>, person: PersonId, hashing: &SetHashing, hashes: &[SecretHash]) -> Result<(), Fault> {
    let key = w.person_key(person)?;
    let set = RecoverySetId::make(w.now, w.entropy);
    store::delete_set(w, person)?;
    store::insert_set(w, set, person, hashing)?;
    for hash in hashes {
        let id = RecoveryCodeId::make(w.now, w.entropy);
        let sealed = key.seal(HASH, id.uuid().as_bytes(), &**hash)?;
        store::insert_code(w, id, set, &sealed)?;
    }
    Ok(())
}

/// New codes for the page that shows them, sealed as long as they wait for it outside the database.
pub fn seal(w: &mut Work<'_>, person: PersonId, codes: &[RecoveryCode]) -> Result<Vec<u8>, Fault> {
    let lines: Vec<String> = codes.iter().map(RecoveryCode::grouped).collect();
    w.person_key(person)?.seal(SHOWN, person.uuid().as_bytes(), Zeroizing::new(lines.join("\n")).as_bytes())
}

/// The codes that were sealed for their page.
pub fn open(w: &mut Work<'_>, person: PersonId, sealed: &[u8]) -> Result<Vec<RecoveryCode>, Fault> {
    let key = w.person_key(person)?;
    let lines = Zeroizing::new(open_with(&key, SHOWN, person.uuid().as_bytes(), sealed)?);
    let code = |line| RecoveryCode::parse(line).ok_or_else(|| Fault::crypto("a sealed recovery code is none"));
    lines.lines().map(code).collect()
}

/// Removes a person's set, used and unused.
pub fn remove(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    store::delete_set(w, person)
}

/// What a person has; `None` when they have no set.
pub fn status(w: &mut Work<'_>, person: PersonId) -> Result<Option<Status>, Fault> {
    let Some(set) = store::find_set(w, person)? else { return Ok(None) };
    let left = store::count_left(w, set.id)?;
    Ok(Some(Status { left, made_at: set.made_at, failures: set.failures }))
}

/// How a guess at a person's codes is to be hashed; `None` when they have no set.
pub fn hashing(w: &mut Work<'_>, person: PersonId) -> Result<Option<SetHashing>, Fault> {
    store::find_set(w, person)?.map(|set| set.hashing()).transpose()
}

/// Finds the code of a hash in the person's own set and spends it by one conditional write. The right one makes the
/// wrong tries forgotten.
pub fn claim(w: &mut Work<'_>, person: PersonId, hash: &SecretHash) -> Result<RecoveryVerdict, Fault> {
    let Some(set) = store::find_set(w, person)? else { return Ok(RecoveryVerdict::Wrong) };
    let key = w.person_key(person)?;
    let mut found = None;
    // All are looked at, whichever it is.
    for (id, sealed) in store::list_codes(w, set.id)? {
        if same(&key.open(HASH, id.uuid().as_bytes(), &sealed)?, &**hash) {
            found = Some(id);
        }
    }
    let Some(id) = found else { return Ok(RecoveryVerdict::Wrong) };
    if !store::claim_code(w, id)? {
        return Ok(RecoveryVerdict::Used);
    }
    store::clear_failures(w, set.id)?;
    Ok(RecoveryVerdict::Accepted { left: store::count_left(w, set.id)? })
}

#[cfg(test)]
mod tests;
