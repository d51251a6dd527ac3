//! `[log]`: how much is logged, and in which form.

use super::kind::{SettingKind, Value};
use super::setting::{Preset, section};
use super::values::Field;

section! {
    /// Form and amount of the log.
    Log = "log" {
        format: Format = SettingKind::Choice(Format::WORDS), Preset::Is("text"),
            "Lines for people, or one JSON object for each line. Both go to standard error.";
        level: Level = SettingKind::Choice(Level::WORDS), Preset::Is("info"),
            "The least important entries that are still logged.";
    }
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines for people.
    Text,
    /// One JSON object for each line.
    Json,
}

/// The least important entries that are still logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Only what broke.
    Error,
    /// And what should be looked at.
    Warn,
    /// And what happens in normal work.
    Info,
    /// And how decisions came about.
    Debug,
    /// Everything.
    Trace,
}

impl Format {
    const WORDS: &[&str] = &["text", "json"];
}

impl Level {
    const WORDS: &[&str] = &["error", "warn", "info", "debug", "trace"];
    /// The level as a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warn => "warn",
            Level::Info => "info",
            Level::Debug => "debug",
            Level::Trace => "trace",
        }
    }
}

impl Field for Format {
    fn take(value: Option<&Value>) -> Option<Self> {
        match value {
            Some(Value::Choice("text")) => Some(Format::Text),
            Some(Value::Choice("json")) => Some(Format::Json),
            _ => None,
        }
    }
    fn stand_in() -> Self {
        Format::Text
    }
}

impl Field for Level {
    fn take(value: Option<&Value>) -> Option<Self> {
        let Some(Value::Choice(word)) = value else { return None };
        [Level::Error, Level::Warn, Level::Info, Level::Debug, Level::Trace].into_iter().find(|level| level.as_str() == *word)
    }
    fn stand_in() -> Self {
        Level::Info
    }
}
