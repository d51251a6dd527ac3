//! How many entries an hour may have: so many about nobody known, and so many refusals of a kind about one person or one
//! application.

use super::{Actor, Entry, Kind};
use crate::kernel::Timestamp;
use crate::kernel::ids::{ClientId, PersonId, UuidId};
use crate::text_enum;

/// The most entries about nobody known (an unknown name, a made-up link, an unknown application) in one hour. Further ones
/// are counted, and one entry says how many they were.
pub const STRANGERS_PER_HOUR: i64 = 1_000;

/// The most refusals of one kind about one person or one application in an hour, which anyone who is refused can cause as often
/// as they like. Further ones are counted, and one entry says how many they were.
pub const REFUSALS_PER_HOUR: i64 = 100;

pub(super) const SECONDS_OF_AN_HOUR: i64 = 3_600;

text_enum! {
    /// What bounded entries are about.
    pub enum BudgetOf {
        /// Nobody known.
        Nobody = "nobody",
        /// A person.
        Person = "person",
        /// An application.
        Client = "client",
    }
}

/// Entries that are counted together in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    pub(super) about: BudgetOf,
    /// Whom; nil for nobody.
    pub(super) id: uuid::Uuid,
    /// Which entries; of nobody all kinds are counted as one.
    pub(super) kind: Kind,
    pub(super) hour: i64,
}

impl Budget {
    pub(super) fn of(entry: &Entry, now: Timestamp) -> Option<Self> {
        let hour = now.seconds() / SECONDS_OF_AN_HOUR;
        if entry.is_about_nobody() {
            return Some(Self { about: BudgetOf::Nobody, id: uuid::Uuid::nil(), kind: Kind::RecordOmitted, hour });
        }
        let (about, id) = match (entry.subject, entry.client) {
            _ if !entry.kind.is_refusal() => return None,
            (Some(person), _) => (BudgetOf::Person, person.uuid()),
            (None, client) => (BudgetOf::Client, client?.uuid()),
        };
        Some(Self { about, id, kind: entry.kind, hour })
    }

    pub(super) fn most(self) -> i64 {
        if self.about == BudgetOf::Nobody { STRANGERS_PER_HOUR } else { REFUSALS_PER_HOUR }
    }

    /// The entry that stands for those that were left out.
    pub(super) fn omitted(self, entries: i64) -> Entry {
        let since = Timestamp::from_seconds(self.hour * SECONDS_OF_AN_HOUR);
        let entry = Entry::new(Kind::RecordOmitted, Actor::System).fact("since", since.seconds()).fact("entries", entries - self.most());
        match self.about {
            BudgetOf::Nobody => entry,
            BudgetOf::Person => entry.about(PersonId::from_uuid(self.id)).fact("kind", self.kind.as_str()),
            BudgetOf::Client => entry.with(ClientId::from_uuid(self.id)).fact("kind", self.kind.as_str()),
        }
    }
}
