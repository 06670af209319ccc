//! From a description to the files of its crate and its entry in `specs.lock`.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use toolwright_codegen::{Files, Input, Output, Report, compile};
use toolwright_document::Json;

use crate::console::{Failure, Result};
use crate::files::{Folder, Recorded};
use crate::lock::{Entry, Pin, digest};
use crate::name::Name;
use crate::progress::Progress;
use crate::source::standard_name;
use crate::workspace::{TOOLSET, Workspace};

/// Where the documents of a description of several files lie, with their relative layout.
const SEVERAL: &str = "spec";

/// One run of the compiler.
pub(crate) struct Job<'a> {
    pub(crate) name: &'a Name,
    pub(crate) source: &'a str,
    pub(crate) entry: &'a str,
    pub(crate) toolset: Option<&'a str>,
    pub(crate) url: Option<&'a str>,
    pub(crate) strict: bool,
    /// The names on record, by method and path.
    pub(crate) pins: Option<&'a BTreeMap<String, String>>,
}

/// What it made.
pub(crate) struct Made {
    /// What was read, by path from the root of the description.
    pub(crate) documents: BTreeMap<String, Vec<u8>>,
    /// What the compiler says.
    pub(crate) report: Report,
    /// The crate; `None` when the report has an error.
    pub(crate) output: Option<Output>,
}

impl Job<'_> {
    /// Compiles the description in `files`.
    pub(crate) fn run(&self, files: &dyn Files) -> Made {
        let files = Recorded::new(files);
        let compiled = compile(&Input {
            files: &files,
            entry: self.entry,
            name: self.name.as_str(),
            source: self.source,
            toolset: self.toolset,
            url: self.url,
            pins: self.pins,
            strict: self.strict,
        });
        Made {
            documents: files.into_documents(),
            report: compiled.report,
            output: compiled.output,
        }
    }
}

/// The toolset's part of `specs.lock`.
pub(crate) fn entry(job: &Job<'_>, made: &Made, output: &Output) -> Result<Entry> {
    Ok(Entry {
        source: job.source.to_owned(),
        entry: job.entry.to_owned(),
        url: job.url.map(str::to_owned),
        etag: None,
        strict: job.strict,
        generator: env!("CARGO_PKG_VERSION").to_owned(),
        documents: made
            .documents
            .iter()
            .map(|(path, bytes)| (path.clone(), digest(bytes)))
            .collect(),
        tools: pins(&made.report, output)?,
    })
}

/// Each tool's name, and a digest over everything an agent reads about it and the request that it stands for.
fn pins(report: &Report, output: &Output) -> Result<BTreeMap<String, Pin>> {
    let mut listed = BTreeMap::new();
    for text in output
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".json"))
        .map(|(_, text)| text)
    {
        let tools = Json::parse(text)
            .map_err(|error| Failure::new(format!("the compiler wrote bad JSON: {error}")))?;
        let Json::Array(tools) = tools else { continue };
        for tool in tools {
            if let Some(Json::String(name)) = tool.get("name") {
                listed.insert(name.clone(), tool.compact());
            }
        }
    }
    let pins = report.tools.iter().map(|tool| {
        let endpoint = format!("{} {}", tool.method, tool.path);
        let text = listed
            .get(&tool.name)
            .map(String::as_str)
            .unwrap_or_default();
        let digest = digest(format!("{endpoint}\n{text}").as_bytes());
        (
            endpoint,
            Pin {
                name: tool.name.clone(),
                digest,
            },
        )
    });
    Ok(pins.collect())
}

/// Where the documents go below the toolset's folder: one beside the generated code under a fixed name, several
/// in a folder of their own. The second part is the new path of `entry`.
pub(crate) fn layout(
    entry: &str,
    documents: BTreeMap<String, Vec<u8>>,
) -> (BTreeMap<String, Vec<u8>>, String) {
    if documents.len() <= 1 {
        let placed = documents
            .into_values()
            .map(|bytes| (standard_name(entry, &bytes).to_owned(), bytes));
        let placed: BTreeMap<_, _> = placed.collect();
        let entry = placed
            .keys()
            .next()
            .cloned()
            .unwrap_or_else(|| entry.to_owned());
        return (placed, entry);
    }
    let cut = common(documents.keys().map(String::as_str));
    let place = |path: &str| format!("{SEVERAL}/{}", &path[cut..]);
    let entry = place(entry);
    (
        documents
            .into_iter()
            .map(|(path, bytes)| (place(&path), bytes))
            .collect(),
        entry,
    )
}

