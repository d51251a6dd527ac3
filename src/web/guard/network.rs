//! Where a request comes from. Forwarded addresses are believed from configured proxies only (OA-22, TH-07).

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest};

use super::app_of;
use super::forwarded::{ForwardedHeader, Hop};
use crate::flows::throttle::Networks;
use crate::platform::config::IpNet;
use crate::platform::proxy_watch::ProxyComplaint;

/// The address a request comes from.
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
    /// Reads the address of a request, and notes what proxies write in vain.
    pub fn of(request: &HttpRequest) -> Self {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
        let Some(app) = app_of(request) else { return Self(peer) };
        let (address, complaint) = client_behind(peer, request.headers(), &app.settings.server.trusted_proxies);
        if let Some(complaint) = complaint {
            app.proxy_watch.note(complaint, app.now());
        }
        Self(address)
    }
    /// The network its tries are counted under.
    pub fn network(self) -> String {
        Networks::of(self.0).narrow
    }
}

/// The address of the client behind a peer, and what is wrong with how it is told.
///
/// `X-Forwarded-For` counts before `Forwarded`. Where both are there and lead to different clients, the proxy passes one on
/// that the client wrote: neither counts. `X-Real-IP` counts where nothing else is there.
fn client_behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> (IpAddr, Option<ProxyComplaint>) {
    let [listed, forwarded, real] = ForwardedHeader::ALL.map(|header| header.hops(headers));
    if !is_trusted(peer, trusted) {
        let told = listed.is_some() || forwarded.is_some() || real.is_some();
        return (peer, told.then_some(ProxyComplaint::Untrusted { peer }));
    }
    let (first, second) = match (listed, forwarded, real) {
        (Some(listed), forwarded, _) => (listed, forwarded),
        (None, Some(forwarded), _) => (forwarded, None),
        (None, None, Some(real)) => (real, None),
        (None, None, None) => return (peer, None),
    };
    let found = behind_proxies(peer, &first, trusted);
    match second.map(|second| behind_proxies(peer, &second, trusted)) {
        Some((other, _)) if other != found.0 => (peer, Some(ProxyComplaint::Contradiction { peer })),
        _ => found,
    }
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(address))
}

/// Walks from our side outwards: each address is believed only when the one before it is a trusted proxy, and the
/// first that is not an address at all ends the walk.
fn behind_proxies(peer: IpAddr, hops: &[Hop], trusted: &[IpNet]) -> (IpAddr, Option<ProxyComplaint>) {
    let mut address = peer;
    for hop in hops.iter().rev() {
        if !is_trusted(address, trusted) {
            break;
        }
        match hop {
            Ok(next) => address = next.to_canonical(),
            Err(text) => return (address, Some(ProxyComplaint::Unreadable { peer: address, text: text.clone() })),
        }
    }
    (address, None)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// The address found behind a peer by these headers, with 10.0.0.0/8 trusted, and whether something was wrong.
    fn found(peer: &str, headers: &[(&'static str, &'static str)]) -> (String, bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let (address, complaint) = client_behind(ip(peer), &map, &[IpNet::parse("10.0.0.0/8").unwrap()]);
        (address.to_string(), complaint.is_some())
    }

    #[test]
    fn forwarded_addresses_count_from_trusted_proxies_only() {
        // OA-22, TH-07, CVE-13
        const LISTED: &str = "x-forwarded-for";
        for (peer, headers, address, wrong) in [
            ("192.0.2.1", vec![(LISTED, "203.0.113.9, 198.51.100.7")], "192.0.2.1", true),
            ("192.0.2.1", vec![("forwarded", "for=203.0.113.9")], "192.0.2.1", true),
            ("192.0.2.1", vec![("x-real-ip", "203.0.113.9")], "192.0.2.1", true),
            ("192.0.2.1", vec![], "192.0.2.1", false),
            ("10.0.0.1", vec![(LISTED, "203.0.113.9, 198.51.100.7")], "198.51.100.7", false),
            ("10.0.0.1", vec![(LISTED, "203.0.113.9"), (LISTED, "10.0.0.2:4000")], "203.0.113.9", false),
            ("10.0.0.1", vec![(LISTED, "203.0.113.9, not an address")], "10.0.0.1", true),
            ("10.0.0.1", vec![(LISTED, "not an address, 203.0.113.9")], "203.0.113.9", false),
            ("10.0.0.1", vec![], "10.0.0.1", false),
            ("10.0.0.1", vec![(LISTED, "198.51.100.7:40001")], "198.51.100.7", false),
            ("10.0.0.1", vec![(LISTED, "[2001:db8::1]:4711")], "2001:db8::1", false),
            ("10.0.0.1", vec![("forwarded", "for=\"[2001:db8::1]:4711\";proto=https")], "2001:db8::1", false),
            ("10.0.0.1", vec![("x-real-ip", "198.51.100.7")], "198.51.100.7", false),
        ] {
            assert_eq!(found(peer, &headers), (address.to_owned(), wrong), "{peer} {headers:?}");
        }
    }

    #[test]
    fn a_header_that_the_client_wrote_beside_the_proxys_own_is_not_believed() {
        // TH-07
        let both = [("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=198.51.100.7")];
        assert_eq!(found("10.0.0.1", &both), ("10.0.0.1".to_owned(), true));
        let alike = [("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=\"198.51.100.7:1\"")];
        assert_eq!(found("10.0.0.1", &alike), ("198.51.100.7".to_owned(), false));
        // The usual pair: what nginx saw, and the list it was given.
        let usual = [("x-forwarded-for", "198.51.100.7, 10.0.0.9"), ("x-real-ip", "10.0.0.9")];
        assert_eq!(found("10.0.0.1", &usual), ("198.51.100.7".to_owned(), false));
    }
}
