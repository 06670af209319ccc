//! A `toolset.toml` that a command is given, with the overlays that lie beside it.

use std::collections::BTreeMap;
use std::path::Path;

use toolwright_codegen::{FileError, Files, toolset};

use crate::console::{Failure, Result};
use crate::files::Folder;
use crate::generate::read_toolset;
use crate::workspace::{TOOLSET, Workspace};

/// What a maintainer chose before the description is in the workspace.
#[derive(Debug, Default)]
pub(crate) struct Choices {
    /// The text of the file.
    pub(crate) text: Option<String>,
    /// The file, as messages show it.
    path: String,
    /// The overlays that it names, by path from its folder.
    pub(crate) overlays: BTreeMap<String, Vec<u8>>,
}

impl Choices {
    /// Reads them; nothing is chosen without a path.
    pub(crate) fn open(workspace: &Workspace, path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let Some(text) = read_toolset(workspace, path)? else {
            return Err(Failure::new(format!("{}: no such file", path.display())));
        };
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let folder = Folder::new(parent.unwrap_or(Path::new(".")))?;
        // What is wrong with the file is for the compiler to say.
        let named = toolset::parse(&text)
            .map(|file| file.overlays)
            .unwrap_or_default();
        let read = |name: String| folder.read(&name).ok().map(|bytes| (name, bytes));
        let overlays = named
            .into_iter()
            .filter_map(|overlay| read(overlay.value))
            .collect();
        Ok(Self {
            text: Some(text),
            path: workspace.shown(path),
            overlays,
        })
    }

    /// Where the file itself lies, or an overlay; `None` for every other one.
    pub(crate) fn place(&self, file: &str) -> Option<String> {
        self.text.as_ref()?;
        let folder = self.path.rfind('/').map_or("", |at| &self.path[..=at]);
        match file {
            TOOLSET => Some(self.path.clone()),
            _ if self.overlays.contains_key(file) => Some(format!("{folder}{file}")),
            _ => None,
        }
    }

    /// The documents of a description with the overlays among them.
    pub(crate) fn over<'a>(&'a self, files: &'a dyn Files) -> impl Files {
        Over {
            overlays: &self.overlays,
            files,
        }
    }
}

struct Over<'a> {
    overlays: &'a BTreeMap<String, Vec<u8>>,
    files: &'a dyn Files,
}

impl Files for Over<'_> {
    fn read(&self, path: &str) -> std::result::Result<Vec<u8>, FileError> {
        match self.overlays.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.files.read(path),
        }
    }
}
