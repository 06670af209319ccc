//! Who may call, from the description's requirements to the tools: what is said elsewhere, overridden, or wrong.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeMap;

use toolwright_codegen::{Compiled, Input, Severity, compile};

/// Compiles files, of which the first is the description.
fn compiled(files: &[(&str, &str)], toolset: Option<&str>, strict: bool) -> Compiled {
    let contents = files.iter();
    let contents = contents.map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    let contents: BTreeMap<String, Vec<u8>> = contents.collect();
    compile(&Input {
        files: &contents,
        entry: files.first().unwrap().0,
        name: "sample",
        source: "sample",
        toolset,
        url: None,
        pins: None,
        strict,
    })
}

/// The `security` of each operation, as the generated table has it; without one there is none.
fn asked(compiled: &Compiled) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (path, text) in &compiled.output.as_ref().unwrap().files {
        if !path.ends_with(".rs") || path.ends_with("lib.rs") {
            continue;
        }
        for tool in text.split("Tool {\n").skip(1) {
            let tool = tool.split("..Tool::PLAIN").next().unwrap();
            let value = |key: &str| {
                let line = tool.lines().find_map(|line| line.trim().strip_prefix(key));
                line.unwrap_or_default().trim_end_matches(',').to_owned()
            };
            let name = value("name: ").trim_matches('"').to_owned();
            found.insert(name, value("security: "));
        }
    }
    found
}

/// What was found wrong, as `FILE:LINE: message`, at least so severe.
fn wrong(compiled: &Compiled, least: Severity) -> Vec<String> {
    let problems = compiled.report.problems.iter();
    let problems = problems.filter(|problem| problem.severity >= least);
    let line = |problem: &toolwright_codegen::Problem| {
        let line = problem.position.map_or(0, |position| position.line);
        format!("{}:{line}: {}", problem.file, problem.message)
    };
    problems.map(line).collect()
}

const KEYED: &str = r#"
openapi: 3.1.0
info: {title: Keyed, version: "1"}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-API-Key}
paths:
  /a:
    get:
      operationId: a
      parameters:
        - {name: X-API-Key, in: header, required: true, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: X-Query, in: query, schema: {type: string}}
      responses: {"200": {description: ok}}
"#;

#[test]
fn argument_headers_that_change_nothing_are_mistakes() {
    let files = [("spec.yaml", KEYED)];
    let key = |toolset: &str| {
        let compiled = compiled(&files, Some(toolset), false);
        let output = compiled.output.as_ref().unwrap();
        output.files["src/a.json"].contains("X-API-Key")
    };
    assert!(!key(""));
    assert!(key("argument_headers = ['x-api-KEY']"));
    for (toolset, line, message) in [
        ("argument_headers = ['X-API-Kay']", 1, "X-API-Kay"),
        // A query parameter is no header, and a scheme's name is no header's.
        ("\nargument_headers = ['X-Query']", 2, "X-Query"),
        ("argument_headers = ['key']", 1, "key"),
        ("argument_headers = ['']", 1, ""),
        (
            "argument_headers = ['X-Trace']",
            1,
            "`X-Trace` is an argument anyway",
        ),
        (
            "caller_headers = ['X-API-Key']\nargument_headers = ['x-api-key']",
            2,
            "`x-api-key` stands in `caller_headers` too",
        ),
        ("argument_headers = 'X-API-Key'", 1, "a list of strings"),
        ("argument_headers = [7]", 1, "string"),
        ("argument_header = ['X-API-Key']", 1, "argument_header"),
    ] {
        let compiled = compiled(&files, Some(toolset), false);
        assert!(compiled.output.is_none(), "{toolset}");
        let found = wrong(&compiled, Severity::Error);
        let [only] = found.as_slice() else {
            panic!("{toolset}: {found:?}");
        };
        let place = format!("line {line}, column ");
        assert!(
            only.starts_with("toolset.toml:") && only.contains(&place) && only.contains(message),
            "{toolset}: {only}"
        );
    }
    // All of them at once.
    let toolset = "argument_headers = ['X-Trace', 'X-Nowhere']\ncaller_headers = ['X-Neither']";
    let found = wrong(&compiled(&files, Some(toolset), false), Severity::Error);
    assert_eq!(found.len(), 3, "{found:?}");
}

const REFERRING: &str = r#"
openapi: 3.2.0
info: {title: Referring, version: "1"}
components:
  securitySchemes:
    own: {$ref: "shared/schemes.yaml#/bearer"}
security:
  - "shared/schemes.yaml#/key": []
