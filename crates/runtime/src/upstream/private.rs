//! Addresses that are not public, and how connections to them are refused.
//!
//! The check stands between name resolution and the connection: what is connected to is what was checked, so that a
//! name which resolves differently the second time gains nothing.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::error::{Error, Result, Retry};

/// Resolves names to public addresses alone.
#[derive(Debug)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let all: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<_> = all
                .iter()
                .copied()
                .filter(|address| !is_private(address.ip()))
                .collect();
            if public.is_empty() && !all.is_empty() {
                return Err(Refused.into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

/// Every address of a name is private.
#[derive(Debug)]
pub(super) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a public address")
    }
}

impl std::error::Error for Refused {}

pub(super) fn refused() -> Error {
    let message = "the upstream's address is not public, and `deny_private` refuses such";
    Error::upstream(Retry::Never, message)
}

/// Addresses written in the URL are never resolved, so they are looked at here.
pub(super) fn check(url: &Url, deny_private: bool) -> Result<()> {
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        _ => return Ok(()),
    };
    match deny_private && is_private(address) {
        true => Err(refused()),
        false => Ok(()),
    }
}

/// Whether an address is not globally reachable (RFC 6890), however it is written: IPv4 inside IPv6 counts as IPv4.
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        is_private_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b, c, d, e, f) {
        // ::/96 and ::ffff:0:0/96: IPv4 in two spellings, `::` and `::1` among them.
        (0, 0, 0, 0, 0, 0 | 0xffff) | (0, 0, 0, 0, 0xffff, 0) => v4(g, h),
        // NAT64 (RFC 6052, RFC 8215).
        (0x64, 0xff9b, 0, 0, 0, 0) => v4(g, h),
        (0x64, 0xff9b, 1, ..) => true,
        // 6to4 (RFC 3056).
        (0x2002, ..) => v4(b, c),
        // Discard, protocol assignments such as Teredo, documentation.
        (0x100, 0, 0, 0, ..)
        | (0x2001, 0..=0x1ff, ..)
        | (0x2001, 0xdb8, ..)
        | (0x3fff, 0..=0xfff, ..) => true,
        // Unique local, link-local, site-local, multicast, segment routing.
        (first, ..) => {
            first & 0xfe00 == 0xfc00
                || first & 0xff80 == 0xfe80
                || first & 0xff00 == 0xff00
                || first == 0x5f00
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_public_addresses_are_told_apart() {
        let private = "127.0.0.1 0.0.0.0 10.1.2.3 100.64.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.168.0.1 192.0.0.8 \
                       198.18.0.1 224.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::7f00:1 fd00::1 fc00::1 \
                       fe80::1 fec0::1 ff02::1 64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1::1 2001:db8::1 2001::1 3fff::1";
        let public = "1.1.1.1 8.8.8.8 100.63.0.1 100.128.0.1 172.15.0.1 172.32.0.1 192.167.0.1 193.0.0.1 223.255.255.255 \
                      2606:4700::1111 2a00::1 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1 2001:4860:4860::8888";
        for (list, expected) in [(private, true), (public, false)] {
            for text in list.split_whitespace() {
                assert_eq!(is_private(text.parse().unwrap()), expected, "{text}");
            }
        }
    }
}
