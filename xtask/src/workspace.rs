//! Where things lie.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::console::{Failure, Result};
use crate::name::Name;

/// What a maintainer chooses, beside the description.
pub(crate) const TOOLSET: &str = "toolset.toml";

/// The folder of a workspace with `build-specs/` in it.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

/// Held while a command writes, so that two of them do not mix their files. Dropped with the process.
#[derive(Debug)]
pub(crate) struct Turn(#[expect(dead_code, reason = "its being open is the lock")] Option<File>);

impl Workspace {
    /// The workspace at `root`.
    ///
    /// # Errors
    /// When there is no `build-specs/` in it.
    pub fn at(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        if !root.join("build-specs").is_dir() {
            return Err(
                Failure::new(format!("{} has no folder `build-specs`", root.display()))
                    .help("run the command inside a Toolwright workspace"),
            );
        }
        Ok(Self { root })
    }

    /// The workspace around the package that `cargo run` runs, else around the current folder.
    ///
    /// # Errors
    /// When neither lies in a workspace with `build-specs/`.
    pub fn find() -> Result<Self> {
        let here =
            env::current_dir().map_err(|error| Failure::new(format!("current folder: {error}")))?;
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let mut around = package
            .iter()
            .flat_map(|path| path.ancestors())
            .chain(here.ancestors());
        match around.find(|folder| {
            folder.join("build-specs").is_dir() && folder.join("Cargo.toml").is_file()
        }) {
            Some(root) => Self::at(root),
            None => Self::at(here),
        }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `build-specs/`.
    pub fn specs(&self) -> PathBuf {
        self.root.join("build-specs")
    }

    /// The folder of one toolset.
    pub fn folder(&self, name: &Name) -> PathBuf {
        self.specs().join(name.as_str())
    }

    /// A path as messages show it: from the root of the workspace, with `/`.
    pub fn shown(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        path.display().to_string().replace('\\', "/")
    }

    /// Waits until no other command writes.
    pub(crate) fn turn(&self) -> Turn {
        // A folder can be locked on Unix alone; elsewhere two commands at once are their user's affair.
        let folder = File::open(self.specs()).ok();
        Turn(folder.filter(|folder| folder.lock().is_ok()))
    }

    /// Names of the folders that look like toolsets, sorted.
    pub(crate) fn folders(&self) -> Result<Vec<Name>> {
        let entries = fs::read_dir(self.specs())
            .map_err(|error| Failure::new(format!("build-specs: {error}")))?;
        let named = entries.flatten().filter(|entry| entry.path().is_dir());
        let mut names: Vec<Name> = named
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect();
        names.sort();
        Ok(names)
    }
}
