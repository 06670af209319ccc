//! `body = "arguments"`: where it is refused and why, and what the schema of such a tool keeps.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use toolwright_codegen::{Compiled, Input, compile};

const CHOICE: &str = "[tools.op]\nbody = \"arguments\"\n";

/// A description with one operation.
fn compiled(operation: &Value, components: &Value, toolset: &str) -> Compiled {
    let mut operation = operation.clone();
    operation["operationId"] = json!("op");
    operation["responses"] = json!({"204": {"description": "done"}});
    let in_path = operation["parameters"][0]["in"] == "path";
    let path = if in_path { "/x/{id}" } else { "/x" };
    let description = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {path: {"post": operation}},
        "components": {"schemas": components},
    });
    let text = description.to_string().into_bytes();
    let files = BTreeMap::from([("spec.json".to_owned(), text)]);
    compile(&Input {
        files: &files,
        entry: "spec.json",
        name: "t",
        source: "spec.json",
        toolset: Some(toolset),
        url: None,
        pins: None,
        strict: false,
    })
}

fn json_body(schema: &Value) -> Value {
    json!({"requestBody": {"required": true, "content": {"application/json": {"schema": schema}}}})
}

/// What `inputSchema` shows of a body with this schema, and what is said about it.
fn shown(schema: &Value, components: &Value) -> (Value, String) {
    let compiled = compiled(&json_body(schema), components, CHOICE);
    let said = compiled.report.render();
    let output = compiled.output.unwrap_or_else(|| panic!("{said}"));
    let list = output
        .files
        .iter()
        .find(|(path, _)| path.ends_with(".json"));
    let mut list: Value = serde_json::from_str(list.unwrap().1).unwrap();
    (list[0]["inputSchema"].take(), said)
}

#[test]
fn every_refusal_says_where_why_and_what_to_do() {
    let object = json!({"type": "object"});
    let with = |parameter: Value| {
        let mut operation = json_body(&object);
        operation["parameters"] = json!([parameter]);
        operation
    };
    let of_type = |name: &str| json!({"requestBody": {"required": true, "content": {name: {"schema": object}}}});
    let cases = [
        (json!({}), "`op` has no request body", "take the entry out"),
        (
            json!({"requestBody": {"content": {"application/json": {"schema": object}}}}),
            "it may be left out",
            "`required` by an overlay",
        ),
        (
            of_type("multipart/form-data"),
            "it is `multipart/form-data` and not JSON",
            "take the entry out",
        ),
        (
            of_type("application/xml"),
            "it is `application/xml` and not JSON",
            "take the entry out",
        ),
        (
            json_body(&json!({"type": "array"})),
            "does not say that it is an object",
            "overlay",
        ),
        (
            json_body(&json!({"properties": {"a": {}}})),
            "does not say that it is an object",
            "`type: object`",
        ),
        (
            json_body(&json!({"type": ["object", "null"]})),
            "takes `null` too",
            "overlay",
        ),
        (
            json_body(&json!({"type": "object", "properties": {"$top": {}, "a b": {}, "c": {}}})),
            "models take no arguments with these names: `$top`, `a b`",
            "take the entry out",
        ),
        (
            with(
                json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}),
            ),
            "the tool has other arguments: `id`",
            "take the entry out",
        ),
        (
            with(json!({"name": "X-Trace", "in": "header", "schema": {"type": "string"}})),
            "the tool has other arguments: `X-Trace`",
            "`caller_headers`",
        ),
    ];
    for (operation, why, what) in cases {
        let compiled = compiled(&operation, &json!({}), CHOICE);
        let said = compiled.report.render();
        assert!(compiled.output.is_none(), "{operation}: {said}");
        for part in ["toolset.toml", "line 2, column 8", "`op`", why, what] {
            assert!(
                said.contains(part),
                "{operation}: {part} is missing from\n{said}"
            );
        }
    }
}

