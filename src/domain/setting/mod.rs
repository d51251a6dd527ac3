//! Values chosen once for all nodes: inserted if absent, so that of two nodes choosing at once one wins.

mod store;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::Fault;
use crate::platform::db::Work;

/// Reads a value.
pub fn find<T: DeserializeOwned + std::fmt::Debug>(w: &mut Work<'_>, name: &str) -> Result<Option<T>, Fault> {
    match store::find(w, name)? {
        Some(value) => serde_json::from_value(value).map(Some).map_err(|_| Fault::corrupt("settings", "value", name)),
        None => Ok(None),
    }
}

/// Stores a value unless one is there, and returns the one that holds.
pub fn choose<T: Serialize + DeserializeOwned + std::fmt::Debug>(w: &mut Work<'_>, name: &str, value: &T) -> Result<T, Fault> {
    let value = serde_json::to_value(value).map_err(Fault::internal)?;
    store::insert_if_absent(w, name, value)?;
    find(w, name)?.ok_or_else(|| Fault::internal("a setting was stored and is not there"))
}
