//! Slowing guesses down without punishing who is guessed at. Every entry point that takes a password or a code asks
//! here first (TH-05), and is counted before anything is verified (TH-04).
//!
//! - Per account and way: five free failures, then 2, 4, 8 .. seconds up to fifteen minutes, for unknown devices
//!   together; a device that has signed this person in has a count of its own (TH-06).
//! - Per network: thirty failures in ten minutes (TH-07).
//! - All failures together, at ten times the last hour's rate: unknown devices lose their free failures.
//! - A hundred failures in a row switch the password or authenticator off; those counts are columns (TH-01).
//!
//! What strangers can make us count has a share of the short-lived store, and the oldest makes room (TH-15): counts of
//! networks, of typed names, of names nobody has. The count of an account is never among them, so nobody gets rid of his
//! failures by making many others.
//!
//! Passkeys cannot be guessed and are never paused. What is refused many times over is written down once: nobody
//! fills the record by knocking.

mod asker;
mod networks;
pub(super) mod tries;

use std::time::Duration;

pub use asker::Asker;
pub(in crate::flows) use asker::ByAsker;
pub use networks::Networks;

use super::Caller;
use super::spaces::{
    FAILURES, NETWORK_FAILURES, NETWORK_FAILURES_WIDER, NETWORK_FAILURES_WIDEST, NETWORK_REFUSALS, NOTED, TRIES, TRIES_OF_DEVICE,
    TRIES_OF_NAME, TRIES_OF_NOBODY,
};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::kernel::ids::{DeviceId, PersonId};
use crate::kernel::proof::Method;
use crate::kernel::{Fault, Timestamp};
use crate::platform::ephemeral::{Counter, Key, Versioned};
use networks::{WIDER, WIDEST};
use tries::{Tries, count};

/// Whose tries are counted together: an account however its name was typed, or a name nobody has (TH-03).
#[derive(Clone, Debug)]
pub struct Subject {
    /// An opaque name of the account or of the typed name.
    pub account: String,
    /// Whether there is such an account.
    pub known: bool,
    /// An opaque name of what was typed, where anyone who guesses is not to learn whose it is. Counted beside the account,
    /// and the same for a name nobody has: only who used this very name up is told of a pause (TH-08).
    pub typed: Option<String>,
    /// What is guessed at.
    pub method: Method,
    /// The known device the guess comes from.
    pub device: Option<DeviceId>,
}

impl Subject {
    fn key(&self) -> Key<Tries> {
        let id = format!("{}:{}", self.account, self.method.as_str());
        match self.device {
            Some(device) => TRIES_OF_DEVICE.key(format!("{id}:{device}")),
            None if self.known => TRIES.key(id),
            None => TRIES_OF_NOBODY.key(id),
        }
    }
    /// The count of what was typed. A known device knows its account already and is told everything.
    fn typed_key(&self) -> Option<Key<Tries>> {
        let typed = self.typed.as_ref().filter(|_| self.device.is_none())?;
        Some(TRIES_OF_NAME.key(format!("{typed}:{}", self.method.as_str())))
    }
    fn keys(&self) -> impl Iterator<Item = Key<Tries>> {
        self.typed_key().into_iter().chain([self.key()])
    }
}

/// What is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// This method of this account.
    Account(Method),
    /// Everything that can be guessed, from this network.
    Network,
}

/// A pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// What is paused.
    pub about: About,
    /// Until when.
    pub until: Timestamp,
}

/// Whether a guess may be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may, and has been counted as if it were wrong.
    Go,
    /// Not now.
    Wait(Pause),
    /// Not now, and not to be said: others used the account up under another of its names. Answered like a wrong guess,
    /// as a name nobody has would be (TH-03, TH-08).
    Unseen,
}

/// Below this many failures a minute nothing is unusual.
const QUIET: u64 = 60;

/// Asks whether a guess may be verified, and counts it.
///
/// # Errors
/// When the counters cannot be reached: then nothing is verified at all (TH-11).
pub async fn admit(app: &App, subject: &Subject, caller: &Caller) -> Result<Admission, Fault> {
    let now = app.now();
    let limits = &app.settings.sign_in;
    // What strangers in the same network do is no reason to stop a device that is known (TH-06).
    let stranger = subject.device.is_none();
    if stranger && let Some(until) = count_network(app, caller).await? {
        return Ok(Admission::Wait(Pause { about: About::Network, until }));
    }
    let free = if stranger && surge(app, now).await? { 0 } else { u64::try_from(limits.free_failures).unwrap_or(0) };
    let waits = async |until| {
        if stranger {
            uncount_network(app, caller).await?;
        }
        Ok(Admission::Wait(Pause { about: About::Account(subject.method), until }))
    };
    if let Some(typed) = subject.typed_key() {
        if let Some(until) = count(app, &typed, free).await? {
            return waits(until).await;
        }
        let paused = count(app, &subject.key(), free).await?;
        return Ok(if paused.is_some() { Admission::Unseen } else { Admission::Go });
    }
    match count(app, &subject.key(), free).await? {
        Some(until) => waits(until).await,
        None => Ok(Admission::Go),
    }
}

/// The counters of a network, each with its maximum: what is over at one width is not counted at the next.
fn counters(app: &App, caller: &Caller) -> impl Iterator<Item = (Key<Counter>, u64)> {
    let (networks, most) = (caller.networks(), app.settings.sign_in.network_failures);
    let wider = networks.wider.map(|wider| (NETWORK_FAILURES_WIDER.key(wider), most * WIDER));
    let widest = (NETWORK_FAILURES_WIDEST.key(networks.widest), most * WIDEST);
    std::iter::once((NETWORK_FAILURES.key(networks.narrow), most)).chain(wider).chain([widest])
}

