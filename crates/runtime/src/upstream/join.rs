//! From base and target to the URL, and the proof that nothing but the target was added.

use std::borrow::Cow;

use url::Url;

use super::options::UpstreamOptions;
use crate::error::{Error, Result};
use crate::request::Request;

/// The most bytes of a URL that the HTTP library sends (`http::Uri`). Servers take 8,000 or more (RFC 9110 §4.1).
const LONGEST: usize = 65_534;

pub(super) fn check_base(base: &Url) -> Result<()> {
    let problem = if !matches!(base.scheme(), "http" | "https") {
        "must begin with `http://` or `https://`"
    } else if base.host_str().is_none_or(str::is_empty) {
        "must name a host"
    } else if !base.username().is_empty() || base.password().is_some() {
        "must not hold a user name or password: configure a credential instead"
    } else if base.query().is_some() || base.fragment().is_some() {
        "must not hold a query or a fragment"
    } else {
        return Ok(());
    };
    Err(Error::gateway(format!("the upstream's URL {problem}")))
}

/// The URL of a request, and the number of its origin: 0 for that of the base, then as the options list them.
pub(super) fn join(options: &UpstreamOptions, request: &Request) -> Result<(Url, usize)> {
    let (mut url, origin) = match request.server() {
        None => (options.base.clone(), 0),
        Some(server) => own_server(options, server)?,
    };
    let base = url.as_str();
    let written = format!(
        "{}{}",
        base.strip_suffix('/').unwrap_or(base),
        request.target()
    );
    // Only path and query are set, and what the parser makes of them must be what was written: nothing was read as
    // another host, climbed, or ended early.
    let (path, query) = match request.target().split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (request.target(), None),
    };
    let prefix = url.path().strip_suffix('/').unwrap_or(url.path());
    let path = match prefix {
        "" => Cow::Borrowed(path),
        prefix => Cow::Owned(format!("{prefix}{path}")),
    };
    if written.len() > LONGEST {
        let length = written.len();
        return Err(Error::caller(format!(
            "the arguments make a URL of {length} bytes; at most {LONGEST} can be sent"
        )));
    }
    url.set_path(&path);
    url.set_query(query);
    if url.as_str() != written {
        return Err(unsafe_target());
    }
    Ok((url, origin))
}

/// An operation's own server replaces the base, but its origin counts only where the configuration allows it.
fn own_server(options: &UpstreamOptions, server: &str) -> Result<(Url, usize)> {
    let unusable = |_| {
        Error::gateway(format!(
            "the operation's own server `{server}` is not a usable URL"
        ))
    };
    let mut url = options.base.join(server).map_err(unusable)?;
    url.set_query(None);
    url.set_fragment(None);
    let origin = url.origin();
    if origin == options.base.origin() {
        check_base(&url)?;
        return Ok((url, 0));
    }
    match options.origins.iter().position(|known| *known == origin) {
        Some(at) => {
            check_base(&url)?;
            Ok((url, at + 1))
        }
        None => {
            let mut on_base = options.base.clone();
            on_base.set_path(url.path());
            Ok((on_base, 0))
        }
    }
}

fn unsafe_target() -> Error {
    Error::caller("these arguments do not make a URL that is safe to send")
}
