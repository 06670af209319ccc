//! JSON texts, one after the other.

use crate::args::{Encode, Param};
use crate::json::Value;

/// Each element of a list between `before` and the end of its line; no JSON text holds one. What is no list is one text.
/// `None` where there is nothing to send: `null` has no form outside JSON.
pub(crate) fn json_lines(value: &impl Encode, before: &str) -> Option<String> {
    let text = value.json()?;
    // The text has been read before, so this cannot fail; were it to, nothing would be sent.
    let value = Value::parse(&text).ok()?;
    let items = match Param::of(&value) {
        Param::Null => return None,
        Param::List(items) => items,
        other => vec![other],
    };
    let mut out = String::with_capacity(text.len());
    for item in items {
        out.push_str(before);
        out.push_str(&item.to_json());
        out.push('\n');
    }
    Some(out)
}
