//! `[keys]`: the key that opens everything sealed at rest.

use super::key_bytes::KeyBytes;
use super::kind::{SettingKind, Value};
use super::setting::{Preset, section};
use super::values::Field;
use crate::platform::secret_file::FileTrust;

section! {
    /// The master key, when it is not kept in the data folder.
    Keys = "keys" {
        master: Option<KeyBytes> = SettingKind::Key, Preset::Unset("the file `keys/master` in the data folder, created at first start"),
            "The master key. Without it the data cannot be read: keep a copy elsewhere.";
        files: FileTrust = SettingKind::Choice(FileTrust::WORDS), Preset::Is("private"),
            "What is asked of files with a secret (the master key, and those named by `_file` settings). `private`: no link and no mode beyond 0600. `mounted`: links and other modes too, as container platforms mount secrets; each is warned of in the log.";
    }
}

impl Field for FileTrust {
    fn take(value: Option<&Value>) -> Option<Self> {
        match value {
            Some(Value::Choice("private")) => Some(Self::Private),
            Some(Value::Choice("mounted")) => Some(Self::Mounted),
            _ => None,
        }
    }
    fn stand_in() -> Self {
        Self::Private
    }
}
