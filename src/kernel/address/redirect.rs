//! The addresses an application is answered at: which may be registered, and which a request means.

use url::{Host, Url};

use super::problem::AddressProblem;
use super::shown::{ascii_of, is_loopback};

/// An address an application is answered at, checked as at registration (OA-05) and compared
/// to what a request names as an exact string (OA-01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri(String);

/// What an address of an application may be where its administrator gave a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressExemption {
    /// Plain http on a private network: anyone who is on that network can read the answer to a sign-in.
    PrivateHttp,
    /// A custom scheme without a dot: any app on a device may claim it, with no domain behind it (RFC 8252 section 7.1).
    UndottedScheme,
}

impl AddressExemption {
    /// Each of them.
    pub const ALL: [Self; 2] = [Self::PrivateHttp, Self::UndottedScheme];
}

impl RedirectUri {
    /// Parses an address for registration: https, http on loopback, or a private-use scheme with a dot
    /// (RFC 8252 section 7.1). No fragment, user-info or wildcard.
    pub fn parse(text: &str) -> Result<Self, AddressProblem> {
        Self::parse_exempt(text, &[])
    }
    /// The same, where the application is exempt from parts of the rule.
    pub fn parse_exempt(text: &str, exempt: &[AddressExemption]) -> Result<Self, AddressProblem> {
        if text.len() > 2000 {
            return Err(AddressProblem::TooLong);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) || text.contains('\\') {
            return Err(AddressProblem::Malformed);
        }
        if !text.is_ascii() {
            return Err(if ascii_of(text).is_some() { AddressProblem::NotAscii } else { AddressProblem::Malformed });
        }
        if text.contains('#') {
            return Err(AddressProblem::Fragment);
        }
        if text.contains('*') {
            return Err(AddressProblem::Pattern);
        }
        let url = Url::parse(text).map_err(|_| AddressProblem::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressProblem::UserInfo);
        }
        match needed(&url)? {
            Some(AddressExemption::PrivateHttp) if !exempt.contains(&AddressExemption::PrivateHttp) => Err(AddressProblem::PrivateHttp),
            Some(AddressExemption::UndottedScheme) if !exempt.contains(&AddressExemption::UndottedScheme) => {
                Err(AddressProblem::UndottedScheme)
            }
            _ => Ok(Self(text.to_owned())),
        }
    }
    /// What the address is allowed by, if not by the rule.
    pub fn exemption(&self) -> Option<AddressExemption> {
        Url::parse(&self.0).ok().and_then(|url| needed(&url).ok().flatten())
    }
    /// The address exactly as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Whether a request naming `asked` means this address: the same string, or, for the device itself over http, the same
    /// with another port (RFC 8252 section 7.3; OA-01, OA-02). `localhost` counts too, as command-line clients use it, although
    /// section 8.3 advises the IP literals: the name may be resolved to another interface.
    pub fn matches(&self, asked: &str) -> bool {
        if self.0 == asked {
            return true;
        }
        match (loopback_without_port(&self.0), loopback_without_port(asked)) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => false,
        }
    }
}

/// The exemption an address needs; `None` when the rule allows it.
fn needed(url: &Url) -> Result<Option<AddressExemption>, AddressProblem> {
    match url.scheme() {
        "https" if url.host().is_some() => Ok(None),
        "http" if is_loopback(url) => Ok(None),
        "http" if is_private(url) => Ok(Some(AddressExemption::PrivateHttp)),
        "https" | "http" => Err(AddressProblem::Scheme),
        scheme if scheme.contains('.') => Ok(None),
        scheme if NOT_AN_APPS_OWN.contains(&scheme) => Err(AddressProblem::Scheme),
        _ => Ok(Some(AddressExemption::UndottedScheme)),
    }
}

