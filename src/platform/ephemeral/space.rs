//! A use of the store: what is kept under which name, how long, who can make it, and how much of the store it may take.
//!
//! Each use is one constant; all of them stand in one table (`flows::spaces`), whose shares add up to no more than the
//! store. A share is therefore reserved as well: nothing else can take it.

use std::time::Duration;

use crate::kernel::Timestamp;
use crate::platform::config::Settings;

/// Who makes the values of a space. The maximum of one maker is counted by the name given in [`Key::made_by`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MadeBy {
    /// Anyone, without having proved anything; counted by network.
    Stranger,
    /// A browser that has signed its person in before; counted by person.
    KnownDevice,
    /// The holder of a one-use link; counted by link.
    Link,
    /// A person who has proved a first factor; counted by person.
    Proven,
    /// A signed-in session; counted by session.
    Session,
    /// The server itself.
    Server,
}

impl MadeBy {
    /// The word of the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stranger => "anyone",
            Self::KnownDevice => "a known device",
            Self::Link => "the holder of a link",
            Self::Proven => "a person with one factor proved",
            Self::Session => "a session",
            Self::Server => "the server",
        }
    }
}

/// How long values of a space are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// This long.
    Fixed(Duration),
    /// `sign_in.attempt`.
    Attempt,
    /// `sign_in.ceremony`.
    Ceremony,
    /// `sign_in.network_window`.
    NetworkWindow,
}

/// What happens when a share is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFull {
    /// The value that ends first makes room for the new one.
    FirstToEndGoes,
    /// The new one is refused until the first value ends: for counters that guard against guessing, where room made by
    /// dropping one would be a free try (TH-04).
    Refused,
}

/// What a space is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// The name its keys begin with. Two spaces may have one name where two kinds of makers make the same values: then
    /// they are read by that name, and each has its own share.
    pub name: &'static str,
    /// How long its values are kept.
    pub kept: Lifetime,
    /// Who makes them.
    pub made_by: MadeBy,
    /// Its part of the store, in thousandths: its maximum, and reserved for it.
    pub part: u64,
    /// The most of one maker, in KiB; beyond it the maker's own value that ends first makes room. `None` where the id is
    /// the maker, which has one value by that.
    pub each: Option<u64>,
    /// What happens when the share is used up.
    pub when_full: WhenFull,
}

/// A use of the store for values of type `T`.
#[derive(Debug)]
pub struct Space<T> {
    /// What it is allowed.
    pub share: Share,
    version: fn(&T) -> u64,
}

/// A value that counts its changes, for [`super::Ephemeral::swap`].
pub trait Versioned {
    /// The number of changes.
    fn version(&self) -> u64;
}

/// The type of a space that counts; see [`super::Ephemeral::bump`].
#[derive(Debug)]
pub enum Counter {}

impl<T> Space<T> {
    /// A space of values that are put and taken whole.
    pub const fn new(share: Share) -> Self {
        Self { share, version: unversioned }
    }

    /// The key of `id`; ids are opaque, never personal.
    pub fn key(&self, id: impl std::fmt::Display) -> Key<T> {
        let name = format!("{}:{id}", self.share.name);
        Key { name, share: self.share, makers: Vec::new(), until: None, version: self.version }
    }
}

impl<T: Versioned> Space<T> {
    /// A space of values that are swapped.
    pub const fn versioned(share: Share) -> Self {
        Self { share, version: T::version }
    }
}

fn unversioned<T>(_: &T) -> u64 {
    0
}

/// One maker of a value and the most of them, in bytes.
#[derive(Clone, Debug)]
pub(super) struct Maker {
    pub(super) name: String,
    pub(super) most: u64,
}

/// Where one value of type `T` is kept.
#[derive(Debug)]
pub struct Key<T> {
    pub(super) name: String,
    pub(super) share: Share,
    pub(super) makers: Vec<Maker>,
    pub(super) until: Option<Timestamp>,
    pub(super) version: fn(&T) -> u64,
}

impl<T> Key<T> {
    /// Says who makes the value, for the maximum of one maker.
    #[must_use]
    pub fn made_by(self, maker: impl std::fmt::Display) -> Self {
        self.made_by_group(maker, 1)
    }

    /// Says what group the maker belongs to, which may have `times` as much as one maker.
    #[must_use]
    pub fn made_by_group(mut self, maker: impl std::fmt::Display, times: u64) -> Self {
        if let Some(each) = self.share.each {
            self.makers.push(Maker { name: maker.to_string(), most: each * 1024 * times });
        }
        self
    }

    /// Keeps the value until then instead of as long as its space says.
    #[must_use]
    pub fn until(mut self, until: Timestamp) -> Self {
        self.until = Some(until);
        self
    }
}

/// What depends on settings.
#[derive(Clone, Copy, Debug)]
pub struct StoreLimits {
    /// The size of the store, in bytes.
    pub size: u64,
    attempt: Duration,
    ceremony: Duration,
    network_window: Duration,
}

impl StoreLimits {
    /// By the settings.
    pub fn of(settings: &Settings) -> Self {
        Self {
            size: settings.ephemeral.size * 1024 * 1024,
            attempt: settings.sign_in.attempt,
            ceremony: settings.sign_in.ceremony,
            network_window: settings.sign_in.network_window,
        }
    }

    /// What a share comes to, in bytes.
    pub(crate) fn most(&self, share: &Share) -> u64 {
        self.size / 1000 * share.part
    }

    /// When a value stored now ends.
    pub(super) fn ends<T>(&self, key: &Key<T>, now: Timestamp) -> Timestamp {
        let lasts = match key.share.kept {
            Lifetime::Fixed(duration) => duration,
            Lifetime::Attempt => self.attempt,
            Lifetime::Ceremony => self.ceremony,
            Lifetime::NetworkWindow => self.network_window,
        };
        key.until.unwrap_or_else(|| now.plus(lasts))
    }
}
