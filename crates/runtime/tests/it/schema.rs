//! The check of arguments, in the sentences that a model reads.

use toolwright_runtime::prelude::*;
use toolwright_runtime::{Fault, InputSchema, Violation};

const SCHEMA: &str = r##"{
  "type": "object",
  "properties": {
    "item_id": {"type": "integer", "minimum": 1, "maximum": 18446744073709551615},
    "sort": {"enum": ["name", "-price"]},
    "email": {"type": "string", "format": "email", "maxLength": 10},
    "code": {"type": "string", "pattern": "^[a-z]{3}$"},
    "limit": {"anyOf": [{"type": "integer", "maximum": 100}, {"type": "null"}]},
    "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true, "minItems": 1},
    "body": {"$ref": "#/$defs/Item"},
    "pet": {"oneOf": [
      {"type": "object", "required": ["lives"], "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}},
      {"type": "object", "required": ["bark"], "properties": {"kind": {"const": "dog"}, "bark": {"type": "boolean"}}}
    ]},
    "price": {"type": ["number", "string"], "multipleOf": 0.01},
    "flag": {"type": "boolean"},
    "x-token": {"type": "string"}
  },
  "required": ["item_id", "x-token"],
  "additionalProperties": false,
  "$defs": {"Item": {"type": "object", "properties": {"name": {"type": "string"}, "parent": {"$ref": "#/$defs/Item"}},
    "required": ["name"], "additionalProperties": false}}
}"##;

fn schema() -> InputSchema {
    InputSchema::with_hidden(SCHEMA, &["x-token"]).unwrap()
}

fn violations(text: &str) -> Vec<Violation> {
    let arguments = Arguments::parse(Some(text)).unwrap();
    match schema().check(&arguments) {
        Ok(()) => Vec::new(),
        Err(error) => {
            assert_eq!(error.fault(), Fault::Caller);
            error.violations().to_vec()
        }
    }
}

fn shown(text: &str) -> Vec<String> {
    violations(text)
        .iter()
        .map(|v| format!("{}: {v}", v.pointer))
        .collect()
}

