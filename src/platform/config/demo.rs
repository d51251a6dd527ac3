//! `[demo]`: the demonstration application that stands beside a server nobody else can reach.

use super::kind::SettingKind;
use super::listen::Listen;
use super::setting::{Preset, section};

section! {
    /// The demonstration application.
    Demo = "demo" {
        enabled: Option<bool> = SettingKind::Switch, Preset::Unset("on while there is no `server.public_url`"),
            "Whether the demo application runs beside the server.";
        listen: Option<Listen> = SettingKind::Listen, Preset::Unset("127.0.0.1:8081, or the next free port"),
            "Where the demo application listens. Its host name must differ from ours, because cookies ignore ports.";
    }
}
