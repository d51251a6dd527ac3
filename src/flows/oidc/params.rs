//! Parameters of a protocol request: each at most once (OA-07), empty as if absent, unknown ignored (OA-08).

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// The parameters of one request. Some are secrets, so none is ever printed.
#[derive(Clone, Default)]
pub struct Params {
    values: HashMap<String, String>,
    repeated: Vec<String>,
}

impl Params {
    /// Reads name and value pairs.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut params = Self::default();
        for (name, value) in pairs {
            match params.values.entry(name) {
                Entry::Occupied(first) => params.repeated.push(first.key().clone()),
                Entry::Vacant(place) => {
                    place.insert(value);
                }
            }
        }
        params
    }
    /// Reads an url-encoded query or body.
    pub fn parse(encoded: &[u8]) -> Self {
        Self::new(form_urlencoded::parse(encoded).into_owned())
    }
    /// A value; `None` when absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
    /// Whether any parameter came twice.
    pub fn has_repeated(&self) -> bool {
        !self.repeated.is_empty()
    }
    /// The names of the parameters that came more than once, each of those once.
    pub fn repeated_names(&self) -> String {
        let mut names: Vec<&str> = self.repeated.iter().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names.join(" ")
    }
    /// Whether any value contains NUL, which is text to no database.
    pub fn has_nul(&self) -> bool {
        self.values.values().any(|value| value.contains('\0'))
    }
    /// Whether this parameter came twice.
    pub fn is_repeated(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }
    /// The words of a space-separated value, each once.
    pub fn words(&self, name: &str) -> Vec<String> {
        let mut seen = HashSet::new();
        let words = self.get(name).unwrap_or_default().split(' ');
        words.filter(|word| !word.is_empty() && seen.insert(*word)).map(str::to_owned).collect()
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_once_in_order_and_values_are_not_printed() {
        // LG-02, OA-08
        let params = Params::parse(b"scope=b%20a++b&client_secret=hush&empty=");
        assert_eq!(params.words("scope"), ["b", "a"]);
        assert_eq!(params.get("empty"), None);
        assert!(!format!("{params:?}").contains("hush"), "{params:?}");
    }
}
