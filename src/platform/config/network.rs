//! Networks in CIDR form, for saying which proxies are ours.

use std::net::{IpAddr, Ipv4Addr};

/// An IP network: an address and how many of its leading bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpNet {
    address: IpAddr,
    prefix: u32,
}

impl IpNet {
    /// Reads `10.0.0.0/8`, `fd00::/8`, or one address. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| "an entry is not an IP address or network")?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => whole,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|prefix| *prefix <= whole).ok_or("the number after the slash is too large")?
            }
            Some(_) => return Err("after the slash there must be a number"),
        };
        match (Self { address, prefix }).unmapped() {
            // Everybody is not a proxy: it would let any caller choose its own address (TH-07).
            Self { prefix: 0, .. } => Err("a network of all addresses would let anyone pose as a proxy"),
            net if net.has_host_bits() => Err("an entry has bits set after its prefix, as in 10.0.0.1/8 where 10.0.0.0/8 is meant"),
            net => Ok(net),
        }
    }

    /// Whether `address` lies in this network. IPv4 written as IPv6 (`::ffff:192.0.2.1`) counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4() && (bits(address) ^ bits(self.address)) >> self.host_bits() == 0
    }

    /// Bits after the prefix, counted in the 128 of [`bits`]; a prefix is at least 1, so the shift never overflows.
    fn host_bits(&self) -> u32 {
        let whole: u32 = if self.address.is_ipv4() { 32 } else { 128 };
        whole.saturating_sub(self.prefix).min(127)
    }

    fn has_host_bits(&self) -> bool {
        bits(self.address) & ((1_u128 << self.host_bits()) - 1) != 0
    }

    fn unmapped(self) -> Self {
        match self.address.to_canonical() {
            IpAddr::V4(address) if self.address.is_ipv6() && self.prefix >= 96 => {
                Self { address: address.into(), prefix: self.prefix - 96 }
            }
            _ => self,
        }
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(Ipv4Addr::to_bits(address)),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl std::fmt::Display for IpNet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whole = if self.address.is_ipv4() { 32 } else { 128 };
        if self.prefix == whole { self.address.fmt(f) } else { write!(f, "{}/{}", self.address, self.prefix) }
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
