//! Dynamic scopes of JSON Schema (2020-12 §8.2.3.2): one component bound twice is two types.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::{BTreeMap, BTreeSet};

use toolwright_codegen::{Input, compile};

const GENERIC: &str = r##"
openapi: 3.1.0
info: {title: Lists of things, version: '1'}
paths:
  /names:
    post:
      responses: {'200': {description: ok}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $defs: {item: {$dynamicAnchor: item, type: object, properties: {name: {type: string}}}}
              $ref: '#/components/schemas/List'
  /counts:
    post:
      responses: {'200': {description: ok}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $defs: {item: {$dynamicAnchor: item, type: object, properties: {count: {type: integer}}}}
              $ref: '#/components/schemas/List'
components:
  schemas:
    List:
      type: object
      $defs: {item: {$dynamicAnchor: item}}
      properties: {items: {type: array, items: {$dynamicRef: '#item'}}}
"##;

#[test]
fn a_component_in_two_scopes_is_two_types() {
    let files = BTreeMap::from([("spec.yaml".to_owned(), GENERIC.as_bytes().to_vec())]);
    let compiled = compile(&Input {
        files: &files,
        entry: "spec.yaml",
        name: "sample",
        source: "spec.yaml",
        toolset: None,
        url: None,
        pins: None,
        strict: false,
    });
    let output = compiled.output.unwrap();
    let code: String = output
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".rs"))
        .map(|(_, text)| text.as_str())
        .collect();
    let names: Vec<&str> = code
        .lines()
        .filter_map(|line| line.strip_prefix("pub struct "))
        .collect();
    let different: BTreeSet<&&str> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "{names:?}");
    for field in ["pub name: Option<String>", "pub count: Option<Integer>"] {
        assert!(code.contains(field), "{field} is missing from\n{code}");
    }
}
