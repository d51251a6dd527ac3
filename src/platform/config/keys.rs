//! `[keys]`: the key that opens everything sealed at rest.

use super::key_bytes::KeyBytes;
use super::kind::Kind;
use super::table::{Preset, section};

section! {
    /// The master key, when it is not kept in the data folder.
    Keys = "keys" {
        master: Option<KeyBytes> = Kind::Key, Preset::Unset("the file `keys/master` in the data folder, made at first start"),
            "The master key. Without it the data cannot be read: keep a copy elsewhere.";
    }
}
