//! The headers that nobody but the gateway may set, each with its reason.

/// A name, or the beginning of one when it ends in `-`, and why it is kept.
const RESERVED: &[(&str, &str)] = &[
    ("host", "it follows from the upstream's URL"),
    (
        "content-length",
        "it frames the body that the gateway writes",
    ),
    (
        "content-type",
        "it describes the body that the gateway writes",
    ),
    (
        "content-encoding",
        "it describes the body that the gateway writes",
    ),
    (
        "transfer-encoding",
        "it frames the body that the gateway writes",
    ),
    ("te", "it belongs to one connection alone"),
    ("trailer", "it belongs to one connection alone"),
    ("connection", "it belongs to one connection alone"),
    ("keep-alive", "it belongs to one connection alone"),
    ("upgrade", "it belongs to one connection alone"),
    ("http2-settings", "it belongs to one connection alone"),
    ("proxy-", "it belongs to one connection alone"),
    ("expect", "the gateway sends the body at once"),
    ("accept-encoding", "the gateway decodes the answer"),
    (
        "mcp-",
        "it belongs to the protocol between the client and the gateway",
    ),
    ("x-mcp-", "it addresses the gateway"),
    ("x-litellm-api-key", "it carries the key to the gateway"),
    ("x-toolwright-", "it addresses the gateway"),
];

/// Headers of the caller that describe the caller's own message and would be wrong about ours.
const CALLERS_OWN: &[(&str, &str)] = &[("content-", "it describes the caller's own body")];

/// Why `name` may not be sent by configuration, caller or model; `None` if it may.
pub fn reason(name: &str) -> Option<&'static str> {
    find(RESERVED, name)
}

/// Why a caller's `name` may not be passed on; `None` if it may.
pub fn forward_reason(name: &str) -> Option<&'static str> {
    reason(name).or_else(|| find(CALLERS_OWN, name))
}

/// Whether `in: header` parameters of this name are never sent: OpenAPI 3.2 §4.12.2.1 ignores `Authorization`, and a
/// credential is not a model's to choose in Swagger 2.0 either.
pub(crate) fn is_ignored_parameter(name: &str) -> bool {
    name.eq_ignore_ascii_case("authorization")
}

/// Names, or beginnings that end in `-`, that travel only when they are named in full, never by a glob: credentials of many
/// purposes, and what is about the caller's own exchange with the gateway (what it takes, where it comes from, which part of
/// an answer it has) and would be wrong about ours.
const EXACT: &[&str] = &[
    "authorization",
    "cookie",
    "accept",
    "cache-control",
    "forwarded",
    "from",
    "if-",
    "last-event-id",
    "max-forwards",
    "origin",
    "pragma",
    "range",
    "referer",
    "sec-",
    "user-agent",
    "via",
    "x-forwarded-",
    "x-real-ip",
];

/// Whether a glob with this beginning leaves a name out; one that begins like a whole family names it.
pub(crate) fn needs_exact_name(name: &str, start: &str) -> bool {
    EXACT
        .iter()
        .any(|entry| is_entry(entry, name) && !(entry.ends_with('-') && is_entry(entry, start)))
}

/// Whether a name is an entry, or begins with one that ends in `-`.
fn is_entry(entry: &str, name: &str) -> bool {
    match entry.ends_with('-') {
        true => name
            .get(..entry.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(entry)),
        false => name.eq_ignore_ascii_case(entry),
    }
}

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    let found = table.iter().find(|(entry, _)| is_entry(entry, name));
    found.map(|(_, reason)| *reason)
}
