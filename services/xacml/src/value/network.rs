//! Network addresses and host names (annex A.2.3 and A.2.4).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The ports a name or address is restricted to, as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PortRange {
    /// The lowest port; absent, all up to the highest.
    pub from: Option<u16>,
    /// The highest port; absent, all from the lowest.
    pub to: Option<u16>,
}

/// A network address with optional mask and ports, kept as written.
#[derive(Debug, Clone)]
pub struct IpAddress {
    text: String,
    address: IpAddr,
    mask: Option<IpAddr>,
    ports: Option<PortRange>,
}

/// A host name, whose leftmost label may be `*`, with optional ports.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DnsName {
    host: String,
    ports: Option<PortRange>,
    text: String,
}

impl PortRange {
    fn parse(text: &str) -> Option<Self> {
        let port = |digits: &str| match digits {
            "" => Some(None),
            _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok().map(Some),
            _ => None,
        };
        let range = match text.split_once('-') {
            Some((from, to)) => Self { from: port(from)?, to: port(to)? },
            None => Self { from: port(text)?, to: port(text)? },
        };
        (range.from.is_some() || range.to.is_some()).then_some(range)
    }
}

impl IpAddress {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, rest) = take_address(text)?;
        let (mask, rest) = match rest.strip_prefix('/') {
            Some(rest) => {
                let (mask, rest) = take_address(rest)?;
                (Some(mask), rest)
            }
            None => (None, rest),
        };
        let ports = match rest.strip_prefix(':') {
            // A colon without ports is allowed.
            Some("") => None,
            Some(ports) => Some(PortRange::parse(ports)?),
            None if rest.is_empty() => None,
            None => return None,
        };
        let same_family = mask.is_none_or(|mask| mask.is_ipv4() == address.is_ipv4());
        same_family.then(|| Self { text: text.to_owned(), address, mask, ports })
    }
}

impl PartialEq for IpAddress {
    fn eq(&self, other: &Self) -> bool {
        self.address == other.address && self.mask == other.mask && self.ports == other.ports
    }
}

impl Eq for IpAddress {}

impl fmt::Display for IpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl DnsName {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (host, ports) = match text.split_once(':') {
            Some((host, ports)) => (host, Some(PortRange::parse(ports)?)),
            None => (text, None),
        };
        let labels = host.strip_prefix("*.").unwrap_or(host);
        let label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        let named = host == "*" || labels.strip_suffix('.').unwrap_or(labels).split('.').all(label);
        named.then(|| Self { host: host.to_lowercase(), ports, text: text.to_owned() })
    }

    /// The host name in lower case, without ports.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Takes an address off the front: IPv6 in brackets, IPv4 bare.
fn take_address(text: &str) -> Option<(IpAddr, &str)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (address, rest) = rest.split_once(']')?;
        return Some((IpAddr::V6(address.parse::<Ipv6Addr>().ok()?), rest));
    }
    let end = text.find(['/', ':']).unwrap_or(text.len());
    let (address, rest) = text.split_at_checked(end)?;
    Some((IpAddr::V4(address.parse::<Ipv4Addr>().ok()?), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_an_optional_mask_and_optional_ports() {
        for text in [
            "10.0.0.1",
            "10.0.0.1/255.255.255.0",
            "10.0.0.1:80",
            "10.0.0.1/255.0.0.0:-1024",
            "[::1]",
            "[fe80::1]/[ffff::]:1024-",
            "10.0.0.1:",
        ] {
            let read = IpAddress::parse(text).map(|address| address.to_string());
            assert_eq!(read.as_deref(), Some(text), "{text}");
        }
        for text in
            ["", "10.0.0", "::1", "[::1", "10.0.0.1/8", "10.0.0.1:x", "10.0.0.1/[::]", "10.0.0.1:-"]
        {
            assert_eq!(IpAddress::parse(text), None, "{text}");
        }
    }

    #[test]
    fn host_names_may_begin_with_a_wildcard() {
        for text in ["example.com", "*.example.com", "localhost:8080", "example.com:1-10", "*"] {
            let read = DnsName::parse(text).map(|name| name.to_string());
            assert_eq!(read.as_deref(), Some(text), "{text}");
        }
        for text in ["", "a..b", "a.*.b", "a b", "example.com:", "example.com:70000"] {
            assert_eq!(DnsName::parse(text), None, "{text}");
        }
    }
}
