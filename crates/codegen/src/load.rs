//! The files of a description, and the references between them.

mod documents;
mod fragment;
mod path;
mod reference;
mod scan;

pub use documents::{Documents, LoadLimits};
pub use path::bundled_url;
pub use reference::{RefError, RefErrorKind};

use crate::problem::{Problem, Problems};

/// Reads files for the compiler, which has no file system of its own.
pub trait Files {
    /// The content of a file. `path` is relative to the root folder, its parts are separated by `/`, and it never
    /// leads out of the root.
    ///
    /// # Errors
    /// Why there is no content.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// There is nothing of that name.
    NotFound,
    /// It is a directory.
    IsDirectory,
    /// A link that leads out of the root folder.
    Outside,
    /// More bytes than the reader takes.
    TooLarge,
    /// Anything else, in the words of the system.
    Other(String),
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            FileError::NotFound => "there is no such file",
            FileError::IsDirectory => "it is a directory; name the file of the description in it",
            FileError::Outside => "it leads out of the root folder",
            FileError::TooLarge => "it is too large",
            FileError::Other(message) => message,
        })
    }
}

impl std::error::Error for FileError {}

/// One file in memory.
impl Files for std::collections::BTreeMap<String, Vec<u8>> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.get(path).cloned().ok_or(FileError::NotFound)
    }
}

/// Loads the entry file and every file that it refers to, directly or not. `None` when the entry file itself cannot
/// be read; the reason is among the problems then.
pub fn load(files: &dyn Files, entry: &str, problems: &mut Problems) -> Option<Documents> {
    match Documents::load(files, entry, &LoadLimits::default()) {
        Ok(documents) => {
            documents.report(problems);
            Some(documents)
        }
        Err(problem) => {
            problems.push(*problem);
            None
        }
    }
}

type LoadError = Box<Problem>;
