//! What all readers share: fields of an expected type, references, and the record of what broke.

use toolwright_document::Cursor;

use crate::load::{Documents, RefError, RefErrorKind};
use crate::model::{Dialect, SecurityScheme};
use crate::problem::{Problem, Problems};

/// References in a row before they count as a loop.
const MOST_LAYERS: usize = 20;

/// A version of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Edition {
    V2,
    V30,
    V31,
    V32,
}

impl Edition {
    pub(super) fn dialect(self) -> Dialect {
        match self {
            Edition::V2 => Dialect::Swagger2,
            Edition::V30 => Dialect::V30,
            Edition::V31 | Edition::V32 => Dialect::V31,
        }
    }
}

/// A piece that was lost: the node and the message it was reported with.
pub(super) struct Break<'d> {
    at: Cursor<'d>,
    message: String,
    /// Whether an operation that needs the piece is useless without it.
    severe: bool,
    /// Whether it would have led out of the root folder.
    pub(super) outside: bool,
}

/// Parts of operations that are read, those counted again that several operations share.
const MOST_PARTS: usize = 1_000_000;
/// Bytes of text in them.
const MOST_TEXT: usize = 128 << 20;

pub(super) struct Reader<'d, 'p> {
    pub(super) documents: &'d Documents,
    pub(super) problems: &'p mut Problems,
    pub(super) edition: Edition,
    /// The security schemes that are known: those that the description declares, and those that requirements refer to.
    pub(super) schemes: Vec<(String, Cursor<'d>)>,
    /// The latter.
    pub(super) referred: Vec<(String, SecurityScheme)>,
    /// What broke in the operation that is being read.
    pub(super) breaks: Vec<Break<'d>>,
    /// What broke in each operation so far, and outside of all of them.
    pub(super) operations: Vec<Vec<Break<'d>>>,
    pub(super) elsewhere: Vec<Break<'d>>,
    /// What may still be read: references make a small file large.
    parts: usize,
    text: usize,
}

impl<'d, 'p> Reader<'d, 'p> {
    pub(super) fn new(
        documents: &'d Documents,
        problems: &'p mut Problems,
        edition: Edition,
    ) -> Self {
        Reader {
            documents,
            problems,
            edition,
            schemes: Vec::new(),
            referred: Vec::new(),
            breaks: Vec::new(),
            operations: Vec::new(),
            elsewhere: Vec::new(),
            parts: MOST_PARTS,
            text: MOST_TEXT,
        }
    }

    pub(super) fn warn(&mut self, at: Cursor<'d>, message: impl Into<String>) -> &mut Problem {
        self.problems.warn(at, message)
    }

    /// Warns of something that makes the operation at hand useless.
    pub(super) fn breaking(&mut self, at: Cursor<'d>, message: impl Into<String>) -> &mut Problem {
        let message = message.into();
        self.breaks.push(Break {
            at,
            message: message.clone(),
            severe: true,
            outside: false,
        });
        self.problems.warn(at, message)
    }

    /// Takes something off what may still be read. When nothing is left, reading ends with an error.
    pub(super) fn charge(&mut self, at: Cursor<'d>, parts: usize, text: usize) -> bool {
        let enough = self.parts >= parts && self.text >= text;
        self.parts = self.parts.saturating_sub(parts);
        self.text = self.text.saturating_sub(text);
        if !enough {
            (self.parts, self.text) = (0, 0);
            let root = at.document().root();
            let message = "the description is too large once its references are followed";
            self.problems.error(root, message).help(format!(
                "at most {MOST_PARTS} parameters, responses and bodies with {} MiB of text are read",
                MOST_TEXT >> 20
            ));
        }
        enough
    }

