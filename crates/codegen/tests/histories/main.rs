//! Histories of real descriptions, one edit at a time: what means the same is not reported, what breaks nobody is not
//! called breaking, and what breaks somebody is.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by panicking"
)]

mod breaking;
mod harmless;
mod newer;
mod rewrite;
mod same;
#[path = "../support/mod.rs"]
mod support;
mod walk;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use support::corpus;
use toolwright_codegen::diff::{Change, Class, Snapshot, snapshot};
use toolwright_codegen::{FileError, Files, Input};
use toolwright_document::{Document, Json};

/// Larger descriptions take minutes without telling more.
const LARGE: u64 = 700_000;
/// Of these every edit is tried.
const SMALL: u64 = 60_000;

struct One(String);

impl Files for One {
    fn read(&self, _: &str) -> Result<Vec<u8>, FileError> {
        Ok(self.0.clone().into_bytes())
    }
}

/// A snapshot with every loss accepted; `None` where there are errors.
fn stock(files: &dyn Files, entry: &str, pins: Option<&Pins>) -> Option<Snapshot> {
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
                pins,
                strict: false,
            };
            snapshot(&input).ok()
        })
}

/// Names on record by method and path, as `specs.lock` has them.
type Pins = BTreeMap<String, String>;

fn pins(snapshot: &Snapshot) -> Pins {
    let tools = snapshot.tools.iter();
    tools
        .map(|tool| (format!("{} {}", tool.method, tool.path), tool.name.clone()))
        .collect()
}

fn whole(description: &Json, pins: Option<&Pins>) -> Option<Snapshot> {
    stock(&One(description.compact()), "openapi.json", pins)
}

/// Descriptions of one file of at most `most` bytes: name and tree.
fn descriptions(most: u64) -> Vec<(String, Json)> {
    let mut files: Vec<PathBuf> = corpus().map_or_else(Vec::new, |root| {
        let files = fs::read_dir(root.join("good")).unwrap();
        files.map(|entry| entry.unwrap().path()).collect()
    });
    files.retain(|path| path.is_file() && fs::metadata(path).unwrap().len() < most);
    files.sort();
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = fs::read(path).unwrap();
        let document = Document::parse(&name, &bytes, &Default::default()).ok()?;
        Some((name, document.root().to_json()))
    };
    files.iter().filter_map(read).collect()
}

/// The first lines of a class.
fn lines(changes: &[Change], class: Class) -> Vec<String> {
    let lines = changes.iter().filter(|change| change.class == class);
    lines.take(6).map(|line| format!("{line:?}")).collect()
}

/// Whether a description is one of OpenAPI 3.0.
fn is_3_0(description: &Json) -> bool {
    let version = description.get("openapi").and_then(Json::as_str);
    version.is_some_and(|version| version.starts_with("3.0"))
}
