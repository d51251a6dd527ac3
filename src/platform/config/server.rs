//! `[server]`: where we listen, and the one address everything else follows from.

use std::time::Duration;

use super::kind::SettingKind;
use super::listen::Listen;
use super::network::IpNet;
use super::setting::{Preset, section};
use super::values::Values;
use crate::kernel::address::Origin;

section! {
    /// Where we listen and what we are called.
    Server = "server" {
        public_url: Option<Origin> = SettingKind::PublicUrl, Preset::Unset("http://localhost with the port listened on"),
            "The address people type. Passkeys, links, cookies and the issuer name in tokens belong to it, so choose it once.";
        listen: Listen = SettingKind::Listen, Preset::Is("localhost:8080"),
            "Where to listen. `localhost` means 127.0.0.1 and ::1: only this machine can connect.";
        trusted_proxies: Vec<IpNet> = SettingKind::Networks, Preset::Is(""),
            "Proxies in front of us, whose `X-Forwarded-For`, `Forwarded` or `X-Real-IP` is believed. From anyone else they are ignored.";
        inner_hosts: Vec<String> = SettingKind::Hosts, Preset::Is(""),
            "Further host names under which applications reach discovery, keys, the token endpoint and userinfo, such as the name of this server in a container network; without a port, any port. Pages never answer under them.";
        organisation: String = SettingKind::Text(60), Preset::Is("Vouchsafe"),
            "The name shown on pages and in authenticator apps.";
        workers: usize = SettingKind::Whole(1, 64), Preset::Made("one for each processor core", one_per_core),
            "Threads that answer requests.";
        request_timeout: Duration = SettingKind::Span(1, 600), Preset::Is("60s"),
            "From the first byte of a request to the first byte of its answer. A client that sends more slowly is cut off.";
        write_timeout: Duration = SettingKind::Span(1, 600), Preset::Is("30s"),
            "How long a client may take no byte of its answer before it is cut off.";
    }
}

/// How many processor cores there are, within what a setting of threads allows.
pub(super) fn one_per_core(_: &Values) -> String {
    std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 64).to_string()
}
