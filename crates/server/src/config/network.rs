//! Addresses: where to listen, whom to answer, where an API is.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use toolwright_document::Cursor;
use toolwright_runtime::Toolset;
use url::{Origin, Url};

use super::mistake::Mistake;
use super::reader::Reader;
use crate::authority::Authority;

/// Where a server listens that says nothing about it.
pub(super) const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 4000);

/// `listen`, or what the command line says instead. Without a key only this machine may reach it.
pub(super) fn listen(
    reader: &mut Reader<'_>,
    root: Cursor<'_>,
    command_line: Option<SocketAddr>,
    has_key: bool,
) -> SocketAddr {
    let at = reader.member(root, "listen");
    let written = address_of(reader, root, "listen");
    let listen = command_line.or(written).unwrap_or(DEFAULT_LISTEN);
    if !has_key && !listen.ip().is_loopback() {
        let help =
            "set general_settings.master_key or gateway_keys, or listen on 127.0.0.1".to_owned();
        let message =
            format!("{listen} can be reached from other machines, and no gateway key is set");
        match command_line {
            Some(_) => reader.mistakes.push(Mistake {
                position: None,
                key: "--listen".to_owned(),
                message,
                help: Some(help),
            }),
            None => reader.mistake(at.unwrap_or(root), message, Some(help)),
        }
    }
    listen
}

/// `metrics_listen`, which has to be another address than that of the gateway.
pub(super) fn metrics(
    reader: &mut Reader<'_>,
    root: Cursor<'_>,
    listen: SocketAddr,
) -> Option<SocketAddr> {
    let address = address_of(reader, root, "metrics_listen")?;
    // Port 0 is a free one each time.
    if address == listen && address.port() != 0 {
        let at = root.get("metrics_listen").unwrap_or(root);
        let help = "write another port, or leave it out for /metrics with a key".to_owned();
        reader.mistake(at, "is where the gateway itself listens", Some(help));
    }
    Some(address)
}

/// The address with a port that a key names.
fn address_of(reader: &mut Reader<'_>, root: Cursor<'_>, key: &str) -> Option<SocketAddr> {
    let at = reader.member(root, key)?;
    let text = reader.text(at)?;
    let parsed = address(&text);
    if parsed.is_none() {
        let help = Some("write ADDRESS:PORT, such as 127.0.0.1:4000 or [::1]:4000".to_owned());
        reader.mistake(at, "is not an address with a port", help);
    }
    parsed
}

/// An address with a port; `localhost` is loopback.
pub fn address(text: &str) -> Option<SocketAddr> {
    match text.strip_prefix("localhost:") {
        Some(port) => Some(SocketAddr::new(
            Ipv4Addr::LOCALHOST.into(),
            port.parse().ok()?,
        )),
        None => text.parse().ok(),
    }
}

/// `allowed_hosts`: names, with a port or without.
pub(super) fn hosts(reader: &mut Reader<'_>, root: Cursor<'_>) -> Vec<String> {
    let mut hosts = Vec::new();
    for (at, text) in reader.texts_of(root, "allowed_hosts").unwrap_or_default() {
        if Authority::parse(&text).is_some() {
            hosts.push(text.to_ascii_lowercase());
        } else {
            let help = Some("write a name such as tools.example or tools.example:8443".to_owned());
            reader.mistake(at, "is not a host", help);
        }
    }
    hosts
}

/// A list of `scheme://host[:port]`.
pub(super) fn origins(reader: &mut Reader<'_>, section: Cursor<'_>, key: &str) -> Vec<Origin> {
    let mut origins = Vec::new();
    for (at, text) in reader.texts_of(section, key).unwrap_or_default() {
        let parsed = Url::parse(&text).ok().filter(|url| {
            let serialized = url.origin().ascii_serialization();
            matches!(url.scheme(), "http" | "https")
                && text.trim_end_matches('/').eq_ignore_ascii_case(&serialized)
        });
        match parsed {
            Some(url) => origins.push(url.origin()),
            None => {
                let help = Some(
                    "write scheme, host and port alone, such as https://app.example".to_owned(),
                );
                reader.mistake(at, "is not an origin", help);
            }
        }
    }
    origins
}

/// `url` of a server, or the one absolute address that its toolset names.
pub(super) fn base(reader: &mut Reader<'_>, section: Cursor<'_>, toolset: &Toolset) -> Option<Url> {
    if let Some(at) = reader.member(section, "url") {
        let text = reader.text(at)?;
        return match check(&text) {
            Ok(url) => Some(url),
            Err(problem) => {
                let help = match problem {
                    USER_INFO => "remove it, and write auth_type: basic with auth_value",
                    _ => "write http://HOST[:PORT][/PATH] or https://…",
                };
                reader.mistake(at, problem, Some(help.to_owned()));
                None
            }
        };
    }
    let mut absolute: Vec<Url> = Vec::new();
    for url in toolset
        .servers
        .iter()
        .filter_map(|server| check(server).ok())
    {
        if !absolute.contains(&url) {
            absolute.push(url);
        }
    }
    match absolute.as_slice() {
        [url] => Some(url.clone()),
        [] => {
            reader.wrong_key(
                section,
                "`url` is missing, and the API description names no address of its own",
                None,
            );
            None
        }
        several => {
            let list: Vec<&str> = several.iter().map(Url::as_str).collect();
            let help = Some(format!("one of: {}", list.join(", ")));
            reader.wrong_key(
                section,
                "`url` is missing, and the API description names several addresses",
                help,
            );
            None
        }
    }
}

/// What is wrong with an address that names somebody; what to write instead depends on whose address it is.
pub(super) const USER_INFO: &str = "holds a user name or password";

/// An address that requests can be built on.
pub(super) fn check(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text.trim()).map_err(|_| "is not an absolute URL")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with http:// or https://");
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err("names no host");
    }
    if names_somebody(&url) {
        return Err(USER_INFO);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or a fragment; a base address ends with its path");
    }
    Ok(url)
}

/// Whether an address holds a user name or a password.
pub(super) fn names_somebody(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}
