//! A workspace in a temporary folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use toolwright_xtask::{Console, Workspace, run};

/// A description with one tool.
pub(crate) const PETS: &str = r#"{"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"},
  "paths": {"/pets/{id}": {"get": {"operationId": "get_pet", "tags": ["pets"], "summary": "Get a pet",
    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
    "responses": {"200": {"description": "ok"}}}}}}
"#;

/// What a command did.
#[derive(Debug)]
pub(crate) struct Done {
    /// Whether it succeeded; the message of its failure otherwise.
    pub(crate) outcome: Result<(), String>,
    /// Standard output.
    pub(crate) answer: String,
    /// Standard error.
    pub(crate) notes: String,
}

impl Done {
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!(self.outcome.is_ok(), "{self:#?}");
        self
    }

    /// The message of the failure.
    #[track_caller]
    pub(crate) fn failed(self) -> String {
        match self.outcome {
            Ok(()) => panic!("it succeeded: {} {}", self.answer, self.notes),
            Err(message) => message,
        }
    }
}

/// An empty workspace, and a folder beside it for descriptions.
pub(crate) struct Bench {
    folder: TempDir,
    workspace: Workspace,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("workspace");
        fs::create_dir_all(root.join("build-specs")).unwrap();
        fs::write(root.join("Cargo.toml"), "[workspace]\n").unwrap();
        Self {
            folder,
            workspace: Workspace::at(root).unwrap(),
        }
    }

    /// The root of the workspace.
    pub(crate) fn root(&self) -> &Path {
        self.workspace.root()
    }

    /// Writes a file beside the workspace; its path.
    pub(crate) fn spec(&self, path: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// A path below `build-specs/`.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.workspace.specs().join(path)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let outcome = run(
            arguments,
            &self.workspace,
            &mut Console::new(&mut out, &mut err),
        );
        Done {
            outcome: outcome.map_err(|failure| failure.to_string()),
            answer: String::from_utf8(out).unwrap(),
            notes: String::from_utf8(err).unwrap(),
        }
    }

    /// `add NAME` of a description with one tool.
    pub(crate) fn add_pets(&self, name: &str) {
        let spec = self.spec("pets.json", PETS);
        self.run(&["add", name, spec.to_str().unwrap()]).ok();
    }

    /// Every file below `build-specs/` with its content.
    pub(crate) fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let mut tree = BTreeMap::new();
        collect(&self.workspace.specs(), "", &mut tree);
        tree
    }
}

fn collect(folder: &Path, prefix: &str, tree: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), tree);
        } else {
            tree.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}
