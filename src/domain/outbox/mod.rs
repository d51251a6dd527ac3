//! The outbox: messages that must go out because of something that happened, written in the same transaction as that. What
//! a message says is sealed under the key of the person it is about, and is forgotten when it has gone.
//!
//! A message goes within three days or not at all: news that old misleads. So whatever is written while no mail server is
//! set neither piles up nor goes out weeks later. A message that cannot be read stops none behind it.

mod store;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::audit::{self, Actor, Entry, Kind};
use crate::kernel::fault::FaultKind;
use crate::kernel::ids::{MailId, PersonId, TicketId, UuidId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::FieldLabel;
use crate::platform::crypto::token::{AttemptCookie, TokenHash};
use crate::platform::db::Work;
use crate::platform::vault::open_with;
use crate::text_enum;
use store::{MailRow, NewLetter};
pub use store::{sweep, was_sent, was_written};

const BODY: FieldLabel = FieldLabel("outbox.body");
/// How long one try may take before another node may try.
const LEASE: Duration = Duration::from_secs(300);
/// After so many tries, over about two days, a message is given up.
const MOST_TRIES: i32 = 14;
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// How long a message waits for its turn, tries and all.
pub const GOES_WITHIN: Duration = Duration::from_secs(3 * 86_400);
/// So many messages of one kind about one person may wait for a sign-in to be finished. More tell nothing new: that many
/// browsers do not all finish.
const MOST_WAITING: usize = 10;

text_enum! {
    /// What a message tells.
    pub enum MailKind {
        /// Someone is invited.
        Invitation = "invitation",
        /// An administrator made a link by which the account gets new sign-in methods, and hands it over.
        ResetLinkCreated = "reset_link_created",
        /// The same, and this message brings the link.
        ResetLink = "reset_link",
        /// Someone made new sign-in methods by such a link; the old ones are gone.
        ResetCompleted = "reset_completed",
        /// Someone signed in asked for a code that shows that they read what is sent to their address.
        AddressCheck = "address_check",
        /// An administrator changed the person's name, username or address.
        DetailsChanged = "details_changed",
        /// An administrator vouched for the address.
        EmailVouched = "email_vouched",
        /// An administrator took that back.
        EmailVouchWithdrawn = "email_vouch_withdrawn",
        /// A passkey was added.
        PasskeyAdded = "passkey_added",
        /// A passkey got another name.
        PasskeyRenamed = "passkey_renamed",
        /// A passkey was removed.
        PasskeyRemoved = "passkey_removed",
        /// An authenticator was added.
        TotpAdded = "totp_added",
        /// An authenticator got another name.
        TotpRenamed = "totp_renamed",
        /// An authenticator was removed.
        TotpRemoved = "totp_removed",
        /// Recovery codes were made.
        RecoveryCodesMade = "recovery_codes_made",
        /// A recovery code was used.
        RecoveryCodeUsed = "recovery_code_used",
        /// Few recovery codes are left.
        RecoveryCodesFew = "recovery_codes_few",
        /// The first password was set.
        PasswordSet = "password_set",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// An administrator switched the account off.
        PersonDisabled = "person_disabled",
        /// An administrator switched the account on again.
        PersonEnabled = "person_enabled",
        /// An administrator signed the person out everywhere.
        SignedOut = "signed_out",
        /// Someone signed in with a browser that had not signed in to this account before.
        NewSignIn = "new_sign_in",
        /// The password was right and nothing followed.
        SignInUnfinished = "sign_in_unfinished",
        /// Many tries to sign in failed.
        ManyFailures = "many_failures",
        /// What a person was shown of an application when they allowed it has changed.
        AppChanged = "app_changed",
    }
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The address.
    pub to: String,
    /// The values its text names.
    pub facts: BTreeMap<String, String>,
    /// The link it brings: once that opens nothing, the mail is not sent.
    #[serde(default)]
    pub ticket: Option<TicketId>,
}

/// A message whose turn it is.
#[derive(Clone, Debug)]
pub struct Due {
    /// Its row.
    pub id: MailId,
    /// Whom it is about.
    pub person: PersonId,
    /// What it tells.
    pub kind: MailKind,
    /// When that happened.
    pub at: Timestamp,
    /// What it says.
    pub body: Body,
}

/// A message that was claimed and cannot be sent.
#[derive(Clone, Copy, Debug)]
pub struct Unsendable {
    /// Its row.
    pub id: MailId,
    /// Why.
    pub why: &'static str,
    /// Whether it is tried again.
    pub again: bool,
}

/// What a claim brought.
#[derive(Clone, Debug)]
pub enum Claimed {
    /// A message to send.
    Due(Due),
    /// One that cannot be sent; what is to be done about it has been done.
    Unsendable(Unsendable),
}

/// Puts a message into the outbox.
pub fn add(w: &mut Work<'_>, person: PersonId, kind: MailKind, body: &Body) -> Result<(), Fault> {
    let (id, sealed) = seal(w, person, body)?;
    store::insert(w, &NewLetter { id, person, kind, body: &sealed, browser: None, next_try_at: w.now })
}

/// How long a message waits, and for which browser.
#[derive(Clone, Copy, Debug)]
pub struct Wait<'a> {
    /// The browser that can take it back.
    pub browser: &'a TokenHash<AttemptCookie>,
    /// From now.
    pub time: Duration,
}

