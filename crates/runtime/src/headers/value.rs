//! What a header value may hold.

use http::HeaderValue;

use crate::error::{Error, Result};

/// What is wrong with `text` as a header value, without showing any of it: it must be printable ASCII, and white space
/// at its ends would be lost on the way (RFC 9110 §5.5).
pub(crate) fn check_text(text: &[u8]) -> Result<(), &'static str> {
    for byte in text {
        match byte {
            b'\r' | b'\n' => return Err("a line break"),
            b' '..=b'~' => {}
            0x80..=0xff => return Err("a character outside ASCII"),
            _ => return Err("a control character"),
        }
    }
    if text.first() == Some(&b' ') || text.last() == Some(&b' ') {
        return Err("white space at its beginning or end");
    }
    Ok(())
}

/// A value that logs do not show.
pub(super) fn sensitive(name: &str, text: &str) -> Result<HeaderValue> {
    check_text(text.as_bytes()).map_err(|what| {
        Error::gateway(format!("the value for the header `{name}` contains {what}"))
    })?;
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        Error::gateway(format!(
            "the value for the header `{name}` is not a header value"
        ))
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// A caller's value as it goes on, or an error that names the header.
pub(super) fn forwarded(
    name: &str,
    value: &HeaderValue,
    prefix: Option<&str>,
) -> Result<HeaderValue> {
    check_text(value.as_bytes())
        .map_err(|what| Error::caller(format!("the header `{name}` contains {what}")))?;
    let mut value = match prefix {
        None => value.clone(),
        Some(prefix) => {
            let text = [prefix.as_bytes(), value.as_bytes()].concat();
            HeaderValue::from_bytes(&text)
                .map_err(|_| Error::caller(format!("the header `{name}` is not a header value")))?
        }
    };
    value.set_sensitive(true);
    Ok(value)
}
