//! Patterns that this engine cannot read.
//!
//! Descriptions hold patterns in the dialects of many languages. One that cannot be compiled, or only to something huge,
//! is left out of the check (the upstream still makes its own), so that it does not take its tool along.

use serde_json::Value as Plain;

/// Keywords whose values are data, not schemas.
const DATA: [&str; 5] = ["default", "example", "examples", "enum", "const"];

/// Removes every `pattern` and every member of `patternProperties` that `works` refuses; what was removed.
pub(super) fn remove(schema: &mut Plain, works: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut removed = Vec::new();
    walk(schema, works, &mut removed);
    removed
}

/// Depth is bounded by the reader of the schema.
fn walk(schema: &mut Plain, works: &dyn Fn(&str) -> bool, removed: &mut Vec<String>) {
    match schema {
        Plain::Array(items) => items.iter_mut().for_each(|item| walk(item, works, removed)),
        Plain::Object(members) => {
            if let Some(Plain::String(pattern)) = members.get("pattern")
                && !works(pattern)
            {
                removed.push(pattern.clone());
                members.remove("pattern");
            }
            if let Some(Plain::Object(patterns)) = members.get_mut("patternProperties") {
                patterns.retain(|pattern, _| {
                    let keep = works(pattern);
                    if !keep {
                        removed.push(pattern.clone());
                    }
                    keep
                });
            }
            for (name, member) in members.iter_mut() {
                if !DATA.contains(&name.as_str()) {
                    walk(member, works, removed);
                }
            }
        }
        _ => {}
    }
}
