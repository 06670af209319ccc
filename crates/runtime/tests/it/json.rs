//! The reader of JSON: strict, bounded, and faithful to the text.

use proptest::prelude::*;
use toolwright_runtime::json::{Kind, MAX_DEPTH, Value, canonical_integer, is_integer};

#[test]
fn valid_texts_are_read() {
    for text in [
        "null",
        " true ",
        "false",
        "0",
        "-0",
        "1.50",
        "1E+2",
        "-1e-7",
        "\"\"",
        "[]",
        "{}",
        "[1, [2], {}]",
        "{\"a\":1,\"b\":{\"a\":2}}",
        "\"\\u00fc\\ud83d\\ude00\\/\\n\"",
        "\"ü\"",
        "123456789012345678901234567890",
    ] {
        let value = Value::parse(text).unwrap();
        assert_eq!(value.text(), text.trim(), "{text}");
        let plain: serde_json::Value = serde_json::from_str(text).unwrap();
        let again: serde_json::Value = serde_json::from_str(&value.compact()).unwrap();
        assert_eq!(plain, again);
    }
}

#[test]
fn threat_32_ambiguous_texts_are_refused() {
    let cases = [
        ("", "the text ends where a value is expected"),
        ("{", "a name in double quotes"),
        ("{\"a\":1,\"a\":2}", "the name \"a\" occurs twice"),
        ("{\"a\":1,\"\\u0061\":2}", "the name \"a\" occurs twice"),
        ("[1,]", "a value is expected here"),
        ("{\"a\":1,}", "a name in double quotes"),
        ("01", "leading zeros"),
        ("1.", "a digit is expected"),
        (".5", "a value is expected"),
        ("+1", "a value is expected"),
        ("NaN", "a value is expected"),
        ("'a'", "a value is expected"),
        ("\"\\x\"", "this escape does not exist"),
        ("\"\\ud800\"", "half of a surrogate pair"),
        ("\"\\ud800\\u0041\"", "half of a surrogate pair"),
        ("\"\\udc00\"", "half of a surrogate pair"),
        ("\"\\u00g0\"", "four hexadecimal digits"),
        ("\"a\nb\"", "a control character must be escaped"),
        ("\"a", "the text ends inside a string"),
        ("1 2", "more text after the value"),
        ("\u{feff}1", "a value is expected"),
        ("[1 2]", "`,` or `]`"),
        ("{\"a\" 1}", "`:` is expected"),
        ("tru", "a value is expected"),
    ];
    for (text, what) in cases {
        let error = Value::parse(text).unwrap_err();
        assert!(error.message().contains(what), "{text}: {error}");
    }
}

#[test]
fn a_mistake_is_located() {
    let error = Value::parse("{\n  \"ü\": 01}").unwrap_err();
    assert!(error.message().contains("line 2, column 9"), "{error}");
}

#[test]
fn duplicates_are_found_in_large_objects_too() {
    let members = |last: &str| {
        let names: Vec<_> = (0..1000).map(|i| format!("\"n{i}\":{i}")).collect();
        format!("{{{},\"{last}\":0}}", names.join(","))
    };
    let text = members("m");
    let value = Value::parse(&text).unwrap();
    let object = value.as_object().unwrap();
    assert_eq!(object.get("n777").unwrap().text(), "777");
    assert!(object.get("x").is_none());
    assert!(Value::parse(&members("n500")).is_err());
}

#[test]
fn threat_31_depth_and_size_are_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Value::parse(&nested(MAX_DEPTH)).is_ok());
    assert!(Value::parse(&nested(MAX_DEPTH + 2)).is_err());
    assert!(Value::parse(&"[".repeat(100_000)).is_err());
    assert!(Value::parse(&format!("[{}1]", "1,".repeat(1_000_001))).is_err());
    let digits = "9".repeat(1_000_000);
    assert_eq!(
        Value::parse(&digits).unwrap().as_number(),
        Some(digits.as_str())
    );
}

#[test]
fn whole_numbers_are_recognised_in_any_spelling() {
    for (text, expected) in [
        ("7", Some("7")),
        ("-0", Some("0")),
        ("1.0", Some("1")),
        ("1e2", Some("100")),
        ("-1.5e1", Some("-15")),
        ("0e99999999999999999999", Some("0")),
        ("0.5", None),
        ("1e-1", None),
        ("10e-1", Some("1")),
        (
            "123456789012345678901234567890.0",
            Some("123456789012345678901234567890"),
        ),
        ("1e999999999", None),
    ] {
        assert_eq!(canonical_integer(text).as_deref(), expected, "{text}");
    }
    assert!(is_integer("1e999999999"));
    assert!(!is_integer("1e-999999999999999999999"));
    assert!(!is_integer("1.0000000000000000000000001"));
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reads_what_another_writer_wrote(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let read = Value::parse(&text).unwrap();
        let again: serde_json::Value = serde_json::from_str(&read.compact()).unwrap();
        prop_assert_eq!(again, value);
    }

    #[test]
    fn accepts_no_more_than_another_reader(text in "[\\[\\]{}\",:0-9eE+. a\\\\u-]{0,12}") {
        let ours = Value::parse(&text);
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        if let Ok(value) = &ours {
            prop_assert!(theirs.is_ok() || matches!(value.kind(), Kind::Number(_)) || text.contains(['e', 'E']), "{}", text);
        }
    }
}
