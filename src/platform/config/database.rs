//! `[database]`: SQLite in the data folder, or Postgres.

use secrecy::SecretString;

use super::kind::{SettingKind, Value};
use super::setting::{Preset, section};
use super::values::{Field, Values};
use crate::platform::db::Pooling;

section! {
    /// Which database, and how much of it at the same time.
    Database = "database" {
        url: SecretString = SettingKind::DatabaseUrl, Preset::Made("`sqlite://`, the data folder, and `/vouchsafe.sqlite`", in_data_folder),
            "The database: a file of SQLite, or a Postgres server, which several of us can share.";
        connections: usize = SettingKind::Whole(1, 64), Preset::Is("4"),
            "Connections to Postgres, or readers of SQLite beside its one writer.";
        pooler: Pooling = SettingKind::Choice(POOLERS), Preset::Is("auto"),
            "Whether a pooler that lends a connection for each transaction, such as PgBouncer in transaction mode, stands before Postgres. `auto` finds out at start.";
        queue: usize = SettingKind::Whole(1, 4_096), Preset::Is("256"),
            "Requests that may wait for a connection. When it is full the answer is 503, try again.";
    }
}

const POOLERS: &[&str] = &["auto", "none", "transaction"];

impl Field for Pooling {
    fn take(value: Option<&Value>) -> Option<Self> {
        match value {
            Some(Value::Choice("auto")) => Some(Self::Detect),
            Some(Value::Choice("none")) => Some(Self::Session),
            Some(Value::Choice("transaction")) => Some(Self::Transaction),
            _ => None,
        }
    }
    fn stand_in() -> Self {
        Self::Detect
    }
}

fn in_data_folder(values: &Values) -> String {
    let folder = values.settled("data.folder").and_then(|settled| settled.value.as_ref()).map(Value::show);
    format!("sqlite://{}/vouchsafe.sqlite", folder.unwrap_or_default())
}
