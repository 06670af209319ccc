//! What an earlier commit holds.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use toolwright_codegen::{FileError, Files};

use crate::console::{Failure, Result};
use crate::fetch::MAX_BYTES;
use crate::workspace::Workspace;

/// A commit.
#[derive(Debug)]
pub(crate) struct Commit {
    root: PathBuf,
    hash: String,
}

impl Commit {
    /// The commit that `revision` names.
    pub(crate) fn find(workspace: &Workspace, revision: &str) -> Result<Self> {
        let root = workspace.root().to_owned();
        let name = format!("{revision}^{{commit}}");
        let found = git(
            &root,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &name,
            ],
        )
        .map_err(|error| Failure::new(format!("git: {error}")).exits(2))?;
        let hash = found.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        match hash.filter(|hash| !hash.is_empty()) {
            Some(hash) => Ok(Self { root, hash }),
            None => Err(Failure::new(format!("`{revision}` is no commit of this repository"))
                .help("a shallow checkout has not all of them: `git fetch --unshallow`, or `fetch-depth: 0`")
                .exits(2)),
        }
    }

    /// A file by its path from the workspace; `None` when the commit has none there.
    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        // `./` makes it relative to the workspace, which may be a folder of a larger repository.
        git(
            &self.root,
            &["cat-file", "blob", &format!("{}:./{path}", self.hash)],
        )
        .ok()
        .flatten()
    }

    /// A folder, as the compiler reads it.
    pub(crate) fn folder(&self, path: String) -> Committed<'_> {
        Committed { commit: self, path }
    }
}

/// A folder of a commit. A symbolic link in it is a file whose content is a path: no way out.
pub(crate) struct Committed<'a> {
    commit: &'a Commit,
    path: String,
}

impl Files for Committed<'_> {
    fn read(&self, path: &str) -> std::result::Result<Vec<u8>, FileError> {
        let bytes = self
            .commit
            .read(&format!("{}/{path}", self.path))
            .ok_or(FileError::NotFound)?;
        match bytes.len() > MAX_BYTES {
            true => Err(FileError::TooLarge),
            false => Ok(bytes),
        }
    }
}

/// What git answers; `None` when it says no.
fn git(root: &std::path::Path, arguments: &[&str]) -> std::io::Result<Option<Vec<u8>>> {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(root);
    let done = git.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    Ok(done.status.success().then_some(done.stdout))
}
