//! Making recovery codes. They hold from the write that makes them, so that what was printed always works; the old
//! ones are void from the same write on. Before that write they wait, sealed, for the one page that shows them, which
//! shows none but those that hold: a fault in between costs nobody the codes they have.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Binding, OwnerNotice};
use crate::app::App;
use crate::domain::audit::Kind;
use crate::domain::device;
use crate::domain::outbox::MailKind;
use crate::domain::recovery::{self, CODES, RecoveryCode, SetHashing};
use crate::flows::Caller;
use crate::flows::reauth::{Reauthentication, WithoutRecoveryCode};
use crate::flows::spaces::{RECOVERY_CODES, RECOVERY_CODES_DOWNLOADED, RECOVERY_SETS};
use crate::kernel::ids::{AttemptId, PersonId};
use crate::kernel::proof::Method;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::password_hash::{Class, HashOutcome};
use crate::platform::crypto::token::{AttemptCookie, TokenHash};
use crate::platform::ephemeral::Key;

/// Sets of codes one person may make in an hour: each costs us ten hashes, a message and a line of the record.
const MOST_SETS: u64 = 5;

/// How long the page can be looked at.
pub(in crate::flows) const SHOWN_FOR: Duration = Duration::from_secs(900);

/// Where one goes on after keeping the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Then {
    /// To the list of sign-in methods.
    Security,
    /// To the end of an arrival.
    Enrolment(AttemptId),
}

/// The result of making codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodesOutcome {
    /// They hold, and wait to be shown.
    Done,
    /// Too many are being hashed.
    Busy,
    /// This person made too many sets.
    Wait(Timestamp),
}

/// Codes on their way to their page.
#[derive(Serialize, Deserialize)]
pub(crate) struct CodesToShow {
    person: PersonId,
    binding: TokenHash<AttemptCookie>,
    sealed: Vec<u8>,
    /// Tells this set from any other.
    salt: [u8; 16],
    made_at: Timestamp,
    then: Then,
    /// Whether they replace older codes.
    #[serde(default)]
    replaces: bool,
}

/// Codes that the person has saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodesKept {
    /// Where one goes on.
    pub then: Then,
    /// Whether they replaced older codes.
    pub replaced: bool,
}

/// Codes to be shown.
#[derive(Clone, Debug)]
pub struct NewCodes {
    /// The codes.
    pub codes: Vec<RecoveryCode>,
    /// When they were made.
    pub made_at: Timestamp,
    /// Where one goes on.
    pub then: Then,
    /// They can still be downloaded.
    pub download: bool,
}

fn key(recent: Reauthentication) -> Key<CodesToShow> {
    RECOVERY_CODES.key(recent.session())
}

fn downloaded(recent: Reauthentication, made_at: Timestamp) -> Key<()> {
    RECOVERY_CODES_DOWNLOADED.key(format!("{}:{}", recent.session(), made_at.micros())).made_by(recent.session())
}

/// Makes a new set of codes; the old one is void.
///
/// # Errors
/// When something we need is away.
pub async fn make_codes(app: &App, proof: WithoutRecoveryCode, caller: &Caller, then: Then) -> Result<CodesOutcome, Fault> {
    let recent = proof.recent();
    let sets_made = RECOVERY_SETS.key(recent.person());
    let (sets, until) = app.ephemeral.bump(&sets_made).await?;
    if sets > MOST_SETS {
        return Ok(CodesOutcome::Wait(until));
    }
    let codes: Vec<RecoveryCode> = (0..CODES).map(|_| RecoveryCode::make(&*app.entropy)).collect();
    let hashing = SetHashing::make(&*app.entropy);
    let secrets = codes.iter().map(|code| code.secret().clone()).collect();
    let HashOutcome::Done(hashes) = app.hasher.of(Class::Session).derive(secrets, hashing.cost, hashing.salt).await? else {
        app.ephemeral.lower(&sets_made).await?;
        return Ok(CodesOutcome::Busy);
    };
    let person = recent.person();
    let (sealed, made_at, replaces) =
        app.read(move |w| Ok((recovery::seal(w, person, &codes)?, w.now, recovery::hashing(w, person)?.is_some()))).await?;
    let shown = CodesToShow { person, binding: caller.binding, sealed, salt: hashing.salt, made_at, then, replaces };
    app.ephemeral.put(&key(recent), &shown).await?;
    let caller = caller.clone();
    app.write(move |w| {
        recent.hold(w)?;
        recovery::replace_set(w, person, &hashing, &hashes)?;
        device::clear_all(w, person, Method::RecoveryCode)?;
        let binding = Binding { person, caller: &caller, notice: OwnerNotice::Own };
        binding.record(w, binding.entry(Kind::RecoveryCodesMade).fact("codes", CODES))?;
        binding.tell(w, MailKind::RecoveryCodesMade, &[])
    })
    .await?;
    Ok(CodesOutcome::Done)
}

/// The codes this session has just made; `None` once they were kept, or after a while.
///
/// # Errors
/// When something we need is away.
pub async fn new_codes(app: &App, proof: WithoutRecoveryCode, caller: &Caller) -> Result<Option<NewCodes>, Fault> {
    let recent = proof.recent();
    let found = app.ephemeral.get(&key(recent)).await?;
    let Some(shown) = found.filter(|shown| shown.person == recent.person() && shown.binding == caller.binding) else { return Ok(None) };
    let CodesToShow { sealed, salt, made_at, then, .. } = shown;
    let person = recent.person();
    let codes = app
        .read(move |w| match recovery::hashing(w, person)? {
            Some(holding) if holding.salt == salt => recovery::open(w, person, &sealed).map(Some),
            _ => Ok(None),
        })
        .await?;
    let Some(codes) = codes else { return Ok(None) };
    let download = app.ephemeral.get(&downloaded(recent, made_at)).await?.is_none();
    Ok(Some(NewCodes { codes, made_at, then, download }))
}

/// The codes as a file: once for each set. `None` when they were downloaded, or are no longer shown.
///
/// # Errors
/// When something we need is away.
pub async fn download_codes(app: &App, proof: WithoutRecoveryCode, caller: &Caller) -> Result<Option<NewCodes>, Fault> {
    let Some(codes) = new_codes(app, proof, caller).await? else { return Ok(None) };
    let first = app.ephemeral.put_new(&downloaded(proof.recent(), codes.made_at), &()).await?;
    Ok(first.then_some(codes))
}

/// The person has the codes: they are not shown again. Says where to go on.
///
/// # Errors
/// When the short-lived store is away.
pub async fn codes_kept(app: &App, proof: WithoutRecoveryCode) -> Result<CodesKept, Fault> {
    let shown = app.ephemeral.take(&key(proof.recent())).await?;
    let none = CodesKept { then: Then::Security, replaced: false };
    Ok(shown.map_or(none, |shown| CodesKept { then: shown.then, replaced: shown.replaces }))
}
