//! One server for one SQLite file. Two would take each other's set-up link and demonstration away, and each keeps its
//! attempts to sign in to itself; several servers share a Postgres.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;

use super::CommandFailure;
use crate::platform::config::Settings;
use crate::platform::db::DbTarget;

/// Held for as long as the server runs; the system gives it back when the process ends, however it ends.
pub(super) struct OnlyOne {
    _lock: Option<File>,
}

/// Claims the SQLite file of the settings; a Postgres needs no claim.
pub(super) fn claim(settings: &Settings) -> Result<OnlyOne, CommandFailure> {
    let Some(DbTarget::Sqlite(database)) = DbTarget::parse(settings.database.url.expose_secret()) else {
        return Ok(OnlyOne { _lock: None });
    };
    let path = beside(&database);
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
    // A folder that is not there yet is nobody's, and one that cannot be written is told better by what opens the database.
    let Ok(mut file) = opened else { return Ok(OnlyOne { _lock: None }) };
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            write!(file, "{}", std::process::id())?;
            Ok(OnlyOne { _lock: Some(file) })
        }
        Err(TryLockError::WouldBlock) => {
            let mut other = String::new();
            let _ = file.read_to_string(&mut other);
            let who = if other.is_empty() { String::new() } else { format!(" (process {other})") };
            Err(CommandFailure(format!(
                "Another vouchsafe{who} is running with the database {}.\nStop it first, or start this one with a folder of its own: --data FOLDER",
                database.display()
            )))
        }
        // A file system without locks: then there is none to be had.
        Err(TryLockError::Error(_)) => Ok(OnlyOne { _lock: None }),
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}
