//! A server as people meet it: the real binary behind nginx, at `https://auth.example.org`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use super::{Certificates, Nginx, Tunnel, from_readme};
use crate::support::http::Http;
use crate::support::server::{Home, Server, Start};
use crate::support::{Backend, HANGS};

/// The public address; README.md has the same.
pub const PUBLIC: &str = "https://auth.example.org";

/// The names in its certificate.
pub const NAMES: [&str; 2] = ["auth.example.org", "wiki.example.org"];

/// The server, nginx before it, and a way in.
pub struct Site {
    /// The server.
    pub server: Server,
    /// What stands before it.
    pub nginx: Nginx,
    /// What vouches for it.
    pub certificates: Certificates,
    tunnel: Tunnel,
}

impl Site {
    /// Starts it as README.md says.
    pub async fn open(backend: Backend) -> Self {
        Self::changed(backend, PUBLIC, &[]).await
    }

    /// The same under another address, with parts of the README's configuration of nginx replaced.
    pub async fn changed(backend: Backend, public: &str, changes: &[(&str, &str)]) -> Self {
        let home = Home::new(backend);
        std::fs::write(home.data().parent().unwrap().join("vouchsafe.toml"), from_readme("toml", "trusted_proxies")).unwrap();
        let server = home.start(&Start::new().listen("127.0.0.1:0").argument(&format!("--public-url={public}")));
        let certificates = Certificates::of(&NAMES);
        let nginx = Nginx::changed(&server.socket().to_string(), &certificates, changes);
        let tunnel = Tunnel::open(NAMES[0], nginx.https, &certificates, IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
        Self { server, nginx, certificates, tunnel }
    }

    /// A browser that has been nowhere.
    pub fn http(&self) -> Http {
        Http::through(&self.server.address, self.tunnel.address())
    }
    /// Where plain bytes go in that come out encrypted at nginx.
    pub fn entry(&self) -> SocketAddr {
        self.tunnel.address()
    }
    /// Where the server itself listens.
    pub fn upstream(&self) -> SocketAddr {
        self.server.socket()
    }

    /// Connects an application with defaults on the host; returns its id and secret.
    pub fn connect(&self, name: &str, redirect_uri: &str, post_logout_redirect_uri: &str) -> (String, String) {
        let addresses = ["--redirect-uri", redirect_uri, "--post-logout-redirect-uri", post_logout_redirect_uri];
        let output = self.server.home().run(&[&["app", "add", "--name", name, "--access", "everyone"][..], &addresses].concat());
        let printed = String::from_utf8(output.stdout).unwrap();
        let after = |label: &str| {
            let line = printed.lines().find_map(|line| line.trim().strip_prefix(label));
            let word = line.and_then(|rest| rest.split_whitespace().next());
            word.unwrap_or_else(|| panic!("no {label} in:\n{printed}{}", String::from_utf8_lossy(&output.stderr))).to_owned()
        };
        assert_eq!(after("issuer"), self.server.address, "EN-05");
        (after("client id"), after("client secret"))
    }

    /// Waits until everything is published. A client that reads the metadata once would otherwise not know of RS256, whose key
    /// takes a few seconds to make.
    pub async fn is_complete(&self) {
        let http = self.http();
        let deadline = Instant::now() + HANGS;
        while !http.get("/.well-known/openid-configuration").await.expect(200).text().contains("RS256") {
            assert!(Instant::now() < deadline, "no RSA key was made");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
