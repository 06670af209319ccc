//! JSON as RFC 8259 has it, and what is told of JSON that is not.

use proptest::prelude::*;
use toolwright_document::{Document, Format, Json, Limits, SyntaxErrorKind};

#[test]
fn values_keep_their_text_and_order() {
    for (text, expected) in [
        (
            r#"{"b":1.50,"a":[true,false,null]}"#,
            r#"{"b":1.50,"a":[true,false,null]}"#,
        ),
        (
            r#"[-0, 1E+5, 123456789012345678901234567890]"#,
            "[-0,1E+5,123456789012345678901234567890]",
        ),
        (r#""\u00e9\ud83d\ude00\/\b""#, "\"é😀/\\b\""),
        (" [ ] ", "[]"),
        (r#"{"a":1,"b":2,"a":3}"#, r#"{"a":3,"b":2}"#),
        (r#""\ud800x""#, "\"\u{fffd}x\""),
    ] {
        let document = Document::parse("a.json", text.as_bytes(), &Limits::default()).expect(text);
        assert_eq!(document.root().to_json().compact(), expected);
        assert_eq!(document.format(), Format::Json);
    }
}

#[test]
fn mistakes_have_a_place() {
    for (text, expected) in [
        (
            "{\n  \"a\": [1, 2",
            "a.json:2:13: the text ends where `,` or `]` should follow; the array of line 2 is still open",
        ),
        ("{\"a\" 1}", "a.json:1:6: expected `:`, found `1`"),
        ("[1 \"2\"]", "a.json:1:4: expected `,` or `]`, found `\"`"),
        ("{\"a\": 1]", "a.json:1:8: expected `,` or `}`, found `]`"),
        ("[\"é\", \"abc]", "a.json:1:7: a string without an end"),
        ("[01]", "a.json:1:2: a number with a leading zero"),
        ("[1.]", "a.json:1:4: expected a digit, found `]`"),
        ("[\"\\x\"]", "a.json:1:3: an escape that JSON does not know"),
        (
            "[\"\\u12g4\"]",
            "a.json:1:3: four hexadecimal digits must follow `\\u`",
        ),
        (
            "[\"a\tb]",
            "a.json:1:4: a control character (U+0009) in a string; write it as an escape",
        ),
        (
            "[] []",
            "a.json:1:4: expected the end of the document, found `[`",
        ),
        ("nul", "a.json:1:1: expected a value, found `n`"),
    ] {
        // Some of it is YAML.
        let error = match Document::parse("a.json", text.as_bytes(), &Limits::default()) {
            Ok(document) => document.not_json().map(ToString::to_string),
            Err(error) => Some(error.to_string()),
        };
        assert_eq!(error.as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    for (bytes, kind, expected) in [
        (
            &b""[..],
            SyntaxErrorKind::Empty,
            "a.json: the file is empty",
        ),
        (
            b" \n\t ",
            SyntaxErrorKind::Empty,
            "a.json: the file is empty",
        ),
        (
            b"{\n\"a\": \"\xFC\"}",
            SyntaxErrorKind::Encoding,
            "a.json:2:7: not UTF-8 at byte 8; save the file as UTF-8",
        ),
        (
            b"{\n\0}",
            SyntaxErrorKind::Encoding,
            "a.json:2:1: a NUL byte at byte 2; remove it",
        ),
        (
            b"\xFF\xFE{\0",
            SyntaxErrorKind::Encoding,
            "a.json:1:1: UTF-16 text; save it as UTF-8",
        ),
    ] {
        let error = Document::parse("a.json", bytes, &Limits::default()).expect_err(expected);
        assert_eq!((error.kind, error.to_string()), (kind, expected.to_owned()));
    }
}

#[test]
fn limits_hold() {
    let limits = Limits {
        max_bytes: 1000,
        max_nodes: 20,
        max_depth: 5,
        ..Limits::default()
    };
    for (text, expected) in [
        ("[[[[[]]]]]".to_owned(), None),
        ("[[[[[[]]]]]]".to_owned(), Some("more than 5 levels")),
        (format!("[{}1]", "1,".repeat(18)), None),
        (
            format!("[{}1]", "1,".repeat(19)),
            Some("more than 20 values"),
        ),
        (
            format!("\"{}\"", "a".repeat(1000)),
            Some("1002 bytes of text"),
        ),
    ] {
        let result = Document::parse("a.json", text.as_bytes(), &limits);
        match expected {
            None => assert!(result.is_ok(), "{text}"),
            Some(expected) => {
                let error = result.expect_err(&text);
                assert_eq!(error.kind, SyntaxErrorKind::Limit);
                assert!(error.message.contains(expected), "{error}");
            }
        }
    }
}

#[test]
fn a_byte_order_mark_and_a_wrong_extension_do_no_harm() {
    for (name, text, format) in [
        ("a.json", "\u{feff}{\"a\": 1}", Format::Json),
        ("a.yaml", "{\"a\": 1}", Format::Json),
        ("a.json", "a: 1\n", Format::Yaml),
        ("a.json", "{a: 1}", Format::Yaml),
        ("a", "{\"a\": 1}", Format::Json),
    ] {
        let document = Document::parse(name, text.as_bytes(), &Limits::default()).expect(text);
        assert_eq!(document.format(), format, "{name} {text}");
        assert_eq!(document.root().to_json().compact(), r#"{"a":1}"#);
    }
}

#[test]
fn yaml_that_is_called_json_is_told_so() {
    let document = Document::parse("a.json", b"[1 2]", &Limits::default()).unwrap();
    let error = document.not_json().map(ToString::to_string);
    assert_eq!(
        error.as_deref(),
        Some("a.json:1:4: expected `,` or `]`, found `2`")
    );
    let document = Document::parse("a.yaml", b"[1 2]", &Limits::default()).unwrap();
    assert!(document.not_json().is_none());
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        "\\PC*|[\\x00-\\x1f\"\\\\]*".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 64, 12, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..12).prop_map(Json::from),
            prop::collection::vec(("[a-c/~%\"]{0,3}", inner), 0..12)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(json in any_json()) {
        prop_assert_eq!(&Json::parse(&json.compact()).unwrap(), &json);
        prop_assert_eq!(&Json::parse(&json.pretty()).unwrap(), &json);
        let theirs: serde_json::Value = serde_json::from_str(&json.compact()).unwrap();
        prop_assert_eq!(serde_json::to_string_pretty(&theirs).unwrap().len(), json.pretty().len());
    }

    #[test]
    fn every_node_names_itself(json in any_json()) {
        let text = json.pretty();
        let document = Document::parse("a.json", text.as_bytes(), &Limits::default()).unwrap();
        let mut nodes = vec![document.root()];
        while let Some(node) = nodes.pop() {
            prop_assert_eq!(node.at(&node.pointer()), Some(node));
            nodes.extend(node.values());
        }
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,60}", name in "a\\.(json|yaml)") {
        let _ = Document::parse(&name, text.as_bytes(), &Limits::default());
    }
}
