//! `stdio_headers`: what stands in for the caller's headers where a client has none to send.

use http::{HeaderMap, HeaderName, HeaderValue};
use toolwright_document::Cursor;
use toolwright_runtime::HeaderPolicy;

use super::reader::Reader;

/// Reads the mapping of names to values. Each name must be one that the server's rules take from a caller.
pub(super) fn headers(
    reader: &mut Reader<'_>,
    server: &str,
    section: Cursor<'_>,
    policy: Option<&HeaderPolicy>,
) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let Some(at) = reader.member(section, "stdio_headers") else {
        return headers;
    };
    let Some(mapping) = reader.object(at) else {
        return headers;
    };
    for (name, value) in mapping.entries() {
        let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
            reader.wrong_key(value, "is not a header name", None);
            continue;
        };
        let addressed = format!("x-mcp-{server}-").to_ascii_lowercase();
        let taken = policy.is_none_or(|policy| {
            policy.forwards(header.as_str())
                || header == "x-mcp-auth"
                || header.as_str().starts_with(&addressed)
        });
        if !taken {
            let help = "list it in `extra_headers`, which says what travels".to_owned();
            reader.wrong_key(value, "would go nowhere", Some(help));
            continue;
        }
        // Read once: the process lives as long as its client.
        let source = reader.source(value);
        let Some(text) = source.and_then(|source| source.current().ok()) else {
            continue;
        };
        let Ok(mut text) = HeaderValue::from_str(text.expose()) else {
            let help = "ASCII without line breaks and other control characters".to_owned();
            reader.mistake(
                value,
                "holds a character that no header can carry",
                Some(help),
            );
            continue;
        };
        text.set_sensitive(true);
        if headers.insert(header, text).is_some() {
            reader.wrong_key(value, "names the same header as an entry above", None);
        }
    }
    headers
}