#[test]
fn good_arguments_pass() {
    for text in [
        r#"{"item_id":7}"#,
        r#"{"item_id":1.0,"sort":"-price","email":"not one","code":"abc","limit":null,"tags":["a","b"]}"#,
        r#"{"item_id":18446744073709551615,"body":{"name":"a","parent":{"name":"b"}},"price":0.07}"#,
        r#"{"item_id":1e3,"pet":{"kind":"cat","lives":9}}"#,
    ] {
        assert_eq!(shown(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn each_violation_is_one_sentence_about_an_argument() {
    let cases = [
        (r#"{}"#, "/item_id: `item_id` is required but missing"),
        (
            r#"{"item_id":"7"}"#,
            "/item_id: `item_id` must be an integer, not a string (\"7\") (send 7 without quotes)",
        ),
        (
            r#"{"item_id":0}"#,
            "/item_id: `item_id` must be at least 1, not an integer (0)",
        ),
        (
            r#"{"item_id":1.5}"#,
            "/item_id: `item_id` must be an integer, not a number (1.5)",
        ),
        (
            r#"{"item_id":1,"sort":"nam"}"#,
            "/sort: `sort` must be one of \"name\", \"-price\", not a string (\"nam\")",
        ),
        (
            r#"{"item_id":1,"email":"12345678901"}"#,
            "/email: `email` must have at most 10 characters",
        ),
        (
            r#"{"item_id":1,"code":"ABC"}"#,
            "/code: `code` must match the pattern `^[a-z]{3}$`, not a string (\"ABC\")",
        ),
        (
            r#"{"item_id":1,"limit":101}"#,
            "/limit: `limit` must be at most 100, not an integer (101)",
        ),
        (
            r#"{"item_id":1,"limit":"5"}"#,
            "/limit: `limit` must be an integer or null, not a string (\"5\") (send 5 without quotes)",
        ),
        (
            r#"{"item_id":1,"tags":[]}"#,
            "/tags: `tags` must have at least 1 item",
        ),
        (
            r#"{"item_id":1,"tags":["a","a"]}"#,
            "/tags: `tags` must not hold the same item twice",
        ),
        (
            r#"{"item_id":1,"tags":["a",2]}"#,
            "/tags/1: `tags[1]` must be a string, not an integer (2)",
        ),
        (
            r#"{"item_id":1,"body":{}}"#,
            "/body/name: `name` is required in `body` but missing",
        ),
        (
            r#"{"item_id":1,"body":{"name":"a","parnt":1}}"#,
            "/body/parnt: `parnt` is not a property of `body` (did you mean `parent`?)",
        ),
        (
            r#"{"item_id":1,"body":{"name":"a","parent":{"name":1}}}"#,
            "/body/parent/name: `body.parent.name` must be a string, not an integer (1)",
        ),
        (
            r#"{"item_id":1,"itemid":1}"#,
            "/itemid: `itemid` is not an argument of this tool (did you mean `item_id`?)",
        ),
        (
            r#"{"item_id":1,"zzz":1}"#,
            "/zzz: `zzz` is not an argument of this tool",
        ),
        (
            r#"{"item_id":1,"x-token":"stolen"}"#,
            "/x-token: `x-token` is not an argument of this tool",
        ),
        (
            r#"{"item_id":1,"price":0.071}"#,
            "/price: `price` must be a multiple of 0.01, not a number (0.071)",
        ),
        (
            r#"{"item_id":1,"flag":"true"}"#,
            "/flag: `flag` must be a boolean, not a string (\"true\") (send true without quotes)",
        ),
        (
            r#"{"item_id":1,"price":[]}"#,
            "/price: `price` must be a number or a string, not an array ([])",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text), [expected], "{text}");
    }
}

#[test]
fn alternatives_are_explained_by_the_closest() {
    let shown = shown(r#"{"item_id":1,"pet":{"kind":"cat","lives":"nine"}}"#);
    assert_eq!(
        shown,
        [
            "/pet: `pet` fits none of the 2 forms that are allowed; for the closest one, `pet.lives` must be an integer, not a string (\"nine\")"
        ]
    );
}

#[test]
fn all_violations_come_together_and_are_bounded() {
    assert_eq!(shown(r#"{"sort":1,"flag":0,"extra":1}"#).len(), 4);
    let many: Vec<_> = (0..1000).map(|i| format!("\"k{i}\":1")).collect();
    assert_eq!(violations(&format!("{{{}}}", many.join(","))).len(), 32);
    let long = format!("{{\"item_id\":1,\"sort\":\"{}\"}}", "x".repeat(100_000));
    assert!(violations(&long)[0].message.len() < 500);
}

#[test]
fn integers_beyond_64_bits_are_compared() {
    let schema = InputSchema::new(r#"{"properties":{"a":{"type":"integer","maximum":9007199254740993},"b":{"const":9007199254740993}}}"#).unwrap();
    let check = |text: &str| schema.check(&Arguments::parse(Some(text)).unwrap()).is_ok();
    assert!(check(r#"{"a":9007199254740993,"b":9007199254740993.0}"#));
    assert!(!check(r#"{"a":9007199254740994}"#));
    assert!(!check(r#"{"b":9007199254740992}"#));
    assert!(!check(r#"{"a":123456789012345678901234567890}"#));
    assert!(check(r#"{"a":-123456789012345678901234567890}"#));
    assert!(!check(r#"{"a":1e400}"#));
}

#[test]
fn hiding_keeps_order_and_numbers() {
    let shown = InputSchema::hide(
        r#"{ "type": "object", "properties": {"z": {"maximum": 1.0}, "x-token": {}, "a": {"default": 1e2}}, "required": ["x-token", "a"], "x": 12345678901234567890123 }"#,
        &["x-token"],
    );
    assert_eq!(
        shown.unwrap(),
        r#"{"type":"object","properties":{"z":{"maximum":1.0},"a":{"default":1e2}},"required":["a"],"x":12345678901234567890123}"#
    );
    let alone = InputSchema::hide(
        r#"{"properties":{"x-token":{}},"required":["x-token"]}"#,
        &["x-token"],
    );
    assert_eq!(alone.unwrap(), r#"{"properties":{}}"#);
}

#[test]
fn coercion_takes_numbers_and_booleans_out_of_strings() {
    let coerce = |text: &str| schema().coerce(&Arguments::parse(Some(text)).unwrap());
    assert_eq!(
        coerce(r#"{"item_id": "7", "flag":"true", "limit":"5", "code":"123", "price":"1.5", "tags":["1"]}"#).as_deref(),
        Some(r#"{"item_id":7,"flag":true,"limit":5,"code":"123","price":"1.5","tags":["1"]}"#)
    );
    for text in [
        r#"{"item_id":7}"#,
        r#"{"item_id":"seven"}"#,
        r#"{"item_id":"7.5"}"#,
        r#"{"item_id":" 7"}"#,
        r#"{"flag":"yes"}"#,
    ] {
        assert_eq!(coerce(text), None, "{text}");
    }
}

#[test]
fn patterns_and_recursion_are_bounded() {
    let schema = InputSchema::new(r#"{"properties":{"a":{"pattern":"^(a+)+(?=b)$"}}}"#).unwrap();
    let text = format!("{{\"a\":\"{}\"}}", "a".repeat(5000));
    assert!(
        schema
            .check(&Arguments::parse(Some(&text)).unwrap())
            .is_err()
    );

    let deep = format!(
        "{}{{\"name\":1}}{}",
        "{\"parent\":".repeat(100),
        "}".repeat(100)
    );
    let text = format!("{{\"item_id\":1,\"body\":{deep}}}");
    assert!(!violations(&text).is_empty());
}

#[test]
fn nested_alternatives_cost_no_exponential_time() {
    let schema = InputSchema::new(
        r##"{"properties":{"n":{"$ref":"#/$defs/n"}},"$defs":{"n":{"oneOf":[
            {"type":"string"},
            {"type":"object","properties":{"a":{"$ref":"#/$defs/n"}},"required":["b"]},
            {"type":"object","properties":{"a":{"$ref":"#/$defs/n"}}},
            {"allOf":[{"type":"object"},{"properties":{"a":{"$ref":"#/$defs/n"}}}]}
        ]}}}"##,
    )
    .unwrap();
    for (depth, expected) in [
        (
            2,
            "`n.a.a` must be a string or an object, not an integer (7)",
        ),
        (100, "too many alternatives"),
    ] {
        let text = format!(
            "{{\"n\":{}7{}}}",
            "{\"a\":".repeat(depth),
            "}".repeat(depth)
        );
        let error = schema
            .check(&Arguments::parse(Some(&text)).unwrap())
            .unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    // A spent budget is no business of the next check.
    assert!(
        schema
            .check(&Arguments::parse(Some(r#"{"n":"x"}"#)).unwrap())
            .is_ok()
    );
}

#[test]
fn patterns_of_other_dialects_do_not_stop_a_tool() {
    let schema = InputSchema::new(
        r#"{"properties":{"a":{"pattern":"^(?<n>[a-z"},"pattern":{"pattern":"^b$"},"c":{"pattern":"(?i:x{1000}){1000}{1000}"}},
            "patternProperties":{"((":{"type":"string"}},"default":{"pattern":"(("}}"#,
    )
    .unwrap();
    assert_eq!(
        schema.dropped_patterns(),
        ["((", "^(?<n>[a-z", "(?i:x{1000}){1000}{1000}"]
    );
    let check = |text: &str| schema.check(&Arguments::parse(Some(text)).unwrap()).is_ok();
    assert!(check(r#"{"a":"anything","c":"anything"}"#) && !check(r#"{"pattern":"a"}"#));
}

#[test]
fn a_schema_that_is_none_is_refused() {
    for schema in [
        "",
        "[",
        r#"{"type":"nothing"}"#,
        r##"{"$ref":"#/nowhere"}"##,
        r#"{"$ref":"https://example.com/schema"}"#,
    ] {
        let error = InputSchema::new(schema).unwrap_err();
        assert_eq!(error.fault(), Fault::Gateway, "{schema}");
    }
}
