//! `[session]`: how long a browser stays signed in.

use std::time::Duration;

use super::kind::SettingKind;
use super::setting::{Preset, section};

section! {
    /// Limits of sessions.
    Session = "session" {
        lifetime: Duration = SettingKind::Span(300, 86_400), Preset::Is("12h"),
            "How long a session lasts at most.";
        idle: Duration = SettingKind::Span(60, 86_400), Preset::Is("1h"),
            "How long a session lasts unused.";
        admin_idle: Duration = SettingKind::Span(60, 86_400), Preset::Is("30m"),
            "How long the elevated rights of an administrator last unused.";
        reauthentication: Duration = SettingKind::Span(60, 900), Preset::Is("15m"),
            "How recent a sign-in or confirmation must be to change sign-in methods or to administer.";
        known_device: Duration = SettingKind::Span(86_400, 34_560_000), Preset::Is("90d"),
            "How long we recognise a browser after a sign-in.";
    }
}
