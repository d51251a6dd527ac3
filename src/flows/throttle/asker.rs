//! Who asks for something to be kept: each kind has a share of the store of its own, so that no number of strangers takes
//! anything from those who are signed in or whose browser is known (TH-06, TH-15).

use crate::app::App;
use crate::domain::device;
use crate::domain::session::Session;
use crate::flows::Caller;
use crate::flows::throttle::Networks;
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::platform::ephemeral::{Key, Space};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A signed-in person.
    Session(PersonId),
    /// A browser that has signed this person in before.
    KnownDevice(PersonId),
    /// Anyone else.
    Stranger(Networks),
}

impl Asker {
    /// Finds out who asks.
    pub async fn of(app: &App, caller: &Caller, session: Option<&Session>) -> Result<Self, Fault> {
        if let Some(session) = session {
            return Ok(Self::Session(session.person));
        }
        let Some(cookie) = caller.device else { return Ok(Self::Stranger(caller.networks())) };
        let owner = app.read(move |w| device::owner(w, &cookie)).await?;
        Ok(owner.map_or_else(|| Self::Stranger(caller.networks()), Self::KnownDevice))
    }

    /// The key of a value that this asker makes, in the space for such askers.
    pub(in crate::flows) fn key<T>(&self, id: impl std::fmt::Display, spaces: &ByAsker<T>) -> Key<T> {
        match self {
            Self::Session(person) => spaces.session.key(id).made_by(person),
            Self::KnownDevice(person) => spaces.device.key(id).made_by(person),
            Self::Stranger(networks) => networks.make(spaces.stranger.key(id)),
        }
    }
}

/// The spaces of one kind of value, by who asks.
pub(in crate::flows) struct ByAsker<T: 'static> {
    pub(in crate::flows) session: &'static Space<T>,
    pub(in crate::flows) device: &'static Space<T>,
    pub(in crate::flows) stranger: &'static Space<T>,
}