/// Counts a failure of a network. Says until when it must wait, if it had too many.
async fn count_network(app: &App, caller: &Caller) -> Result<Option<Timestamp>, Fault> {
    for (key, most) in counters(app, caller) {
        let (failures, until) = app.ephemeral.bump(&key).await?;
        if failures > most {
            return Ok(Some(until));
        }
    }
    Ok(None)
}

async fn uncount_network(app: &App, caller: &Caller) -> Result<(), Fault> {
    for (key, _) in counters(app, caller) {
        app.ephemeral.lower(&key).await?;
    }
    Ok(())
}

/// Writes down that someone ran into a pause: once, not at every knock (LG-03). The pause of a network is about
/// nobody's account, whatever names are tried in it.
pub async fn note_pause(app: &App, subject: &Subject, caller: &Caller, pause: &Pause, person: Option<PersonId>) -> Result<(), Fault> {
    let (who, person) = match pause.about {
        About::Account(_) => {
            let device = subject.device.map(|device| device.to_string()).unwrap_or_default();
            (format!("{}:{}:{device}", subject.account, subject.method.as_str()), person)
        }
        About::Network => (String::new(), None),
    };
    if !is_first_notice(app, &caller.networks().narrow, &who, pause.until).await? {
        return Ok(());
    }
    let mut entry = Entry::new(Kind::SignInPaused, person.map_or(Actor::Unknown, Actor::Person))
        .fact("method", subject.method.as_str())
        .fact("of", if pause.about == About::Network { "network" } else { "account" })
        .personal(person, caller.audit_origin());
    if let Some(person) = person {
        entry = entry.about(person);
    }
    app.write(move |w| audit::append(w, &entry).map(|_| ())).await
}

/// Whether a refusal that anybody can provoke is to be written down. Beyond the network's limit in a window, each kind
/// is so once.
pub async fn is_first_in_window(app: &App, caller: &Caller, what: &str) -> Result<bool, Fault> {
    is_first_in_window_from(app, &caller.networks().narrow, what).await
}

/// Like [`is_first_in_window`], where no browser asks.
pub async fn is_first_in_window_from(app: &App, network: &str, what: &str) -> Result<bool, Fault> {
    let limits = &app.settings.sign_in;
    let (refused, until) = app.ephemeral.bump(&NETWORK_REFUSALS.key(network)).await?;
    Ok(refused <= limits.network_failures || is_first_notice(app, network, what, until).await?)
}

/// Whether this happens for the first time from this network before `until`.
async fn is_first_notice(app: &App, network: &str, what: &str, until: Timestamp) -> Result<bool, Fault> {
    let key = NOTED.key(format!("{network}:{what}:{}", until.micros())).until(until.plus(Duration::from_secs(1)));
    app.ephemeral.put_new(&key, &()).await
}

/// A guess was counted and could not be looked at: that was our doing, so the count is given back (PW-12). The network's
/// is not where nothing was proved and the device is unknown: anyone who keeps us busy would do so without a limit (TH-07).
/// Nor is that of an account whose pause was not told: it was not counted there.
pub async fn not_looked_at(app: &App, subject: &Subject, caller: &Caller, admitted: Admission) -> Result<(), Fault> {
    let account = (admitted == Admission::Go).then(|| subject.key());
    let typed = subject.typed_key();
    let stranger = typed.is_some();
    for key in typed.into_iter().chain(account) {
        while let Some(tries) = app.ephemeral.get(&key).await? {
            if app.ephemeral.swap(&key, tries.version(), &tries.one_less(app.now())).await? {
                break;
            }
        }
    }
    if !stranger && subject.device.is_none() {
        uncount_network(app, caller).await?;
    }
    Ok(())
}

/// A guess was right: its own counts are forgotten, nobody else's (TH-02).
pub async fn succeeded(app: &App, subject: &Subject, caller: &Caller) -> Result<(), Fault> {
    for key in subject.keys() {
        app.ephemeral.take(&key).await?;
    }
    if subject.device.is_none() { uncount_network(app, caller).await } else { Ok(()) }
}

/// A guess was wrong: counts towards what is usual.
pub async fn failed(app: &App) -> Result<(), Fault> {
    let now = app.now().seconds();
    app.ephemeral.bump(&failures_of("minute", now / 60)).await?;
    app.ephemeral.bump(&failures_of("hour", now / 3600)).await?;
    Ok(())
}

/// A refused passkey: counts for the network, pauses no passkey (WA-67). Beyond what the network may fail its failures
/// count towards nothing more, or one sender of nonsense, whom nothing stops here, could slow everybody's unknown devices
/// down for as long as it liked (TH-06).
pub async fn passkey_refused(app: &App, caller: &Caller) -> Result<(), Fault> {
    match count_network(app, caller).await? {
        Some(_) => Ok(()),
        None => failed(app).await,
    }
}

fn failures_of(unit: &str, number: i64) -> Key<Counter> {
    FAILURES.key(format!("{unit}:{number}"))
}

/// Whether failures come many times faster than in the hour before.
async fn surge(app: &App, now: Timestamp) -> Result<bool, Fault> {
    let (minute, hour) = (now.seconds() / 60, now.seconds() / 3600);
    let this_minute = app.ephemeral.count(&failures_of("minute", minute)).await?;
    if this_minute < QUIET {
        return Ok(false);
    }
    let usual = app.ephemeral.count(&failures_of("hour", hour - 1)).await? / 60;
    Ok(this_minute > usual.saturating_mul(app.settings.sign_in.surge_factor).max(QUIET))
}
