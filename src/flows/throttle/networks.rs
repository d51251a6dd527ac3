//! The network a request comes from, at three widths. One home or one phone has a whole IPv6 /64 or more, one site a
//! /48: anyone who changes the narrow one for each try still stays within the wider ones (TH-07).

use std::net::{IpAddr, Ipv6Addr};

use crate::platform::ephemeral::Key;

/// How many times the failures of a narrow network a wider one may have.
pub(super) const WIDER: u64 = 4;
/// How many times the failures of a narrow network a widest one may have.
pub(super) const WIDEST: u64 = 16;
/// How many times as much as a narrow network a widest one may have kept; a wider one, which is one home, just as much.
const KEPT_BY_WIDEST: u64 = 2;

/// An address as its tries are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Networks {
    /// An IPv4 address, or an IPv6 /64.
    pub narrow: String,
    /// An IPv6 /56.
    pub wider: Option<String>,
    /// An IPv4 /24, or an IPv6 /48.
    pub widest: String,
}

impl Networks {
    /// The networks of an address.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                Self { narrow: v4.to_string(), wider: None, widest: format!("{a}.{b}.{c}.0/24") }
            }
            IpAddr::V6(v6) => {
                let prefix = |bits: u32| {
                    let first = Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << (128 - bits)));
                    format!("{first}/{bits}")
                };
                Self { narrow: prefix(64), wider: Some(prefix(56)), widest: prefix(48) }
            }
        }
    }

    /// Names these networks as the makers of a value, each with the maximum of its width.
    #[must_use]
    pub(in crate::flows) fn make<T>(&self, key: Key<T>) -> Key<T> {
        let key = key.made_by(&self.narrow).made_by_group(&self.widest, KEPT_BY_WIDEST);
        match &self.wider {
            Some(wider) => key.made_by(wider),
            None => key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_household_is_one_network() {
        // TH-07
        let of = |text: &str| Networks::of(text.parse().unwrap());
        let home = Networks { narrow: "192.0.2.7".into(), wider: None, widest: "192.0.2.0/24".into() };
        assert_eq!(of("192.0.2.7"), home);
        assert_eq!(of("::ffff:192.0.2.7"), home);
        let home = of("2001:db8:1:2f3:4:5:6:7");
        assert_eq!(home.narrow, "2001:db8:1:2f3::/64");
        assert_eq!(home.wider.as_deref(), Some("2001:db8:1:200::/56"));
        assert_eq!(home.widest, "2001:db8:1::/48");
        assert_eq!(home, of("2001:db8:1:2f3:ffff::1"));
    }
}
