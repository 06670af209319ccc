//! Output schemas that every client judges alike.
//!
//! Clients check answers with validators of their own: of other drafts, with other regular expressions, with or without
//! `format`, and some of them throw. So an output schema says only what all of them read in one way. What is left out
//! makes it weaker, never stronger: `oneOf` becomes `anyOf`, and what negates or branches goes, because there a keyword
//! that a validator does not know would turn a fitting answer into a wrong one.

use toolwright_document::Json;

/// How deep a schema is read; below that anything goes.
const DEEPEST: usize = 64;

/// Keywords whose value stays as it is.
const PLAIN: &[&str] = &[
    "$ref",
    "type",
    "enum",
    "const",
    "required",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "description",
    "deprecated",
];

/// The schema in the words that all validators share.
pub(super) fn portable(schema: Json) -> Json {
    reduced(schema, 0)
}

fn reduced(schema: Json, depth: usize) -> Json {
    let Json::Object(words) = schema else {
        return schema;
    };
    if depth > DEEPEST {
        return Json::object();
    }
    // Without these, their neighbours would mean more than they do beside them.
    let tuple = words.contains_key("prefixItems");
    let by_pattern = words.contains_key("patternProperties");
    let both = words.contains_key("anyOf") && words.contains_key("oneOf");
    let mut out = Json::object();
    for (name, word) in words {
        let (name, word) = match name.as_str() {
            "properties" | "$defs" => (name, map(word, depth)),
            "items" if !tuple => (name, reduced(word, depth + 1)),
            "additionalProperties" if !by_pattern => (name, reduced(word, depth + 1)),
            "anyOf" | "allOf" => (name, list(word, depth)),
            "oneOf" if !both => ("anyOf".to_owned(), list(word, depth)),
            plain if PLAIN.contains(&plain) => (name, word),
            _ => continue,
        };
        out.insert(name, word);
    }
    out
}

fn map(word: Json, depth: usize) -> Json {
    match word {
        Json::Object(schemas) => Json::Object(
            schemas
                .into_iter()
                .map(|(name, schema)| (name, object(reduced(schema, depth + 1))))
                .collect(),
        ),
        other => other,
    }
}

/// Named schemas are objects: some clients refuse a whole list of tools for one that is `true` or `false`.
fn object(schema: Json) -> Json {
    match schema {
        Json::Object(_) => schema,
        _ => Json::object(),
    }
}

fn list(word: Json, depth: usize) -> Json {
    match word {
        Json::Array(schemas) => Json::Array(
            schemas
                .into_iter()
                .map(|schema| reduced(schema, depth + 1))
                .collect(),
        ),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_all_validators_share_is_left() {
        for (written, left) in [
            (
                r#"{"type":"string","format":"date-time","pattern":"^x"}"#,
                r#"{"type":"string"}"#,
            ),
            (
                r#"{"oneOf":[{"type":"integer","multipleOf":0.1},{"type":"null"}]}"#,
                r#"{"anyOf":[{"type":"integer"},{"type":"null"}]}"#,
            ),
            (r#"{"prefixItems":[{"type":"string"}],"items":false}"#, "{}"),
            (
                r#"{"properties":{"a":true,"b":false},"additionalProperties":false}"#,
                r#"{"properties":{"a":{},"b":{}},"additionalProperties":false}"#,
            ),
            (
                r#"{"patternProperties":{"^x":{}},"additionalProperties":false}"#,
                "{}",
            ),
            (
                r#"{"properties":{"format":{"not":{}},"oneOf":{"const":{"format":1}}},"if":{}}"#,
                r#"{"properties":{"format":{},"oneOf":{"const":{"format":1}}}}"#,
            ),
        ] {
            let schema = Json::parse(written).unwrap();
            assert_eq!(portable(schema).compact(), left, "{written}");
        }
    }
}
