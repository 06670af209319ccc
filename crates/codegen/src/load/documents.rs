use std::cell::Cell;
use std::collections::HashMap;

use toolwright_document::{Cursor, Document, Limits, NodeId};

use super::reference::{RefError, RefErrorKind};
use super::scan::{Found, own_identifier, scan};
use super::{FileError, Files, LoadError, path};
use crate::problem::{Problem, Problems, Severity};

/// How much is loaded for one description.
#[derive(Debug, Clone, Copy)]
pub struct LoadLimits {
    /// Files (10,000).
    pub max_files: usize,
    /// Bytes of all files together (128 MiB).
    pub max_bytes: usize,
    /// Of each file.
    pub file: Limits,
}

impl Default for LoadLimits {
    fn default() -> Self {
        LoadLimits {
            max_files: 10_000,
            max_bytes: 128 << 20,
            file: Limits::default(),
        }
    }
}

/// See [`Documents::suggestions`].
const SUGGESTIONS: u32 = 200;

/// All files of a description.
#[derive(Debug)]
pub struct Documents {
    entry: Document,
    /// In the order of their numbers, which begin with 1.
    others: Vec<Document>,
    /// By path: the number of the document, or why there is none.
    files: HashMap<String, Result<u32, Unusable>>,
    /// By absolute identifier (`$id`, `$self`).
    pub(super) identifiers: HashMap<String, NodeId>,
    /// The absolute identifier of each node that has one.
    pub(super) bases: HashMap<NodeId, String>,
    /// See [`Found::within`].
    pub(super) within: HashMap<NodeId, NodeId>,
    /// Broken references that may still be compared with what there is.
    pub(super) suggestions: Cell<u32>,
    /// By name (`$anchor`, `$dynamicAnchor`).
    pub(super) anchors: HashMap<String, Vec<NodeId>>,
    /// Every object with a `$ref`.
    references: Vec<NodeId>,
    /// Paths of files that are no JSON or YAML, with the mistake.
    broken: Vec<Problem>,
}

#[derive(Debug, Clone)]
struct Unusable(String);

impl Documents {
    /// Loads the entry file and whatever it refers to.
    ///
    /// # Errors
    /// Why the entry file cannot be read.
    pub fn load(
        files: &dyn Files,
        entry: &str,
        limits: &LoadLimits,
    ) -> Result<Documents, LoadError> {
        let failed = |message: String| Box::new(Problem::of_file(Severity::Error, entry, message));
        let name = path::normalize(entry)
            .ok_or_else(|| failed("it leads out of the root folder".to_owned()))?;
        let bytes = files.read(&name).map_err(|error| failed(reason(&error)))?;
        let document = Document::parse(&name, &bytes, &limits.file)
            .map_err(|error| Box::new((&error).into()))?;
        let mut loader = Loader {
            files,
            limits,
            bytes: bytes.len(),
            queue: Vec::new(),
            loaded: Documents {
                files: HashMap::from([(name.clone(), Ok(0))]),
                entry: document,
                others: Vec::new(),
                identifiers: HashMap::new(),
                bases: HashMap::new(),
                within: HashMap::new(),
                suggestions: Cell::new(SUGGESTIONS),
                anchors: HashMap::new(),
                references: Vec::new(),
                broken: Vec::new(),
            },
        };
        let found = scan(&loader.loaded.entry);
        loader.enqueue(0, &found);
        loader.loaded.index(0, found);
        // Depth first, in the order of the text: which files are loaded must not depend on anything else.
        while let Some(path) = loader.queue.pop() {
            loader.file(path);
        }
        Ok(loader.loaded)
    }

