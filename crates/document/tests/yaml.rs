//! YAML by the core schema of 1.2, and what is bounded in it.

use proptest::prelude::*;
use toolwright_document::{Document, Limits, SyntaxErrorKind};

use support::json;

#[cfg(test)]
mod support {
    use super::{Document, Limits};

    /// The document as JSON on one line.
    pub(crate) fn json(text: &str) -> String {
        let document = Document::parse("a.yaml", text.as_bytes(), &Limits::default());
        document.expect(text).root().to_json().compact()
    }
}

#[test]
fn scalars_follow_the_core_schema() {
    for (yaml, expected) in [
        ("yes", r#""yes""#),
        ("on", r#""on""#),
        ("True", "true"),
        ("~", "null"),
        ("null", "null"),
        ("2024-01-01", r#""2024-01-01""#),
        ("1:30", r#""1:30""#),
        ("1_000", r#""1_000""#),
        ("0o17", "15"),
        ("0x1F", "31"),
        ("017", "17"),
        ("+5", "5"),
        ("-05", "-5"),
        (".5", "0.5"),
        ("5.", "5.0"),
        ("-.5e3", "-0.5e3"),
        ("1.50", "1.50"),
        ("1e3", "1e3"),
        ("12345678901234567890123", "12345678901234567890123"),
        (".inf", r#"".inf""#),
        (".nan", r#"".nan""#),
        (".", r#"".""#),
        ("-", r#"[null]"#),
        ("1.2.3", r#""1.2.3""#),
        ("'1'", r#""1""#),
        ("!!str 1", r#""1""#),
        ("!!int '1'", "1"),
        ("! 1", r#""1""#),
        ("!include /etc/hostname", r#""/etc/hostname""#),
        ("!!python/name:os.system 5", "5"),
    ] {
        assert_eq!(
            json(&format!("- {yaml}\n")),
            format!("[{expected}]"),
            "{yaml}"
        );
    }
}

#[test]
fn keys_are_the_text_of_their_scalars() {
    assert_eq!(
        json("200: a\non: b\n1.0: c\nnull: d\n'q': e\n0x1: f\n? x\n: g\n"),
        r#"{"200":"a","on":"b","1.0":"c","null":"d","q":"e","0x1":"f","x":"g"}"#
    );
}

#[test]
fn anchors_and_merge_keys() {
    for (yaml, expected) in [
        (
            "a: &x {p: 1, q: 2}\nb: *x\n",
            r#"{"a":{"p":1,"q":2},"b":{"p":1,"q":2}}"#,
        ),
        (
            "a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3, r: 4}\n",
            r#"{"a":{"p":1,"q":2},"b":{"p":1,"q":3,"r":4}}"#,
        ),
        (
            "a: &x {p: 1}\nb: {q: 0, !!merge <<: *x}\n",
            r#"{"a":{"p":1},"b":{"q":0,"p":1}}"#,
        ),
        (
            "a: &x {p: 1}\nc: &y {p: 2, q: 2}\nb: {<<: [*x, *y]}\n",
            r#"{"a":{"p":1},"c":{"p":2,"q":2},"b":{"p":1,"q":2}}"#,
        ),
        (
            "a: &x {p: 1}\nb: {'<<': *x}\n",
            r#"{"a":{"p":1},"b":{"<<":{"p":1}}}"#,
        ),
        ("a: {<<: 5}\n", r#"{"a":{"<<":5}}"#),
        ("&k a: 1\nb: *k\n", r#"{"a":1,"b":"a"}"#),
        ("a: &k x\n*k : 1\n", r#"{"a":"x","x":1}"#),
    ] {
        assert_eq!(json(yaml), expected, "{yaml}");
    }
}

#[test]
fn braces_may_close_where_they_close_in_json() {
    for (yaml, expected) in [
        (
            "a:\n  b: {\n    c: {},\n    d: 1\n  }\n  e: 2\n",
            r#"{"a":{"b":{"c":{},"d":1},"e":2}}"#,
        ),
        (
            "a:\n  - k: [\n1,\n  2\n]\n    l: \"x\ny\"\n",
            r#"{"a":[{"k":[1,2],"l":"x y"}]}"#,
        ),
        ("a:\n  t: |\n    {\n   b: {\n  c: 1\n  }\n", ""),
        (
            "a:\n  t: |\n    {\n    [\n  b: {\n \"it's\": '}' # }\n  }\n",
            r#"{"a":{"t":"{\n[\n","b":{"it's":"}"}}}"#,
        ),
    ] {
        match Document::parse("a.yaml", yaml.as_bytes(), &Limits::default()) {
            Ok(document) => assert_eq!(document.root().to_json().compact(), expected, "{yaml}"),
            Err(error) => assert!(expected.is_empty(), "{yaml}\n{error}"),
        }
    }
    let text = "a:\n  b: {\n \"é\": {},\n  d: 1\n  }\n  e: 2\n";
    let document = Document::parse("a.yaml", text.as_bytes(), &Limits::default()).unwrap();
    let place = |pointer| document.root().at(pointer).unwrap().position().to_string();
    assert_eq!(
        [place("/a/b/é"), place("/a/b/d"), place("/a/e")],
        ["3:7", "4:6", "6:6"]
    );
}

#[test]
fn mistakes_have_a_place() {
    for (yaml, expected) in [
        (
            "a: 1\n---\nb: 2\n",
            "a.yaml:2:1: a second YAML document begins here; a file holds one",
        ),
        (
            "a: 1\n? [b]\n: c\n",
            "a.yaml:2:3: a mapping or a list as a key; keys are text",
        ),
        (
            "a: &x [*x]\n",
            "a.yaml:1:8: an alias inside of what it names",
        ),
        ("# only a comment\n", "a.yaml: the file is empty"),
    ] {
        let error = Document::parse("a.yaml", yaml.as_bytes(), &Limits::default()).expect_err(yaml);
        assert_eq!(error.to_string(), expected);
    }
    let error =
        Document::parse("a.yaml", b"a: 1\n b: 2\n", &Limits::default()).expect_err("brackets");
    assert_eq!(error.position.map(|it| it.line), Some(2), "{error}");
}

#[test]
fn aliases_are_bounded_by_what_they_stand_for() {
    let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        yaml.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let error = Document::parse("a.yaml", yaml.as_bytes(), &Limits::default()).expect_err("bomb");
    assert_eq!(error.kind, SyntaxErrorKind::Limit);
    let mut deep = "a0: &a0 [x]\n".to_owned();
    for level in 1..600 {
        deep.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    let error = Document::parse("a.yaml", deep.as_bytes(), &Limits::default()).expect_err("depth");
    assert!(error.message.contains("500 levels"), "{error}");
}

#[test]
fn positions_count_characters() {
    let yaml = "é: 1\n日本: {ü: [2, 3]}\r\nz: 4\n";
    let document = Document::parse("a.yaml", yaml.as_bytes(), &Limits::default()).unwrap();
    for (pointer, expected) in [("/é", "1:4"), ("/日本/ü/1", "2:13"), ("/z", "3:4")] {
        let node = document.root().at(pointer).unwrap();
        assert_eq!(node.position().to_string(), expected, "{pointer}");
    }
    assert_eq!(
        document.root().at("/z").unwrap().key_position().to_string(),
        "3:1"
    );
}

#[test]
fn repeated_keys_are_on_record() {
    let yaml = "a: 1\nb: {c: 1, d: 2, c: 3}\na: 4\n";
    let document = Document::parse("a.yaml", yaml.as_bytes(), &Limits::default()).unwrap();
    let found: Vec<_> = document
        .duplicate_keys()
        .iter()
        .map(|it| {
            format!(
                "{} {} {} {}",
                it.object.pointer(),
                it.key,
                it.first,
                it.second
            )
        })
        .collect();
    assert_eq!(found, ["/b c 2:5 2:17", " a 1:1 3:1"]);
    assert_eq!(
        document.root().to_json().compact(),
        r#"{"a":4,"b":{"c":3,"d":2}}"#
    );
}

proptest! {
    #[test]
    fn large_objects_find_their_keys(keys in prop::collection::btree_set("[a-z]{1,6}", 0..60), other in "[a-z]{1,6}") {
        let yaml: String = keys.iter().rev().map(|key| format!("\"{key}\": \"{key}\"\n")).collect();
        let yaml = format!("root:\n  x: 1\nmany:\n{}", yaml.lines().map(|line| format!("  {line}\n")).collect::<String>());
        let document = Document::parse("a.yaml", yaml.as_bytes(), &Limits::default()).unwrap();
        let many = document.root().get("many").unwrap();
        for key in &keys {
            prop_assert_eq!(many.get(key).and_then(|it| it.as_str()), Some(key.as_str()));
        }
        prop_assert_eq!(many.get(&other).is_some(), keys.contains(&other));
    }

    #[test]
    fn nothing_panics(text in "([-?:,{}\\[\\]&*!|>'\"%@`#a ]|\\n *|<<: |\\t){0,80}") {
        let _ = Document::parse("a.yaml", text.as_bytes(), &Limits::default());
    }
}
