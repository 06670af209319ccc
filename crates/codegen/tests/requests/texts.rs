//! What arguments say about themselves.

use crate::made::made;

/// OpenAPI 3.1.0 §4.8.23; before, what stands beside a reference is ignored (3.0.3 §4.7.23).
#[test]
fn descriptions_beside_references_count_since_3_1() {
    for (version, expected) in [
        ("3.0.3", ["of the parameter", "of the body"]),
        ("3.1.0", ["here", "here too"]),
        ("3.2.0", ["here", "here too"]),
    ] {
        let made = made(&format!(
            "openapi: {version}\ninfo: {{title: t, version: '1'}}\ncomponents:\n  parameters: {{P: {{$ref: '#/components/parameters/Q'}}, Q: {{name: q, in: query, description: of the parameter}}}}\n  requestBodies: {{B: {{description: of the body, content: {{application/json: {{}}}}}}}}\npaths:\n  /a:\n    post:\n      operationId: op\n      parameters: [{{$ref: '#/components/parameters/P', description: here}}]\n      requestBody: {{$ref: '#/components/requestBodies/B', description: here too, summary: s}}\n      responses: {{'200': {{description: ok}}}}\n"
        ));
        for (name, text) in ["q", "body"].into_iter().zip(expected) {
            assert_eq!(
                made.at(&format!("/properties/{name}"))["description"],
                text,
                "{version}"
            );
        }
    }
}

/// RFC 9110 §5.1
#[test]
fn names_of_headers_have_no_case() {
    let head = "info: {title: t, version: '1'}\npaths:\n  /a:\n    parameters: [{name: dup, in: header, type: string}, {name: q, in: query, type: string}]\n    get:\n      operationId: op\n      parameters: [{name: Dup, in: header, type: integer}, {name: Q, in: query, type: string}]\n      responses: {'200': {description: ok}}\n";
    for version in ["swagger: '2.0'", "openapi: 3.1.0"] {
        let made = made(&format!("{version}\n{head}"));
        let names: Vec<&String> = made.schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        assert_eq!(names, ["Dup", "Q", "q"], "{version}");
        assert!(
            made.said.contains("names of headers have no case"),
            "{}",
            made.said
        );
    }
}
