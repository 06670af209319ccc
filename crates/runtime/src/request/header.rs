//! Header and cookie parameters.

use super::pairs::{flat, refuse_delimiter};
use super::style::{Kind, Style};
use crate::args::Param;
use crate::headers::check_text;

/// Longer values are refused by the usual servers, with errors that name no argument.
const LONGEST: usize = 16 * 1024;

/// One header value (`simple`, not percent-encoded); `None` when there is nothing to send.
pub(super) fn header(value: &Param<'_>, style: Style) -> Result<Option<String>, String> {
    if style.kind == Kind::Json {
        return Ok(Some(value.to_ascii_json()));
    }
    let texts = flat(value);
    let text = match value {
        Param::Null => return Ok(None),
        Param::Text(_) | Param::Literal(_) => texts.concat(),
        Param::List(_) | Param::Map(_) => {
            if texts.is_empty() {
                return Ok(style.allow_empty.then(String::new));
            }
            refuse_delimiter(&texts, ",")?;
            if style.explode && matches!(value, Param::Map(_)) {
                let names = texts.iter().step_by(2);
                if names.into_iter().any(|name| name.contains('=')) {
                    return Err(String::from("must not have a member with `=` in its name"));
                }
                let pairs: Vec<_> = texts.chunks(2).map(|pair| pair.join("=")).collect();
                pairs.join(",")
            } else {
                texts.join(",")
            }
        }
    };
    if text.len() > LONGEST {
        return Err(format!(
            "must not be longer than {LONGEST} bytes: it is sent as a header"
        ));
    }
    match check_text(text.as_bytes()) {
        Ok(()) => Ok(Some(text)),
        Err(what) => Err(format!("must not contain {what}: it is sent as a header")),
    }
}

/// Percent-encodes what a cookie value may not hold (RFC 6265 §4.1.1), and `%` itself so that it can be undone.
pub(super) fn push_cookie(out: &mut String, text: &str, _: bool) {
    let mut units = [0; 4];
    for character in text.chars() {
        match character {
            '!' | '#' | '$' | '&' | '\'' | '('..='+' | '-'..=':' | '<'..='[' | ']'..='~' => {
                out.push(character)
            }
            _ => {
                for byte in character.encode_utf8(&mut units).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
}
