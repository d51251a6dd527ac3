//! Changing one's own password. The present one is asked for and counted like a sign-in (PW-09).

use secrecy::SecretString;

use super::{Binding, OwnerNotice};
use crate::app::App;
use crate::domain::audit::Kind;
use crate::domain::device;
use crate::domain::identity::{self, Profile};
use crate::domain::outbox::MailKind;
use crate::domain::password::rules::{self, PasswordProblem};
use crate::domain::password::{self, StoredPassword};
use crate::domain::ticket::{self, TicketKind};
use crate::flows::Caller;
use crate::flows::reauth::Reauthentication;
use crate::flows::sign_in::PasswordCheck;
use crate::flows::sign_in::guess::{self, GuessTarget, Guessed};
use crate::flows::throttle::Pause;
use crate::kernel::proof::Method;
use crate::kernel::secret::Password;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::password_hash::{Class, HashOutcome};
use crate::platform::db::Work;

/// What was typed.
pub struct NewPassword {
    /// The present password; `None` when the field was empty or absurd.
    pub current: Option<Password>,
    /// The new one.
    pub new: Password,
    /// Whether to end all other sessions.
    pub end_others: bool,
}

/// The result of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordChange {
    /// The new password holds.
    Done {
        /// Whether it is the account's first password.
        first: bool,
        /// Whether other sessions were ended.
        others_ended: bool,
    },
    /// Nothing was changed.
    Refused {
        /// The present password is wrong, switched off, or was not given.
        current_wrong: bool,
        /// What the rules say against the new one.
        problem: Option<PasswordProblem>,
    },
    /// Too many tries.
    Paused(Pause),
    /// Too many are being hashed.
    Busy,
}

/// Sets a password, the first or a new one. Says in the record how many sessions ended with the old one, where they could.
pub(crate) fn bind(w: &mut Work<'_>, binding: Binding<'_>, hash: &SecretString, sessions_ended: Option<usize>) -> Result<(), Fault> {
    let person = binding.person;
    let (kind, mail) = if password::exists(w, person)? {
        (Kind::PasswordChanged, MailKind::PasswordChanged)
    } else {
        (Kind::PasswordSet, MailKind::PasswordSet)
    };
    password::set(w, person, hash)?;
    device::clear_all(w, person, Method::Password)?;
    // Anyone who can set a password needs no reset link, and an open one may be in wrong hands (RC-05).
    ticket::withdraw(w, TicketKind::Reset, person)?;
    let mut entry = binding.entry(kind);
    if let Some(ended) = sessions_ended {
        entry = entry.fact("sessions_ended", ended);
    }
    binding.record(w, entry)?;
    binding.tell(w, mail, &[])
}

struct CurrentPassword {
    stored: Option<StoredPassword>,
    profile: Profile,
}

/// Changes the password, or sets the first one.
///
/// # Errors
/// When something we need is away.
pub async fn change_password(app: &App, recent: Reauthentication, caller: &Caller, typed: NewPassword) -> Result<PasswordChange, Fault> {
    let found = find(app, recent).await?;
    let problem = rules::check(&typed.new, &near(app, &found.profile), app.settings.password.minimum).err();
    if found.stored.is_some() {
        match check_current(app, recent, caller, typed.current).await? {
            Guessed::Right(()) if problem.is_none() => {}
            Guessed::Right(()) => return Ok(PasswordChange::Refused { current_wrong: false, problem }),
            Guessed::Wrong(()) | Guessed::NotVerified | Guessed::Lapsed => {
                return Ok(PasswordChange::Refused { current_wrong: true, problem });
            }
            Guessed::Paused(pause) => return Ok(PasswordChange::Paused(pause)),
            Guessed::Busy => return Ok(PasswordChange::Busy),
        }
    } else if problem.is_some() {
        return Ok(PasswordChange::Refused { current_wrong: false, problem });
    }
    let HashOutcome::Done(hash) = app.hasher.of(Class::Session).hash(typed.new, app.hash_cost(), app.entropy.bytes()).await? else {
        return Ok(PasswordChange::Busy);
    };
    let (person, caller, end_others) = (recent.person(), caller.clone(), typed.end_others);
    let read: Option<Timestamp> = found.stored.map(|stored| stored.changed_at);
    app.write(move |w| {
        recent.hold(w)?;
        // Changed by someone else since the present one was checked: then it was not the present one.
        if password::find(w, person)?.map(|stored| stored.changed_at) != read {
            return Ok(PasswordChange::Refused { current_wrong: true, problem: None });
        }
        let ended = if end_others { recent.end_others(w, &caller)? } else { 0 };
        bind(w, Binding { person, caller: &caller, notice: OwnerNotice::Own }, &hash, Some(ended))?;
        Ok(PasswordChange::Done { first: read.is_none(), others_ended: end_others })
    })
    .await
}

async fn find(app: &App, recent: Reauthentication) -> Result<CurrentPassword, Fault> {
    let person = recent.person();
    app.read(move |w| Ok(CurrentPassword { stored: password::find(w, person)?, profile: identity::profile(w, person)? })).await
}

/// The present password, guarded like every other guess (TH-05, PW-09).
async fn check_current(app: &App, recent: Reauthentication, caller: &Caller, current: Option<Password>) -> Result<Guessed<(), ()>, Fault> {
    // Nothing typed is no guess.
    let Some(current) = current else { return Ok(Guessed::Wrong(())) };
    let target = GuessTarget { page: Some("password_change"), ..GuessTarget::identified(app, caller, recent.person(), Vec::new()).await? };
    guess::guess(app, caller, target, PasswordCheck { typed: Some(current), slot: 0 }, |_, _| Ok(())).await
}

/// Words too close to the person and the service for a password (PW-05).
fn near<'a>(app: &'a App, profile: &'a Profile) -> Vec<&'a str> {
    let service = [app.settings.server.organisation.as_str(), app.settings.origin().host(), "vouchsafe"];
    let person = [Some(profile.name.as_str()), profile.username.as_deref(), profile.email.as_deref()];
    service.into_iter().chain(person.into_iter().flatten()).collect()
}
