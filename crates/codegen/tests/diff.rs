//! One-step changes of a description, and exactly what the diff says about each.
//!
//! `diff/base.yaml` is the description; a file in `diff/cases/` holds the expected lines, then what to replace in
//! it: pieces of text before and after. `UPDATE_EXPECTED=1 cargo test --test diff` writes the lines, for review.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use similar::{ChangeTag, TextDiff};
use toolwright_codegen::diff::{Class, Format, Snapshot, diff, render, snapshot};
use toolwright_codegen::{FileError, Files, Input, compile};

struct One(String);

impl Files for One {
    fn read(&self, _: &str) -> Result<Vec<u8>, FileError> {
        Ok(self.0.clone().into_bytes())
    }
}

fn with<T>(text: &str, use_it: impl FnOnce(&Input<'_>) -> T) -> T {
    with_choices(text, None, use_it)
}

fn with_choices<T>(text: &str, toolset: Option<&str>, use_it: impl FnOnce(&Input<'_>) -> T) -> T {
    let files = One(text.to_owned());
    use_it(&Input {
        files: &files,
        entry: "openapi.yaml",
        name: "shop",
        source: "openapi.yaml",
        toolset,
        url: None,
        pins: None,
        strict: false,
    })
}

#[track_caller]
fn stock(text: &str) -> Snapshot {
    with(text, snapshot).unwrap_or_else(|report| panic!("{}", report.render()))
}

fn sources(text: &str) -> BTreeMap<String, String> {
    let files = with(text, compile).output.unwrap().files;
    files
        .into_iter()
        .filter(|(path, _)| path.ends_with(".rs"))
        .collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/diff")
}

fn base() -> String {
    fs::read_to_string(folder().join("base.yaml")).unwrap()
}

/// A case: its file, its expected lines, and the changed description.
fn cases(base: &str) -> Vec<(PathBuf, String, String)> {
    let mut files: Vec<_> = fs::read_dir(folder().join("cases"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    files.sort();
    let case = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let mut parts = text.split("--- before\n");
        let expected = parts.next().unwrap().to_owned();
        let mut changed = base.to_owned();
        for part in parts {
            let (before, after) = part.split_once("--- after\n").unwrap();
            assert_eq!(
                changed.matches(before.trim_end()).count(),
                1,
                "{}: {before}",
                path.display()
            );
            match after.is_empty() {
                true => changed = changed.replacen(before, "", 1),
                false => changed = changed.replacen(before.trim_end(), after.trim_end(), 1),
            }
        }
        assert_ne!(changed, base, "{}", path.display());
        (path, expected, changed)
    };
    files.into_iter().map(case).collect()
}

fn lines(before: &Snapshot, after: &Snapshot) -> String {
    let text = render(&[("shop", &diff(before, after))], Format::Text);
    text.split_once('\n').unwrap().1.to_owned()
}

#[test]
fn each_change_is_named_and_classed() {
    let base = base();
    let before = stock(&base);
    let cases = cases(&base);
    assert!(cases.len() >= 40);
    let mut wrong = String::new();
    for (path, expected, changed) in cases {
        let found = lines(&before, &stock(&changed));
        if found == expected {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            let text = fs::read_to_string(&path).unwrap();
            let rest = text.strip_prefix(&expected).unwrap();
            fs::write(&path, format!("{found}{rest}")).unwrap();
        }
        wrong.push_str(&format!(
            "{}\nexpected:\n{expected}found:\n{found}\n",
            path.display()
        ));
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What was added comes back as removed, what was loosened as tightened: no change is seen from one side alone.
#[test]
fn every_change_is_seen_from_both_sides() {
    let base = base();
    let before = stock(&base);
    for (path, expected, changed) in cases(&base) {
        let back = lines(&stock(&changed), &before);
        let hidden_alone = path.ends_with("description_hides_characters.txt");
        assert_eq!(
            back.is_empty(),
            expected.is_empty() || hidden_alone,
            "{}: {back}",
            path.display()
        );
    }
}

#[test]
fn an_optional_query_parameter_moves_three_lines_of_rust() {
    let base = base();
    let path = folder().join("cases/parameter_added_optional.txt");
    let (_, _, changed) = cases(&base)
        .into_iter()
        .find(|(at, ..)| *at == path)
        .unwrap();
    let (before, after) = (sources(&base), sources(&changed));
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    let (mut inserted, mut hunks) = (0, 0);
    for (path, old) in &before {
        if path == "src/lib.rs" {
            // The digest of the description stands there.
            continue;
        }
        let diff = TextDiff::from_lines(old.as_str(), after[path].as_str());
        hunks += diff.grouped_ops(0).len();
        for change in diff.iter_all_changes() {
            assert_ne!(change.tag(), ChangeTag::Delete, "{path}: {change}");
            inserted += usize::from(change.tag() == ChangeTag::Insert);
        }
    }
    assert_eq!((inserted, hunks), (3, 2));
}

#[test]
fn a_reviewer_gets_every_answer() {
    let base = base();
    let changed = base
        .replace("https://api.shop.example", "https://api.other.example")
        .replace("maximum: 100", "maximum: 10")
        .replace("List items", "List `items` @everyone\u{202e} <!-- x -->");
    let changes = diff(&stock(&base), &stock(&changed));
    let page = render(&[("shop", &changes)], Format::Markdown);
    for part in [
        "**Calls that fail now, or do something else:** 1",
        "- `list_items`, `query limit`: `maximum 100 → 10`",
        "`https://api.shop.example → https://api.other.example`",
        "**New tools:** none.",
        "**What else can be said, or comes back:** none.",
        "**Text that agents read:** 3",
    ] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    // Text of a description is always within a code span: no mention, no comment, nothing hidden.
    for line in page.lines().filter(|line| line.contains("@everyone")) {
        let spans: Vec<&str> = line.split("``").collect();
        assert!(
            spans
                .iter()
                .step_by(2)
                .all(|outside| !outside.contains('@') && !outside.contains('<')),
            "{line}"
        );
    }
    assert!(!page.contains('\u{202e}'));
    let json = render(&[("shop", &changes)], Format::Json);
    let json = toolwright_document::Json::parse(&json).unwrap();
    let json = &json.get("toolsets").unwrap().as_array().unwrap()[0];
    assert_eq!(
        json.get("changes").unwrap().as_array().unwrap().len(),
        changes.len()
    );
    let first = &json.get("changes").unwrap().as_array().unwrap()[0];
    assert_eq!(first.get("class").unwrap().as_str(), Some("breaking"));
    assert_eq!(first.get("tool").unwrap().as_str(), Some("list_items"));
}

#[test]
fn a_body_that_becomes_the_arguments_breaks_calls_and_is_compared_as_before() {
    let choice = "[tools.create_item]\nbody = \"arguments\"\n";
    let hoisted = |text: &str| {
        let taken = with_choices(text, Some(choice), snapshot);
        taken.unwrap_or_else(|report| panic!("{}", report.render()))
    };
    let base = base();
    let (plain, root) = (stock(&base), hoisted(&base));
    assert_eq!(
        lines(&plain, &root),
        "breaking  create_item  body: is the arguments themselves now, no longer the argument body\n"
    );
    assert_eq!(
        lines(&root, &plain),
        "breaking  create_item  body: is the argument body now, no longer the arguments themselves\n"
    );
    let mut compared = 0;
    for (path, expected, changed) in cases(&base) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.starts_with("body_property_") {
            assert_eq!(lines(&root, &hoisted(&changed)), expected, "{name}");
            compared += 1;
        }
    }
    assert!(compared >= 4);
}

#[test]
fn what_cannot_be_compiled_cannot_be_compared() {
    assert!(with("openapi: 3.1.0\npaths: 3", snapshot).is_err());
}

#[test]
fn order_and_layout_mean_nothing() {
    let base = base();
    let json = toolwright_document::Document::parse("x.yaml", base.as_bytes(), &Default::default())
        .unwrap();
    let before = stock(&base);
    let after = stock(&json.root().to_json().compact());
    assert_eq!(diff(&before, &after), []);
    let swapped = base.replace(
        "        - {name: item_id, in: path, required: true, schema: {type: integer}}\n        - {name: fields, in: query, schema: {type: string}}\n",
        "        - {name: fields, in: query, schema: {type: string}}\n        - {name: item_id, in: path, required: true, schema: {type: integer}}\n",
    );
    assert_ne!(swapped, base);
    assert_eq!(diff(&before, &stock(&swapped)), []);
    assert_eq!(Class::ALL.len(), 4);
}
