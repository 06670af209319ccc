//! Where a secret comes from: the configuration itself, or a file that may change while the process runs.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::secret::Secret;
use crate::error::{Error, Result};

/// The longest secret that a file may hold.
const MAX_BYTES: u64 = 64 << 10;

/// A file that changed this recently may change again without showing it: clocks of file systems are coarse.
const SETTLED: Duration = Duration::from_secs(2);

/// A secret, or the file that holds it. A file is looked at whenever its secret is needed and read again once it has
/// changed, so that secrets rotate without a restart.
#[derive(Clone, Debug)]
pub struct Source(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Fixed(Secret),
    File(Arc<Held>),
}

#[derive(Debug)]
struct Held {
    path: PathBuf,
    last: Mutex<(Option<Stamp>, Secret)>,
}

/// What differs between two contents of one path.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: SystemTime,
    identity: (u64, i64, i64),
}

impl Source {
    /// The secret in this file, without the line break at its end.
    ///
    /// # Errors
    /// When it cannot be read now: it is not there, is empty, too long, or no text. The message does not name the file.
    pub fn file(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let last = Mutex::new(read(&path).map_err(|what| unreadable(&what))?);
        Ok(Self(Kind::File(Arc::new(Held { path, last }))))
    }

    /// Whether the secret comes from a file.
    pub fn is_file(&self) -> bool {
        matches!(self.0, Kind::File(_))
    }

    /// The secret as it is now.
    ///
    /// # Errors
    /// When it is in a file that cannot be read any more; what it held before counts no longer.
    pub fn current(&self) -> Result<Secret> {
        let held = match &self.0 {
            Kind::Fixed(secret) => return Ok(secret.clone()),
            Kind::File(held) => held,
        };
        let mut last = held.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = fs::metadata(&held.path).map_err(|error| unreadable(&kind(&error)))?;
        if last.0.is_none() || last.0 != settled(&now) {
            *last = read(&held.path).map_err(|what| unreadable(&what))?;
        }
        Ok(last.1.clone())
    }
}

impl From<Secret> for Source {
    fn from(secret: Secret) -> Self {
        Self(Kind::Fixed(secret))
    }
}

fn read(path: &Path) -> Result<(Option<Stamp>, Secret), String> {
    let file = File::open(path).map_err(|error| kind(&error))?;
    let metadata = file.metadata().map_err(|error| kind(&error))?;
    let mut text = String::new();
    file.take(MAX_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|error| kind(&error))?;
    if text.len() as u64 > MAX_BYTES {
        return Err(format!("it is longer than {MAX_BYTES} bytes"));
    }
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(String::from("it is empty"));
    }
    Ok((settled(&metadata), Secret::new(secret)))
}

/// The stamp of a file that will show its next change; `None` for one that may not.
fn settled(metadata: &Metadata) -> Option<Stamp> {
    let modified = metadata.modified().ok()?;
    let age = SystemTime::now().duration_since(modified).ok()?;
    (age >= SETTLED).then(|| Stamp {
        bytes: metadata.len(),
        modified,
        identity: identity(metadata),
    })
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}

fn kind(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData => String::from("it is no text"),
        kind => kind.to_string(),
    }
}

fn unreadable(what: &str) -> Error {
    Error::gateway(format!("the file of a secret cannot be read: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_again_whenever_it_changed() {
        let path = std::env::temp_dir().join(format!("toolwright-source-{}", std::process::id()));
        fs::write(&path, "first\n").unwrap();
        let source = Source::file(&path).unwrap();
        assert_eq!(source.current().unwrap().expose(), "first");
        // Same length, at once.
        fs::write(&path, "other\r\n\n").unwrap();
        assert_eq!(source.current().unwrap().expose(), "other");
        // An old file: its stamp alone tells.
        let old = SystemTime::now() - Duration::from_secs(60);
        let aged = |text: &str, time| {
            fs::write(&path, text).unwrap();
            File::options()
                .write(true)
                .open(&path)
                .unwrap()
                .set_modified(time)
                .unwrap();
        };
        aged("third", old);
        assert_eq!(source.current().unwrap().expose(), "third");
        assert_eq!(source.current().unwrap().expose(), "third");
        aged("forth", old);
        assert_eq!(source.current().unwrap().expose(), "forth");
        for bad in ["", "\n"] {
            fs::write(&path, bad).unwrap();
            assert!(source.current().is_err(), "{bad:?}");
        }
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(source.current().unwrap_err().message().contains("no text"));
        fs::write(&path, "x".repeat(65_537)).unwrap();
        assert!(source.current().unwrap_err().message().contains("longer"));
        fs::remove_file(&path).unwrap();
        let error = source.current().unwrap_err();
        assert!(!error.message().contains("toolwright-source"), "{error}");
        assert_eq!(
            format!("{:?}", Source::from(Secret::new("canary"))),
            "Source(Fixed(***))"
        );
    }
}
