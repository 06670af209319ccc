//! From base and target to the URL, and the proof that nothing but the target was added.

use url::Url;

use super::options::UpstreamOptions;
use crate::error::{Error, Result};
use crate::request::Request;

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

pub(super) fn join(options: &UpstreamOptions, request: &Request) -> Result<Url> {
    let base = match request.server() {
        None => options.base.clone(),
        Some(server) => own_server(options, server)?,
    };
    let path = base.path().strip_suffix('/').unwrap_or(base.path());
    let origin = base.origin().ascii_serialization();
    let written = format!("{path}{}", request.target());
    let url = Url::parse(&format!("{origin}{written}")).map_err(|_| unsafe_target())?;
    let read = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    if url.origin() != base.origin() || read != written || !url.username().is_empty() {
        return Err(unsafe_target());
    }
    Ok(url)
}

/// An operation's own server replaces the base, but its origin counts only where the configuration allows it.
fn own_server(options: &UpstreamOptions, server: &str) -> Result<Url> {
    let unusable = |_| {
        Error::gateway(format!(
            "the operation's own server `{server}` is not a usable URL"
        ))
    };
    let mut url = options.base.join(server).map_err(unusable)?;
    url.set_query(None);
    url.set_fragment(None);
    let origin = url.origin();
    if origin != options.base.origin() && !options.origins.contains(&origin) {
        let mut on_base = options.base.clone();
        on_base.set_path(url.path());
        return Ok(on_base);
    }
    check_base(&url)?;
    Ok(url)
}

fn unsafe_target() -> Error {
    Error::caller("these arguments do not make a URL that is safe to send")
}
