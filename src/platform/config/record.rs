//! `[record]`: how long the record is kept.

use std::time::Duration;

use super::kind::SettingKind;
use super::setting::{Preset, section};

section! {
    /// Retention of the record.
    Record = "record" {
        audit: Duration = SettingKind::Span(2_592_000, 315_360_000), Preset::Is("730d"),
            "How long entries are kept of what people and administrators did.";
        ledger: Duration = SettingKind::Span(2_592_000, 315_360_000), Preset::Is("730d"),
            "How long entries are kept of what was told to which application.";
        strangers: Duration = SettingKind::Span(86_400, 315_360_000), Preset::Is("30d"),
            "How long entries about nobody known are kept: unknown names, made-up links, unknown applications.";
    }
}
