//! `Text`: words chosen in Rust but written in a Fluent file. Carries a key and values, never a sentence.

use std::collections::BTreeMap;

use serde::Serialize;

/// A value inside a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Arg {
    /// A name, a command, an address: shown in `<bdi>` where markup is possible.
    Word(String),
    /// A number, which also chooses singular or plural.
    Number(i64),
}

impl From<&str> for Arg {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl From<String> for Arg {
    fn from(word: String) -> Self {
        Self::Word(word)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// A text to be looked up when the page is rendered, in the language of its reader.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Text {
    /// The key in `templates/text/<language>/*.ftl`.
    pub key: &'static str,
    /// The values the text names.
    pub args: BTreeMap<&'static str, Arg>,
}

impl Text {
    /// A text without values.
    pub fn new(key: &'static str) -> Self {
        Self { key, args: BTreeMap::new() }
    }

    /// The same text with one more value.
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.insert(name, value.into());
        self
    }
}
