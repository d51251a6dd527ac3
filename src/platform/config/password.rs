//! `[password]`: what a password must be, and how much work its hash may be.

use super::kind::SettingKind;
use super::server::one_per_core;
use super::setting::{Preset, section};

section! {
    /// Rules for passwords and their hashing.
    Password = "password" {
        minimum: usize = SettingKind::Whole(8, 64), Preset::Is("12"),
            "Fewest characters of a password.";
        minimum_alone: usize = SettingKind::Whole(8, 64), Preset::Is("15"),
            "Fewest characters where the password may be the only factor.";
        threads: usize = SettingKind::Whole(1, 64), Preset::Made("one for each processor core", one_per_core),
            "Passwords hashed at the same time. Each takes as much memory as one hash.";
        queue: usize = SettingKind::Whole(1, 4_096), Preset::Is("64"),
            "Passwords that may wait to be hashed. When it is full the answer is 503, try again.";
        memory_max_kib: u32 = SettingKind::Whole(19_456, 1_048_576), Preset::Is("65536"),
            "The most memory one hash may take, in KiB. The cost is chosen so that one hash takes 100 to 250 ms.";
    }
}
