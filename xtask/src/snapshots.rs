//! Toolsets as their callers see them: here, in a commit, as published.

use std::collections::BTreeMap;

use toolwright_codegen::diff::{Change, Class, Format, Snapshot, diff, render, snapshot};
use toolwright_codegen::{Files, Input};
use toolwright_document::Json;

use crate::console::{Failure, Result};
use crate::files::Folder;
use crate::generate::read_toolset;
use crate::git::Commit;
use crate::lock::{Entry, FILE, Lock};
use crate::name::Name;
use crate::workspace::{TOOLSET, Workspace};

/// Compiles a toolset and takes stock of it.
pub(crate) fn take(
    name: &Name,
    entry: &Entry,
    toolset: Option<&str>,
    files: &dyn Files,
) -> Result<Snapshot> {
    let pins = entry.names();
    let input = Input {
        files,
        entry: &entry.entry,
        name: name.as_str(),
        source: &entry.source,
        toolset,
        url: entry.url.as_deref(),
        pins: Some(&pins),
        strict: entry.strict,
    };
    snapshot(&input).map_err(|report| {
        // A comparison that could not be made must never look like one that found nothing.
        Failure::new(format!(
            "{name} cannot be compiled, so it cannot be compared\n{}",
            report.render().trim_end()
        ))
        .exits(2)
    })
}

/// What lies in the workspace.
pub(crate) fn here(workspace: &Workspace, name: &Name, entry: &Entry) -> Result<Snapshot> {
    let folder = workspace.folder(name);
    let files = Folder::new(&folder).map_err(|failure| failure.exits(2))?;
    let toolset = read_toolset(workspace, &folder.join(TOOLSET))?;
    take(name, entry, toolset.as_deref(), &files)
}

/// All toolsets of a commit.
pub(crate) fn locked(commit: &Commit) -> Result<Lock> {
    let Some(bytes) = commit.read(&format!("build-specs/{FILE}")) else {
        return Ok(Lock::default());
    };
    Lock::parse(&String::from_utf8_lossy(&bytes))
        .map_err(|failure| failure.at(format!("{FILE} of the base")).exits(2))
}

/// What lay in a commit.
pub(crate) fn committed(commit: &Commit, name: &Name, entry: &Entry) -> Result<Snapshot> {
    let path = format!("build-specs/{name}");
    let toolset = commit.read(&format!("{path}/{TOOLSET}"));
    let toolset = toolset.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    take(name, entry, toolset.as_deref(), &commit.folder(path))
        .map_err(|failure| failure.at("in the base").exits(2))
}

/// The changes of several toolsets.
#[derive(Debug, Default)]
pub(crate) struct Account {
    toolsets: BTreeMap<Name, Vec<Change>>,
    failed: BTreeMap<Name, String>,
}

impl Account {
    pub(crate) fn add(&mut self, name: &Name, before: &Snapshot, after: &Snapshot) {
        self.toolsets.insert(name.clone(), diff(before, after));
    }

    /// A toolset that could not be compared, and why: never to be taken for one that is the same.
    pub(crate) fn add_failure(&mut self, name: &Name, failure: &Failure) {
        self.failed
            .insert(name.clone(), failure.message().to_owned());
    }

    /// How many changes are of these classes.
    pub(crate) fn count(&self, classes: &[Class]) -> usize {
        let changes = self.toolsets.values().flatten();
        changes
            .filter(|change| classes.contains(&change.class))
            .count()
    }

    /// All of it as it is read.
    pub(crate) fn render(&self, format: Format) -> String {
        let toolsets = self.toolsets.iter();
        let toolsets: Vec<(&str, &[Change])> = toolsets
            .map(|(name, changes)| (name.as_str(), changes.as_slice()))
            .collect();
        let mut text = render(&toolsets, format).trim_end().to_owned();
        if self.failed.is_empty() {
            return text;
        }
        let failed = self.failed.iter();
        match format {
            Format::Json => {
                let list = failed.map(|(name, message)| {
                    Json::object()
                        .with("toolset", name.as_str())
                        .with("message", message.as_str())
                });
                let json = Json::parse(&text).unwrap_or_default();
                return json.with("failed", list.collect::<Json>()).pretty();
            }
            Format::Text => failed.for_each(|(name, _)| {
                text.push_str(&format!("\n{name}: could not be compared"));
            }),
            // Indented lines are code: nothing in them is markup.
            Format::Markdown => failed.for_each(|(name, message)| {
                let lines: String = message
                    .split(['\n', '\r'])
                    .take(20)
                    .map(|line| format!("\n    {}", line.chars().take(300).collect::<String>()))
                    .collect();
                text.push_str(&format!(
                    "\n\n### `{name}`: could not be compared\n{lines}\n"
                ));
            }),
        }
        text
    }
}

/// `breaking,security` on a command line.
pub(crate) fn classes(text: &str) -> std::result::Result<Class, String> {
    let found = Class::ALL.into_iter().find(|class| class.as_str() == text);
    found.ok_or_else(|| "the classes are breaking, security, additive and text".to_owned())
}