    /// The file that everything began with.
    #[must_use]
    pub fn entry(&self) -> Cursor<'_> {
        self.entry.root()
    }

    /// All files that could be read; the entry file is first.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        std::iter::once(&self.entry).chain(&self.others)
    }

    fn document(&self, number: u32) -> Option<&Document> {
        match number {
            0 => Some(&self.entry),
            number => self.others.get(number as usize - 1),
        }
    }

    /// A node by its number.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<Cursor<'_>> {
        self.document(id.document())?.node(id.index())
    }

    /// Every object with a `$ref` in every file, except in examples and extensions.
    pub fn references(&self) -> impl Iterator<Item = Cursor<'_>> {
        self.references.iter().filter_map(|&id| self.node(id))
    }

    fn index(&mut self, number: u32, found: Found) {
        let Some(document) = self.document(number) else {
            return;
        };
        let mut bases: HashMap<NodeId, String> = HashMap::new();
        let name = document.name().to_owned();
        for &id in &found.identified {
            let own = document.node(id.index()).and_then(own_identifier);
            let around = found.within.get(&id).and_then(|around| bases.get(around));
            // Around comes first in the list.
            let joined = own.map(|own| path::join(around.unwrap_or(&name), own));
            bases.extend(
                joined.map(|it| (id, it.strip_suffix('#').map(str::to_owned).unwrap_or(it))),
            );
        }
        let mut anchors = Vec::new();
        for &id in &found.anchored {
            let Some(node) = document.node(id.index()) else {
                continue;
            };
            for key in ["$anchor", "$dynamicAnchor"] {
                let name = node.get(key).and_then(Cursor::as_str);
                anchors.extend(name.map(|name| (name.to_owned(), id)));
            }
        }
        for id in found.identified {
            if let Some(base) = bases.get(&id) {
                self.identifiers.entry(base.clone()).or_insert(id);
            }
        }
        self.bases.extend(bases);
        self.within.extend(found.within);
        for (name, id) in anchors {
            self.anchors.entry(name).or_default().push(id);
        }
        self.references.extend(found.references);
    }

    pub(super) fn is_loaded(&self, path: &str) -> bool {
        matches!(self.files.get(path), Some(Ok(_)))
    }

    pub(super) fn file(&self, reference: &str, path: &str) -> Result<Cursor<'_>, RefError> {
        let unusable = |reason: &str| {
            let (path, reason) = (path.to_owned(), reason.to_owned());
            RefError::new(reference, RefErrorKind::File { path, reason })
        };
        match self.files.get(path) {
            Some(Ok(number)) => {
                let document = self.document(*number);
                document
                    .map(Document::root)
                    .ok_or_else(|| unusable("it was not loaded"))
            }
            Some(Err(Unusable(reason))) => Err(unusable(reason)),
            None => Err(unusable("it was not loaded")),
        }
    }

    /// Adds what is wrong with the files as texts: repeated keys, files that are no JSON or YAML.
    pub fn report(&self, problems: &mut Problems) {
        for problem in &self.broken {
            problems.push(problem.clone());
        }
        for document in self.documents() {
            if let Some(error) = document.not_json() {
                let message = format!("this is no JSON, but YAML: {}", error.message);
                let problem = problems.warn(document.root(), message);
                problem.position = error.position;
                problem.help("give the file the extension .yaml, or correct it");
            }
            for position in document.replaced_surrogates() {
                let message = format!(
                    "half of a surrogate pair in a string at {position}; U+FFFD stands in its place"
                );
                problems.notice(document.root(), message);
            }
            for duplicate in document.duplicate_keys() {
                let (key, first, second) = (duplicate.key, duplicate.first, duplicate.second);
                let message = format!(
                    "the key `{key}` occurs again at {second}, after {first}; the last one counts"
                );
                let problem = if holds_operations(duplicate.object) {
                    // Half of an API would vanish.
                    problems.error(duplicate.object, message)
                } else {
                    problems.warn(duplicate.object, message)
                };
                problem.position = Some(second);
                problem.snippet = Some(document.snippet_at(second));
                problem.help("merge the two, or take one of them out");
            }
        }
    }
}

/// Whether an object is `paths`, or a path item in it.
fn holds_operations(object: Cursor<'_>) -> bool {
    let pointer = object.pointer();
    let below = pointer.strip_prefix("/paths");
    below.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with('/') && rest.matches('/').count() == 1
    })
}

fn reason(error: &FileError) -> String {
    error.to_string()
}

struct Loader<'a> {
    files: &'a dyn Files,
    limits: &'a LoadLimits,
    bytes: usize,
    queue: Vec<String>,
    loaded: Documents,
}

impl Loader<'_> {
    fn file(&mut self, path: String) {
        if self.loaded.files.contains_key(&path) {
            return;
        }
        match self.read(&path) {
            Ok(document) => self.add(path, document),
            Err(reason) => {
                self.loaded.files.insert(path, Err(Unusable(reason)));
            }
        }
    }

    fn read(&mut self, path: &str) -> Result<Document, String> {
        let limits = self.limits;
        if self.loaded.files.len() >= limits.max_files {
            return Err(format!(
                "a description may have at most {} files",
                limits.max_files
            ));
        }
        let bytes = self.files.read(path).map_err(|error| reason(&error))?;
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.bytes > limits.max_bytes {
            return Err(format!(
                "a description may have at most {} bytes in all",
                limits.max_bytes
            ));
        }
        Document::parse(path, &bytes, &limits.file).map_err(|error| {
            let mut problem = Problem::from(&error);
            problem.severity = Severity::Warning;
            self.loaded.broken.push(problem);
            let at = error
                .position
                .map(|position| format!(" at {position}"))
                .unwrap_or_default();
            format!("{}{at}", error.message)
        })
    }

    fn add(&mut self, path: String, document: Document) {
        let number = self.loaded.others.len() as u32 + 1;
        let document = document.with_number(number);
        let found = scan(&document);
        self.loaded.files.insert(path, Ok(number));
        self.loaded.others.push(document);
        self.enqueue(number, &found);
        self.loaded.index(number, found);
    }

    fn enqueue(&mut self, number: u32, found: &Found) {
        let Some(document) = self.loaded.document(number) else {
            return;
        };
        let written = found.references.iter().filter_map(|id| {
            let reference = document.node(id.index())?.get("$ref")?;
            reference.as_str()
        });
        let mentioned = found.mentioned.iter().map(String::as_str);
        let mut fresh = Vec::new();
        for reference in written.chain(mentioned) {
            let (file, _) = path::split(reference);
            let path = match (file.is_empty(), path::is_absolute(file)) {
                (true, _) => None,
                // A document of the network is read where its copy lies, if there is one.
                (_, true) => path::bundled(self.loaded.entry.name(), file),
                _ => path::relative(document.name(), file),
            };
            fresh.extend(path.filter(|path| !self.loaded.files.contains_key(path)));
        }
        self.queue.extend(fresh.into_iter().rev());
    }
}