/// Puts a message into the outbox that goes after a while, unless [`cancel`] takes it back for the same browser. One that
/// waits already is not put off by a newer one.
pub fn add_later(w: &mut Work<'_>, person: PersonId, kind: MailKind, body: &Body, wait: Wait<'_>) -> Result<(), Fault> {
    let waiting = store::list_waiting(w, person, kind)?;
    let hash = wait.browser.as_bytes().as_slice();
    if waiting.len() >= MOST_WAITING || waiting.iter().any(|other| other == hash) {
        return Ok(());
    }
    let (id, sealed) = seal(w, person, body)?;
    store::insert(w, &NewLetter { id, person, kind, body: &sealed, browser: Some(hash), next_try_at: w.now.plus(wait.time) })
}

/// What a message says, sealed under the key of its person and bound to its row.
fn seal(w: &mut Work<'_>, person: PersonId, body: &Body) -> Result<(MailId, Vec<u8>), Fault> {
    let id = MailId::make(w.now, w.entropy);
    let text = serde_json::to_vec(body).map_err(Fault::internal)?;
    Ok((id, w.person_key(person)?.seal(BODY, id.uuid().as_bytes(), &text)?))
}

/// Takes the messages of a kind back that wait for this browser. One that is on its way is not stopped.
pub fn cancel(w: &mut Work<'_>, person: PersonId, kind: MailKind, browser: &TokenHash<AttemptCookie>) -> Result<(), Fault> {
    store::delete_waiting(w, person, kind, browser.as_bytes())
}

