//! Which addresses belong to the public internet, and which nobody is to be sent to.
//! Knows addresses, not names.

use super::origin::Reach;
use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Range {
    /// The public internet.
    Public,
    /// One machine, one house, one provider: only where an administrator named it.
    Private,
    /// Everybody at once, nobody, or the wire itself, where clouds keep their secrets: never.
    Never,
}

/// Whether a peer of this reach may be asked at an address.
pub(super) fn is_within(address: IpAddr, reach: Reach) -> bool {
    match range(address) {
        Range::Public => true,
        Range::Private => reach == Reach::Named,
        Range::Never => false,
    }
}

/// Whether a peer of this reach may stand at an address of the web, as far as can be told without
/// asking what its name leads to. RFC 6761, section 6.3, for `localhost`.
pub fn may_reach(url: &Url, reach: Reach) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    match literal(url) {
        Some(address) => is_within(address, reach),
        None if host == "localhost" || host.ends_with(".localhost") => reach == Reach::Named,
        None => true,
    }
}

/// The address that a URL holds in numbers; its parser has read all the ways to write one.
pub(super) fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn range(address: IpAddr) -> Range {
    match address {
        IpAddr::V4(address) => range4(address),
        IpAddr::V6(address) => range6(address),
    }
}

/// The IANA registry of special-purpose addresses. RFC 6890, section 2.2.2.
fn range4(address: Ipv4Addr) -> Range {
    match address.octets() {
        // This network, the wire, addresses for documents, multicast, reserved, broadcast.
        [0, ..]
        | [169, 254, ..]
        | [192, 0, 2, _]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [224..=255, ..] => Range::Never,
        // Loopback, private use, behind a provider (RFC 6598), protocols, measuring.
        [10 | 127, ..]
        | [172, 16..=31, ..]
        | [192, 168, ..]
        | [100, 64..=127, ..]
        | [192, 0, 0, _]
        | [198, 18 | 19, ..] => Range::Private,
        _ => Range::Public,
    }
}

/// RFC 6890, section 2.2.3. An address that holds another one is at most what the other one is.
fn range6(address: Ipv6Addr) -> Range {
    if address == Ipv6Addr::LOCALHOST {
        return Range::Private;
    }
    let held = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        range4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // IPv4-mapped: nothing on the wire looks so, only what wants to pass unseen.
        [0, 0, 0, 0, 0, 0xffff, high, low] => held(high, low).max(Range::Private),
        // IPv4 behind a translator (RFC 6052) and in 6to4 (RFC 3056).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => held(high, low),
        // Teredo and its neighbours, documents.
        [0x2001, ..=0x01ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, ..=0x0fff, ..] => Range::Never,
        // Unique local. RFC 4193.
        [0xfc00..=0xfdff, ..] => Range::Private,
        // Global unicast. RFC 4291, section 2.4.
        [0x2000..=0x3fff, ..] => Range::Public,
        _ => Range::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Range {
        range(text.parse().unwrap())
    }

    #[test]
    fn only_the_public_internet_is_public() {
        for public in ["9.9.9.9", "151.13.0.1", "2a00:1450:4002::1", "64:ff9b::909:909"] {
            assert_eq!(of(public), Range::Public, "{public}");
        }
        let private = [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "198.18.0.1",
            "::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::ffff:9.9.9.9",
            "64:ff9b::a01:203",
            "2002:7f00:1::",
        ];
        for private in private {
            assert_eq!(of(private), Range::Private, "{private}");
        }
        let never = [
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "203.0.113.7",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "::127.0.0.1",
            "2001:db8::1",
            "2001::1",
        ];
        for never in never {
            assert_eq!(of(never), Range::Never, "{never}");
        }
        assert_eq!(of("172.32.0.1"), Range::Public);
        assert_eq!(of("100.128.0.1"), Range::Public);
    }

    #[test]
    fn a_named_peer_may_be_private_but_not_anything() {
        let may = |text: &str, reach| is_within(text.parse().unwrap(), reach);
        assert!(may("127.0.0.1", Reach::Named) && !may("127.0.0.1", Reach::Public));
        assert!(!may("169.254.169.254", Reach::Named));
        assert!(may("9.9.9.9", Reach::Public) && may("9.9.9.9", Reach::Named));
    }
}
