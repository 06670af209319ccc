//! Entries of `toolset.toml` that are refused: at their line, with the reason and what to do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::collections::BTreeMap;

use toolwright_codegen::{Compiled, Input, compile};

const PETS: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get: {operationId: listPets, responses: {'204': {description: done}}}
    post:
      operationId: addPet
      requestBody:
        content:
          application/json: {schema: {type: object}}
          application/xml: {schema: {type: object}}
      responses: {'204': {description: done}}
";

fn compiled(description: &str, toolset: &str) -> Compiled {
    let files = BTreeMap::from([("spec.yaml".to_owned(), description.as_bytes().to_vec())]);
    compile(&Input {
        files: &files,
        entry: "spec.yaml",
        name: "t",
        source: "spec.yaml",
        toolset: Some(toolset),
        url: None,
        pins: None,
        strict: false,
    })
}

#[test]
fn an_entry_that_cannot_hold_is_refused_at_its_line() {
    for (toolset, parts) in cases() {
        let compiled = compiled(PETS, &toolset);
        let said = compiled.report.render();
        assert!(compiled.output.is_none(), "{toolset}: {said}");
        for part in parts {
            assert!(
                said.contains(part),
                "{toolset}: {part} is missing from\n{said}"
            );
        }
    }
}

/// A file, and what is said about it.
fn cases() -> Vec<(String, Vec<&'static str>)> {
    let name = |name: &str| format!("[tools.listPets]\nname = \"{name}\"\n");
    let refused = "clients refuse the tool name";
    vec![
        (
            name("a b"),
            vec!["line 2, column 8", refused, "`a b`", "1 to 64"],
        ),
        (name("Über$"), vec!["line 2, column 8", refused, "`Über$`"]),
        (
            name(""),
            vec![
                "line 2, column 8",
                "expected a string that is not empty, found an empty one",
            ],
        ),
        (
            "caller_headers = [3]\n".to_owned(),
            vec!["expected a string that is not empty, found integer"],
        ),
        (name("a.b"), vec!["line 2, column 8", refused, "`a.b`"]),
        (name(&"a".repeat(65)), vec!["line 2, column 8", refused]),
        (
            "[tools.listPets]\ntitle = \"A\"\n[tools.\"GET /pets\"]\ntitle = \"B\"\n".to_owned(),
            vec![
                "line 3, column 8",
                "`GET /pets` and `listPets` are one operation",
                "under `listPets`",
            ],
        ),
        (
            "[tools.addPet]\ncontent_type = \"text/xml\"\n".to_owned(),
            vec![
                "line 2, column 16",
                "the request body of `add_pet` is not offered as `text/xml`",
                "one of `application/json`, `application/xml`",
            ],
        ),
        (
            "[tools.listPets]\ncontent_type = \"application/json\"\n".to_owned(),
            vec![
                "line 2, column 16",
                "the request body of `list_pets` is not there",
                "take the entry out",
            ],
        ),
    ]
}

#[test]
fn names_that_clients_take_are_taken() {
    for name in ["A-b_9", &"a".repeat(64)] {
        let compiled = compiled(PETS, &format!("[tools.listPets]\nname = \"{name}\"\n"));
        assert!(compiled.output.is_some(), "{}", compiled.report.render());
        assert_eq!(compiled.report.tools[0].name, name);
    }
}

#[test]
fn a_type_is_chosen_without_its_parameters_and_case() {
    for name in ["application/xml", "Application/XML; charset=utf-8"] {
        let toolset = format!("[tools.addPet]\ncontent_type = \"{name}\"\n");
        let compiled = compiled(PETS, &toolset);
        assert!(compiled.output.is_some(), "{}", compiled.report.render());
        let mut tools = compiled.report.tools.iter();
        let body = tools.find_map(|tool| tool.body.as_ref()).unwrap();
        assert_eq!(body.0, "application/xml");
    }
}

#[test]
fn filters_that_leave_nothing_are_warned_about() {
    let filter = "[exclude]\nmethods = [\"GET\", \"POST\"]\n";
    let none = compiled(PETS, filter);
    let said = none.report.render();
    assert!(none.output.is_some(), "{said}");
    for part in [
        "warning: ",
        "leave no operation (the description has 2)",
        "toolset.toml",
    ] {
        assert!(said.contains(part), "{part} is missing from\n{said}");
    }
    let some = compiled(PETS, "[exclude]\nmethods = [\"GET\"]\n");
    // Where there was nothing before, no filter took it away.
    let empty = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n";
    for compiled in [some, compiled(empty, "")] {
        let said = compiled.report.render();
        assert!(!said.contains("leave no operation"), "{said}");
    }
}
