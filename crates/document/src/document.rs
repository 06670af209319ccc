use crate::error::{Fault, SyntaxError, SyntaxErrorKind};
use crate::position::LineIndex;
use crate::tree::{NodeKind, Tree};
use crate::{Cursor, Limits, Position, Snippet, json, yaml};

/// The two notations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 8259.
    Json,
    /// YAML 1.2.
    Yaml,
}

impl Format {
    /// By the extension of the name, else by the first character that is not blank.
    #[must_use]
    pub fn guess(name: &str, bytes: &[u8]) -> Format {
        let name = name.to_ascii_lowercase();
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if name.ends_with(".json") {
            Format::Json
        } else if name.ends_with(".yaml")
            || name.ends_with(".yml")
            || !matches!(first, Some(b'{' | b'['))
        {
            Format::Yaml
        } else {
            Format::Json
        }
    }
}

/// A text and the tree that it spells.
#[derive(Debug)]
pub struct Document {
    name: String,
    number: u32,
    format: Format,
    not_json: Option<SyntaxError>,
    pub(crate) source: String,
    pub(crate) lines: LineIndex,
    pub(crate) tree: Tree,
}

/// A key that occurs more than once in its object. The last value won, in the place of the first.
#[derive(Debug, Clone, Copy)]
pub struct DuplicateKey<'d> {
    /// The object.
    pub object: Cursor<'d>,
    /// The key.
    pub key: &'d str,
    /// Where it stands first (or last before `second`).
    pub first: Position,
    /// Where it stands again.
    pub second: Position,
}

impl Document {
    /// Reads JSON or YAML. `name` is what messages call it, and its extension is a hint: text that begins like JSON
    /// is tried as JSON whatever it is called, and what fails as JSON is tried as YAML.
    ///
    /// # Errors
    /// The first mistake with its line: no content, not UTF-8, a NUL byte, neither JSON nor YAML, more than one YAML
    /// document, or more of anything than `limits` allow.
    pub fn parse(name: &str, bytes: &[u8], limits: &Limits) -> Result<Document, SyntaxError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        // Offsets are 31 bits wide.
        if bytes.len() > limits.max_bytes.min(1 << 30) {
            let message = format!(
                "{} bytes of text; at most {} are read",
                bytes.len(),
                limits.max_bytes
            );
            return Err(plain(name, SyntaxErrorKind::Limit, message));
        }
        let source = text(name, bytes)?;
        let lines = LineIndex::new(source);
        let named = Format::guess(name, bytes);
        let mut not_json = None;
        let (format, tree) = if named == Format::Json || source.trim_start().starts_with(['{', '['])
        {
            match json::parse(source, limits) {
                Ok(tree) => (Format::Json, tree),
                Err(fault) if fault.kind == SyntaxErrorKind::Limit => {
                    return Err(locate(name, source, &lines, fault));
                }
                Err(fault) => match yaml::parse(source, &lines, limits) {
                    Ok(tree) if is_container(&tree) => {
                        not_json =
                            (named == Format::Json).then(|| locate(name, source, &lines, fault));
                        (Format::Yaml, tree)
                    }
                    Err(fault) if named == Format::Yaml => {
                        return Err(locate(name, source, &lines, fault));
                    }
                    _ => return Err(locate(name, source, &lines, fault)),
                },
            }
        } else {
            let tree = yaml::parse(source, &lines, limits);
            (
                Format::Yaml,
                tree.map_err(|fault| locate(name, source, &lines, fault))?,
            )
        };
        if tree.nodes.is_empty() {
            return Err(plain(name, SyntaxErrorKind::Empty, "the file is empty"));
        }
        Ok(Document {
            name: name.to_owned(),
            number: 0,
            format,
            not_json,
            source: source.to_owned(),
            lines,
            tree,
        })
    }

    /// Gives the document a number, so that its [`crate::NodeId`]s differ from those of other documents.
    #[must_use]
    pub fn with_number(mut self, number: u32) -> Document {
        self.number = number;
        self
    }

    /// See [`Document::with_number`].
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// As given to [`Document::parse`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The notation that it turned out to be in.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Why a file that is called JSON was read as YAML.
    #[must_use]
    pub fn not_json(&self) -> Option<&SyntaxError> {
        self.not_json.as_ref()
    }

    /// The text, without a byte order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source
    }

    /// How many values it holds; aliases count once.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.tree.nodes.len()
    }

    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> Cursor<'_> {
        Cursor::new(self, 0)
    }

    /// The node with a number from [`crate::NodeId::index`].
    #[must_use]
    pub fn node(&self, index: u32) -> Option<Cursor<'_>> {
        ((index as usize) < self.tree.nodes.len()).then(|| Cursor::new(self, index))
    }

    /// Keys that occur more than once in their object, the first 1,000 of them, in the order in which their objects
    /// end.
    #[must_use]
    pub fn duplicate_keys(&self) -> Vec<DuplicateKey<'_>> {
        let at = |offset| self.lines.position(&self.source, offset as usize);
        let duplicates = self.tree.duplicates.iter();
        duplicates
            .map(|duplicate| DuplicateKey {
                object: Cursor::new(self, duplicate.object),
                key: self.tree.text(&self.source, duplicate.key),
                first: at(duplicate.first),
                second: at(duplicate.second),
            })
            .collect()
    }

    /// Where a JSON escape named one half of a surrogate pair and U+FFFD took its place.
    #[must_use]
    pub fn replaced_surrogates(&self) -> Vec<Position> {
        let replaced = self.tree.replaced.iter();
        replaced
            .map(|&offset| self.lines.position(&self.source, offset as usize))
            .collect()
    }

    /// The line of a place, for messages.
    #[must_use]
    pub fn snippet_at(&self, position: Position) -> Snippet {
        let offset = self.lines.offset(&self.source, position);
        self.lines.snippet(&self.source, offset)
    }
}

fn is_container(tree: &Tree) -> bool {
    let root = tree.nodes.first().map(|node| node.kind);
    matches!(root, Some(NodeKind::Array { .. } | NodeKind::Object { .. }))
}

fn text<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, SyntaxError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(plain(name, SyntaxErrorKind::Empty, "the file is empty"));
    }
    let encoding = |offset: usize, message: String| {
        let before = String::from_utf8_lossy(bytes.get(..offset).unwrap_or_default());
        let lines = LineIndex::new(&before);
        SyntaxError {
            file: name.to_owned(),
            position: Some(lines.position(&before, before.len())),
            message,
            snippet: None,
            kind: SyntaxErrorKind::Encoding,
        }
    };
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(encoding(0, "UTF-16 text; save it as UTF-8".to_owned()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        encoding(
            offset,
            format!("not UTF-8 at byte {offset}; save the file as UTF-8"),
        )
    })?;
    match text.find('\0') {
        Some(offset) => Err(encoding(
            offset,
            format!("a NUL byte at byte {offset}; remove it"),
        )),
        None => Ok(text),
    }
}

fn plain(name: &str, kind: SyntaxErrorKind, message: impl Into<String>) -> SyntaxError {
    SyntaxError {
        file: name.to_owned(),
        position: None,
        message: message.into(),
        snippet: None,
        kind,
    }
}

fn locate(name: &str, source: &str, lines: &LineIndex, fault: Fault) -> SyntaxError {
    SyntaxError {
        file: name.to_owned(),
        position: Some(lines.position(source, fault.offset)),
        message: fault.message,
        snippet: Some(lines.snippet(source, fault.offset)),
        kind: fault.kind,
    }
}
