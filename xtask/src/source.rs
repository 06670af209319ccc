//! SPEC as commands take it: a file or a URL.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use toolwright_codegen::Files;
use url::Url;

use crate::address::{self, shown_text};
use crate::console::{Failure, Result};
use crate::fetch;
use crate::files::{Folder, Memory};
use crate::workspace::Workspace;

/// A description that is ready to be read.
pub(crate) struct Source {
    /// Its documents.
    pub(crate) files: Box<dyn Files>,
    /// The first of them.
    pub(crate) entry: String,
    /// The folder of its documents with its `/`, as it was given; empty where it came from a URL.
    pub(crate) folder: String,
    /// Where it came from, as `specs.lock` records it.
    pub(crate) recorded: String,
    /// What its server calls this state of it.
    pub(crate) etag: Option<String>,
}

impl Source {
    /// Opens `spec`; `root` is the folder that references between files may not leave, by default that of `spec`.
    pub(crate) fn open(workspace: &Workspace, spec: &str, root: Option<&Path>) -> Result<Self> {
        match Url::parse(spec) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                let found = Self::fetch(&url, root, &fetch::Terms::ANY)?;
                found.ok_or_else(|| Failure::new(format!("{}: nothing was sent", shown_text(spec))))
            }
            // One letter is a drive, not a scheme.
            Ok(url) if url.scheme().len() > 1 && spec.contains("://") => {
                let spec = shown_text(spec);
                let message = format!("{spec}: descriptions come from files and from http(s) URLs");
                Err(Failure::new(message))
            }
            _ => Self::file(workspace, spec, root),
        }
    }

    /// Looks again at where a description came from; `None` when it is the state that the terms name.
    pub(crate) fn again(
        workspace: &Workspace,
        spec: &str,
        root: Option<&Path>,
        terms: &fetch::Terms<'_>,
    ) -> Result<Option<Self>> {
        match Url::parse(spec) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Self::fetch(&url, root, terms),
            _ => Self::open(workspace, spec, root).map(Some),
        }
    }

    fn fetch(url: &Url, root: Option<&Path>, terms: &fetch::Terms<'_>) -> Result<Option<Self>> {
        if root.is_some() {
            return Err(Failure::new(
                "`--root` names a folder: it does not go with a URL",
            ));
        }
        let Some(fetch::Fetched { bytes, etag }) = fetch::fetch(url, terms)? else {
            return Ok(None);
        };
        let file = url
            .path_segments()
            .and_then(|mut parts| parts.next_back())
            .unwrap_or_default();
        let entry = if file.contains('.') {
            file
        } else {
            standard_name(file, &bytes)
        };
        let entry = entry.to_owned();
        let absent = "another document at a URL: download them all and name the first file";
        let files = Box::new(Memory::new(
            BTreeMap::from([(entry.clone(), bytes)]),
            absent,
        ));
        Ok(Some(Self {
            files,
            entry,
            folder: String::new(),
            recorded: address::recorded(url),
            etag,
        }))
    }

    fn file(workspace: &Workspace, spec: &str, root: Option<&Path>) -> Result<Self> {
        let path = Path::new(spec);
        let missing = |error| {
            Failure::new(format!("{spec}: {error}")).help("SPEC is a file or an http(s) URL")
        };
        // The link itself is what the user named; where it leads is checked when it is read.
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let parent = parent.canonicalize().map_err(missing)?;
        let Some(file) = path.file_name() else {
            return Err(Failure::new(format!("{spec} is a folder"))
                .help("name the first file of the description"));
        };
        let whole = parent.join(file);
        match fs::metadata(&whole) {
            Ok(metadata) if metadata.is_dir() => {
                return Err(Failure::new(format!("{spec} is a folder"))
                    .help("name the first file of the description"));
            }
            Ok(_) => {}
            Err(error) => return Err(missing(error)),
        }
        let folder = Folder::new(root.unwrap_or(&parent))?;
        let entry = folder.inside(&whole).ok_or_else(|| {
            Failure::new(format!(
                "{spec} does not lie in the folder that `--root` names, or its name is not UTF-8"
            ))
        })?;
        let given = match root {
            Some(root) => format!("{}/", root.display()),
            None => spec
                .strip_suffix(entry.as_str())
                .unwrap_or_default()
                .to_owned(),
        };
        Ok(Self {
            files: Box::new(folder),
            entry,
            folder: given,
            recorded: recorded(workspace, spec, &whole),
            etag: None,
        })
    }
}

/// A path as it may be committed: from the workspace where it lies inside, as given where that was relative, and
/// without folders that exist on one machine alone.
fn recorded(workspace: &Workspace, spec: &str, whole: &Path) -> String {
    let root = workspace
        .root()
        .canonicalize()
        .unwrap_or_else(|_| workspace.root().to_owned());
    let path = Path::new(spec);
    let shown = match whole.strip_prefix(&root) {
        Ok(inside) => inside,
        Err(_) if path.is_relative() => path,
        Err(_) => path.file_name().map_or(path, Path::new),
    };
    shown.display().to_string().replace('\\', "/")
}

/// The name under which a description of one file is kept: by its extension, else by its first character.
pub(crate) fn standard_name(entry: &str, bytes: &[u8]) -> &'static str {
    let lower = entry.to_ascii_lowercase();
    let first = bytes
        .iter()
        .find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xEF | 0xBB | 0xBF));
    match lower.rsplit_once('.').map(|(_, extension)| extension) {
        Some("json") => "openapi.json",
        Some("yaml" | "yml") => "openapi.yaml",
        _ if first == Some(&b'{') => "openapi.json",
        _ => "openapi.yaml",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_kept_under_one_name() {
        for (entry, bytes, name) in [
            ("x.json", "", "openapi.json"),
            ("x.YML", "{", "openapi.yaml"),
            ("api-docs", " \u{feff}{}", "openapi.json"),
            ("api-docs", "openapi: 3.1.0", "openapi.yaml"),
        ] {
            assert_eq!(standard_name(entry, bytes.as_bytes()), name, "{entry}");
        }
    }

    #[test]
    fn what_is_recorded_holds_on_other_machines() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("build-specs")).unwrap();
        let workspace = Workspace::at(&root).unwrap();
        let inside = root.join("specs/a.json");
        for (spec, whole, expected) in [
            (inside.to_str().unwrap(), inside.as_path(), "specs/a.json"),
            (
                "../specs/a.json",
                Path::new("/home/me/specs/a.json"),
                "../specs/a.json",
            ),
            (
                "/home/me/specs/a.json",
                Path::new("/home/me/specs/a.json"),
                "a.json",
            ),
        ] {
            assert_eq!(recorded(&workspace, spec, whole), expected);
        }
    }
}
