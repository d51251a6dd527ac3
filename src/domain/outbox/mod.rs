//! The outbox: letters that must go out because of something that happened, written in the same transaction as that. What
//! a letter says is sealed under the key of the person it is about, and is forgotten when it has gone.

mod store;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::ids::{LetterId, PersonId, UuidId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::Field;
use crate::platform::db::Work;
use crate::platform::vault::open_with;
use crate::text_enum;

const BODY: Field = Field("outbox.body");
/// How long one try may take before another node may try.
const LEASE: Duration = Duration::from_secs(300);
/// After so many tries, over about two days, a letter is given up.
const MOST_TRIES: i32 = 14;
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);

text_enum! {
    /// What a letter tells.
    pub enum LetterKind {
        /// Somebody is invited.
        Invitation = "invitation",
        /// An administrator made a link by which the account gets new ways to sign in.
        EnrolmentLink = "enrolment_link",
        /// A passkey was added.
        PasskeyAdded = "passkey_added",
        /// A passkey was removed.
        PasskeyRemoved = "passkey_removed",
        /// An authenticator was added.
        TotpAdded = "totp_added",
        /// An authenticator was removed.
        TotpRemoved = "totp_removed",
        /// Recovery codes were made.
        RecoveryCodesMade = "recovery_codes_made",
        /// A recovery code was used.
        RecoveryCodeUsed = "recovery_code_used",
        /// The password was changed.
        PasswordChanged = "password_changed",
    }
}

/// What a letter says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The address.
    pub to: String,
    /// The values its text names.
    pub facts: BTreeMap<String, String>,
}

/// A letter whose turn it is.
#[derive(Clone, Debug)]
pub struct Due {
    /// Its row.
    pub id: LetterId,
    /// What it tells.
    pub kind: LetterKind,
    /// When that happened.
    pub at: Timestamp,
    /// What it says.
    pub body: Body,
}

/// Puts a letter into the outbox.
pub fn add(w: &mut Work<'_>, person: PersonId, kind: LetterKind, body: &Body) -> Result<(), Fault> {
    let id = LetterId::make(w.now, w.entropy);
    let text = serde_json::to_vec(body).map_err(Fault::internal)?;
    let sealed = w.person_key(person)?.seal(BODY, id.uuid().as_bytes(), &text)?;
    store::insert(w, id, person, kind, &sealed)
}

/// Takes one letter whose turn it is: of any number of nodes one gets it, and the others may try when this one did not say
/// in time what became of it.
pub fn claim(w: &mut Work<'_>) -> Result<Option<Due>, Fault> {
    for row in store::list_due(w, 20)? {
        if !store::claim(w, row.id, row.next_try_at, w.now.plus(LEASE))? {
            continue;
        }
        let Some(sealed) = row.body else { continue };
        let key = w.person_key(row.person_id)?;
        let text = open_with(&key, BODY, row.id.uuid().as_bytes(), &sealed)?;
        let body = serde_json::from_str(&text).map_err(|_| Fault::corrupt("outbox", "body", row.id))?;
        return Ok(Some(Due { id: row.id, kind: row.kind, at: row.created_at, body }));
    }
    Ok(None)
}

/// A letter has gone: that it did is kept, what it said is not.
pub fn sent(w: &mut Work<'_>, id: LetterId) -> Result<(), Fault> {
    store::set_sent(w, id)
}

/// A letter could not go now; it is tried again, after twice the pause each time. False when it is given up.
pub fn failed(w: &mut Work<'_>, id: LetterId) -> Result<bool, Fault> {
    let tries = store::load_tries(w, id)?;
    if tries >= MOST_TRIES {
        store::set_given_up(w, id)?;
        return Ok(false);
    }
    let pause = Duration::from_secs(60 << tries.clamp(0, 10)).min(LONGEST_PAUSE);
    store::set_next_try(w, id, w.now.plus(pause))?;
    Ok(true)
}

/// A letter can never go.
pub fn refused(w: &mut Work<'_>, id: LetterId) -> Result<(), Fault> {
    store::set_given_up(w, id)
}

/// Whether a letter of a kind about a person, written at that instant, has gone.
pub fn was_sent(w: &mut Work<'_>, person: PersonId, kind: LetterKind, at: Timestamp) -> Result<bool, Fault> {
    store::was_sent(w, person, kind, at)
}

/// Deletes at most `most` rows of letters written before `before`; says how many.
pub fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    store::sweep(w, before, most)
}
