//! Addresses that are not public, and how connections to them are refused.
//!
//! The check stands between name resolution and the connection: what is connected to is what was checked, so that a
//! name which resolves differently the second time gains nothing.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::error::{Error, Result, Retry};

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
