//! Header and cookie parameters.

use crate::args::Param;
use crate::headers::check_text;
use crate::style::{
    Kind, Style, delimiter, flat, form_text, joined, pairs, percent, refuse_delimiter,
};

/// Longer values are refused by the usual servers, with errors that name no argument.
const LONGEST: usize = 16 * 1024;

/// One header value (`simple`, not percent-encoded); `None` when there is nothing to send.
pub(super) fn header(value: &Param<'_>, style: Style) -> Result<Option<String>, String> {
    if style.kind == Kind::Json {
        return Ok(Some(value.to_ascii_json()));
    }
    if style.kind == Kind::Urlencoded
        && let Some(text) = form_text(value)
    {
        return Ok(Some(text));
    }
    let value = &*joined(value, style)?;
    let texts = flat(value);
    let text = match value {
        Param::Null => return Ok(None),
        Param::Text(_) | Param::Literal(_) => texts.concat(),
        Param::List(_) | Param::Map(_) => {
            if texts.is_empty() {
                return Ok(style.allow_empty.then(String::new));
            }
            let delimiter = delimiter(style.kind);
            refuse_delimiter(&texts, delimiter)?;
            if style.explode && matches!(value, Param::Map(_)) {
                let names = texts.iter().step_by(2);
                if names.into_iter().any(|name| name.contains('=')) {
                    return Err(String::from("must not have a member with `=` in its name"));
                }
                let pairs: Vec<_> = texts.chunks(2).map(|pair| pair.join("=")).collect();
                pairs.join(",")
            } else {
                texts.join(delimiter)
            }
        }
    };
    if text.len() > LONGEST {
        return Err(format!(
            "must not be longer than {LONGEST} bytes: it is sent as a header"
        ));
    }
    // RFC 9110 §5.5 allows a tab; only `tsv` of Swagger 2.0 writes one.
    let checked = match style.kind {
        Kind::Tab => text.replace('\t', " "),
        _ => text.clone(),
    };
    match check_text(checked.as_bytes()) {
        Ok(()) => Ok(Some(text)),
        Err(what) => Err(format!("must not contain {what}: it is sent as a header")),
    }
}

/// Cookies of the style `cookie` (OpenAPI 3.2 §4.12.5): as they are, so what a cookie may not hold is refused.
pub(super) fn raw_cookies(
    name: &str,
    value: &Param<'_>,
    style: Style,
) -> Result<Vec<(String, String)>, String> {
    let plain = |out: &mut String, text: &str, _: bool| out.push_str(text);
    let found = pairs(name, value, style, plain)?;
    for (name, text) in &found {
        if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(format!(
                "must not have the member `{name}`: it is sent as a cookie's name"
            ));
        }
        // RFC 6265 §4.1.1, `cookie-octet`; the comma only stands between values.
        if let Some(odd) = text.chars().find(|odd| !is_cookie_character(*odd)) {
            return Err(format!(
                "must not contain {odd:?}: it is sent as a cookie, which cannot hold it"
            ));
        }
    }
    Ok(found)
}

fn is_cookie_character(character: char) -> bool {
    matches!(character, '!' | '#'..='+' | ','..=':' | '<'..='[' | ']'..='~')
}

/// The operator's own cookie goes as it is; only what a cookie cannot hold is percent-encoded.
pub(super) fn push_credential(out: &mut String, text: &str) {
    let mut units = [0; 4];
    for character in text.chars() {
        match character {
            _ if is_cookie_character(character) && character != ',' => out.push(character),
            _ => percent::push(out, character.encode_utf8(&mut units)),
        }
    }
}
