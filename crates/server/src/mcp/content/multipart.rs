//! The parts of a multipart body (RFC 2046 §5.1).

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};

/// The most parts that are read.
const MAX_PARTS: usize = 64;

/// One part: its headers and its bytes.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// The part's own headers.
    pub headers: HeaderMap,
    /// What it holds.
    pub body: &'a [u8],
}

/// Splits a body at its boundary; `None` where it is not the multipart body it says it is.
pub(super) fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    if boundary.is_empty() || boundary.len() > 70 {
        return None;
    }
    let marker = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut start: Option<usize> = None;
    for (at, line) in (Lines { body, at: 0 }) {
        let Some(rest) = line.strip_prefix(marker.as_bytes()) else {
            continue;
        };
        let last = rest.starts_with(b"--");
        let padding = if last { &rest[2..] } else { rest };
        if !padding.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if let Some(start) = start {
            parts.push(part(without_line_end(&body[start..at]))?);
        }
        if last || parts.len() == MAX_PARTS {
            return Some(parts);
        }
        start = Some(at + line.len());
    }
    None
}

/// Lines with their ends, and where each begins.
struct Lines<'a> {
    body: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = self.body.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |end| end + 1);
        self.at += length;
        Some((start, &rest[..length]))
    }
}

/// The line end before a boundary belongs to the boundary.
fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

fn part(bytes: &[u8]) -> Option<Part<'_>> {
    let mut headers = HeaderMap::new();
    let mut end = 0;
    for (at, line) in (Lines { body: bytes, at: 0 }) {
        end = at + line.len();
        let line = without_line_end(line);
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        headers.append(name, value);
    }
    Some(Part {
        headers,
        body: &bytes[end..],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_their_bytes() {
        let body = b"preamble\r\n--x\r\nContent-Type: text/plain\r\n\r\none\r\ntwo\r\n--x \r\n\r\n--xy\r\n--x\r\nA: b\r\n\r\n\r\n--x--\r\nepilogue";
        let found = parts(body, "x").unwrap();
        let bodies: Vec<_> = found.iter().map(|part| part.body).collect();
        assert_eq!(bodies, [&b"one\r\ntwo"[..], b"--xy", b""]);
        assert_eq!(found[0].headers["content-type"], "text/plain");
        assert!(found[1].headers.is_empty());
    }

    #[test]
    fn what_is_not_multipart_is_told() {
        for (body, boundary) in [
            (&b"--x\r\n\r\nnever closed"[..], "x"),
            (b"nothing", "x"),
            (b"--x\r\nno colon\r\n\r\n\r\n--x--", "x"),
            (b"--\r\n\r\na\r\n----", ""),
        ] {
            assert!(parts(body, boundary).is_none());
        }
    }
}
