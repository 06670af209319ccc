//! Where the compiler's reads end: a folder that is never left, documents in memory, and a record of what was read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use toolwright_codegen::{FileError, Files};

use crate::console::{Failure, Result};
use crate::fetch::MAX_BYTES;

/// Documents that one description may consist of: the largest known has 2,872.
const MAX_FILES: usize = 10_000;
/// And their size together.
const MAX_TOTAL: usize = 4 * MAX_BYTES;

/// A folder on disk. Links that lead out of it are refused, and so is all that is not a plain file.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder at `root`, which must exist.
    pub(crate) fn new(root: &Path) -> Result<Self> {
        let place = |error| Failure::new(format!("{}: {error}", root.display()));
        Ok(Self {
            root: root.canonicalize().map_err(place)?,
        })
    }

    /// The path of a file from this folder, with `/`; `None` when it lies elsewhere.
    pub(crate) fn inside(&self, path: &Path) -> Option<String> {
        let parts = path.strip_prefix(&self.root).ok()?.components();
        let parts: Option<Vec<_>> = parts.map(|part| part.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> std::result::Result<Vec<u8>, FileError> {
        let place = self
            .root
            .join(path)
            .canonicalize()
            .map_err(|error| unread(&error))?;
        if !place.starts_with(&self.root) {
            return Err(FileError::Outside);
        }
        let metadata = fs::metadata(&place).map_err(|error| unread(&error))?;
        if metadata.is_dir() {
            return Err(FileError::IsDirectory);
        }
        if !metadata.is_file() {
            // A pipe would block, a device would never end.
            return Err(FileError::Other("it is not a plain file".to_owned()));
        }
        let file = File::open(&place).map_err(|error| unread(&error))?;
        let mut bytes = Vec::new();
        file.take(MAX_BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| unread(&error))?;
        if bytes.len() > MAX_BYTES {
            Err(FileError::TooLarge)
        } else {
            Ok(bytes)
        }
    }
}

fn unread(error: &std::io::Error) -> FileError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FileError::NotFound,
        ErrorKind::IsADirectory => FileError::IsDirectory,
        _ => FileError::Other(error.to_string()),
    }
}

/// Documents in memory, by path.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    documents: BTreeMap<String, Vec<u8>>,
    absent: &'static str,
}

impl Memory {
    /// These documents; every other one is missing for the reason `absent`.
    pub(crate) fn new(documents: BTreeMap<String, Vec<u8>>, absent: &'static str) -> Self {
        Self { documents, absent }
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> std::result::Result<Vec<u8>, FileError> {
        self.documents
            .get(path)
            .cloned()
            .ok_or_else(|| FileError::Other(self.absent.to_owned()))
    }
}

/// Remembers every document that was read.
pub(crate) struct Recorded<'a> {
    files: &'a dyn Files,
    read: RefCell<BTreeMap<String, Vec<u8>>>,
}

impl<'a> Recorded<'a> {
    /// Nothing is read yet.
    pub(crate) fn new(files: &'a dyn Files) -> Self {
        Self {
            files,
            read: RefCell::default(),
        }
    }

    /// Everything that was read.
    pub(crate) fn into_documents(self) -> BTreeMap<String, Vec<u8>> {
        self.read.into_inner()
    }
}

impl Files for Recorded<'_> {
    fn read(&self, path: &str) -> std::result::Result<Vec<u8>, FileError> {
        let bytes = self.files.read(path)?;
        let mut read = self.read.borrow_mut();
        read.insert(path.to_owned(), bytes.clone());
        if read.len() > MAX_FILES || read.values().map(Vec::len).sum::<usize>() > MAX_TOTAL {
            let limit = format!(
                "the description has more than {MAX_FILES} files or {} MiB",
                MAX_TOTAL >> 20
            );
            return Err(FileError::Other(limit));
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_not_left() {
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().join("specs");
        fs::create_dir_all(root.join("parts")).unwrap();
        fs::write(root.join("parts/a.yaml"), "a: 1").unwrap();
        fs::write(outside.path().join("secret"), "s").unwrap();
        let folder = Folder::new(&root).unwrap();
        assert_eq!(folder.read("parts/a.yaml").unwrap(), b"a: 1");
        for path in [
            "../secret",
            "parts/../../secret",
            "parts",
            "",
            "absent",
            "parts/a.yaml/b",
            "a\0b",
        ] {
            assert!(folder.read(path).is_err(), "{path}");
        }
        let absolute = outside.path().join("secret");
        assert!(folder.read(absolute.to_str().unwrap()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_alone() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().join("specs");
        fs::create_dir_all(&root).unwrap();
        fs::write(root.join("a.yaml"), "a: 1").unwrap();
        fs::write(outside.path().join("secret"), "s").unwrap();
        for (link, target) in [
            ("in", "a.yaml"),
            ("out", "../secret"),
            ("dangling", "absent"),
            ("up", ".."),
            ("loop", "loop"),
        ] {
            symlink(target, root.join(link)).unwrap();
        }
        let folder = Folder::new(&root).unwrap();
        assert_eq!(folder.read("in").unwrap(), b"a: 1");
        for path in ["out", "dangling", "up/secret", "up", "loop"] {
            assert!(folder.read(path).is_err(), "{path}");
        }
        assert!(
            Folder::new(Path::new("/dev"))
                .unwrap()
                .read("zero")
                .is_err()
        );
    }

    #[test]
    fn what_was_read_is_known() {
        let documents = BTreeMap::from([("a".to_owned(), vec![1]), ("b".to_owned(), vec![2])]);
        let memory = Memory::new(documents, "absent");
        let recorded = Recorded::new(&memory);
        assert!(recorded.read("a").is_ok() && recorded.read("c").is_err());
        assert_eq!(
            recorded.into_documents().into_keys().collect::<Vec<_>>(),
            ["a"]
        );
    }
}
