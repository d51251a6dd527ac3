//! `[oidc]`: how long what applications are given is good.

use std::time::Duration;

use super::kind::SettingKind;
use super::setting::{Preset, section};

section! {
    /// Lifetimes of codes and tokens.
    Oidc = "oidc" {
        code: Duration = SettingKind::Span(10, 600), Preset::Is("60s"),
            "How long an application has to redeem an authorization code.";
        access_token: Duration = SettingKind::Span(60, 3_600), Preset::Is("10m"),
            "How long an access token is good.";
        id_token: Duration = SettingKind::Span(60, 3_600), Preset::Is("10m"),
            "How long an ID token is good.";
    }
}
