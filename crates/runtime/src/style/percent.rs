//! Percent-encoding (RFC 3986 §2).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn push_encoded(out: &mut String, byte: u8) {
    out.push('%');
    out.push(char::from(HEX[usize::from(byte >> 4)]));
    out.push(char::from(HEX[usize::from(byte & 15)]));
}

/// Everything outside unreserved is encoded.
pub(crate) fn push(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if is_unreserved(byte) {
            out.push(char::from(byte));
        } else {
            push_encoded(out, byte);
        }
    }
}

/// The same as a new string.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push(&mut out, text);
    out
}

/// Reserved expansion (RFC 6570 §3.2.3): reserved characters and existing triplets stay, except the characters that
/// would end the component. In queries an apostrophe is one of those: URL parsers encode it anyway.
pub(crate) fn push_reserved(out: &mut String, text: &str, ends: &[u8]) {
    let bytes = text.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        let keeps = match byte {
            b'%' => is_triplet(bytes.get(index..index + 3)),
            b':' | b'/' | b'?' | b'#' | b'[' | b']' | b'@' | b'!' | b'$' | b'&' | b'\'' | b'('
            | b')' | b'*' | b'+' | b',' | b';' | b'=' => !ends.contains(byte),
            other => is_unreserved(*other),
        };
        if keeps {
            out.push(char::from(*byte));
        } else {
            push_encoded(out, *byte);
        }
    }
}

fn is_triplet(bytes: Option<&[u8]>) -> bool {
    matches!(bytes, Some([b'%', a, b]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}

/// The literal text of a template: legal characters stay, the rest is encoded.
pub(crate) fn push_literal(out: &mut String, text: &str) {
    push_reserved(out, text, b"?#[]");
}

/// The same in a form: a space becomes `+`, and what a form or a query cannot hold is encoded (OpenAPI 3.2 §4.15).
pub(crate) fn push_form_reserved(out: &mut String, text: &str) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push('+');
        }
        push_reserved(out, word, b"#&+[]'");
    }
}

/// `application/x-www-form-urlencoded` (WHATWG URL §5.2): a space becomes `+`.
pub(crate) fn push_form(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                out.push(char::from(byte))
            }
            _ => push_encoded(out, byte),
        }
    }
}

/// Beyond this length the dots would be encoded dozens of times over, which nothing undoes.
const MOST_DOTS: usize = 192;

/// Whether `segment` would move within the path, however often its dots are encoded: empty, `.` or `..`.
pub(crate) fn climbs(segment: &str) -> bool {
    let mut text = Cow::Borrowed(segment);
    loop {
        if matches!(text.as_ref(), "" | "." | "..") {
            return true;
        }
        // Only dots and what can decode to them, their own encodings encoded again included.
        let can_be = |byte: u8| matches!(byte, b'.' | b'%' | b'2'..=b'6' | b'e' | b'E');
        if text.len() > MOST_DOTS || !text.bytes().all(can_be) {
            return false;
        }
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == text {
            return false;
        }
        text = Cow::Owned(decoded);
    }
}
