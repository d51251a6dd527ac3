//! `[brand]`: where people find the organisation behind this service.

use super::kind::SettingKind;
use super::setting::{Preset, section};

section! {
    /// Links at the foot of every page.
    Brand = "brand" {
        support: Option<String> = SettingKind::Contact, Preset::Unset("no link"),
            "Where people get help: an address of a page, or an email address.";
        privacy: Option<String> = SettingKind::WebAddress, Preset::Unset("no link"),
            "The privacy notice of the organisation.";
        terms: Option<String> = SettingKind::WebAddress, Preset::Unset("no link"),
            "The terms of use of the organisation.";
    }
}
