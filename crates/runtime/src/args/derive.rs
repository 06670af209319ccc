//! What `#[derive(Args)]` calls, so that the derive itself stays a few lines for each type.

use std::borrow::Cow;

use crate::error::{Error, Result};
use crate::json::{Object, Value};

/// The position of the string `value` among `names`.
pub fn decode_variant(value: &Value<'_>, names: &[&str]) -> Result<usize> {
    let found = value
        .as_str()
        .and_then(|text| names.iter().position(|name| *name == text));
    found.ok_or_else(|| Error::argument("", format!("must be one of {}", list(names))))
}

/// The position of the string member `tag` of `value` among `names`.
pub fn decode_tag(value: &Value<'_>, tag: &str, names: &[&str]) -> Result<usize> {
    let Some(member) = Object::of(value)?.get(tag) else {
        let message = format!("`{tag}` is required: one of {}", list(names));
        return Err(Error::argument("", message).inside(tag));
    };
    decode_variant(member, names).map_err(|error| error.inside(tag))
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names
        .iter()
        .take(30)
        .map(|name| format!("{name:?}"))
        .collect();
    let rest = names.len().saturating_sub(quoted.len());
    if rest > 0 {
        return format!("{} and {rest} more", quoted.join(", "));
    }
    quoted.join(", ")
}

/// The name of a variant as the encoders take it.
pub fn borrowed(name: &'static str) -> Cow<'static, str> {
    Cow::Borrowed(name)
}
