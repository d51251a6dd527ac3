//! Parameters of a protocol request: each at most once (OA-07), empty as if absent, unknown ignored (OA-08).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The parameters of one request.
#[derive(Clone, Debug, Default)]
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
    /// Whether any value contains NUL.
    pub fn has_nul(&self) -> bool {
        self.values.values().any(|value| value.contains('\0'))
    }
    /// Whether this parameter came twice.
    pub fn is_repeated(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }
    /// The words of a space-separated value, each once.
    pub fn words(&self, name: &str) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for word in self.get(name).unwrap_or_default().split(' ').filter(|word| !word.is_empty()) {
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        words
    }
}