    /// The node behind the references of `node`.
    pub(super) fn follow(&mut self, node: Cursor<'d>) -> Option<Cursor<'d>> {
        match self.documents.follow(node) {
            Ok(target) => Some(target),
            Err(error) => {
                self.broken_reference(node, &error);
                None
            }
        }
    }

    /// [`Reader::follow`] to an object.
    pub(super) fn object_behind(&mut self, node: Cursor<'d>, what: &str) -> Option<Cursor<'d>> {
        let target = self.follow(node)?;
        if !self.charge(node, 1, 0) {
            return None;
        }
        if !target.is_object() {
            self.warn(
                target,
                format!("{what} must be an object, but this is {}", article(target)),
            );
            return None;
        }
        Some(target)
    }

    /// The description of what is behind the references of `node`. Since 3.1 one beside a reference counts more (3.1
    /// §4.8.23).
    pub(super) fn description(&mut self, node: Cursor<'d>, behind: Cursor<'d>) -> Option<String> {
        let mut here = node;
        for _ in 0..MOST_LAYERS {
            let Some(reference) = self.documents.reference(here) else {
                break;
            };
            if self.edition >= Edition::V31 && here.get("description").is_some() {
                return self.text(here, "description");
            }
            match self.documents.resolve(here, reference) {
                Ok(next) => here = next,
                Err(_) => break,
            }
        }
        self.text(behind, "description")
    }

    pub(super) fn broken_reference(&mut self, at: Cursor<'d>, error: &RefError) {
        error.report(at, self.problems);
        let outside = error.kind == RefErrorKind::Outside;
        let severe = outside
            || matches!(
                error.kind,
                RefErrorKind::Missing { .. } | RefErrorKind::Loop(_)
            );
        self.breaks.push(Break {
            at,
            message: error.to_string(),
            severe,
            outside,
        });
    }

    /// A node with everything that its references add: its own fields win over those of what it refers to.
    pub(super) fn layers(&mut self, node: Cursor<'d>) -> Option<Layers<'d>> {
        let mut layers = vec![node];
        let mut here = node;
        while let Some(reference) = self.documents.reference(here) {
            let next = if layers.len() > MOST_LAYERS {
                // Says so in the words for loops.
                self.documents.follow(node)
            } else {
                self.documents.resolve(here, reference)
            };
            match next {
                Ok(next) => here = next,
                Err(error) => {
                    self.broken_reference(here, &error);
                    return None;
                }
            }
            layers.push(here);
            if layers.len() > MOST_LAYERS + 1 {
                break;
            }
        }
        Some(Layers(layers))
    }

    /// A field, if it is there and an object. Anything else but `null` is reported.
    pub(super) fn object(&mut self, node: Cursor<'d>, key: &str) -> Option<Cursor<'d>> {
        let value = node.get(key).filter(|value| !value.is_null())?;
        if !value.is_object() {
            self.wrong(value, key, "an object");
            return None;
        }
        Some(value)
    }

    /// A field, if it is there and an array. Anything else but `null` is reported.
    pub(super) fn array(&mut self, node: Cursor<'d>, key: &str) -> Option<Cursor<'d>> {
        let value = node.get(key).filter(|value| !value.is_null())?;
        self.as_array(value, key)
    }

    pub(super) fn as_array(&mut self, value: Cursor<'d>, key: &str) -> Option<Cursor<'d>> {
        if !value.is_array() {
            self.wrong(value, key, "an array");
            return None;
        }
        Some(value)
    }

    /// A field, if it is there and text. Numbers and booleans count as their text; anything else is reported.
    pub(super) fn text(&mut self, node: Cursor<'d>, key: &str) -> Option<String> {
        let value = node.get(key).filter(|value| !value.is_null())?;
        match value.as_text() {
            Some(text) => self.charge(node, 0, text.len()).then(|| text.to_owned()),
            None => {
                self.wrong(value, key, "a string");
                None
            }
        }
    }

    /// A field that is true or false, false where it is missing. `"true"` counts, but is reported.
    pub(super) fn flag(&mut self, node: Cursor<'d>, key: &str) -> Option<bool> {
        let value = node.get(key).filter(|value| !value.is_null())?;
        if let Some(flag) = value.as_bool() {
            return Some(flag);
        }
        self.wrong(value, key, "true or false");
        match value.as_str()?.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    fn wrong(&mut self, value: Cursor<'d>, key: &str, expected: &str) {
        self.warn(
            value,
            format!("`{key}` must be {expected}, but this is {}", article(value)),
        );
    }

    /// Makes errors of the warnings that are left when no operation is usable.
    pub(super) fn judge(&mut self) {
        let useless = |breaks: &Vec<Break<'d>>| breaks.iter().any(|it| it.severe);
        if !self.operations.iter().all(useless) {
            return;
        }
        let severe = self.operations.iter().flatten().filter(|it| it.severe);
        for Break { at, message, .. } in severe.chain(&self.elsewhere) {
            self.problems.raise(*at, message);
        }
    }

    /// Reports every reference that leads nowhere, also in the parts that no operation uses.
    pub(super) fn check_references(&mut self) {
        let documents = self.documents;
        for node in documents.references() {
            if let Err(error) = documents.follow(node) {
                error.report(node, self.problems);
            }
        }
    }
}

/// A node and what its references lead to, the node first.
#[derive(Debug, Clone)]
pub(super) struct Layers<'d>(Vec<Cursor<'d>>);

impl<'d> Layers<'d> {
    /// The node with its references.
    pub(super) fn node(&self) -> Option<Cursor<'d>> {
        self.0.first().copied()
    }

    /// The node that holds a field.
    pub(super) fn holder(&self, key: &str) -> Option<Cursor<'d>> {
        self.0
            .iter()
            .copied()
            .find(|layer| layer.get(key).is_some())
    }

    /// The innermost node, which refers to nothing.
    pub(super) fn target(&self) -> Option<Cursor<'d>> {
        self.0.last().copied()
    }

    /// All fields: those of the innermost target first, replaced in place by those of what refers to it.
    pub(super) fn entries(&self) -> Vec<(&'d str, Cursor<'d>)> {
        let [only] = self.0.as_slice() else {
            let mut all = indexmap::IndexMap::new();
            for layer in self.0.iter().rev() {
                all.extend(layer.entries().filter(|(key, _)| *key != "$ref"));
            }
            return all.into_iter().collect();
        };
        only.entries().collect()
    }
}

/// A name from the description as messages quote it: not longer than a line.
pub(super) fn short(name: &str) -> String {
    match name.char_indices().nth(100) {
        Some((cut, _)) => format!("`{}…`", name.get(..cut).unwrap_or_default()),
        None => format!("`{name}`"),
    }
}

/// `an object`, `a string`, `null`.
pub(super) fn article(node: Cursor<'_>) -> String {
    match node.type_name() {
        name @ ("object" | "array") => format!("an {name}"),
        "null" => "null".to_owned(),
        name => format!("a {name}"),
    }
}
