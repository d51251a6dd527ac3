//! The guarded guess: every place that takes a password or a code, at sign-in and afterwards, checks it here (TH-05). A
//! guess is admitted by the throttle, counted before it is verified (TH-04), verified outside any transaction where that is
//! slow, settled in one write, and recorded. What differs between the methods is their [`GuessMethod`].

use super::{RefusalRecord, refused};
use crate::app::App;
use crate::domain::identity::{self, PersonState};
use crate::domain::{device, password, recovery, totp};
use crate::flows::throttle::{self, Admission, Pause, Subject};
use crate::flows::{Caller, revalidate};
use crate::kernel::Fault;
use crate::kernel::ids::{DeviceId, PersonId};
use crate::kernel::proof::{AuthEvent, Method};
use crate::platform::crypto::password_hash::Class;
use crate::platform::crypto::token::{DeviceCookie, TokenHash};
use crate::platform::db::Work;

/// What is particular to guesses at one method.
pub(crate) trait GuessMethod: Clone + Send + Sync + 'static {
    /// The method.
    const METHOD: Method;
    /// What a guess is compared with.
    type Reference: Send + Sync + 'static;
    /// The outcome of the slow part.
    type Verified: Send + 'static;
    /// What a right guess gives.
    type Accepted: Send + 'static;
    /// What is wrong with a refused one.
    type Refused: Send + 'static;

    /// Finds what a guess is compared with; `None` when the account does not have the method.
    fn find(&self, w: &mut Work<'_>, person: PersonId) -> Result<Option<Self::Reference>, Fault>;

    /// Counts a guess from an unknown device at the account; keeps of the reference what may still be compared with.
    /// `None` when too many in a row were wrong (TH-01).
    fn count(&self, w: &mut Work<'_>, person: PersonId, found: Self::Reference, limit: i32) -> Result<Option<Self::Reference>, Fault>;

    /// Does the work of a count for a guess that is not counted, so that its time tells nothing (TH-08).
    fn count_idle(&self, _: &mut Work<'_>) -> Result<(), Fault> {
        Ok(())
    }

    /// Takes a count back.
    fn uncount(&self, w: &mut Work<'_>, person: PersonId) -> Result<(), Fault>;

    /// Forgets the failures that [`GuessMethod::count`] counted, after a right guess from an unknown device.
    fn clear(&self, _: &mut Work<'_>, _: PersonId, _: &Self::Accepted) -> Result<(), Fault> {
        Ok(())
    }

    /// The slow part, outside any transaction. Without a reference it takes as long and finds nothing right. `None` when
    /// the pool is full.
    fn verify(
        &self,
        app: &App,
        target: &GuessTarget,
        reference: Option<Self::Reference>,
    ) -> impl Future<Output = Result<Option<Self::Verified>, Fault>> + Send;

    /// Accepts or refuses, in the write that also does what follows from a right guess.
    fn settle(&self, w: &mut Work<'_>, person: PersonId, verified: Self::Verified) -> Result<Settlement<Self>, Fault>;
}

/// How a guess is settled.
pub(crate) enum Settlement<C: GuessMethod> {
    /// Right; what was to be spent is spent.
    Accepted(C::Accepted),
    /// Not right: what the person is told, and the reason for the record.
    Refused(C::Refused, &'static str),
}

/// At whom a guess is made, and from where.
#[derive(Clone, Debug)]
pub(crate) struct GuessTarget {
    /// The account; `None` for a name that nobody has.
    pub person: Option<PersonId>,
    /// The known device the guess comes from.
    pub device: Option<DeviceId>,
    /// A digest of the typed name, where the one who guesses is not to learn whose it is.
    pub name: Option<String>,
    /// What was proved before and must still hold when the guess is settled.
    pub proved: Vec<AuthEvent>,
    /// The page, where it is not a sign-in.
    pub page: Option<&'static str>,
}

impl GuessTarget {
    /// An account that is identified already.
    pub(crate) async fn identified(app: &App, caller: &Caller, person: PersonId, proved: Vec<AuthEvent>) -> Result<Self, Fault> {
        let cookie = caller.device;
        let device = app.read(move |w| known_device(w, person, cookie.as_ref())).await?;
        Ok(Self { person: Some(person), device, name: None, proved, page: None })
    }

    fn refused(&self, w: &mut Work<'_>, caller: &Caller, method: Method, reason: &str) -> Result<(), Fault> {
        refused(w, caller, self.person, RefusalRecord { method, reason, page: self.page })
    }

    /// Where a hash for it stands in the queue: a guesser who has proved nothing and is not known comes last.
    pub(crate) fn class(&self) -> Class {
        match (self.device, &self.name) {
            (Some(_), _) => Class::KnownDevice,
            (None, None) => Class::Session,
            (None, Some(_)) => Class::Stranger,
        }
    }

    fn subject(&self, method: Method) -> Subject {
        let account = self.person.map(|person| person.to_string()).or_else(|| self.name.clone()).unwrap_or_default();
        Subject { account, known: self.person.is_some(), typed: self.name.clone(), method, device: self.device }
    }
}

/// The known device behind a cookie.
pub(crate) fn known_device(
    w: &mut Work<'_>,
    person: PersonId,
    cookie: Option<&TokenHash<DeviceCookie>>,
) -> Result<Option<DeviceId>, Fault> {
    match cookie {
        Some(cookie) => Ok(device::find(w, person, cookie)?.map(|device| device.id)),
        None => Ok(None),
    }
}

/// The outcome of a guess.
pub(crate) enum Guessed<T, R> {
    /// Right, with what the write made of it.
    Right(T),
    /// Verified and refused.
    Wrong(R),
    /// Not verified: an unknown name, a method the account does not have or that is switched off, an account paused under
    /// another of its names.
    NotVerified,
    /// What was proved before no longer holds: nothing was spent.
    Lapsed,
    /// Too many guesses.
    Paused(Pause),
    /// More than can be verified: 503, to be tried again in seconds (PW-12).
    Busy,
}

/// Whether a guess was counted, or why not.
enum CountedGuess<R> {
    Yes(R),
    No(&'static str),
}

/// Makes one guess. `then` runs in the write that accepts it, so that nothing is spent for nothing.
pub(crate) async fn guess<C: GuessMethod, T: Send + 'static>(
    app: &App,
    caller: &Caller,
    target: GuessTarget,
    check: C,
    then: impl FnOnce(&mut Work<'_>, C::Accepted) -> Result<T, Fault> + Send + 'static,
) -> Result<Guessed<T, C::Refused>, Fault> {
    let subject = target.subject(C::METHOD);
    let admitted = throttle::admit(app, &subject, caller).await?;
    if let Admission::Wait(pause) = admitted {
        throttle::note_pause(app, &subject, caller, &pause, target.person).await?;
        return Ok(Guessed::Paused(pause));
    }
    let (reference, reason) = match count(app, &target, &check, admitted).await? {
        CountedGuess::Yes(reference) => (Some(reference), None),
        CountedGuess::No(reason) => (None, Some(reason)),
    };
    let Some(verified) = check.verify(app, &target, reference).await? else {
        throttle::not_looked_at(app, &subject, caller, admitted).await?;
        if reason.is_none() {
            app.write(move |w| uncount(w, &target, &check)).await?;
        }
        return Ok(Guessed::Busy);
    };
    let origin = caller.clone();
    let guessed = app
        .write(move |w| match reason {
            Some(reason) => {
                target.refused(w, &origin, C::METHOD, reason)?;
                Ok(Guessed::NotVerified)
            }
            None => settle(w, &origin, &target, &check, verified, then),
        })
        .await?;
    match &guessed {
        // By now it is spent and what follows is written; that its failures could not be forgotten takes nothing back.
        Guessed::Right(_) => {
            if let Err(fault) = throttle::succeeded(app, &subject, caller).await {
                tracing::warn!(%fault, "the failures before a right guess could not be forgotten");
            }
        }
        Guessed::Wrong(_) | Guessed::NotVerified => throttle::failed(app).await?,
        _ => {}
    }
    Ok(guessed)
}

/// Counts a guess before it is verified, once: at the device it comes from or at the account.
async fn count<C: GuessMethod>(
    app: &App,
    target: &GuessTarget,
    check: &C,
    admitted: Admission,
) -> Result<CountedGuess<C::Reference>, Fault> {
    let (target, check, limit) = (target.clone(), check.clone(), app.settings.sign_in.disable_after);
    app.write(move |w| {
        let counted = count_in(w, &target, &check, admitted, limit)?;
        if matches!(counted, CountedGuess::No(_)) {
            check.count_idle(w)?;
        }
        Ok(counted)
    })
    .await
}

fn count_in<C: GuessMethod>(
    w: &mut Work<'_>,
    target: &GuessTarget,
    check: &C,
    admitted: Admission,
    limit: i32,
) -> Result<CountedGuess<C::Reference>, Fault> {
    let Some(person) = target.person else { return Ok(CountedGuess::No("unknown_name")) };
    let Some(found) = check.find(w, person)? else { return Ok(CountedGuess::No("not_enrolled")) };
    if admitted != Admission::Go {
        return Ok(CountedGuess::No("paused"));
    }
    let left = match target.device {
        Some(device) => device::count_try(w, device, C::METHOD, limit)?.then_some(found),
        None => check.count(w, person, found, limit)?,
    };
    Ok(left.map_or(CountedGuess::No("switched_off"), CountedGuess::Yes))
}

fn uncount<C: GuessMethod>(w: &mut Work<'_>, target: &GuessTarget, check: &C) -> Result<(), Fault> {
    match (target.device, target.person) {
        (Some(device), _) => device::uncount_try(w, device, C::METHOD),
        (None, Some(person)) => check.uncount(w, person),
        (None, None) => Ok(()),
    }
}

/// Accepts or refuses a verified guess, with its record.
fn settle<C: GuessMethod, T>(
    w: &mut Work<'_>,
    caller: &Caller,
    target: &GuessTarget,
    check: &C,
    verified: C::Verified,
    then: impl FnOnce(&mut Work<'_>, C::Accepted) -> Result<T, Fault>,
) -> Result<Guessed<T, C::Refused>, Fault> {
    let Some(person) = target.person else { return Ok(Guessed::NotVerified) };
    // Held, so that anyone who changes the account meanwhile comes before or after this as a whole (SE-10).
    if identity::hold(w, person)? != Some(PersonState::Active) {
        target.refused(w, caller, C::METHOD, "account_not_active")?;
        return Ok(Guessed::Lapsed);
    }
    if !revalidate::still_hold(w, person, &target.proved)? {
        target.refused(w, caller, C::METHOD, "password_changed")?;
        return Ok(Guessed::Lapsed);
    }
    match check.settle(w, person, verified)? {
        Settlement::Refused(refused, reason) => {
            target.refused(w, caller, C::METHOD, reason)?;
            Ok(Guessed::Wrong(refused))
        }
        Settlement::Accepted(accepted) => {
            match target.device {
                Some(device) => device::clear(w, device, C::METHOD)?,
                None => check.clear(w, person, &accepted)?,
            }
            then(w, accepted).map(Guessed::Right)
        }
    }
}

/// Whether guesses at a method are no longer verified in this browser. A known device has a budget of its own, which strangers
/// cannot use up (TH-01, TH-06).
pub async fn switched_off(app: &App, caller: &Caller, person: PersonId, method: Method) -> Result<bool, Fault> {
    let (cookie, limit) = (caller.device, app.settings.sign_in.disable_after);
    app.read(move |w| {
        let failures = match method {
            Method::Password => password::find(w, person)?.map(|stored| stored.failures),
            Method::Totp => totp::list(w, person)?.iter().map(|totp| totp.failures).min(),
            Method::RecoveryCode => recovery::status(w, person)?.map(|status| status.failures),
            Method::Passkey => return Ok(false),
        };
        let Some(failures) = failures else { return Ok(true) };
        match known_device(w, person, cookie.as_ref())? {
            Some(device) => device::is_used_up(w, device, method, limit),
            None => Ok(failures >= limit),
        }
    })
    .await
}