/// Length of the folder that all paths share, with its `/`.
fn common<'p>(mut paths: impl Iterator<Item = &'p str>) -> usize {
    let folder = |path: &'p str| &path[..path.rfind('/').map_or(0, |at| at + 1)];
    let mut shared = paths.next().map(folder).unwrap_or_default();
    for path in paths {
        while !path.starts_with(shared) {
            shared = folder(shared.trim_end_matches('/'));
        }
    }
    shared.len()
}

/// A toolset of the workspace, compiled again from what lies in its folder.
pub(crate) struct Again {
    pub(crate) name: Name,
    pub(crate) made: Made,
    /// Its new entry; `None` when the report has an error.
    pub(crate) entry: Option<Entry>,
}

/// Compiles toolsets of the workspace, on all processors.
pub(crate) fn again(
    workspace: &Workspace,
    chosen: &[(Name, Entry)],
    progress: &Progress,
) -> Result<Vec<Again>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let workers = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(chosen.len());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((name, entry)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    progress.at(name.as_str());
                    let result = one(workspace, name, entry);
                    progress.step(name.as_str());
                    done.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(result);
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut all = done.into_iter().collect::<Result<Vec<_>>>()?;
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

fn one(workspace: &Workspace, name: &Name, entry: &Entry) -> Result<Again> {
    let folder = workspace.folder(name);
    let files = Folder::new(&folder).map_err(|failure| {
        failure.help(format!(
            "restore it with `git checkout`, or drop it: cargo xtask remove {name}"
        ))
    })?;
    let toolset = read_toolset(workspace, &folder.join(TOOLSET))?;
    let pins = entry.names();
    let job = Job {
        name,
        source: &entry.source,
        entry: &entry.entry,
        toolset: toolset.as_deref(),
        url: entry.url.as_deref(),
        pins: Some(&pins),
        strict: entry.strict,
    };
    let made = job.run(&files);
    let entry = made
        .output
        .as_ref()
        .map(|output| self::entry(&job, &made, output))
        .transpose()?;
    Ok(Again {
        name: name.clone(),
        made,
        entry,
    })
}

/// The text of a `toolset.toml`; `None` when there is none.
pub(crate) fn read_toolset(
    workspace: &Workspace,
    path: &std::path::Path,
) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(format!("{}: {error}", workspace.shown(path)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_keep_their_relative_layout() {
        for (entry, paths, placed, new) in [
            (
                "api.yml",
                &["api.yml"][..],
                &["openapi.yaml"][..],
                "openapi.yaml",
            ),
            (
                "a/x.yaml",
                &["a/x.yaml", "a/y.yaml"],
                &["spec/x.yaml", "spec/y.yaml"],
                "spec/x.yaml",
            ),
            (
                "a/b/x.yaml",
                &["a/b/x.yaml", "a/c/y.yaml"],
                &["spec/b/x.yaml", "spec/c/y.yaml"],
                "spec/b/x.yaml",
            ),
            (
                "ab/x.yaml",
                &["a/y.yaml", "ab/x.yaml"],
                &["spec/a/y.yaml", "spec/ab/x.yaml"],
                "spec/ab/x.yaml",
            ),
            (
                "x.yaml",
                &["parts/y.yaml", "x.yaml"],
                &["spec/parts/y.yaml", "spec/x.yaml"],
                "spec/x.yaml",
            ),
        ] {
            let documents = paths
                .iter()
                .map(|path| ((*path).to_owned(), Vec::new()))
                .collect();
            let (documents, entry) = layout(entry, documents);
            assert_eq!(documents.into_keys().collect::<Vec<_>>(), placed);
            assert_eq!(entry, new);
        }
    }
}
