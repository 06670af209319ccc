//! Media types, and what kind of content each becomes.

/// A `Content-Type`, read leniently: type and subtype in lower case, parameters as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Media {
    /// `type/subtype`, lower case.
    pub essence: String,
    /// `charset`.
    pub charset: Option<String>,
    /// `boundary`.
    pub boundary: Option<String>,
}

/// The content that a media type becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One JSON text.
    Json,
    /// Text of any other sort.
    Text,
    /// A picture.
    Image,
    /// Sound.
    Audio,
    /// Several parts.
    Multipart,
    /// Bytes that no content block describes better.
    Binary,
}

impl Media {
    /// Reads a header value; `None` where it holds no media type.
    pub(super) fn parse(value: &str) -> Option<Media> {
        let mut pieces = split(value).into_iter();
        let essence = pieces.next()?.trim().to_ascii_lowercase();
        let (kind, subtype) = essence.split_once('/')?;
        let is_token = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
        };
        if !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let mut media = Media {
            essence,
            charset: None,
            boundary: None,
        };
        for piece in pieces {
            let Some((name, value)) = piece.split_once('=') else {
                continue;
            };
            let value = unquote(value.trim());
            match name.trim().to_ascii_lowercase().as_str() {
                "charset" => media.charset = media.charset.or(Some(value)),
                "boundary" => media.boundary = media.boundary.or(Some(value)),
                _ => {}
            }
        }
        Some(media)
    }

    /// What the media type becomes.
    pub(super) fn kind(&self) -> Kind {
        let (kind, subtype) = self.essence.split_once('/').unwrap_or(("", ""));
        match (kind, subtype) {
            ("image", _) => Kind::Image,
            ("audio", _) => Kind::Audio,
            ("multipart", _) if self.boundary.is_some() => Kind::Multipart,
            (_, "json") => Kind::Json,
            (_, subtype) if subtype.ends_with("+json") => Kind::Json,
            ("text" | "message", _) => Kind::Text,
            (_, subtype) if subtype.ends_with("+xml") || subtype.ends_with("+yaml") => Kind::Text,
            (
                "application",
                "xml"
                | "xml-dtd"
                | "yaml"
                | "x-yaml"
                | "toml"
                | "javascript"
                | "x-javascript"
                | "ecmascript"
                | "graphql"
                | "sql"
                | "x-sh"
                | "x-ndjson"
                | "ndjson"
                | "jsonl"
                | "x-jsonlines"
                | "json-seq"
                | "x-www-form-urlencoded"
                | "csv"
                | "rtf"
                | "n-triples"
                | "n-quads"
                | "sparql-query"
                | "pem-certificate-chain",
            ) => Kind::Text,
            _ => Kind::Binary,
        }
    }
}

/// Splits at semicolons outside quotes.
fn split(value: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => {
                pieces.push(&value[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&value[start..]);
    pieces
}

/// A parameter's value without its quotes and escapes.
fn unquote(value: &str) -> String {
    let Some(inner) = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return value.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        out.push(match character {
            '\\' => characters.next().unwrap_or('\\'),
            other => other,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_media_type_has_a_kind() {
        for (value, kind) in [
            ("application/json", Kind::Json),
            ("Application/JSON; charset=utf-8", Kind::Json),
            ("application/problem+json", Kind::Json),
            ("text/json", Kind::Json),
            ("text/plain", Kind::Text),
            ("text/csv; header=present", Kind::Text),
            ("application/xml", Kind::Text),
            ("application/atom+xml", Kind::Text),
            ("application/x-ndjson", Kind::Text),
            ("text/event-stream", Kind::Text),
            ("image/png", Kind::Image),
            ("audio/wav", Kind::Audio),
            ("multipart/mixed; boundary=\"a;b\"", Kind::Multipart),
            ("multipart/mixed", Kind::Binary),
            ("application/pdf", Kind::Binary),
            ("application/octet-stream", Kind::Binary),
        ] {
            assert_eq!(
                Media::parse(value).map(|media| media.kind()),
                Some(kind),
                "{value}"
            );
        }
        for value in ["", "json", "a/", "/b", "a b/c", "text/plain, text/html"] {
            assert_eq!(Media::parse(value), None, "{value}");
        }
    }

    #[test]
    fn parameters_are_unquoted() {
        let media = Media::parse(r#"multipart/mixed; Boundary="a;\"b"; charset=latin1; charset=x"#)
            .unwrap();
        assert_eq!(media.boundary.as_deref(), Some("a;\"b"));
        assert_eq!(media.charset.as_deref(), Some("latin1"));
    }
}
