//! `[sign_in]`: how long one try may take, and how guessing is slowed down.

use std::time::Duration;

use super::kind::SettingKind;
use super::setting::{Preset, section};

section! {
    /// Limits of signing in.
    SignIn = "sign_in" {
        free_failures: i32 = SettingKind::Whole(1, 20), Preset::Is("5"),
            "Failures in a row, per account and factor, before pauses begin: 2, 4, 8 .. seconds.";
        longest_pause: Duration = SettingKind::Span(60, 3_600), Preset::Is("15m"),
            "The longest of these pauses.";
        disable_after: i32 = SettingKind::Whole(10, 100), Preset::Is("100"),
            "Failures in a row after which that password or authenticator is disabled.";
        network_failures: u64 = SettingKind::Whole(5, 10_000), Preset::Is("30"),
            "Failures from one network (an IPv4 address, or an IPv6 /64) that are let through in one window.";
        network_window: Duration = SettingKind::Span(60, 86_400), Preset::Is("10m"),
            "The window in which failures of one network are counted.";
        surge_factor: u64 = SettingKind::Whole(2, 1_000), Preset::Is("10"),
            "Times the usual rate of failures at which unknown devices are slowed down.";
        attempt: Duration = SettingKind::Span(60, 3_600), Preset::Is("60m"),
            "How long one sign-in may take from its first page to its last.";
        ceremony: Duration = SettingKind::Span(30, 300), Preset::Is("5m"),
            "How long a browser has to answer with a passkey.";
        totp_skew: u8 = SettingKind::Whole(0, 1), Preset::Is("1"),
            "Steps of 30 seconds by which an authenticator's clock may be early or late.";
    }
}
