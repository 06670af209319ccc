//! `collectionFormat` of Swagger 2.0.

use crate::made::{Made, made};

fn parameter(parameter: &str) -> Made {
    made(&format!(
        "swagger: '2.0'\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:\n    post:\n      operationId: op\n      parameters: [{{name: v, type: array, {parameter}}}]\n      responses: {{'200': {{description: ok}}}}\n"
    ))
}

#[test]
fn lists_in_lists_have_formats_of_their_own() {
    let list = "{type: array, items: {type: string}}";
    let pipes = "{type: array, collectionFormat: pipes, items: {type: string}}";
    for (text, call) in [
        (
            format!("in: query, collectionFormat: pipes, items: {list}"),
            ".query_as(Style::PIPES.items(Style::CSV), \"v\", &args.v)",
        ),
        (
            format!("in: query, collectionFormat: multi, items: {pipes}"),
            ".query_as(Style::FORM.items(Style::PIPES), \"v\", &args.v)",
        ),
        (
            format!("in: header, collectionFormat: ssv, items: {pipes}"),
            ".header_as(Style::SPACES.items(Style::PIPES), \"v\", &args.v)",
        ),
        (
            format!("in: formData, collectionFormat: multi, items: {pipes}"),
            ".encode(\"v\", Style::FORM.items(Style::PIPES))",
        ),
    ] {
        let made = parameter(&text);
        made.calls(&[call]);
        assert!(made.losses.is_empty(), "{text}: {:?}", made.losses);
    }
    let deep = format!("{{type: array, items: {list}}}");
    for place in ["query", "formData"] {
        let made = parameter(&format!("in: {place}, items: {deep}"));
        assert_eq!(made.losses.len(), 1, "{:?}", made.losses);
    }
}
