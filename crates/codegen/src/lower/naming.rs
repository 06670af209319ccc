//! Header names that are never a model's to fill.

/// Framing, single connections, and the gateway's own: the runtime would not send them.
const OWNED: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-litellm-api-key",
];

/// Whether Toolwright decides about this header alone.
pub(super) fn is_owned(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let prefixed = ["proxy-", "mcp-", "x-mcp-", "x-toolwright-"]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    OWNED.contains(&name.as_str()) || prefixed
}
