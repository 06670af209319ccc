//! Sentences about an answer, and the response headers that travel beside it.

use http::header::{HeaderMap, HeaderName};
use http::{StatusCode, header};

use super::{Upstream, View, quoted};

/// The most bytes of header values that one result carries.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// `404 Not Found`.
pub(super) fn status(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// Says that an answer breaks what a tool declares.
pub(super) fn refused(code: StatusCode) -> String {
    format!(
        "The upstream answered {}, but not in the form that this tool declares. What it did is done; its answer follows.",
        status(code)
    )
}

/// Says that text ends early.
pub(super) fn truncated(bytes: usize) -> String {
    format!("[truncated: the answer goes on; its first {bytes} bytes are above]")
}

/// Says that something binary is missing because it is too long.
pub(super) fn left_out(essence: &str, bytes: usize) -> String {
    format!("[left out: {essence} of more than {bytes} bytes, beyond the limit of this server]")
}

/// Says where a redirect points, as far as its origin: the rest of an address may hold secrets.
pub(super) fn redirect(upstream: &Upstream<'_>, view: &View<'_>) -> String {
    let location = upstream
        .headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let target = match location {
        None => String::new(),
        Some(location) => match url::Url::parse(location) {
            Ok(url) if url.origin().ascii_serialization() != view.origin && url.has_host() => {
                format!(" to {}", url.origin().ascii_serialization())
            }
            _ if location.starts_with("//") => " to another host".to_owned(),
            _ => " within the upstream".to_owned(),
        },
    };
    match (upstream.status, location) {
        (status_code, None) => format!("The upstream answered {}.", status(status_code)),
        (status_code, Some(_)) => format!(
            "The upstream answered {}, a redirect{target}. Redirects are not followed.",
            status(status_code)
        ),
    }
}

/// `"toolwright/response": {"status": …, "headers": {…}}`.
pub(super) fn meta(text: &mut Vec<u8>, upstream: &Upstream<'_>, view: &View<'_>) {
    text.extend_from_slice(br#""toolwright/response":{"status":"#);
    text.extend_from_slice(upstream.status.as_str().as_bytes());
    let kept = kept(upstream, view);
    if !kept.is_empty() {
        text.extend_from_slice(br#","headers":{"#);
        for (index, (name, values)) in kept.iter().enumerate() {
            if index > 0 {
                text.push(b',');
            }
            quoted(text, name);
            text.push(b':');
            quoted(text, values);
        }
        text.push(b'}');
    }
    text.push(b'}');
}

fn kept(upstream: &Upstream<'_>, view: &View<'_>) -> Vec<(String, String)> {
    let mut room = MAX_HEADER_BYTES;
    let mut kept = Vec::new();
    for name in upstream.headers.keys().filter(|name| view.keep.keeps(name)) {
        if name == header::LOCATION && upstream.status.is_redirection() {
            continue;
        }
        let Some(value) = joined(upstream.headers, name, view.origin) else {
            continue;
        };
        if value.len() <= room {
            room -= value.len();
            kept.push((name.as_str().to_owned(), value));
        }
    }
    kept
}

/// All values of a header as one list, without the upstream's own origin.
fn joined(headers: &HeaderMap, name: &HeaderName, origin: &str) -> Option<String> {
    let values: Option<Vec<&str>> = headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().ok())
        .collect();
    let value = values?.join(", ");
    Some(match name {
        name if name == header::LOCATION || name == header::CONTENT_LOCATION => {
            address(&value, origin)
        }
        name if name == header::LINK => links(&value, origin),
        _ => value,
    })
}

/// An address without user name and password, and without the upstream's own origin: `http://internal:80/a` becomes `/a`.
fn address(value: &str, origin: &str) -> String {
    let Ok(mut url) = url::Url::parse(value) else {
        return value.to_owned();
    };
    if url.origin().ascii_serialization() == origin {
        return url[url::Position::BeforePath..].to_owned();
    }
    if url.username().is_empty() && url.password().is_none() {
        return value.to_owned();
    }
    // Only addresses that cannot have credentials refuse to lose them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

/// The same for each address of a list of links (RFC 8288 §3).
fn links(value: &str, origin: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, (target, after))) = rest
        .split_once('<')
        .and_then(|(before, rest)| Some((before, rest.split_once('>')?)))
    {
        out.extend([before, "<", &address(target.trim(), origin), ">"]);
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_show_neither_the_upstreams_origin_nor_credentials() {
        let origin = "http://api.local";
        for (value, expected) in [
            ("http://api.local/items/7", "/items/7"),
            ("http://api.local", "/"),
            ("http://api.local:80/x?a=b#c", "/x?a=b#c"),
            ("HTTP://API.local/x", "/x"),
            ("http://user:pw@api.local/x", "/x"),
            ("https://user:pw@cdn.example/x", "https://cdn.example/x"),
            ("http://api.local:8080/x", "http://api.local:8080/x"),
            ("http://api.local.example/x", "http://api.local.example/x"),
            ("https://cdn.example/A b", "https://cdn.example/A b"),
            ("/items/7", "/items/7"),
        ] {
            assert_eq!(address(value, origin), expected, "{value}");
        }
        for (value, expected) in [
            (
                "<http://api.local/a?p=2>; rel=\"next\", <http://u:p@api.local>; rel=\"x\"",
                "</a?p=2>; rel=\"next\", </>; rel=\"x\"",
            ),
            ("</a,b>; rel=next", "</a,b>; rel=next"),
            ("no link <", "no link <"),
        ] {
            assert_eq!(links(value, origin), expected, "{value}");
        }
    }
}
