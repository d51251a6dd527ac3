//! Values all nodes share: chosen once (inserted if absent, so that of two nodes choosing at the same time one wins), or put down
//! anew at each start.

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

/// Stores a value in place of the one that is there.
pub fn put<T: Serialize>(w: &mut Work<'_>, name: &str, value: &T) -> Result<(), Fault> {
    store::replace(w, name, serde_json::to_value(value).map_err(Fault::internal)?)
}

/// Stores a value in place of `old`; false when something else is there.
pub fn replace_if<T: Serialize>(w: &mut Work<'_>, name: &str, old: &T, new: &T) -> Result<bool, Fault> {
    let [old, new] = [old, new].map(|value| serde_json::to_value(value).map_err(Fault::internal));
    store::replace_if(w, name, old?, new?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::testing::each_backend;

    #[test]
    fn what_is_chosen_stays_and_what_is_put_down_replaces() {
        each_backend(|w| {
            assert_eq!(find::<String>(w, "x").unwrap(), None);
            assert_eq!(choose(w, "x", &"one".to_owned()).unwrap(), "one");
            assert_eq!(choose(w, "x", &"two".to_owned()).unwrap(), "one");
            put(w, "x", &"three").unwrap();
            put(w, "y", &"four").unwrap();
            let mut found = |name: &str| find::<String>(w, name).unwrap();
            assert_eq!([found("x"), found("y")], [Some("three".to_owned()), Some("four".to_owned())]);
        });
    }

    #[test]
    fn of_two_that_replace_one_value_one_does() {
        each_backend(|w| {
            let memory = |times: i32| ("memory".to_owned(), times);
            choose(w, "x", &memory(1)).unwrap();
            assert!(replace_if(w, "x", &memory(1), &memory(2)).unwrap());
            assert!(!replace_if(w, "x", &memory(1), &memory(3)).unwrap());
            assert_eq!(find::<(String, i32)>(w, "x").unwrap(), Some(memory(2)));
            assert!(!replace_if(w, "y", &1, &2).unwrap());
        });
    }
}
