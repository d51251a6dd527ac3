//! Where to listen: `localhost:8080`, `192.0.2.1:8080`, `[2001:db8::1]:8080`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A host and port to listen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// Which addresses of the machine.
    pub host: ListenHost,
    /// The port; 0 takes a free one.
    pub port: u16,
}

/// Which addresses of the machine are listened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenHost {
    /// Both loopback addresses, 127.0.0.1 and ::1, because browsers try either for `localhost`.
    Localhost,
    /// This address.
    Address(IpAddr),
}

impl Listen {
    /// Reads `localhost:PORT`, `ADDRESS:PORT` or `[IPV6]:PORT`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(port) = text.strip_prefix("localhost:") {
            let port = port.parse().ok().filter(|_| port.bytes().all(|byte| byte.is_ascii_digit()))?;
            return Some(Self { host: ListenHost::Localhost, port });
        }
        let address: SocketAddr = text.parse().ok()?;
        Some(Self { host: ListenHost::Address(address.ip()), port: address.port() })
    }
    /// The addresses to bind. With port 0, bind the first and use its port for the second.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let hosts = match self.host {
            ListenHost::Localhost => vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)],
            ListenHost::Address(address) => vec![address],
        };
        hosts.into_iter().map(|host| SocketAddr::new(host, self.port)).collect()
    }
    /// Whether only this machine can connect.
    pub fn is_loopback(&self) -> bool {
        self.addresses().iter().all(|address| address.ip().is_loopback())
    }
}

impl Default for Listen {
    fn default() -> Self {
        Self { host: ListenHost::Localhost, port: 8080 }
    }
}

impl std::fmt::Display for Listen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.host {
            ListenHost::Localhost => write!(f, "localhost:{}", self.port),
            ListenHost::Address(address) => SocketAddr::new(address, self.port).fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localhost_is_both_loopback_addresses() {
        let listen = Listen::parse("localhost:8080").unwrap();
        assert_eq!(listen.addresses(), ["127.0.0.1:8080".parse().unwrap(), "[::1]:8080".parse().unwrap()]);
        assert!(listen.is_loopback());
    }

    #[test]
    fn addresses_are_read_and_shown_alike() {
        for text in ["localhost:0", "127.0.0.1:8080", "0.0.0.0:80", "[::]:8080", "[2001:db8::1]:443"] {
            assert_eq!(Listen::parse(text).unwrap().to_string(), text);
        }
        assert!(!Listen::parse("0.0.0.0:80").unwrap().is_loopback());
        for bad in [
            "",
            "8080",
            ":8080",
            "localhost",
            "localhost:",
            "localhost:+1",
            "localhost:65536",
            "example.org:80",
            "::1:80",
            "http://localhost:80",
        ] {
            assert_eq!(Listen::parse(bad), None, "{bad}");
        }
    }
}
