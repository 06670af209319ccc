//! `Host` and `Origin`: who may have sent a browser here.
//!
//! A page in somebody's browser can reach a server on that person's machine. It cannot forge these two headers, so
//! a server on a loopback address answers only requests that name a loopback address, and a page only where its
//! origin is allowed (MCP, transports, "Security"; DNS rebinding).

use http::{HeaderMap, Uri, header};

use crate::authority::Authority;

/// Which hosts and origins are answered.
#[derive(Clone, Debug)]
pub struct Guard {
    loopback: bool,
    hosts: Vec<Authority>,
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
            hosts: hosts
                .iter()
                .filter_map(|host| Authority::parse(host))
                .collect(),
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
            allowed.host == host.host && (allowed.port.is_none() || allowed.port == host.port)
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
