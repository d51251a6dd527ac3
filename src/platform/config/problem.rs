//! What is wrong with the settings, said so that it can be put right without looking anything up.

use std::fmt;

use super::table;

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

/// The existing key nearest to an unknown one: a slip of the finger, or the right name in the wrong section.
pub(super) fn nearest_key(unknown: &str) -> Option<String> {
    let mut keys: Vec<String> = table::settings().map(|setting| setting.key.to_owned()).collect();
    keys.extend(table::settings().filter_map(table::Setting::file_key));
    let leaf = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
    let same_name = keys.iter().find(|key| leaf(key) == leaf(unknown)).cloned();
    nearest(unknown, keys.iter().map(String::as_str)).map(str::to_owned).or(same_name).or_else(|| {
        // `public_uri` at the top of the file: the section is missing and the name has a slip.
        let names: Vec<String> = keys.iter().map(|key| leaf(key)).collect();
        let name = nearest(&leaf(unknown), names.iter().map(String::as_str))?;
        keys.iter().find(|key| leaf(key) == name).cloned()
    })
}

/// The candidate with the fewest slips of the finger, if they are few.
pub(super) fn nearest<'a>(unknown: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let few = (unknown.chars().count() / 4).clamp(1, 3);
    candidates
        .map(|candidate| (strsim::osa_distance(unknown, candidate), candidate))
        .filter(|(slips, _)| *slips <= few)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_spelling_is_found() {
        for (unknown, nearest) in [
            ("server.public_uri", Some("server.public_url")),
            ("server.publicurl", Some("server.public_url")),
            ("sever.listen", Some("server.listen")),
            ("server.lifetime", Some("session.lifetime")),
            ("public_url", Some("server.public_url")),
            ("public_uri", Some("server.public_url")),
            ("database.url_fiel", Some("database.url_file")),
            ("server_public_url", Some("server.public_url")),
            ("weather.forecast", None),
        ] {
            assert_eq!(nearest_key(unknown).as_deref(), nearest, "{unknown}");
        }
    }
}