#[test]
fn all_reasons_are_given_at_once_and_other_values_are_refused() {
    let operation = json!({
        "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
        "requestBody": {"content": {"application/json": {"schema": {"type": "array"}}}},
    });
    let said = compiled(&operation, &json!({}), CHOICE).report.render();
    for part in [
        "may be left out",
        "that it is an object",
        "other arguments: `q`",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let choice = CHOICE.replace("arguments", "argument");
    let said = compiled(&operation, &json!({}), &choice).report.render();
    assert!(said.contains("`body` cannot be `argument`"), "{said}");
    assert!(said.contains("say \"arguments\""), "{said}");
}

#[test]
fn headers_that_callers_fill_and_a_chosen_type_are_no_hindrance() {
    let operation = json!({
        "parameters": [{"name": "X-TOKEN", "in": "header", "required": true, "schema": {"type": "string"}}],
        "requestBody": {"required": true, "content": {
            "application/xml": {"schema": {"type": "object"}},
            "application/vnd.x+json": {"schema": {"type": "object"}},
        }},
    });
    let choice = format!("caller_headers = [\"X-TOKEN\"]\n{CHOICE}content_type = ");
    let json = compiled(
        &operation,
        &json!({}),
        &format!("{choice}\"application/vnd.x+json\"\n"),
    );
    assert!(json.output.is_some(), "{}", json.report.render());
    assert!(json.report.tools[0].hoisted);
    let xml = compiled(
        &operation,
        &json!({}),
        &format!("{choice}\"application/xml\"\n"),
    );
    let said = xml.report.render();
    assert!(
        said.contains("choose `content_type = \"application/vnd.x+json\"`"),
        "{said}"
    );
}

#[test]
fn references_are_followed_to_the_root_and_definitions_keep_their_names() {
    let word = json!({"$anchor": "word", "type": "string", "minLength": 1});
    let components = json!({
        "Outer": {"$ref": "#/components/schemas/Inner", "description": "Of this use."},
        "Inner": {
            "type": "object",
            "description": "In general.",
            "$defs": {"Word": word},
            "properties": {
                "own": {"$ref": "#/components/schemas/Inner/$defs/Word"},
                "other": {"$ref": "#/components/schemas/Word"},
                "same": {"$ref": "#/components/schemas/Word"},
                "again": {"$ref": "#/components/schemas/Inner"},
            },
        },
        "Word": {"type": "string", "pattern": "^called like a definition and long enough to be shared$"},
    });
    let (schema, _) = shown(&json!({"$ref": "#/components/schemas/Outer"}), &components);
    assert_eq!(schema["type"], "object");
    assert_eq!(schema["description"], "Of this use.");
    assert_eq!(schema["$defs"]["Word"], word);
    assert_eq!(schema["properties"]["own"]["$ref"], "#/$defs/Word");
    // The component of that name yields, and the anchor is there once although the root is there twice.
    let other = schema["properties"]["other"]["$ref"].as_str().unwrap();
    assert_eq!(schema["properties"]["same"]["$ref"], other);
    assert_ne!(other, "#/$defs/Word");
    assert!(schema.pointer(&other[1..]).unwrap()["pattern"].is_string());
    assert_eq!(schema["properties"]["again"]["$ref"], "#/$defs/Inner");
    assert_eq!(schema.to_string().matches("$anchor").count(), 1);
    jsonschema::draft202012::new(&schema).unwrap();
}

#[test]
fn composed_objects_get_their_type_and_a_word_of_warning() {
    let components = json!({"Base": {"type": "object", "properties": {"a": {"type": "string"}}}});
    let composed = json!({"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["a"]}]});
    let (schema, said) = shown(&composed, &components);
    assert_eq!(schema["type"], "object");
    assert_eq!(schema["allOf"].as_array().unwrap().len(), 2);
    assert!(
        said.contains("has `allOf`, which the APIs of some models refuse there"),
        "{said}"
    );
    let odd =
        json!({"type": "object", "properties": {"a": {"$anchor": "no anchor", "type": "string"}}});
    let (schema, _) = shown(&odd, &json!({}));
    assert_eq!(schema["properties"]["a"], json!({"type": "string"}));
    let old = json!({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"});
    let (schema, said) = shown(&old, &json!({}));
    assert!(schema.get("$schema").is_none());
    assert!(said.contains("`$schema` is not shown"), "{said}");
}
