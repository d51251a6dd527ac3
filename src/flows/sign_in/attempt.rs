//! One try to sign in: kept on the server, bound to the browser that began it, an hour long. It holds no secret.

use serde::{Deserialize, Serialize};

use super::enter::{Entered, EntryPurpose};
use crate::app::App;
use crate::domain::policy::Need;
use crate::flows::spaces::ATTEMPT;
use crate::flows::{After, Caller};
use crate::kernel::ids::{AttemptId, PersonId};
use crate::kernel::proof::AuthEvent;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{AttemptCookie, TokenHash};
use crate::platform::ephemeral::{Key, Versioned};

/// What an attempt begins with.
#[derive(Clone, Debug)]
pub struct Begin {
    /// What it is for.
    pub purpose: EntryPurpose,
    /// Where it leads.
    pub after: After,
    /// What must be proved.
    pub need: Need,
}

/// A completed sign-in or re-authentication.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The cookies to set.
    pub entered: Entered,
    /// Where it leads.
    pub after: After,
    /// The page to return to, if one was asked for before.
    pub to: Option<String>,
}

impl Signed {
    pub(super) fn of(purpose: &EntryPurpose, after: After, entered: Entered) -> Self {
        let to = match purpose {
            EntryPurpose::Reauthenticate { to, .. } => Some(to.clone()),
            EntryPurpose::SignIn { to } => to.clone(),
            EntryPurpose::Enrolment => None,
        };
        Self { entered, after, to }
    }
}

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// A step is open.
    Open,
    /// It ended in a session.
    Finished,
}

/// An attempt. Each post carries its version and advances it by one swap.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// Its id, in addresses.
    pub id: AttemptId,
    /// Counts its changes.
    pub version: u64,
    /// The browser that began it (SE-18).
    pub binding: TokenHash<AttemptCookie>,
    /// Where it leads.
    pub after: After,
    /// What it is for.
    pub purpose: EntryPurpose,
    /// What must be proved.
    pub need: Need,
    /// Who it is, by the first proof.
    pub person: PersonId,
    /// What has been proved.
    pub events: Vec<AuthEvent>,
    /// How many steps behind the last wrong code was, and its step: two different codes with one drift are a clock
    /// that is off, one may be a guess.
    pub drift: Option<(i64, i64)>,
    /// Where it stands.
    pub state: State,
    /// When it began.
    pub began_at: Timestamp,
}

impl Versioned for Attempt {
    fn version(&self) -> u64 {
        self.version
    }
}

impl Attempt {
    /// Stores a new attempt.
    pub(super) async fn begin(app: &App, caller: &Caller, begin: Begin, person: PersonId, event: AuthEvent) -> Result<Self, Fault> {
        let now = app.now();
        let Begin { purpose, after, need } = begin;
        let attempt = Self {
            id: AttemptId::make(now, &*app.entropy),
            version: 1,
            binding: caller.binding,
            after,
            purpose,
            need,
            person,
            events: vec![event],
            drift: None,
            state: State::Open,
            began_at: now,
        };
        app.ephemeral.put(&key(attempt.id).made_by(person), &attempt).await?;
        Ok(attempt)
    }

    /// Claims the step a post carries: false for a second tab, a double click or an old page.
    pub(super) async fn claim_step(&mut self, app: &App, step: u64) -> Result<bool, Fault> {
        if self.state != State::Open || step != self.version {
            return Ok(false);
        }
        self.version += 1;
        app.ephemeral.swap(&key(self.id), step, self).await
    }

    /// Stores a change of an attempt whose step this caller has claimed.
    pub(super) async fn save(&mut self, app: &App) -> Result<bool, Fault> {
        let seen = self.version;
        self.version += 1;
        app.ephemeral.swap(&key(self.id), seen, self).await
    }

    /// Ends an attempt whose session is written. That the store is away by now is only logged: the session is there and its
    /// code is spent, so the person who proved everything gets it (TH-11).
    pub(super) async fn end(&mut self, app: &App) {
        self.state = State::Finished;
        if let Err(fault) = self.save(app).await {
            tracing::warn!(%fault, "a person signed in; that their attempt is over could not be stored");
        }
    }

    /// What a completed attempt leads to.
    pub(super) fn signed(&self, entered: Entered) -> Signed {
        Signed::of(&self.purpose, self.after, entered)
    }
}

fn key(id: AttemptId) -> Key<Attempt> {
    ATTEMPT.key(id)
}

/// What is at an attempt's address.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// The attempt, begun in this browser.
    Here(Box<Attempt>),
    /// Nothing, or another browser's: both look the same.
    Gone,
}

/// Loads an attempt for the browser that began it.
pub async fn load(app: &App, caller: &Caller, id: AttemptId) -> Result<Loaded, Fault> {
    let found = app.ephemeral.get(&key(id)).await?;
    Ok(match found {
        Some(attempt) if attempt.binding == caller.binding => Loaded::Here(Box::new(attempt)),
        _ => Loaded::Gone,
    })
}
