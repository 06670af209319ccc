//! `specs.lock`: what is compiled in, where it came from, and the pinned name of every tool.
//!
//! Sorted, and one line for each tool, so that two branches that add tools merge without a conflict.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::console::{Failure, Result};
use crate::name::Name;
use crate::workspace::{TOOLSET, Workspace};

/// Its place below `build-specs/`.
pub(crate) const FILE: &str = "specs.lock";

/// The whole file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lock {
    /// By name.
    pub(crate) toolsets: BTreeMap<Name, Entry>,
}

/// One toolset.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// A URL, or a path as it was given.
    pub(crate) source: String,
    /// The first document, from the toolset's folder.
    pub(crate) entry: String,
    /// The upstream's base URL, where it was given to `add`.
    pub(crate) url: Option<String>,
    /// What the server called the document when it was fetched (RFC 9110 §8.8.3).
    pub(crate) etag: Option<String>,
    /// Whether every doubt about the description is an error.
    #[serde(default)]
    pub(crate) strict: bool,
    /// Version of the compiler that wrote the code.
    #[serde(default)]
    pub(crate) generator: String,
    /// SHA-256 of each document, by path from the toolset's folder.
    #[serde(default)]
    pub(crate) documents: BTreeMap<String, String>,
    /// By method and path.
    #[serde(default)]
    pub(crate) tools: BTreeMap<String, Pin>,
}

impl Entry {
    /// What each tool is called, by method and path.
    pub(crate) fn names(&self) -> BTreeMap<String, String> {
        let name = |(endpoint, pin): (&String, &Pin)| (endpoint.clone(), pin.name.clone());
        self.tools.iter().map(name).collect()
    }
}

/// What is pinned of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pin {
    /// The name that agents call.
    pub(crate) name: String,
    /// Of what `tools/list` says about it and of the request it makes.
    pub(crate) digest: String,
}

impl Lock {
    /// The lock of a workspace; empty when it has none yet, and no toolset that one would list.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let path = workspace.specs().join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).map_err(|failure| {
                let failure = failure.at(workspace.shown(&path));
                failure.help("the file is written by `cargo xtask`; restore it with `git checkout`")
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let toolsets = workspace.folders()?.into_iter();
                let toolsets: Vec<Name> = toolsets
                    .filter(|name| workspace.folder(name).join(TOOLSET).is_file())
                    .collect();
                match toolsets.is_empty() {
                    true => Ok(Self::default()),
                    false => Err(missing(workspace, &toolsets)),
                }
            }
            Err(error) => Err(Failure::new(format!("{}: {error}", workspace.shown(&path)))),
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let tables: BTreeMap<String, Entry> = toml::from_str(text)
            .map_err(|error| Failure::new(error.to_string().trim_end().to_owned()))?;
        let mut lock = Self::default();
        for (name, entry) in tables {
            let name = name
                .parse()
                .map_err(|rule| Failure::new(format!("[{name}]: {rule}")))?;
            lock.toolsets.insert(name, entry);
        }
        Ok(lock)
    }

    /// The entry of a toolset.
    pub(crate) fn get(&self, name: &Name) -> Result<&Entry> {
        self.toolsets.get(name).ok_or_else(|| {
            let known: Vec<_> = self.toolsets.keys().map(Name::as_str).collect();
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            Failure::new(format!("there is no toolset `{name}`"))
                .help(format!("compiled in: {known}"))
        })
    }

    /// The names, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.toolsets.keys().map(Name::as_str).collect()
    }

    /// The text of the file.
    pub(crate) fn render(&self) -> String {
        let mut out = String::from(
            "# What is compiled in, where it came from, and what each tool is pinned to.\n\
             # Written by `cargo xtask`; review it, do not edit it.\n",
        );
        for (name, entry) in &self.toolsets {
            entry.render(name, &mut out);
        }
        out
    }
}

/// Without it nothing would be linked, and all that was pinned would be gone.
fn missing(workspace: &Workspace, toolsets: &[Name]) -> Failure {
    let folders: Vec<String> = toolsets
        .iter()
        .map(|name| workspace.shown(&workspace.folder(name)))
        .collect();
    let lock = workspace.shown(&workspace.specs().join(FILE));
    let folders = folders.join(", ");
    Failure::new(format!("{lock} is missing, which records the toolsets in {folders}")).help(format!(
        "restore it with `git checkout -- {lock}`; if it never was there, because the first `add` was stopped, delete {folders}"
    ))
}

impl Entry {
    fn render(&self, name: &Name, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n[{name}]");
        let mut line = |key: &str, value: &str| {
            let _ = writeln!(out, "{key} = {}", quoted(value));
        };
        line("source", &self.source);
        line("entry", &self.entry);
        if let Some(url) = &self.url {
            line("url", url);
        }
        if let Some(etag) = &self.etag {
            line("etag", etag);
        }
        line("generator", &self.generator);
        if self.strict {
            out.push_str("strict = true\n");
        }
        let _ = writeln!(out, "\n[{name}.documents]");
        for (path, digest) in &self.documents {
            let _ = writeln!(out, "{} = {}", quoted(path), quoted(digest));
        }
        let _ = writeln!(out, "\n[{name}.tools]");
        for (endpoint, pin) in &self.tools {
            let (name, digest) = (quoted(&pin.name), quoted(&pin.digest));
            let _ = writeln!(
                out,
                "{} = {{ name = {name}, digest = {digest} }}",
                quoted(endpoint)
            );
        }
    }
}

/// A TOML basic string: always one line, whatever a description puts into a path.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || is_invisible(c) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Characters that would make a reviewer see something else than what is there.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// `sha256:` and the digest of the bytes in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let mut out = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        let odd = "GET /a\"b\\c\n\u{202e}{x}";
        let entry = Entry {
            source: "http://h/openapi.json".into(),
            entry: "openapi.json".into(),
            url: Some("http://h".into()),
            etag: Some("\"1\"".into()),
            strict: true,
            generator: "0.1.0".into(),
            documents: BTreeMap::from([("openapi.json".into(), digest(b""))]),
            tools: BTreeMap::from([(
                odd.into(),
                Pin {
                    name: "a".into(),
                    digest: digest(b"a"),
                },
            )]),
        };
        let lock = Lock {
            toolsets: BTreeMap::from([("pets".parse().unwrap(), entry)]),
        };
        let text = lock.render();
        let again = Lock::parse(&text).unwrap();
        assert_eq!(again.render(), text);
        assert_eq!(
            again
                .toolsets
                .values()
                .next()
                .unwrap()
                .tools
                .keys()
                .next()
                .unwrap(),
            odd
        );
        let tool = text.lines().last().unwrap();
        assert!(
            tool.starts_with("\"GET /a") && tool.ends_with("\" }") && !tool.contains('\u{202e}'),
            "{tool}"
        );
    }

    #[test]
    fn a_damaged_lock_is_an_error_with_its_line() {
        for text in [
            "[pets]\nsource = 1\n",
            "<<<<<<< HEAD\n",
            "[pets]\nsurce = \"x\"\n",
            "[\"../x\"]\nsource = \"\"\n",
        ] {
            assert!(Lock::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn digests_are_sha256() {
        assert_eq!(
            digest(b""),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