/// What a claim asks for first about a message: whatever its sending depends on is held before the mail is, as a sign-in
/// holds it, so that the two never wait for each other.
pub type Hold = fn(&mut Work<'_>, MailKind, PersonId) -> Result<(), Fault>;

/// Takes one message whose turn it is: of any number of nodes one gets it, and the others may try when this one did not say
/// in time how it ended. One that cannot be read is put off or given up in the same write.
pub fn claim(w: &mut Work<'_>, hold: Hold) -> Result<Option<Claimed>, Fault> {
    for row in store::list_due(w, w.now.minus(GOES_WITHIN), 20)? {
        if let Some(kind) = MailKind::parse(&row.kind) {
            hold(w, kind, row.person_id)?;
        }
        if !store::claim(w, row.id, row.next_try_at, w.now.plus(LEASE))? {
            continue;
        }
        let claimed = match read(w, &row)? {
            Ok((kind, body)) => Claimed::Due(Due { id: row.id, person: row.person_id, kind, at: row.created_at, body }),
            Err(Unreadable { why, ever: false }) => {
                refused(w, row.id, why)?;
                Claimed::Unsendable(Unsendable { id: row.id, why, again: false })
            }
            Err(Unreadable { why, ever: true }) => Claimed::Unsendable(Unsendable { id: row.id, why, again: failed(w, row.id, why)? }),
        };
        return Ok(Some(claimed));
    }
    Ok(None)
}

/// Why a message cannot be read, and whether it may be later.
struct Unreadable {
    why: &'static str,
    ever: bool,
}

fn read(w: &mut Work<'_>, row: &MailRow) -> Result<Result<(MailKind, Body), Unreadable>, Fault> {
    // A newer version may have written it on another node.
    let Some(kind) = MailKind::parse(&row.kind) else { return Ok(Err(Unreadable { why: "unknown_kind", ever: true })) };
    let never = |why| Ok(Err(Unreadable { why, ever: false }));
    let Some(sealed) = &row.body else { return never("no_body") };
    let key = match w.find_person_key(row.person_id) {
        Ok(Some(key)) => key,
        Ok(None) => return never("no_key"),
        Err(fault) if fault.kind == FaultKind::Crypto => return Ok(Err(Unreadable { why: "key_not_opened", ever: true })),
        Err(fault) => return Err(fault),
    };
    let Ok(text) = open_with(&key, BODY, row.id.uuid().as_bytes(), sealed) else { return never("not_opened") };
    match serde_json::from_str(&text) {
        Ok(body) => Ok(Ok((kind, body))),
        Err(_) => never("not_read"),
    }
}

/// A message has gone: that it did is kept, what it said is not.
pub fn sent(w: &mut Work<'_>, id: MailId) -> Result<(), Fault> {
    store::set_sent(w, id)
}

/// A message could not go now; it is tried again, after twice the pause each time. False when it is given up.
pub fn failed(w: &mut Work<'_>, id: MailId, why: &str) -> Result<bool, Fault> {
    // Its person may have been erased meanwhile, and it with them.
    let Some(mail) = store::find(w, id)? else { return Ok(false) };
    if mail.tries >= MOST_TRIES {
        give_up(w, &mail, why)?;
        return Ok(false);
    }
    let pause = Duration::from_secs(60 << mail.tries.clamp(0, 10)).min(LONGEST_PAUSE);
    store::set_next_try(w, id, w.now.plus(pause))?;
    Ok(true)
}

/// A message can never go.
pub fn refused(w: &mut Work<'_>, id: MailId, why: &str) -> Result<(), Fault> {
    let Some(mail) = store::find(w, id)? else { return Ok(()) };
    give_up(w, &mail, why)
}

/// Forgets a message that says nothing new.
pub fn forget(w: &mut Work<'_>, id: MailId) -> Result<(), Fault> {
    store::delete(w, id)
}

/// That someone was not told is part of the record.
fn give_up(w: &mut Work<'_>, mail: &MailRow, why: &str) -> Result<(), Fault> {
    if !store::set_given_up(w, mail.id)? {
        return Ok(());
    }
    let entry = Entry::new(Kind::MailGivenUp, Actor::System).about(mail.person_id).fact("mail", mail.id.to_string());
    audit::append(w, &entry.fact("kind", mail.kind.as_str()).fact("reason", why))?;
    Ok(())
}

/// Whether another message of the same kind about the same person, written after an instant, has gone or is on its way.
pub fn is_repeated(w: &mut Work<'_>, due: &Due, after: Timestamp) -> Result<bool, Fault> {
    store::is_repeated(w, due.person, due.kind, due.id, after)
}

/// Gives up at most `most` messages written before `before` that have not gone; says how many. Every node does this, also
/// one without a mail server.
pub fn give_up_old(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let old = store::list_old(w, before, most)?;
    for mail in &old {
        give_up(w, mail, "too_old")?;
    }
    Ok(old.len())
}

#[cfg(test)]
mod tests;
