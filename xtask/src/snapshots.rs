//! Toolsets as their callers see them: here, in a commit, as published.

use std::collections::BTreeMap;

use toolwright_codegen::diff::{Change, Class, Format, Snapshot, diff, render, snapshot};
use toolwright_codegen::{Files, Input};
use toolwright_document::Json;

use crate::console::{Failure, Result};
use crate::files::Folder;
use crate::generate::{TOOLSET, read_toolset};
use crate::git::Commit;
use crate::lock::{Entry, FILE, Lock};
use crate::name::Name;
use crate::workspace::Workspace;

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
}

impl Account {
    pub(crate) fn add(&mut self, name: &Name, before: &Snapshot, after: &Snapshot) {
        self.toolsets.insert(name.clone(), diff(before, after));
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
        match format {
            Format::Json => {
                let toolsets = self.toolsets.iter();
                let toolsets: Json = toolsets
                    .map(|(name, changes)| {
                        Json::parse(&render(name.as_str(), changes, format)).unwrap_or_default()
                    })
                    .collect();
                Json::object().with("toolsets", toolsets).pretty()
            }
            Format::Markdown if self.toolsets.is_empty() => "No toolset changed.".to_owned(),
            Format::Text if self.toolsets.is_empty() => "no toolset changed".to_owned(),
            _ => {
                let parts = self.toolsets.iter();
                let parts: Vec<String> = parts
                    .map(|(name, changes)| render(name.as_str(), changes, format))
                    .collect();
                parts.join("\n").trim_end().to_owned()
            }
        }
    }
}

/// `breaking,security` on a command line.
pub(crate) fn classes(text: &str) -> std::result::Result<Class, String> {
    let found = Class::ALL.into_iter().find(|class| class.as_str() == text);
    found.ok_or_else(|| "the classes are breaking, security, additive and text".to_owned())
}
