//! `[record]`: how long the audit log and the ledger are kept.

use std::time::Duration;

use super::kind::SettingKind;
use super::setting::{Preset, section};

section! {
    /// Retention of the audit log and the ledger.
    Record = "record" {
        audit: Duration = SettingKind::Span(2_592_000, 315_360_000), Preset::Is("730d"),
            "How long to keep audit log entries about people and administrators.";
        ledger: Duration = SettingKind::Span(2_592_000, 315_360_000), Preset::Is("730d"),
            "How long to keep ledger entries: which application was given what.";
        strangers: Duration = SettingKind::Span(86_400, 315_360_000), Preset::Is("30d"),
            "How long to keep audit log entries about unknown names, invalid links and unknown applications.";
    }
}
