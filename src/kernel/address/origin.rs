//! The origin at which this server is reached.

use url::{Host, Url};

use super::problem::AddressProblem;

/// Scheme, host and port of a web address, as browsers serialise it: `https://auth.example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    text: String,
    host: String,
    port: u16,
    https: bool,
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
}
