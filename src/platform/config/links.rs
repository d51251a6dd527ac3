//! `[links]`: how long one-use links work.

use std::time::Duration;

use super::kind::SettingKind;
use super::setting::{Preset, section};

section! {
    /// Lifetimes of one-use links.
    Links = "links" {
        setup: Duration = SettingKind::Span(300, 86_400), Preset::Is("1h"),
            "How long a set-up link works.";
        invitation: Duration = SettingKind::Span(3_600, 2_592_000), Preset::Is("72h"),
            "How long an invitation works.";
        reset: Duration = SettingKind::Span(600, 604_800), Preset::Is("24h"),
            "How long a reset link works.";
    }
}
