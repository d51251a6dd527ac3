//! Where a request comes from. Forwarded addresses are believed from configured proxies only (OA-22, TH-07).

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::app_of;
use crate::flows::throttle::Networks;
use crate::platform::config::IpNet;

/// The address of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequest for ClientAddress {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

impl ClientAddress {
    /// Reads the address of a request.
    pub fn of(request: &HttpRequest) -> Self {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
        let Some(app) = app_of(request) else { return Self(peer) };
        let headers = request.headers().get_all("x-forwarded-for");
        let listed: Vec<&str> = headers.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
        Self(behind_proxies(peer, &listed, &app.settings.server.trusted_proxies))
    }
    /// The network its tries are counted under.
    pub fn network(self) -> String {
        Networks::of(self.0).narrow
    }
}

/// Walks from our side outwards: each address is believed only when the one before it is a trusted proxy, and the
/// first that is not an address at all ends the walk.
fn behind_proxies(peer: IpAddr, listed: &[&str], trusted: &[IpNet]) -> IpAddr {
    let mut address = peer;
    for entry in listed.iter().rev() {
        if !trusted.iter().any(|net| net.contains(address)) {
            break;
        }
        match entry.trim().parse::<IpAddr>() {
            Ok(next) => address = next.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn forwarded_addresses_count_from_trusted_proxies_only() {
        // OA-22, TH-07, CVE-13
        let proxy = [IpNet::parse("10.0.0.0/8").unwrap()];
        let outside = ["203.0.113.9", "198.51.100.7"];
        assert_eq!(behind_proxies(ip("192.0.2.1"), &outside, &proxy), ip("192.0.2.1"));
        assert_eq!(behind_proxies(ip("10.0.0.1"), &outside, &proxy), ip("198.51.100.7"));
        assert_eq!(behind_proxies(ip("10.0.0.1"), &["203.0.113.9", "10.0.0.2"], &proxy), ip("203.0.113.9"));
        assert_eq!(behind_proxies(ip("10.0.0.1"), &["203.0.113.9", "not an address"], &proxy), ip("10.0.0.1"));
        assert_eq!(behind_proxies(ip("10.0.0.1"), &[], &proxy), ip("10.0.0.1"));
        assert_eq!(behind_proxies(ip("10.0.0.1"), &outside, &[]), ip("10.0.0.1"));
    }
}
