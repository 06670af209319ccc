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
