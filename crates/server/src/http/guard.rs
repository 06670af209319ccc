//! `Host` and `Origin`: who may have sent a browser here.
//!
//! A page in somebody's browser can reach a server on that person's machine. It cannot forge these two headers, so
//! a server on a loopback address answers only requests that name a loopback address, and a page only where its
//! origin is allowed (MCP, transports, "Security"; DNS rebinding).

use std::net::IpAddr;

use http::{HeaderMap, Uri, header};

/// `host[:port]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// A name in lower case, or an address without brackets.
    pub host: String,
    /// The port, where one is said.
    pub port: Option<u16>,
}

impl Authority {
    /// Reads `name`, `name:port`, `1.2.3.4`, `[::1]:port`. Anything else is no authority.
    pub fn parse(text: &str) -> Option<Authority> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (address, rest) = rest.split_once(']')?;
                address.parse::<std::net::Ipv6Addr>().ok()?;
                match rest.strip_prefix(':') {
                    Some(port) => (address, Some(port)),
                    None if rest.is_empty() => (address, None),
                    None => return None,
                }
            }
            None => match text.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            },
        };
        let bracketed = text.starts_with('[');
        let is_name = host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if host.is_empty() || host.len() > 253 || !(bracketed || is_name) {
            return None;
        }
        let port = match port {
            None => None,
            Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(port.parse().ok()?)
            }
            Some(_) => return None,
        };
        Some(Authority {
            host: host.to_ascii_lowercase(),
            port,
        })
    }

    /// Whether it names this machine whatever a name server says.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

/// Which hosts and origins are answered.
#[derive(Clone, Debug)]
pub struct Guard {
    loopback: bool,
    hosts: Vec<String>,
    origins: Vec<String>,
}

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// There is not exactly one host, or it is no host: 400.
    MalformedHost,
    /// The host is not one of ours: 403.
    ForeignHost,
    /// The origin may not call: 403.
    ForeignOrigin,
}

impl Guard {
    /// `loopback`: whether the listener is bound to a loopback address.
    pub fn new(loopback: bool, hosts: Vec<String>, origins: Vec<String>) -> Guard {
        Guard {
            loopback,
            hosts,
            origins,
        }
    }

    /// Checks a request and gives back its allowed origin, if it has one.
    ///
    /// # Errors
    /// Where the request must not be answered.
    pub fn check<'h>(&self, uri: &Uri, headers: &'h HeaderMap) -> Result<Option<&'h str>, Denied> {
        let host = one_host(uri, headers)?;
        if !self.is_ours(&host) {
            return Err(Denied::ForeignHost);
        }
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let origin = match (origins.next(), origins.next()) {
            (None, _) => return Ok(None),
            (Some(origin), None) => origin.to_str().map_err(|_| Denied::ForeignOrigin)?,
            _ => return Err(Denied::ForeignOrigin),
        };
        if self.allows(origin) {
            Ok(Some(origin))
        } else {
            Err(Denied::ForeignOrigin)
        }
    }

    fn is_ours(&self, host: &Authority) -> bool {
        let listed = self.hosts.iter().any(|allowed| {
            Authority::parse(allowed).is_some_and(|allowed| {
                allowed.host == host.host && (allowed.port.is_none() || allowed.port == host.port)
            })
        });
        let unrestricted = !self.loopback && self.hosts.is_empty();
        listed || unrestricted || (self.loopback && host.is_loopback())
    }

    fn allows(&self, origin: &str) -> bool {
        let origin = origin.to_ascii_lowercase();
        if self.origins.contains(&origin) {
            return true;
        }
        let authority = origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"))
            .and_then(Authority::parse);
        self.loopback && authority.is_some_and(|authority| authority.is_loopback())
    }
}

/// The one host that the request names; an absolute request target must agree with `Host`.
fn one_host(uri: &Uri, headers: &HeaderMap) -> Result<Authority, Denied> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let said = match (hosts.next(), hosts.next()) {
        (_, Some(_)) => return Err(Denied::MalformedHost),
        (Some(host), None) => {
            let text = host.to_str().map_err(|_| Denied::MalformedHost)?;
            Some(Authority::parse(text).ok_or(Denied::MalformedHost)?)
        }
        (None, None) => None,
    };
    let targeted = match uri.authority() {
        Some(authority) => Some(Authority::parse(authority.as_str()).ok_or(Denied::MalformedHost)?),
        None => None,
    };
    match (said, targeted) {
        (Some(said), Some(targeted)) if said != targeted => Err(Denied::MalformedHost),
        (Some(host), _) | (None, Some(host)) => Ok(host),
        (None, None) => Err(Denied::MalformedHost),
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