/// Schemes that run code, read files, reach other protocols or belong to browsers and systems.
const NOT_AN_APPS_OWN: [&str; 36] = [
    "about",
    "attachment",
    "blob",
    "cid",
    "chrome",
    "content",
    "data",
    "dns",
    "edge",
    "facetime",
    "feed",
    "file",
    "filesystem",
    "ftp",
    "ftps",
    "geo",
    "gopher",
    "intent",
    "jar",
    "javascript",
    "ldap",
    "ldaps",
    "livescript",
    "mailto",
    "mid",
    "mocha",
    "moz-extension",
    "news",
    "res",
    "resource",
    "sms",
    "tel",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// Whether only a private network can reach the host: an address of RFC 1918 or RFC 4193, a name of one label, or a name under
/// a domain kept for such networks.
fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_private(),
        Some(Host::Ipv6(ip)) => ip.is_unique_local(),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.is_empty() && (!name.contains('.') || [".internal", ".lan", ".home.arpa"].iter().any(|end| name.ends_with(end)))
        }
        None => false,
    }
}

/// `http://127.0.0.1:PORT/rest` -> (`127.0.0.1`, `/rest`); only the loopback IP literals and `localhost`, written plainly. An
/// empty path is `/`, which browsers make of it.
fn loopback_without_port(address: &str) -> Option<(&'static str, &str)> {
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        let Some(rest) = address.strip_prefix("http://").and_then(|rest| rest.strip_prefix(host)) else { continue };
        let path = match rest.strip_prefix(':') {
            Some(with_port) => {
                let end = with_port.find(|c: char| !c.is_ascii_digit()).unwrap_or(with_port.len());
                let (port, path) = with_port.split_at(end);
                // Written as browsers write it: one spelling for each port, and no port 0.
                (!port.starts_with('0') && port.parse::<u16>().is_ok()).then_some(path)?
            }
            None => rest,
        };
        if path.is_empty() {
            return Some((host, "/"));
        }
        if path.starts_with('/') {
            return Some((host, path));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dangerous_addresses_cannot_be_registered() {
        // OA-05, CVE-92
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "http://app.example/cb",
            "https://app.example/cb#x",
            "https://*.example/cb",
            "https://good@evil.example/cb",
            "https://app.example/c b",
            "file:///etc/passwd",
            "myapp:/cb",
            "vbscript:x",
            "https:\\\\app.example",
        ] {
            assert!(RedirectUri::parse(bad).is_err(), "{bad}");
        }
        for good in
            ["https://app.example/cb?x=1", "http://127.0.0.1:8081/cb", "http://localhost:3000/cb", "http://[::1]/cb", "org.example.app:/cb"]
        {
            assert!(RedirectUri::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_redirect_matches_exactly_or_not_at_all() {
        // OA-01, CVE-88, CVE-89
        let ours = RedirectUri::parse("https://app.example/cb").unwrap();
        assert!(ours.matches("https://app.example/cb"));
        for trick in [
            "https://app.example/cb/",
            "https://app.example/cb?x",
            "https://app.example/cb#",
            "https://APP.example/cb",
            "https://app.example:443/cb",
            "https://app.example/%63b",
            "https://app.example/a/../cb",
            "https://app.example/..;/cb",
            "https://x@app.example/cb",
            "https://app.example@evil.example/cb",
            "https://app.example\\@evil.example/cb",
            "https://app.example/cb\n",
            "https://app.example./cb",
        ] {
            assert!(!ours.matches(trick), "{trick}");
        }
    }

    #[test]
    fn only_the_device_itself_may_change_its_port() {
        // OA-02
        let native = RedirectUri::parse("http://127.0.0.1/cb").unwrap();
        assert!(native.matches("http://127.0.0.1:51004/cb"));
        for bad in [
            "http://127.0.0.1:51004/cb2",
            "http://127.0.0.2:51004/cb",
            "http://localhost:51004/cb",
            "http://127.0.0.1.evil.example:51004/cb",
            "http://127.0.0.1:99999/cb",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:00080/cb",
            "http://127.0.0.1:@evil.example/cb",
        ] {
            assert!(!native.matches(bad), "{bad}");
        }
        let name = RedirectUri::parse("http://localhost/cb").unwrap();
        assert!(name.matches("http://localhost:51004/cb"));
        for bad in [
            "http://localhost.:1/cb",
            "http://localhost.evil.example/cb",
            "http://LOCALHOST:1/cb",
            "https://localhost:1/cb",
            "http://127.0.0.1:1/cb",
        ] {
            assert!(!name.matches(bad), "{bad}");
        }
        let bare = RedirectUri::parse("http://localhost").unwrap();
        assert!(
            bare.matches("http://localhost:51004/") && bare.matches("http://localhost:51004") && !bare.matches("http://localhost:51004/x")
        );
    }

    #[test]
    fn a_private_network_and_a_scheme_without_a_dot_need_a_reason() {
        // OA-05
        let both = AddressExemption::ALL;
        for (address, exemption, problem) in [
            ("http://192.168.1.7:8123/auth", AddressExemption::PrivateHttp, AddressProblem::PrivateHttp),
            ("http://10.1.2.3/cb", AddressExemption::PrivateHttp, AddressProblem::PrivateHttp),
            ("http://[fd00::7]/cb", AddressExemption::PrivateHttp, AddressProblem::PrivateHttp),
            ("http://wiki/cb", AddressExemption::PrivateHttp, AddressProblem::PrivateHttp),
            ("http://wiki.lan:8080/cb", AddressExemption::PrivateHttp, AddressProblem::PrivateHttp),
            ("http://wiki.corp.internal/cb", AddressExemption::PrivateHttp, AddressProblem::PrivateHttp),
            ("http://wiki.home.arpa/cb", AddressExemption::PrivateHttp, AddressProblem::PrivateHttp),
            ("audiobookshelf://oauth", AddressExemption::UndottedScheme, AddressProblem::UndottedScheme),
            ("vscode://vendor.extension/cb", AddressExemption::UndottedScheme, AddressProblem::UndottedScheme),
            ("myapp:/cb", AddressExemption::UndottedScheme, AddressProblem::UndottedScheme),
        ] {
            assert_eq!(RedirectUri::parse(address).unwrap_err(), problem, "{address}");
            let others: Vec<AddressExemption> = both.into_iter().filter(|other| *other != exemption).collect();
            assert_eq!(RedirectUri::parse_exempt(address, &others).unwrap_err(), problem, "{address}");
            assert_eq!(RedirectUri::parse_exempt(address, &[exemption]).unwrap().exemption(), Some(exemption), "{address}");
        }
        for never in [
            "http://app.example/cb",
            "http://lan/../cb#x",
            "http://8.8.8.8/cb",
            "http://172.32.0.1/cb",
            "http://[2001:db8::1]/cb",
            "http://internal.example/cb",
            "http://169.254.169.254/cb",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "vbscript:x",
            "intent://x",
            "blob:https://a.example/x",
            "view-source:https://a.example",
            "ws://wiki/cb",
        ] {
            assert!(RedirectUri::parse_exempt(never, &both).is_err(), "{never}");
        }
        assert_eq!(RedirectUri::parse("https://app.example/cb").unwrap().exemption(), None);
    }

    #[test]
    fn an_internationalised_host_is_told_in_its_ascii_form() {
        // CVE-104
        assert_eq!(RedirectUri::parse("https://bücher.example/cb").unwrap_err(), AddressProblem::NotAscii);
        assert_eq!(ascii_of("https://bücher.example/cb").as_deref(), Some("https://xn--bcher-kva.example/cb"));
        assert_eq!(ascii_of("https://a.example/ä").as_deref(), Some("https://a.example/%C3%A4"));
        assert_eq!(RedirectUri::parse("bücher").unwrap_err(), AddressProblem::Malformed);
        assert!(RedirectUri::parse("https://xn--bcher-kva.example/cb").is_ok());
    }
}
