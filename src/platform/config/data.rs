//! `[data]`: the one folder we write to.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use super::kind::SettingKind;
use super::setting::{Preset, section};

section! {
    /// The folder we write to.
    Data = "data" {
        folder: PathBuf = SettingKind::Path, Preset::Is("data"),
            "The folder for the SQLite database and the master key; created at first start.";
    }
}

impl Data {
    /// Makes the folder, for its owner only, unless it is there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make_folder(&self) -> std::io::Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)
    }
    /// Where the master key is kept when it is not given as a setting.
    pub fn master_key_file(&self) -> PathBuf {
        self.folder.join("keys").join("master")
    }
    /// Leaves the set-up link in the folder for anyone who cannot see the terminal, readable by its owner only. Where there
    /// is no folder there is nobody to read it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn keep_setup_link(&self, address: &str) -> std::io::Result<()> {
        use std::os::unix::fs::OpenOptionsExt;
        self.forget_setup_link()?;
        match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.setup_link_file()) {
            Ok(mut out) => writeln!(out, "{address}"),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
    /// Removes that file: there is no longer an open link.
    ///
    /// # Errors
    /// When it is there and stays there.
    pub fn forget_setup_link(&self) -> std::io::Result<()> {
        match std::fs::remove_file(self.setup_link_file()) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
    fn setup_link_file(&self) -> PathBuf {
        self.folder.join("setup-link")
    }
}