paths:
  /inherited: {get: {operationId: inherited, responses: {"200": {description: ok}}}}
  /known: {get: {operationId: known, security: [{"./shared/schemes.yaml#/bearer": []}], responses: {"200": {description: ok}}}}
  /nested: {$ref: "shared/item.yaml"}
  /missing: {get: {operationId: missing, security: [{"shared/schemes.yaml#/none": []}], responses: {"200": {description: ok}}}}
  /remote: {get: {operationId: remote, security: [{"https://a.example/schemes.yaml#/key": []}], responses: {"200": {description: ok}}}}
"#;

const SCHEMES: &str = r#"
key: {type: apiKey, in: header, name: X-Key}
bearer: {type: http, scheme: bearer}
"#;

/// Its references start where it lies.
const ITEM: &str = r#"
get:
  operationId: nested
  security: [{"schemes.yaml#/key": []}]
  responses: {"200": {description: ok}}
"#;

#[test]
fn a_requirement_may_refer_to_a_scheme_of_another_file() {
    let files = [
        ("spec.yaml", REFERRING),
        ("shared/schemes.yaml", SCHEMES),
        ("shared/item.yaml", ITEM),
    ];
    let compiled = compiled(&files, None, false);
    let asked = asked(&compiled);
    let key = r#"&[&["shared/schemes.yaml#/key"]]"#;
    assert_eq!(asked["inherited"], key);
    assert_eq!(asked["nested"], key, "the same scheme has one name");
    assert_eq!(asked["known"], r#"&[&["own"]]"#, "declared under a name");
    let table = &compiled.output.as_ref().unwrap().files["src/lib.rs"];
    let table: String = table.split_whitespace().collect();
    for scheme in [
        r#"SecurityScheme::ApiKey{name:"shared/schemes.yaml#/key",place:Place::Header,parameter:"X-Key""#,
        r#"SecurityScheme::Bearer{name:"own""#,
    ] {
        assert!(table.contains(scheme), "{scheme} is not in {table}");
    }
    // What leads nowhere is a scheme that nobody declares, and is said to be.
    let found = wrong(&compiled, Severity::Warning);
    for (operation, line) in [("none", 13), ("a.example", 14)] {
        let place = format!("spec.yaml:{line}: ");
        let said = |text: &&String| {
            text.starts_with(&place) && text.contains("not declared") && text.contains(operation)
        };
        assert_eq!(
            found.iter().filter(said).count(),
            1,
            "{operation}: {found:?}"
        );
    }
    assert_eq!(asked["missing"], r#"&[&["shared/schemes.yaml#/none"]]"#);
}

const SWAGGER: &str = r#"
swagger: "2.0"
info: {title: Old, version: "1"}
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Key}
  login: {type: basic}
  account: {type: oauth2, flow: accessCode, authorizationUrl: "https://a.example/a", tokenUrl: "https://a.example/t", scopes: {read: r}}
security: [{key: []}]
paths:
  /inherited: {get: {operationId: inherited, responses: {"200": {description: ok}}}}
  /other: {get: {operationId: other, security: [{login: []}], responses: {"200": {description: ok}}}}
  /none: {get: {operationId: none, security: [], responses: {"200": {description: ok}}}}
  /optional: {get: {operationId: optional, security: [{}, {account: [read]}], responses: {"200": {description: ok}}}}
  /both: {get: {operationId: both, security: [{key: [], account: [read]}, {login: []}], responses: {"200": {description: ok}}}}
"#;

#[test]
fn an_operation_of_swagger_2_overrides_what_the_document_asks_for() {
    let compiled = compiled(&[("spec.yaml", SWAGGER)], None, true);
    let expected = [
        ("both", r#"&[&["key", "account"], &["login"]]"#),
        ("inherited", r#"&[&["key"]]"#),
        ("none", ""),
        ("optional", r#"&[&[], &["account"]]"#),
        ("other", r#"&[&["login"]]"#),
    ];
    let expected = expected.map(|(name, security)| (name.to_owned(), security.to_owned()));
    assert_eq!(asked(&compiled), BTreeMap::from(expected));
}

#[test]
fn an_undeclared_scheme_is_a_warning_and_an_error_under_strict() {
    let spec = KEYED.replace("paths:", "security: [{keu: []}]\npaths:");
    let files = [("spec.yaml", spec.as_str())];
    let lenient = compiled(&files, None, false);
    assert_eq!(asked(&lenient)["a"], r#"&[&["keu"]]"#);
    assert!(wrong(&lenient, Severity::Error).is_empty());
    let strict = compiled(&files, None, true);
    assert!(strict.output.is_none());
    for found in [
        wrong(&lenient, Severity::Warning),
        wrong(&strict, Severity::Error),
    ] {
        let [only] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert!(
            only.starts_with("spec.yaml:7: ") && only.contains("not declared"),
            "{only}"
        );
    }
    let help = &strict.report.problems.first().unwrap().help;
    assert_eq!(help.as_deref(), Some("declared are key"));
}
