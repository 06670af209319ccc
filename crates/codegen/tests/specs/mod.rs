//! The documents of the spec corpus, one by one.

use std::path::PathBuf;

use toolwright_codegen::{Compiled, Input};

use crate::support::{Folder, corpus, json};

/// One document of the corpus.
pub(crate) struct Spec {
    pub(crate) name: String,
    root: PathBuf,
    entry: String,
}

impl Spec {
    /// Compiles it as `inspect` would.
    pub(crate) fn compile(&self) -> Compiled {
        let files = Folder(self.root.clone());
        toolwright_codegen::compile(&Input {
            files: &files,
            entry: &self.entry,
            name: &self.name.replace(['-', '.'], "_"),
            source: &self.entry,
            toolset: None,
            url: None,
            pins: None,
            strict: false,
        })
    }
}

/// All documents that a compiler should take; `TOOLWRIGHT_SPEC` picks one by name.
pub(crate) fn specs() -> Vec<Spec> {
    let Some(folder) = corpus() else {
        return Vec::new();
    };
    let only = std::env::var("TOOLWRIGHT_SPEC").ok();
    let manifest = json(&folder.join("MANIFEST.json"));
    let list = manifest["specs"].as_array().unwrap().iter();
    list.map(|spec| {
        let name = spec["name"].as_str().unwrap().to_owned();
        let entry = folder.join(spec["entry"].as_str().unwrap());
        let root = spec["root"]
            .as_str()
            .map_or(entry.parent().unwrap().to_owned(), |root| folder.join(root));
        let entry = entry
            .strip_prefix(&root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        Spec { name, root, entry }
    })
    .filter(|spec| only.as_ref().is_none_or(|only| *only == spec.name))
    .collect()
}
