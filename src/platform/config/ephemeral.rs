//! `[ephemeral]`: where attempts, ceremonies and counters are kept.

use secrecy::SecretString;

use super::kind::SettingKind;
use super::setting::{Preset, section};

section! {
    /// Where what lives for minutes is kept.
    Ephemeral = "ephemeral" {
        url: Option<SecretString> = SettingKind::RedisUrl, Preset::Unset("in this process"),
            "A Redis for attempts to sign in and counters of failures, which several of us share and which outlasts each of us.";
        size: u64 = SettingKind::Whole(16, 4_096), Preset::Is("64"),
            "The most MiB of attempts and counters kept at the same time, divided among their kinds as `What strangers can and cannot do` shows.";
    }
}
