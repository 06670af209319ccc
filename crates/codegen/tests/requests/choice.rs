//! Which of several representations a body is sent in.

use crate::made::{made, made_with};

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data";

fn v3(property: &str) -> String {
    let schema = format!("{{type: object, properties: {{n: {{type: string}}, f: {property}}}}}");
    format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\ncomponents: {{schemas: {{Bin: {{type: string, format: binary}}, Up: {schema}}}}}\npaths:\n  /up:\n    post:\n      operationId: up\n      requestBody:\n        content:\n          {FORM}: {{schema: {{allOf: [{{$ref: '#/components/schemas/Up'}}]}}}}\n          {PARTS}: {{schema: {{$ref: '#/components/schemas/Up'}}}}\n      responses: {{'200': {{description: ok}}}}\n"
    )
}

fn v2(consumes: &str, field: &str) -> String {
    format!(
        "swagger: '2.0'\ninfo: {{title: t, version: '1'}}\npaths:\n  /up:\n    post:\n      operationId: up\n      consumes: [{consumes}]\n      parameters: [{{name: n, in: formData, type: string}}, {{name: f, in: formData, {field}}}]\n      responses: {{'200': {{description: ok}}}}\n"
    )
}

#[test]
fn a_form_with_a_file_is_sent_in_parts() {
    let both = format!("{FORM}, {PARTS}");
    for (text, method) in [
        (v3("{type: string}"), ".form(&args.body)"),
        (
            v3("{type: string, format: binary}"),
            ".multipart(&args.body)",
        ),
        (v3("{type: string, format: byte}"), ".form(&args.body)"),
        (
            v3(
                "{anyOf: [{type: array, items: {$ref: '#/components/schemas/Bin'}}, {type: 'null'}]}",
            ),
            ".multipart(&args.body)",
        ),
        (
            v3("{type: string, contentMediaType: image/png}"),
            ".multipart(&args.body)",
        ),
        (v2(&both, "type: string"), ".form(&args.body)"),
        (v2(&both, "type: file"), ".multipart(&args.body)"),
        (
            v2(&both, "type: string, format: binary"),
            ".multipart(&args.body)",
        ),
        (
            v2(FORM, "type: string, format: binary"),
            ".form(&args.body)",
        ),
    ] {
        let made = made(&text);
        made.calls(&[method]);
        assert!(!made.said.contains("which a form cannot hold"), "{text}");
    }
}

#[test]
fn a_file_without_multipart_is_sent_in_parts_all_the_same() {
    let made = made(&v2(FORM, "type: file"));
    made.calls(&[
        ".file(\"f\", \"application/octet-stream\")",
        ".multipart(&args.body)",
    ]);
    assert!(
        made.said
            .contains("`f` is a file, which a form cannot hold"),
        "{}",
        made.said
    );
}

#[test]
fn a_chosen_type_comes_first() {
    let choice = format!("[tools.up]\ncontent_type = \"{FORM}\"\n");
    made_with(&v3("{type: string, format: binary}"), &choice).calls(&[".form(&args.body)"]);
    made_with(&v2(FORM, "type: file"), &choice).calls(&[".form(&args.body)"]);
}
