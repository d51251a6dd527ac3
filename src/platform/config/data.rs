//! `[data]`: the one folder we write to.

use std::path::PathBuf;

use super::kind::Kind;
use super::table::{Preset, section};

section! {
    /// The folder we write to.
    Data = "data" {
        folder: PathBuf = Kind::Path, Preset::Is("data"),
            "The folder for the SQLite database and the master key; made at first start.";
    }
}

impl Data {
    /// Where the master key is kept when it is not given as a setting.
    pub fn master_key_file(&self) -> PathBuf {
        self.folder.join("keys").join("master")
    }
    /// Where the set-up link is left for whoever cannot see the terminal.
    pub fn setup_link_file(&self) -> PathBuf {
        self.folder.join("setup-link")
    }
}
