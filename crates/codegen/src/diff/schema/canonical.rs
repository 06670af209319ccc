//! Schemas as text, for comparison as a whole.

use toolwright_document::Json;

/// Deeper values than this are not sorted any more.
const DEEPEST: usize = 512;

/// JSON text in which the order of members says nothing.
pub(in crate::diff) fn canonical(json: &Json) -> String {
    let mut out = String::new();
    write(json, Names::All, 0, &mut out);
    out
}

/// The same without what a schema says to its reader: two schemas with the same rules let the same through.
pub(in crate::diff) fn rules(json: &Json) -> String {
    let mut out = String::new();
    write(json, Names::Keywords, 0, &mut out);
    out
}

/// What the names of an object are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Whatever they are, all of them count.
    All,
    /// Keywords, of which notes do not count.
    Keywords,
    /// Names of properties, whose values are schemas.
    Properties,
}

/// Keywords that let nothing through and hold nothing back.
pub(super) fn is_note(keyword: &str) -> bool {
    matches!(
        keyword,
        "title"
            | "description"
            | "default"
            | "example"
            | "examples"
            | "deprecated"
            | "$comment"
            | "readOnly"
            | "writeOnly"
            | "externalDocs"
    ) || keyword.starts_with("x-")
}

fn write(json: &Json, names: Names, depth: usize, out: &mut String) {
    match json {
        Json::Object(members) if depth < DEEPEST => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.retain(|key| names != Names::Keywords || !is_note(key));
            keys.sort();
            out.push('{');
            for key in keys {
                let inner = match (names, key.as_str()) {
                    (Names::All, _) | (Names::Keywords, "enum" | "const") => Names::All,
                    (
                        Names::Keywords,
                        "properties" | "patternProperties" | "$defs" | "dependentSchemas",
                    ) => Names::Properties,
                    _ => Names::Keywords,
                };
                out.push_str(&Json::from(key.as_str()).compact());
                out.push(':');
                if let Some(value) = members.get(key) {
                    write(value, inner, depth + 1, out);
                }
                out.push(',');
            }
            out.push('}');
        }
        Json::Array(items) if depth < DEEPEST => {
            out.push('[');
            for item in items {
                write(item, names, depth + 1, out);
                out.push(',');
            }
            out.push(']');
        }
        other => out.push_str(&other.compact()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_rules_but_properties_may_be_called_like_them() {
        let parse = |text| Json::parse(text).unwrap();
        let one = parse(
            r#"{"properties": {"title": {"type": "string", "title": "T"}}, "enum": [{"title": 1}], "description": "d"}"#,
        );
        let other =
            parse(r#"{"enum": [{"title": 1}], "properties": {"title": {"type": "string"}}}"#);
        assert_eq!(rules(&one), rules(&other));
        assert_ne!(canonical(&one), canonical(&other));
        assert!(rules(&one).contains("\"title\":{\"type\""));
        assert!(rules(&one).contains("{\"title\":1,}"));
    }
}
