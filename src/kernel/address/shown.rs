//! How an address is told to people.

use url::{Host, Url};

/// The host of an address as people should read it: with its port, unless it is a loopback address, whose port any program
/// may choose; punycode stays punycode (CVE-104). The scheme of an address of another kind.
pub fn host_of(address: &str) -> String {
    match Url::parse(address) {
        Ok(url) if is_loopback(&url) => url.host_str().unwrap_or_default().to_owned(),
        _ => {
            let origin = origin_of(address);
            origin.split_once("://").map_or_else(|| origin.trim_end_matches(':').to_owned(), |(_, host)| host.to_owned())
        }
    }
}

/// The origin of a web address, the scheme of another; empty for what is not an address.
pub fn origin_of(address: &str) -> String {
    match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url.origin().ascii_serialization(),
        Ok(url) => format!("{}:", url.scheme()),
        Err(_) => String::new(),
    }
}

/// An address typed with letters outside ASCII as browsers send it: the host in its `xn--` form (RFC 5891), the rest
/// percent-encoded.
pub fn ascii_of(text: &str) -> Option<String> {
    Url::parse(text).ok().map(String::from).filter(|ascii| ascii.is_ascii())
}

/// Whether it leads a device to itself.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
