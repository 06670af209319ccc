//! Where the spec corpus is, and files from a directory.

use std::fs;
use std::path::{Path, PathBuf};

use toolwright_codegen::{FileError, Files};

/// The corpus: `TOOLWRIGHT_CORPUS`, else a folder beside the workspace. `None` where there is none.
pub(crate) fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("TOOLWRIGHT_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs"),
        PathBuf::from,
    );
    if root.join("MANIFEST.json").is_file() {
        return Some(root);
    }
    println!(
        "skipped: no spec corpus at {} (set TOOLWRIGHT_CORPUS)",
        root.display()
    );
    None
}

/// JSON from a file of the corpus.
pub(crate) fn json(path: &Path) -> serde_json::Value {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A directory as the compiler sees it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let path = self.0.join(path);
        if path.is_dir() {
            return Err(FileError::IsDirectory);
        }
        fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => FileError::NotFound,
            _ => FileError::Other(error.to_string()),
        })
    }
}
