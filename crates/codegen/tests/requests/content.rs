//! Parameters that are described by `content`.

use serde_json::json;

use crate::made::{Made, made};

fn parameter(place: &str, content: &str) -> Made {
    let name = if place == "path" { "p" } else { "v" };
    made(&format!(
        "openapi: 3.2.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /a/{{p}}:\n    get:\n      operationId: op\n      parameters: [{{name: {name}, in: {place}, required: true, description: Which., content: {content}}}]\n      responses: {{'200': {{description: ok}}}}\n"
    ))
}

#[test]
fn text_of_any_type_is_sent_as_it_is() {
    for (place, call) in [
        ("query", ".query(\"v\", &args.v)"),
        ("querystring", ".query_string(&args.v)"),
        ("header", ".header(\"v\", &args.v)"),
        ("cookie", ".cookie(\"v\", &args.v)"),
        ("path", ".path(\"p\", &args.p)"),
    ] {
        for media in [
            "application/jsonpath: {schema: {type: string}}",
            "application/jsonpath: {}",
            "application/vnd.acme: {schema: {description: any}}",
            "application/xml: {schema: {type: string}}",
            "application/octet-stream: {schema: {type: string}}",
            "application/jwt: {schema: {type: string}}",
            "application/vnd.acme: {schema: {type: integer}}",
        ] {
            let made = parameter(place, &format!("{{{media}}}"));
            made.calls(&[call]);
            assert!(made.losses.is_empty(), "{media}: {:?}", made.losses);
        }
    }
    for media in ["application/json", "application/problem+json", "'*/*'"] {
        parameter(
            "query",
            &format!("{{{media}: {{schema: {{type: string}}}}}}"),
        )
        .calls(&[".query_as(Style::JSON, \"v\", &args.v)"]);
    }
}

#[test]
fn what_no_encoder_writes_is_text_in_the_argument() {
    for (media, loss) in [
        ("application/xml", true),
        ("application/yaml", false),
        ("text/csv", false),
    ] {
        let content = format!("{{{media}: {{schema: {{type: object, properties: {{a: {{}}}}}}}}}}");
        for (place, call) in [
            ("query", ".query(\"v\", &args.v)"),
            ("querystring", ".query_string(&args.v)"),
        ] {
            let made = parameter(place, &content);
            made.calls(&[call]);
            let shown =
                json!({"type": "string", "description": format!("Which.\n\nText in `{media}`.")});
            assert_eq!(made.at("/properties/v"), shown);
            assert_eq!(!made.losses.is_empty(), loss, "{media}");
            assert!(
                made.said.contains("its schema is not shown"),
                "{}",
                made.said
            );
        }
    }
    // A vendor's type with a structure is JSON, as in bodies.
    parameter("query", "{application/vnd.acme: {schema: {type: object}}}")
        .calls(&[".query_as(Style::JSON, \"v\", &args.v)"]);
}
