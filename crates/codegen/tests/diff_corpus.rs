//! Real descriptions: what did not change is not reported, and what breaks nobody is not called breaking.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by panicking"
)]

mod support;

use std::fs;
use std::path::Path;

use support::{Folder, corpus};
use toolwright_codegen::diff::{Change, Class, Snapshot, diff, snapshot};
use toolwright_codegen::{FileError, Files, Input};
use toolwright_document::{Document, Json};

/// Larger descriptions take minutes without telling more.
const LARGE: u64 = 700_000;

struct One(String);

impl Files for One {
    fn read(&self, _: &str) -> Result<Vec<u8>, FileError> {
        Ok(self.0.clone().into_bytes())
    }
}

/// A snapshot with every loss accepted; `None` where there are errors.
fn stock(files: &dyn Files, entry: &str) -> Option<Snapshot> {
    [None, Some("accept = [\"#\"]\n")]
        .into_iter()
        .find_map(|toolset| {
            let input = Input {
                files,
                entry,
                name: "api",
                source: "api",
                toolset,
                url: None,
                pins: None,
                strict: false,
            };
            snapshot(&input).ok()
        })
}

/// Descriptions of one file: name and tree.
fn descriptions() -> Vec<(String, Json)> {
    let Some(root) = corpus() else {
        return Vec::new();
    };
    let mut files: Vec<_> = fs::read_dir(root.join("good"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && fs::metadata(path).unwrap().len() < LARGE)
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = fs::read(path).unwrap();
        let document = Document::parse(&name, &bytes, &Default::default()).ok()?;
        Some((name, document.root().to_json()))
    };
    files.iter().filter_map(read).collect()
}

fn whole(description: &Json) -> Option<Snapshot> {
    stock(&One(description.compact()), "openapi.json")
}

fn worst(changes: &[Change]) -> String {
    let lines = changes
        .iter()
        .filter(|change| change.class == Class::Breaking);
    lines.take(5).map(|line| format!("{line:?}\n")).collect()
}

#[test]
fn the_same_description_has_no_changes() {
    let mut seen = 0;
    for (name, description) in descriptions() {
        let (Some(one), Some(other)) = (whole(&description), whole(&description)) else {
            continue;
        };
        assert_eq!(diff(&one, &other), [], "{name}");
        seen += 1;
    }
    if let Some(root) = corpus() {
        for (folder, entry) in multi(&root) {
            let files = Folder(folder);
            if let Some(one) = stock(&files, &entry) {
                assert_eq!(diff(&one, &one.clone()), [], "{entry}");
            }
        }
        assert!(seen > 40, "{seen}");
    }
}

/// Folders of several files, with their entry.
fn multi(root: &Path) -> Vec<(std::path::PathBuf, String)> {
    let manifest = support::json(&root.join("MANIFEST.json"));
    let mut found = Vec::new();
    for entry in manifest["specs"].as_array().into_iter().flatten() {
        let Some(path) = entry["entry"]
            .as_str()
            .filter(|path| path.contains("-multi/"))
        else {
            continue;
        };
        let (folder, entry) = path.split_once("-multi/").unwrap();
        found.push((root.join(format!("{folder}-multi")), entry.to_owned()));
    }
    found
}

/// What owners of an API do every week: explain better, offer more.
#[test]
fn harmless_edits_are_not_called_breaking() {
    let (mut edited, mut noticed) = (0, 0);
    for (name, description) in descriptions() {
        let Some(before) = whole(&description) else {
            continue;
        };
        let mut changed = description.clone();
        reword(&mut changed, false);
        offer(&mut changed);
        let after = whole(&changed).unwrap_or_else(|| panic!("{name} does not compile any more"));
        let changes = diff(&before, &after);
        assert_eq!(worst(&changes), "", "{name}");
        edited += 1;
        noticed += usize::from(!changes.is_empty());
    }
    assert!(
        edited == 0 || noticed * 10 > edited * 8,
        "{noticed} of {edited}"
    );
}

/// Appends a sentence to each description.
fn reword(json: &mut Json, names: bool) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| reword(item, false)),
        Json::Object(members) => {
            for (key, value) in members.iter_mut() {
                match (key.as_str(), &*value) {
                    ("example" | "examples" | "default" | "enum" | "const" | "value", _)
                        if !names => {}
                    ("description", Json::String(text)) if !names => {
                        *value = Json::from(format!("{text} Read the manual."));
                    }
                    (key, _) => {
                        let inner = !names
                            && matches!(key, "properties" | "schemas" | "paths" | "definitions");
                        reword(value, inner);
                    }
                }
            }
        }
        _ => {}
    }
}

/// An optional query parameter for each GET, and a path of its own.
fn offer(description: &mut Json) {
    let old = description.get("swagger").is_some();
    let mut parameter = Json::object()
        .with("name", "verbose_answers")
        .with("in", "query")
        .with("description", "Whether to say more.");
    match old {
        true => drop(parameter.insert("type", "boolean")),
        false => drop(parameter.insert("schema", Json::object().with("type", "boolean"))),
    }
    let Some(Json::Object(paths)) = description.get_mut("paths") else {
        return;
    };
    for (_, item) in paths.iter_mut() {
        let Some(get) = item.get_mut("get") else {
            continue;
        };
        match get.get_mut("parameters").and_then(Json::as_array_mut) {
            Some(list) => list.push(parameter.clone()),
            None => drop(get.insert("parameters", Json::Array(vec![parameter.clone()]))),
        }
    }
    let answer = Json::object().with("200", Json::object().with("description", "Well."));
    let health = Json::object()
        .with("operationId", "added_health_check")
        .with("responses", answer);
    paths.insert(
        "/added/health".to_owned(),
        Json::object().with("get", health),
    );
}
