//! Bodies by their media types.

use serde_json::json;

use crate::made::{Made, made};

fn body(content: &str) -> Made {
    made(&format!(
        "openapi: 3.2.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:\n    post:\n      operationId: op\n      requestBody: {{required: true, content: {content}}}\n      responses: {{'200': {{description: ok}}}}\n"
    ))
}

#[test]
fn binary_formats_are_bytes_whatever_their_schema() {
    for media in [
        "application/msgpack",
        "application/cbor",
        "application/bson",
        "application/x-protobuf",
        "application/vnd.acme+cbor",
    ] {
        let made = body(&format!(
            "{{{media}: {{schema: {{type: object, description: Which., properties: {{a: {{}}}}}}}}}}"
        ));
        made.calls(&[&format!(".content_type(\"{media}\")"), ".bytes(&args.body)"]);
        let shown = json!({"type": "string", "contentEncoding": "base64", "description": "Which."});
        assert_eq!(made.at("/properties/body"), shown);
        assert!(
            made.said.contains("its schema is not shown"),
            "{}",
            made.said
        );
    }
    // JSON comes first where it is offered.
    body(
        "{application/cbor: {schema: {type: object}}, application/json: {schema: {type: object}}}",
    )
    .calls(&[".json(&args.body)"]);
}

#[test]
fn what_cannot_be_sent_in_parts_is_a_loss() {
    let object =
        "schema: {type: object, properties: {x: {type: object, properties: {a: {type: string}}}}}";
    for (content, lost) in [
        (
            format!("multipart/form-data: {{{object}, encoding: {{x: {{contentType: application/x-www-form-urlencoded}}}}}}"),
            "",
        ),
        (
            format!("multipart/form-data: {{{object}, encoding: {{x: {{contentType: multipart/mixed}}}}}}"),
            "the part `x`",
        ),
        (
            "multipart/form-data: {schema: {type: object, properties: {x: {type: string}}}, encoding: {x: {contentType: multipart/mixed}}}".to_owned(),
            "the part `x`",
        ),
        (format!("multipart/mixed: {{{object}, itemEncoding: {{}}}}"), "`itemEncoding`"),
        (format!("multipart/mixed: {{{object}, prefixEncoding: [{{}}]}}"), "`prefixEncoding`"),
        (
            "multipart/mixed: {itemSchema: {type: string}}".to_owned(),
            "`itemSchema`",
        ),
        ("multipart/mixed: {schema: {type: array, items: {type: string}}}".to_owned(), "an array"),
    ] {
        let made = body(&format!("{{{content}}}"));
        match lost {
            "" => assert!(made.losses.is_empty(), "{content}: {:?}", made.losses),
            _ => assert!(made.losses.iter().any(|it| it.contains(lost)), "{content}: {:?}", made.losses),
        }
        assert!(!made.calls.contains(".file("), "{}", made.calls);
    }
}

#[test]
fn lines_of_json_are_a_list() {
    let object = "{type: object, properties: {a: {type: integer}}}";
    for (content, calls) in [
        (
            format!("application/jsonl: {{itemSchema: {object}}}"),
            ".json_lines(&args.body)",
        ),
        (
            format!("application/x-ndjson: {{schema: {{type: array, items: {object}}}}}"),
            ".content_type(\"application/x-ndjson\")",
        ),
        (
            format!("application/x-ndjson: {{schema: {object}}}"),
            ".json_lines(&args.body)",
        ),
        (
            format!("application/json-seq: {{itemSchema: {object}}}"),
            ".json_seq(&args.body)",
        ),
        (
            format!("application/geo+json-seq: {{itemSchema: {object}}}"),
            ".json_seq(&args.body)",
        ),
    ] {
        let made = body(&format!("{{{content}}}"));
        made.calls(&[calls]);
        assert!(made.losses.is_empty(), "{content}: {:?}", made.losses);
        let shown = made.at("/properties/body");
        assert_eq!(shown["type"], "array", "{content}");
        assert_eq!(
            shown["items"]["properties"]["a"]["type"], "integer",
            "{content}"
        );
    }
    for content in [
        "application/x-ndjson: {}",
        "application/x-ndjson: {schema: {type: string}}",
    ] {
        body(&format!("{{{content}}}")).calls(&[".text(&args.body)"]);
    }
    let made = body(&format!("{{application/json: {{itemSchema: {object}}}}}"));
    assert!(made.losses[0].contains("`itemSchema`"), "{:?}", made.losses);
}
