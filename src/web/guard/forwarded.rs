//! What proxies write about the address of a client: `X-Forwarded-For` in the forms in use, `Forwarded` (RFC 7239) and
//! `X-Real-IP`. Reading only; whom to believe is decided by [`super::network`].

use std::net::{IpAddr, Ipv6Addr};

use actix_web::http::header::HeaderMap;

/// The headers by which proxies tell of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ForwardedHeader {
    /// `X-Forwarded-For`: a list, the nearest last.
    XForwardedFor,
    /// `Forwarded`, RFC 7239: a list of elements, the nearest last.
    Forwarded,
    /// `X-Real-IP`: one address.
    XRealIp,
}

impl ForwardedHeader {
    pub(super) const ALL: [Self; 3] = [Self::XForwardedFor, Self::Forwarded, Self::XRealIp];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
            Self::XRealIp => "x-real-ip",
        }
    }

    /// The hops listed in this header, the nearest last; an element that names no address is kept as its text. `None`
    /// where the header is absent.
    pub(super) fn hops(self, headers: &HeaderMap) -> Option<Vec<Hop>> {
        let values: Vec<&[u8]> = headers.get_all(self.name()).map(|value| value.as_bytes()).collect();
        if values.is_empty() {
            return None;
        }
        let text = values.into_iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(",");
        let elements = unquoted_split(&text, ',').map(str::trim).filter(|element| !element.is_empty());
        Some(match self {
            Self::Forwarded => elements.map(|element| hop_of(for_parameter(element).unwrap_or(element))).collect(),
            Self::XForwardedFor | Self::XRealIp => elements.map(hop_of).collect(),
        })
    }
}

/// One hop: its address, or the text that is none.
pub(super) type Hop = Result<IpAddr, String>;

fn hop_of(text: &str) -> Hop {
    address(text).ok_or_else(|| text.to_owned())
}

/// The value of the parameter `for` of an element of `Forwarded`.
fn for_parameter(element: &str) -> Option<&str> {
    unquoted_split(element, ';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim())
    })
}

/// Splits at a separator outside quoted strings (RFC 9110, 5.6.4).
fn unquoted_split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c| {
        let splits = c == separator && !quoted;
        (quoted, escaped) = match (c, escaped) {
            (_, true) => (quoted, false),
            ('\\', false) => (quoted, quoted),
            ('"', false) => (!quoted, false),
            _ => (quoted, false),
        };
        splits
    })
}

/// An address as proxies write it: bare, with a port, IPv6 in brackets, with a zone, in quotes.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).trim();
    if let Some(inside) = text.strip_prefix('[') {
        let (inside, port) = inside.split_once(']')?;
        return (port.is_empty() || is_port(port.strip_prefix(':')?)).then(|| ipv6(inside)).flatten().map(IpAddr::V6);
    }
    let bare = match text.split_once(':') {
        // One colon only: IPv6 has at least two.
        Some((host, port)) if !port.contains(':') => is_port(port).then_some(host)?,
        Some(_) => return ipv6(text).map(IpAddr::V6),
        None => text,
    };
    bare.parse().ok()
}

fn ipv6(text: &str) -> Option<Ipv6Addr> {
    text.split_once('%').map_or(text, |(address, _zone)| address).parse().ok()
}

/// A port, also the obfuscated form of RFC 7239, 6.
fn is_port(text: &str) -> bool {
    let obfuscated = text.strip_prefix('_').is_some_and(|name| !name.is_empty());
    obfuscated || (text.len() <= 5 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn hops(header: ForwardedHeader, values: &[&'static str]) -> Vec<Result<String, String>> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HeaderName::from_static(header.name()), HeaderValue::from_static(value));
        }
        header.hops(&headers).unwrap_or_default().into_iter().map(|hop| hop.map(|address| address.to_string())).collect()
    }

    #[test]
    fn every_form_in_use_is_understood() {
        // TH-07
        for (written, address) in [
            ("198.51.100.7", "198.51.100.7"),
            ("198.51.100.7:40001", "198.51.100.7"),
            ("\"198.51.100.7:40001\"", "198.51.100.7"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("::ffff:198.51.100.7", "::ffff:198.51.100.7"),
        ] {
            assert_eq!(hops(ForwardedHeader::XForwardedFor, &[written]), [Ok(address.to_owned())], "{written}");
            assert_eq!(hops(ForwardedHeader::XRealIp, &[written]), [Ok(address.to_owned())], "{written}");
        }
        for written in
            ["unknown", "_hidden", "198.51.100", "198.51.100.7:port", "[2001:db8::1", "[2001:db8::1]4711", "198.51.100.7:", "proxy"]
        {
            assert_eq!(hops(ForwardedHeader::XForwardedFor, &[written]), [Err(written.to_owned())], "{written}");
        }
    }

    #[test]
    fn lists_go_over_lines_and_empty_elements() {
        let ok = |text: &str| Ok(text.to_owned());
        let found = hops(ForwardedHeader::XForwardedFor, &["203.0.113.9, ,198.51.100.7:1", "[2001:db8::1]:2"]);
        assert_eq!(found, [ok("203.0.113.9"), ok("198.51.100.7"), ok("2001:db8::1")]);
        assert_eq!(ForwardedHeader::XForwardedFor.hops(&HeaderMap::new()), None);
    }

    #[test]
    fn forwarded_is_read_as_its_rfc_says() {
        // RFC 7239, 4 and 6.
        let ok = |text: &str| Ok(text.to_owned());
        for (written, found) in [
            ("for=192.0.2.60;proto=http;by=203.0.113.43", vec![ok("192.0.2.60")]),
            ("For=\"[2001:db8:cafe::17]:4711\"", vec![ok("2001:db8:cafe::17")]),
            ("for=192.0.2.43, for=198.51.100.17", vec![ok("192.0.2.43"), ok("198.51.100.17")]),
            ("proto=https; for=192.0.2.43 ,by=\"a,b;c\";for=\"198.51.100.17:47011\"", vec![ok("192.0.2.43"), ok("198.51.100.17")]),
            ("for=_hidden, for=unknown", vec![Err("_hidden".to_owned()), Err("unknown".to_owned())]),
            ("for=\"192.0.2.43:_port\"", vec![ok("192.0.2.43")]),
            ("proto=https", vec![Err("proto=https".to_owned())]),
        ] {
            assert_eq!(hops(ForwardedHeader::Forwarded, &[written]), found, "{written}");
        }
    }
}
