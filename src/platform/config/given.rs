//! A value as it was given, before it is read.

use super::problem::SettingPlace;

/// A value as it stands in a file, a variable or a flag.
#[derive(Clone)]
pub enum Found {
    /// Text: a quoted string, a variable or a flag.
    Text(String),
    /// A number or `true`/`false` in the file.
    Bare(String),
    /// A list of strings in the file.
    List(Vec<String>),
    /// Something no setting can be; the words name it.
    Other(&'static str),
}

/// One value that was given to a key.
pub(super) struct GivenValue {
    /// Section and name.
    pub key: String,
    /// The value as it stands there.
    pub found: Found,
    /// Where it stands.
    pub place: SettingPlace,
}
