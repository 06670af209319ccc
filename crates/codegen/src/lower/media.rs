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
    /// JSON texts, one after the other.
    Lines,
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
        | "application/x-jsonl"
        | "application/x-jsonlines"
        | "application/jsonlines"
        | "application/json-seq" => Kind::Lines,
        "application/yaml"
        | "application/x-yaml"
        | "application/toml"
        | "application/graphql"
        | "application/sql"
        | "application/javascript"
        | "application/ecmascript"
        | "application/x-sh"
        | "application/jwt"
        | "application/pem-certificate-chain" => Kind::Text,
        _ if is_packed(&name) => Kind::Bytes,
        _ if name.ends_with("+json") => Kind::Json,
        _ if name.ends_with("+json-seq") => Kind::Lines,
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

/// Whether it is a binary format for structured values, or one for files: no JSON can stand for it.
fn is_packed(essence: &str) -> bool {
    const SUFFIXES: &[&str] = &[
        "+cbor",
        "+cbor-seq",
        "+msgpack",
        "+bson",
        "+protobuf",
        "+proto",
        "+avro",
        "+thrift",
        "+zip",
        "+gzip",
        "+ber",
        "+der",
        "+wbxml",
        "+fastinfoset",
        "+sqlite3",
        "+tlv",
        "+zstd",
    ];
    const NAMES: &[&str] = &[
        "msgpack",
        "messagepack",
        "cbor",
        "cbor-seq",
        "bson",
        "ubjson",
        "protobuf",
        "proto",
        "grpc",
        "google.protobuf",
        "avro",
        "apache.avro",
        "avro-binary",
        "thrift",
        "apache.thrift.binary",
        "apache.thrift.compact",
        "smile",
        "jackson-smile",
        "ion",
        "flatbuffers",
        "capnp",
        "apache.arrow.stream",
        "apache.arrow.file",
        "apache.parquet",
        "parquet",
        "pdf",
        "zip",
        "gzip",
        "zstd",
        "tar",
        "7z-compressed",
        "bzip2",
        "rar-compressed",
        "sqlite3",
        "java-archive",
        "wasm",
        "ber",
        "der",
        "pkcs7-mime",
        "pkcs8",
        "pkcs10",
        "pkcs12",
        "pkix-cert",
        "ocsp-request",
        "timestamp-query",
        "java-serialized-object",
        "msword",
        "ms-excel",
    ];
    let Some(name) = essence.strip_prefix("application/") else {
        return essence == "avro/binary";
    };
    let name = name
        .strip_prefix("x-")
        .or(name.strip_prefix("vnd."))
        .unwrap_or(name);
    SUFFIXES.iter().any(|suffix| essence.ends_with(suffix)) || NAMES.contains(&name)
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
        Kind::Lines | Kind::Text => 6,
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
            ("application/geo+json-seq", Kind::Lines),
            ("*/*", Kind::Open),
            ("application/msgpack", Kind::Bytes),
            ("application/x-protobuf", Kind::Bytes),
            ("application/vnd.google.protobuf", Kind::Bytes),
            ("application/senml+cbor", Kind::Bytes),
            ("application/bson", Kind::Bytes),
            ("application/vnd.acme", Kind::Open),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }
}
