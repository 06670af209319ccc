//! Headers that repeat what a body says (2026-07-28, "Standard Request Headers" and "Value Encoding").

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue};

use super::code::{Code, Refusal};

/// The one value of a header.
pub(crate) fn single<'h>(
    headers: &'h HeaderMap,
    name: &str,
) -> Result<Option<&'h HeaderValue>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(mismatch(name, "is there more than once")),
        (value, None) => Ok(value),
    }
}

/// A refusal of a header; its value stays out of the message.
pub(crate) fn mismatch(name: &str, what: &str) -> Refusal {
    Refusal::new(
        Code::HeaderMismatch,
        format!("Header mismatch: {name} {what}"),
    )
}

/// Visible ASCII, space and tab.
pub(crate) fn plain(value: &HeaderValue) -> Option<&str> {
    value.to_str().ok()
}

/// `=?base64?…?=` decoded, anything else as it is.
pub(crate) fn decoded(value: &str) -> Option<Cow<'_, str>> {
    let Some(inner) = value
        .strip_prefix("=?base64?")
        .and_then(|rest| rest.strip_suffix("?="))
    else {
        return Some(Cow::Borrowed(value));
    };
    let bytes = STANDARD.decode(inner).ok()?;
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentinels_are_decoded() {
        for (value, expected) in [
            ("us-west1", Some("us-west1")),
            ("=?base64?SGVsbG8sIOS4lueVjA==?=", Some("Hello, 世界")),
            ("=?base64?IHBhZGRlZCA=?=", Some(" padded ")),
            (
                "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=",
                Some("=?base64?literal?="),
            ),
            ("=?BASE64?SGVsbG8=?=", Some("=?BASE64?SGVsbG8=?=")),
            ("=?base64??=", Some("")),
            ("=?base64?%%%?=", None),
            ("=?base64?/w==?=", None),
        ] {
            assert_eq!(decoded(value).as_deref(), expected, "{value}");
        }
    }
}
