//! References to the network, where a person asked for them: fetched once, and kept beside the description.

use std::cell::RefCell;
use std::collections::BTreeMap;

use toolwright_codegen::load::bundled_url;
use toolwright_codegen::{FileError, Files};
use url::Url;

use crate::fetch::{self, Terms};
use crate::source::Source;

/// Documents that one description may draw from the network.
const MOST: usize = 100;

/// Files that are fetched when they are not there.
pub(crate) struct Remote {
    files: Box<dyn Files>,
    entry: String,
    /// Where the description itself came from, if from a URL: its relative references lead there too.
    from: Option<Url>,
    /// Whether references may lead into private networks; and those to the origin of the description itself.
    allow_private: (bool, bool),
    fetched: RefCell<BTreeMap<String, Result<Vec<u8>, FileError>>>,
}

impl Remote {
    /// The same description, with what it refers to on the network within reach. A person who has just written an
    /// address (`typed`) means that server, wherever it is; a name on record may lead elsewhere today.
    pub(crate) fn open(source: Source, allow_private: bool, typed: bool) -> Source {
        let from = Url::parse(&source.recorded)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        let files = Box::new(Remote {
            files: source.files,
            entry: source.entry.clone(),
            from,
            allow_private: (allow_private, allow_private || typed),
            fetched: RefCell::default(),
        });
        Source { files, ..source }
    }

    fn url(&self, path: &str) -> Option<Url> {
        match bundled_url(&self.entry, path) {
            Some(url) => Url::parse(&url).ok(),
            None => self.from.as_ref()?.join(path).ok(),
        }
    }

    fn fetch(&self, url: &Url) -> Result<Vec<u8>, FileError> {
        if self.fetched.borrow().len() >= MOST {
            return Err(FileError::Other(format!(
                "a description may draw on at most {MOST} documents of the network"
            )));
        }
        // A reference that somebody else wrote must not reach into a private network, its own origin apart.
        let own = self
            .from
            .as_ref()
            .is_some_and(|from| from.origin() == url.origin());
        let terms = Terms {
            allow_private: match own {
                true => self.allow_private.1,
                false => self.allow_private.0,
            },
            etag: None,
        };
        match fetch::fetch(url, &terms) {
            Ok(Some(found)) => Ok(found.bytes),
            Ok(None) => Err(FileError::NotFound),
            Err(failure) => Err(FileError::Other(failure.to_string())),
        }
    }
}

impl Files for Remote {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let missing = match self.files.read(path) {
            Err(error) if error != FileError::Outside => error,
            found => return found,
        };
        if let Some(known) = self.fetched.borrow().get(path) {
            return known.clone();
        }
        let Some(url) = self.url(path) else {
            return Err(missing);
        };
        let found = self.fetch(&url);
        self.fetched
            .borrow_mut()
            .insert(path.to_owned(), found.clone());
        found
    }
}
