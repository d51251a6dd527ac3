//! Adding an authenticator to one's own account: unconfirmed until its first code is right (OT-05).

use serde::{Deserialize, Serialize};

use super::{Binding, OwnerNotice};
use crate::app::App;
use crate::domain::audit::Kind;
use crate::domain::device;
use crate::domain::outbox::MailKind;
use crate::domain::totp::{self, Added, FirstCode, Seed, TotpCode};
use crate::flows::Caller;
use crate::flows::reauth::Reauthentication;
use crate::flows::spaces::{NEW_TOTP, TOTP_CODES};
use crate::kernel::ids::{AttemptId, PersonId};
use crate::kernel::proof::Method;
use crate::kernel::text::DeviceName;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{AttemptCookie, TokenHash};
use crate::platform::db::Work;
use crate::platform::ephemeral::Key;

/// Wrong first codes let through for one session in ten minutes.
const MOST_CODES: u64 = 20;

/// An authenticator that is not confirmed yet.
#[derive(Clone, Serialize, Deserialize)]
pub struct PendingTotp {
    /// Its id in the form.
    pub id: AttemptId,
    /// Its seed.
    pub seed: Seed,
    person: PersonId,
    binding: TokenHash<AttemptCookie>,
}

/// The result of a first code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddedCode {
    /// The authenticator is there, or another tab was faster with the same one.
    Made,
    /// The form belongs to another one, or it took too long: show the page again.
    TooOld,
    /// Not a code of this authenticator.
    Wrong,
    /// The device's clock is off by so many seconds; negative when behind.
    ClockOff(i64),
    /// Too many wrong ones.
    Wait(Timestamp),
    /// The account has as many as it may have.
    TooMany,
}

fn key(recent: Reauthentication) -> Key<PendingTotp> {
    NEW_TOTP.key(recent.session())
}

/// The authenticator this session is about to add; the same one when the page is loaded again.
///
/// # Errors
/// When the short-lived store is away.
pub async fn pending_totp(app: &App, recent: Reauthentication, caller: &Caller) -> Result<PendingTotp, Fault> {
    if let Some(pending) = find(app, recent, caller).await? {
        return Ok(pending);
    }
    let pending = PendingTotp {
        id: AttemptId::make(app.now(), &*app.entropy),
        seed: Seed::make(&*app.entropy),
        person: recent.person(),
        binding: caller.binding,
    };
    app.ephemeral.put(&key(recent), &pending).await?;
    Ok(pending)
}

async fn find(app: &App, recent: Reauthentication, caller: &Caller) -> Result<Option<PendingTotp>, Fault> {
    let found = app.ephemeral.get(&key(recent)).await?;
    Ok(found.filter(|pending| pending.person == recent.person() && pending.binding == caller.binding))
}

/// Takes the first code; with the right one the authenticator is added.
///
/// # Errors
/// When something we need is away.
pub async fn confirm_totp(
    app: &App,
    recent: Reauthentication,
    caller: &Caller,
    pending: &str,
    name: DeviceName,
    code: &TotpCode,
) -> Result<AddedCode, Fault> {
    let found = find(app, recent, caller).await?;
    let Some(found) = found.filter(|found| found.id.to_string() == pending) else { return Ok(AddedCode::TooOld) };
    let (tries, until) = app.ephemeral.bump(&TOTP_CODES.key(recent.session())).await?;
    if tries > MOST_CODES {
        return Ok(AddedCode::Wait(until));
    }
    let step = match totp::check_enrolment(&found.seed, code, app.now(), app.settings.sign_in.totp_skew.into()) {
        FirstCode::Wrong => return Ok(AddedCode::Wrong),
        FirstCode::ClockOff { seconds } => return Ok(AddedCode::ClockOff(seconds)),
        FirstCode::Matches { step } => step,
    };
    // Of two tabs with the right code one adds it.
    if app.ephemeral.take(&key(recent)).await?.is_none() {
        return Ok(AddedCode::Made);
    }
    let (caller, seed) = (caller.clone(), found.seed);
    app.write(move |w| {
        recent.hold(w)?;
        let binding = Binding { person: recent.person(), caller: &caller, notice: OwnerNotice::Own };
        Ok(match bind(w, binding, &name, &seed, step)? {
            Added::Made(_) => AddedCode::Made,
            Added::TooMany => AddedCode::TooMany,
        })
    })
    .await
}

/// Binds an authenticator that a code has confirmed; the step of the code is spent (OT-05).
pub(crate) fn bind(w: &mut Work<'_>, binding: Binding<'_>, name: &DeviceName, seed: &Seed, step: i64) -> Result<Added, Fault> {
    let added = totp::add(w, binding.person, name, seed, step)?;
    if let Added::Made(id) = added {
        device::clear_all(w, binding.person, Method::Totp)?;
        binding.record(w, binding.entry(Kind::TotpAdded).fact("totp", id.to_string()))?;
        binding.tell(w, MailKind::TotpAdded, &[("thing", name.as_str().to_owned())])?;
    }
    Ok(added)
}
