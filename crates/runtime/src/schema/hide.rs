//! A schema without the arguments that the model is not asked for.

use crate::json::{Kind, Object, Value, push_string};

pub(super) fn hide(schema: &Value<'_>, hidden: &[&str]) -> String {
    let Some(root) = schema.as_object() else {
        return schema.compact();
    };
    let mut parts = Vec::new();
    for (name, value) in root.iter() {
        let text = match (name, value.kind()) {
            ("properties", Kind::Object(properties)) => without(properties, hidden),
            ("required", Kind::Array(required)) => {
                let kept = required
                    .iter()
                    .filter(|item| !item.as_str().is_some_and(|name| hidden.contains(&name)));
                let kept: Vec<_> = kept.map(Value::text).collect();
                // Earlier drafts know no empty list here, and it says nothing.
                if kept.is_empty() && !required.is_empty() {
                    continue;
                }
                format!("[{}]", kept.join(","))
            }
            _ => value.compact(),
        };
        parts.push(member(name, &text));
    }
    format!("{{{}}}", parts.join(","))
}

fn without(properties: &Object<'_>, hidden: &[&str]) -> String {
    let kept = properties.iter().filter(|(name, _)| !hidden.contains(name));
    let kept: Vec<_> = kept
        .map(|(name, value)| member(name, &value.compact()))
        .collect();
    format!("{{{}}}", kept.join(","))
}

fn member(name: &str, text: &str) -> String {
    let mut out = String::new();
    push_string(&mut out, name);
    out.push(':');
    out.push_str(text);
    out
}
