//! Networks in CIDR form, for saying which proxies are ours.

use std::net::IpAddr;

/// An IP network that can stand for proxies of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpNet(ipnet::IpNet);

impl IpNet {
    /// Reads `10.0.0.0/8`, `fd00::/8`, or one address. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| "an entry is not an IP address or network")?;
        let net = match prefix {
            None => ipnet::IpNet::from(address),
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.is_empty() => digits
                .parse()
                .ok()
                .and_then(|prefix| ipnet::IpNet::new(address, prefix).ok())
                .ok_or("the number after the slash is too large")?,
            Some(_) => return Err("after the slash there must be a number"),
        };
        match unmapped(net) {
            // A network of all addresses would let any caller choose its own address (TH-07).
            net if net.prefix_len() == 0 => Err("a network of all addresses would let anyone pose as a proxy"),
            net if net != net.trunc() => Err("an entry has bits set after its prefix, as in 10.0.0.1/8 where 10.0.0.0/8 is meant"),
            net => Ok(Self(net)),
        }
    }

    /// Whether `address` lies in this network. IPv4 written as IPv6 (`::ffff:192.0.2.1`) counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

/// A network of IPv4 addresses written as IPv6 (`::ffff:10.0.0.0/104`) as what it is.
fn unmapped(net: ipnet::IpNet) -> ipnet::IpNet {
    match (net.addr().to_canonical(), net.prefix_len().checked_sub(96)) {
        (IpAddr::V4(address), Some(prefix)) if net.addr().is_ipv6() => ipnet::IpNet::new(address.into(), prefix).unwrap_or(net),
        _ => net,
    }
}

impl std::fmt::Display for IpNet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.prefix_len() == self.0.max_prefix_len() { self.0.addr().fmt(f) } else { self.0.fmt(f) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(net: &str, address: &str) -> bool {
        IpNet::parse(net).unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_holds_its_own_addresses_only() {
        // TH-07
        for (net, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.128/25", "192.0.2.200", "192.0.2.127"),
            ("128.0.0.0/1", "203.0.113.1", "10.0.0.1"),
            ("fd00::/8", "fd12::1", "fe80::1"),
            ("2001:db8::1", "2001:db8::1", "2001:db8::2"),
            ("8000::/1", "fe80::1", "2001:db8::1"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.1.2.3"),
            ("::ffff:10.0.0.0/104", "10.1.2.3", "11.1.2.3"),
        ] {
            assert!(holds(net, inside), "{net} {inside}");
            assert!(!holds(net, outside), "{net} {outside}");
        }
        assert!(!holds("::/1", "10.0.0.1"));
        assert!(!holds("10.0.0.0/8", "::a00:1"));
    }

    #[test]
    fn unclear_networks_are_refused() {
        for bad in [
            "",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0/8",
            "proxy.example",
            "fd00::/129",
            "0.0.0.0/0",
            "::/0",
            "::ffff:0.0.0.0/96",
        ] {
            assert!(IpNet::parse(bad).is_err(), "{bad}");
        }
        for good in ["10.0.0.0/8", "192.0.2.7", "fd00::/8", "2001:db8::1"] {
            assert_eq!(IpNet::parse(good).unwrap().to_string(), good);
        }
    }
}
