//! The settled values, one for each setting, and how typed fields are taken out of them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::key_bytes::KeyBytes;
use super::kind::Value;
use super::listen::Listen;
use super::network::IpNet;
use super::problem::{SettingPlace, SettingProblem};
use crate::kernel::address::Origin;

/// A settled value and who said so.
pub struct Settled {
    /// `None` when nobody set it and there is no default.
    pub value: Option<Value>,
    /// Where it comes from.
    pub place: SettingPlace,
}

/// All settled values by key.
#[derive(Default)]
pub struct Values {
    by_key: BTreeMap<&'static str, Settled>,
    /// What is not as it should be and was accepted by a setting.
    pub warnings: Vec<SettingProblem>,
    /// Keys a section asked for that were not there in that type: a mistake of the table, found by its test.
    mistaken: RefCell<BTreeSet<&'static str>>,
}

impl Values {
    /// Settles a value.
    pub fn put(&mut self, key: &'static str, settled: Settled) {
        self.by_key.insert(key, settled);
    }
    /// A settled value with its place.
    pub fn settled(&self, key: &str) -> Option<&Settled> {
        self.by_key.get(key)
    }
    /// The value for a field, in the field's type.
    pub fn get<T: Field>(&self, key: &'static str) -> T {
        let settled = self.by_key.get(key);
        settled.and_then(|settled| T::take(settled.value.as_ref())).unwrap_or_else(|| {
            self.mistaken.borrow_mut().insert(key);
            T::stand_in()
        })
    }
    /// Keys whose field and kind do not fit together; empty unless the table is wrong.
    pub fn mistaken(&self) -> Vec<&'static str> {
        self.mistaken.borrow().iter().copied().collect()
    }
}

/// A type that a field of a section can have.
pub trait Field: Sized {
    /// The value in this type; `None` if it is of another kind.
    fn take(value: Option<&Value>) -> Option<Self>;
    /// Stands in when the table is wrong, so that the mistake becomes a listed problem and not a crash.
    fn stand_in() -> Self;
}

impl<T: Field> Field for Option<T> {
    fn take(value: Option<&Value>) -> Option<Self> {
        if value.is_none() { Some(None) } else { T::take(value).map(Some) }
    }
    fn stand_in() -> Self {
        None
    }
}

macro_rules! fields {
    ($( $type:ty, $variant:ident($bound:ident) => $taken:expr, $stand_in:expr; )+) => { $(
        impl Field for $type {
            fn take(value: Option<&Value>) -> Option<Self> {
                match value { Some(Value::$variant($bound)) => $taken, _ => None }
            }
            fn stand_in() -> Self { $stand_in }
        }
    )+ };
}

fields! {
    String, Text(text) => Some(text.clone()), String::new();
    Origin, Origin(origin) => Some(origin.clone()), Origin::localhost(8080);
    Listen, Listen(listen) => Some(*listen), Listen::default();
    Vec<IpNet>, Networks(networks) => Some(networks.clone()), Vec::new();
    Vec<String>, Hosts(hosts) => Some(hosts.clone()), Vec::new();
    PathBuf, Path(path) => Some(path.clone()), PathBuf::new();
    SecretString, Secret(secret) => Some(secret.clone()), SecretString::default();
    Duration, Span(time) => Some(*time), Duration::ZERO;
    bool, Switch(on) => Some(*on), false;
    usize, Whole(number) => usize::try_from(*number).ok(), 0;
    u64, Whole(number) => Some(*number), 0;
    u32, Whole(number) => u32::try_from(*number).ok(), 0;
    i32, Whole(number) => i32::try_from(*number).ok(), 0;
    u8, Whole(number) => u8::try_from(*number).ok(), 0;
}

/// Without a stand-in: there is no key that could stand in for a key.
impl Field for Option<KeyBytes> {
    fn take(value: Option<&Value>) -> Option<Self> {
        match value {
            None => Some(None),
            Some(Value::Key(key)) => Some(Some(key.clone())),
            Some(_) => None,
        }
    }
    fn stand_in() -> Self {
        None
    }
}
