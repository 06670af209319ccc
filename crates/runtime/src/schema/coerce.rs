//! Numbers and booleans that a model sent as strings.

use jsonschema::JsonType;
use serde_json::Value as Plain;

use crate::json::{Kind, Value, push_string};

/// The most references followed on the way to one schema.
const MAX_HOPS: usize = 32;

pub(super) fn coerce(schema: &Plain, value: &Value<'_>) -> Option<String> {
    let mut coercion = Coercion {
        root: schema,
        changed: false,
        out: String::with_capacity(value.text().len()),
    };
    coercion.value(&[schema], value);
    coercion.changed.then_some(coercion.out)
}

struct Coercion<'s> {
    root: &'s Plain,
    changed: bool,
    out: String,
}

impl<'s> Coercion<'s> {
    fn value(&mut self, schemas: &[&'s Plain], value: &Value<'_>) {
        let mut applicable = Vec::new();
        for schema in schemas {
            self.applicable(schema, 0, &mut applicable);
        }
        match value.kind() {
            Kind::String(text) => match wanted(&applicable, text) {
                Some(bare) => {
                    self.changed = true;
                    self.out.push_str(bare);
                }
                None => self.out.push_str(value.text()),
            },
            Kind::Array(items) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push(',');
                    }
                    let of_item: Vec<_> =
                        applicable.iter().filter_map(|s| s.get("items")).collect();
                    self.value(&of_item, item);
                }
                self.out.push(']');
            }
            Kind::Object(object) => {
                self.out.push('{');
                for (index, (name, member)) in object.iter().enumerate() {
                    if index > 0 {
                        self.out.push(',');
                    }
                    push_string(&mut self.out, name);
                    self.out.push(':');
                    let of_member = |schema: &&'s Plain| -> Option<&'s Plain> {
                        let named = schema
                            .get("properties")
                            .and_then(|properties| properties.get(name));
                        named.or_else(|| schema.get("additionalProperties"))
                    };
                    let of_member: Vec<_> = applicable.iter().filter_map(of_member).collect();
                    self.value(&of_member, member);
                }
                self.out.push('}');
            }
            _ => self.out.push_str(value.text()),
        }
    }

    /// The schema with everything that it refers to or is composed of.
    fn applicable(&self, schema: &'s Plain, hops: usize, out: &mut Vec<&'s Plain>) {
        if hops > MAX_HOPS || out.len() > MAX_HOPS || !schema.is_object() {
            return;
        }
        out.push(schema);
        let target = schema
            .get("$ref")
            .and_then(Plain::as_str)
            .and_then(|reference| {
                let pointer = reference.strip_prefix('#')?;
                self.root.pointer(pointer)
            });
        if let Some(target) = target {
            self.applicable(target, hops + 1, out);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for branch in schema
                .get(keyword)
                .and_then(Plain::as_array)
                .into_iter()
                .flatten()
            {
                self.applicable(branch, hops + 1, out);
            }
        }
    }
}

/// The text without its quotes, when a schema asks for what it spells and none is content with a string.
fn wanted<'t>(schemas: &[&Plain], text: &'t str) -> Option<&'t str> {
    let mut types = Vec::new();
    for schema in schemas {
        match schema.get("type") {
            Some(Plain::String(one)) => types.push(one.as_str()),
            Some(Plain::Array(several)) => types.extend(several.iter().filter_map(Plain::as_str)),
            // Constants of any type may be meant.
            None if schema.get("enum").is_some() || schema.get("const").is_some() => return None,
            _ => {}
        }
    }
    let has = |name: JsonType| types.contains(&name.as_str());
    if has(JsonType::String) {
        return None;
    }
    let parsed = Value::parse(text)
        .ok()
        .filter(|value| value.text() == text)?;
    let fits = match parsed.kind() {
        Kind::Number(number) => {
            has(JsonType::Number) || (has(JsonType::Integer) && crate::json::is_integer(number))
        }
        Kind::Bool(_) => has(JsonType::Boolean),
        _ => false,
    };
    fits.then_some(text)
}
