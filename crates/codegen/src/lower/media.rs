//! Which of a body's representations is used, and how it is written.

use crate::model::{Body, MediaType};

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The argument's JSON as it came.
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// Parts.
    Multipart,
    /// Elements.
    Xml,
    /// Text as it is.
    Text,
    /// Bytes, which the argument carries as base64.
    Bytes,
    /// Whatever its schema suits best.
    Open,
}

/// The media type without parameters, in lower case.
pub(super) fn essence(name: &str) -> String {
    name.split(';')
        .next()
        .unwrap_or(name)
        .trim()
        .to_ascii_lowercase()
}

/// Whether it names no type of its own.
pub(super) fn is_range(name: &str) -> bool {
    name.trim().is_empty() || name.contains('*')
}

pub(super) fn kind(name: &str) -> Kind {
    let name = essence(name);
    match name.as_str() {
        "application/json" | "text/json" | "application/x-json" => Kind::Json,
        "application/x-www-form-urlencoded" => Kind::Form,
        "application/xml" | "text/xml" => Kind::Xml,
        "application/octet-stream" => Kind::Bytes,
        "" | "*/*" | "application/*" => Kind::Open,
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonlines"
        | "application/json-seq"
        | "application/jsonlines"
        | "application/yaml"
        | "application/x-yaml"
        | "application/toml"
        | "application/graphql"
        | "application/sql"
        | "application/javascript"
        | "application/ecmascript"
        | "application/x-sh"
        | "application/jwt"
        | "application/pem-certificate-chain" => Kind::Text,
        _ if name.ends_with("+json") => Kind::Json,
        _ if name.ends_with("+xml") => Kind::Xml,
        _ if name.ends_with("+yaml") => Kind::Text,
        _ if name.starts_with("multipart/") => Kind::Multipart,
        _ if name.starts_with("text/") => Kind::Text,
        _ if ["image/", "audio/", "video/", "font/", "model/"]
            .iter()
            .any(|kind| name.starts_with(kind)) =>
        {
            Kind::Bytes
        }
        _ => Kind::Open,
    }
}

/// The lower the better: json, +json, form, multipart, xml, text, bytes, and last what is not known. A form cannot hold
/// a file but as base64 text, which few servers take for one.
fn rank(media: &MediaType<'_>) -> usize {
    let name = essence(&media.name);
    match kind(&media.name) {
        Kind::Json if name == "application/json" => 0,
        Kind::Json => 1,
        Kind::Form if !media.files => 2,
        Kind::Multipart => 3,
        Kind::Form => 4,
        Kind::Xml => 5,
        Kind::Text => 6,
        Kind::Bytes if name == "application/octet-stream" => 7,
        Kind::Open if matches!(name.as_str(), "*/*" | "application/*" | "") => 8,
        _ => 9,
    }
}

/// The representation of this name: as it is spelt, else without regard to parameters and case.
pub(super) fn named<'b, 'd>(content: &'b [MediaType<'d>], name: &str) -> Option<&'b MediaType<'d>> {
    let exact = content.iter().find(|media| media.name == name);
    exact.or_else(|| {
        content
            .iter()
            .find(|media| essence(&media.name) == essence(name))
    })
}

/// The representation to use: the one that was chosen, else the best.
pub(super) fn choose<'b, 'd>(
    body: &'b Body<'d>,
    chosen: Option<&str>,
) -> Option<&'b MediaType<'d>> {
    let named = chosen.and_then(|chosen| named(&body.content, chosen));
    // `min_by_key` takes the first of equals: the order of the description.
    named.or_else(|| body.content.iter().min_by_key(|media| rank(media)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (name, expected) in [
            ("application/json; charset=utf-8", Kind::Json),
            ("application/merge-patch+json", Kind::Json),
            ("multipart/mixed", Kind::Multipart),
            ("application/soap+xml", Kind::Xml),
            ("text/csv", Kind::Text),
            ("image/png", Kind::Bytes),
            ("*/*", Kind::Open),
            ("application/vnd.acme", Kind::Open),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }
}
