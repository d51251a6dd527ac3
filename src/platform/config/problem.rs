//! What is wrong with the settings, said so that it can be put right without looking anything up.

use std::fmt;

/// Where a value or a mistake stands. Ordered as the layers are: a later one wins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingPlace {
    /// Nobody set it.
    Default,
    /// A line of the configuration file.
    File {
        /// The file's name as it was given.
        name: String,
        /// The line, counted from 1; 0 for the file as a whole.
        line: usize,
    },
    /// An environment variable.
    Variable(String),
    /// A command-line flag.
    Flag(String),
}

impl fmt::Display for SettingPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingPlace::Default => f.write_str("default"),
            SettingPlace::File { name, line: 0 } => f.write_str(name),
            SettingPlace::File { name, line } => write!(f, "{name}:{line}"),
            SettingPlace::Variable(name) | SettingPlace::Flag(name) => f.write_str(name),
        }
    }
}

/// One thing that is wrong. `Display` is one line with place, what was found and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SettingProblem {
    /// Where it stands.
    pub place: SettingPlace,
    /// What is wrong.
    pub what: String,
}

impl SettingProblem {
    /// Something wrong at a place.
    pub fn new(place: SettingPlace, what: impl Into<String>) -> Self {
        Self { place, what: what.into() }
    }

    /// A key, section or variable that does not exist, with the nearest that does.
    pub(super) fn unknown(place: SettingPlace, what: &str, name: &str, nearest: Option<String>) -> Self {
        let hint =
            nearest.map_or_else(|| "`vouchsafe settings` lists what exists".to_owned(), |nearest| format!("did you mean {nearest}?"));
        Self::new(place, format!("unknown {what} {}: {hint}", name.escape_debug()))
    }
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.place, self.what)
    }
}
