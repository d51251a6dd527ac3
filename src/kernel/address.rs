//! Addresses on the web: where we are reached, and where an application may be answered.

use url::{Host, Url};

/// Scheme, host and port of a web address, as browsers serialise it: `https://auth.example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    text: String,
    host: String,
    port: u16,
    https: bool,
}

/// Why an address was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    /// Not an absolute address.
    Malformed,
    /// A scheme that could run code or read files, or plain http off loopback (OA-05).
    Scheme,
    /// It has a `#fragment`.
    Fragment,
    /// It has a user name or password.
    UserInfo,
    /// A wildcard or other pattern.
    Pattern,
    /// It has a path or query where only scheme, host and port may stand.
    Path,
    /// An IP address, which cannot be the name passkeys belong to.
    IpAddress,
    /// Plain http on a name other than localhost.
    NeedsHttps,
    /// Longer than 2 000 characters.
    TooLong,
}

impl Origin {
    /// Parses the public address of this server: https with a host name, or http on `localhost`.
    pub fn parse_public(text: &str) -> Result<Self, AddressProblem> {
        let url = Url::parse(text.trim()).map_err(|_| AddressProblem::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressProblem::UserInfo);
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(AddressProblem::Path);
        }
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(_) => return Err(AddressProblem::IpAddress),
            None => return Err(AddressProblem::Malformed),
        };
        let https = match url.scheme() {
            "https" => true,
            "http" if host == "localhost" => false,
            "http" => return Err(AddressProblem::NeedsHttps),
            _ => return Err(AddressProblem::Scheme),
        };
        let port = url.port_or_known_default().ok_or(AddressProblem::Malformed)?;
        Ok(Self { text: url.origin().ascii_serialization(), host, port, https })
    }
    /// `http://localhost` with a port: the address of a server that has no public one.
    pub fn localhost(port: u16) -> Self {
        let text = if port == 80 { "http://localhost".to_owned() } else { format!("http://localhost:{port}") };
        Self { text, host: "localhost".to_owned(), port, https: false }
    }
    /// The serialised origin, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }
    /// The host name alone; also the WebAuthn RP ID.
    pub fn host(&self) -> &str {
        &self.host
    }
    /// The port, given or implied by the scheme.
    pub fn port(&self) -> u16 {
        self.port
    }
    /// Whether cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.https
    }
    /// Whether it leads every machine to itself, so that a link to us opens on this one only.
    pub fn is_local(&self) -> bool {
        self.host == "localhost"
    }
    /// The `Host` header a browser sends for this origin.
    pub fn authority(&self) -> &str {
        self.text.split_once("://").map_or("", |(_, rest)| rest)
    }
    /// An address of ours; `path` starts with `/`.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

/// An address an application is answered at, checked as at registration (OA-05) and compared
/// to what a request names as an exact string (OA-01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Parses an address for registration: https, http on loopback, or a private-use scheme with a dot
    /// (RFC 8252 section 7.1). No fragment, user-info or wildcard.
    pub fn parse(text: &str) -> Result<Self, AddressProblem> {
        if text.len() > 2000 {
            return Err(AddressProblem::TooLong);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || !c.is_ascii()) || text.contains('\\') {
            return Err(AddressProblem::Malformed);
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
        match url.scheme() {
            "https" if url.host().is_some() => Ok(()),
            "http" if is_loopback(&url) => Ok(()),
            "https" | "http" => Err(AddressProblem::Scheme),
            scheme if scheme.contains('.') => Ok(()),
            _ => Err(AddressProblem::Scheme),
        }?;
        Ok(Self(text.to_owned()))
    }
    /// The address exactly as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Whether a request naming `asked` means this address: the same string, or, for a loopback IP literal
    /// over http, the same with another port (RFC 8252 section 7.3; OA-01, OA-02).
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

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// `http://127.0.0.1:PORT/rest` -> (`127.0.0.1`, `/rest`); only the two loopback IP literals, written plainly.
fn loopback_without_port(address: &str) -> Option<(&'static str, &str)> {
    for host in ["127.0.0.1", "[::1]"] {
        let Some(rest) = address.strip_prefix("http://").and_then(|rest| rest.strip_prefix(host)) else { continue };
        let path = match rest.strip_prefix(':') {
            Some(with_port) => {
                let end = with_port.find(|c: char| !c.is_ascii_digit()).unwrap_or(with_port.len());
                let (port, path) = with_port.split_at(end);
                port.parse::<u16>().ok()?;
                path
            }
            None => rest,
        };
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
    fn the_public_address_decides_what_a_browser_will_say() {
        let plain = Origin::parse_public("http://localhost:8080/").unwrap();
        assert_eq!((plain.as_str(), plain.authority(), plain.is_https()), ("http://localhost:8080", "localhost:8080", false));
        assert_eq!([Origin::localhost(8080), Origin::localhost(80)], [plain, Origin::parse_public("http://localhost:80").unwrap()]);
        let tls = Origin::parse_public("https://Auth.Example.org").unwrap();
        assert_eq!((tls.as_str(), tls.authority(), tls.port()), ("https://auth.example.org", "auth.example.org", 443));
        for (bad, why) in [
            ("http://auth.example.org", AddressProblem::NeedsHttps),
            ("https://192.0.2.1", AddressProblem::IpAddress),
            ("https://auth.example.org/x", AddressProblem::Path),
            ("ftp://auth.example.org", AddressProblem::Scheme),
            ("auth.example.org", AddressProblem::Malformed),
        ] {
            assert_eq!(Origin::parse_public(bad).unwrap_err(), why, "{bad}");
        }
    }

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
    fn only_loopback_literals_may_change_their_port() {
        // OA-02
        let native = RedirectUri::parse("http://127.0.0.1/cb").unwrap();
        assert!(native.matches("http://127.0.0.1:51004/cb"));
        for bad in [
            "http://127.0.0.1:51004/cb2",
            "http://127.0.0.2:51004/cb",
            "http://localhost:51004/cb",
            "http://127.0.0.1:99999/cb",
            "http://127.0.0.1:@evil.example/cb",
        ] {
            assert!(!native.matches(bad), "{bad}");
        }
        let name = RedirectUri::parse("http://localhost:3000/cb").unwrap();
        assert!(!name.matches("http://localhost:3001/cb"));
    }
}
