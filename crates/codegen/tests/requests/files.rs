//! Which parts of multipart bodies are files.

use serde_json::json;

use crate::made::{Made, made};

fn upload(version: &str, property: &str, rest: &str) -> Made {
    made(&format!(
        "openapi: {version}\ninfo: {{title: t, version: '1'}}\ncomponents: {{schemas: {{Bin: {{type: string, format: binary}}, Opt: {{anyOf: [{{$ref: '#/components/schemas/Bin'}}, {{type: 'null'}}]}}}}}}\npaths:\n  /up:\n    post:\n      operationId: up\n      requestBody:\n        required: true\n        content:\n          multipart/form-data:\n            schema: {{type: object, properties: {{s: {{type: string}}, f: {property}}}}}\n{rest}\n      responses: {{'200': {{description: ok}}}}\n"
    ))
}

#[test]
fn bytes_among_alternatives_are_files() {
    let bin = "{type: string, format: binary}";
    let png = "            encoding: {f: {contentType: image/png}}";
    for (version, property, rest, file) in [
        (
            "3.1.0",
            format!("{{anyOf: [{bin}, {{type: 'null'}}]}}"),
            "",
            "/anyOf/0",
        ),
        (
            "3.1.0",
            format!("{{anyOf: [{bin}, {{type: 'null'}}], title: F}}"),
            png,
            "/anyOf/0",
        ),
        (
            "3.1.0",
            "{anyOf: [{type: string}, {type: 'null'}]}".to_owned(),
            png,
            "/anyOf/0",
        ),
        (
            "3.1.0",
            "{anyOf: [{type: string, contentMediaType: application/octet-stream}, {type: 'null'}]}"
                .to_owned(),
            "",
            "/anyOf/0",
        ),
        (
            "3.1.0",
            format!("{{anyOf: [{{type: array, items: {bin}}}, {{type: 'null'}}]}}"),
            "",
            "/anyOf/0/items",
        ),
        (
            "3.1.0",
            format!("{{type: array, items: {{anyOf: [{bin}, {{type: 'null'}}]}}}}"),
            "",
            "/items/anyOf/0",
        ),
        (
            "3.1.0",
            "{$ref: '#/components/schemas/Opt', description: d}".to_owned(),
            "",
            "/anyOf/0",
        ),
        (
            "3.1.0",
            "{type: [string, 'null'], format: binary}".to_owned(),
            "",
            "/anyOf/0",
        ),
        (
            "3.0.3",
            "{nullable: true, allOf: [{$ref: '#/components/schemas/Bin'}]}".to_owned(),
            "",
            "/anyOf/0",
        ),
        (
            "3.0.3",
            "{nullable: true, allOf: [{$ref: '#/components/schemas/Bin'}]}".to_owned(),
            png,
            "/anyOf/0",
        ),
    ] {
        let made = upload(version, &property, rest);
        let kind = if rest.is_empty() {
            "application/octet-stream"
        } else {
            "image/png"
        };
        made.calls(&[&format!(".file(\"f\", \"{kind}\")")]);
        assert!(made.losses.is_empty(), "{:?}", made.losses);
        let shown = made.at(&format!("/properties/body/properties/f{file}"));
        assert_eq!(
            shown["required"],
            json!(["data"]),
            "{property}: {}",
            made.schema
        );
    }
}

#[test]
fn what_may_be_a_file_is_one_where_it_is_an_object() {
    for property in [
        "{oneOf: [{type: string, format: binary}, {type: string, format: uri}]}",
        "{type: string, oneOf: [{format: binary}, {format: uri}]}",
    ] {
        let rest = "            encoding: {f: {contentType: image/png}}";
        let made = upload("3.1.0", property, rest);
        made.calls(&[".file_or_text(\"f\", \"image/png\")"]);
        let shown = made.at("/properties/body/properties/f");
        let list = shown["oneOf"].as_array().or(shown["anyOf"].as_array());
        let list: Vec<_> = list
            .unwrap()
            .iter()
            .map(|it| made.followed(it.clone()))
            .collect();
        assert_eq!(list[0]["required"], json!(["data"]), "{}", made.schema);
        assert_eq!(list[1]["type"], "string", "{}", made.schema);
        assert!(shown["type"].is_null(), "{}", made.schema);
    }
}

#[test]
fn properties_without_a_name_may_be_files() {
    let made = made(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /up:\n    post:\n      operationId: up\n      requestBody:\n        content:\n          multipart/form-data:\n            schema: {type: object, properties: {meta: {type: object}}, additionalProperties: {type: string, format: binary}}\n      responses: {'200': {description: ok}}\n",
    );
    made.calls(&[
        ".plain_part(\"meta\")",
        ".other_files(\"application/octet-stream\")",
    ]);
    let shown = made.at("/properties/body/additionalProperties");
    assert_eq!(shown["required"], json!(["data"]), "{}", made.schema);
}
