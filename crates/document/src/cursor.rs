use std::fmt;

use crate::tree::{Entry, NONE, Node, NodeKind};
use crate::{Document, Json, Position, Snippet};

/// Tells nodes apart, also those of different documents if these have different numbers
/// ([`Document::with_number`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId {
    document: u32,
    index: u32,
}

impl NodeId {
    /// The number of its document.
    #[must_use]
    pub fn document(self) -> u32 {
        self.document
    }

    /// Its number in the document, in the order of the text; see [`Document::node`].
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'d> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// In JSON's notation, otherwise as written: `1.50` stays `1.50`.
    Number(&'d str),
    /// Escapes undone.
    String(&'d str),
    /// See [`Cursor::items`].
    Array,
    /// See [`Cursor::entries`].
    Object,
}

/// A node in a document; as cheap as a reference.
///
/// A node that YAML aliases name stands in several places; it knows the one where it is spelled out.
#[derive(Clone, Copy)]
pub struct Cursor<'d> {
    document: &'d Document,
    index: u32,
}

impl PartialEq for Cursor<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Cursor<'_> {}

impl fmt::Debug for Cursor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.document.name(), self.pointer())
    }
}

impl<'d> Cursor<'d> {
    pub(crate) fn new(document: &'d Document, index: u32) -> Cursor<'d> {
        Cursor { document, index }
    }

    fn node(self) -> Node {
        let missing = Node {
            kind: NodeKind::Null,
            offset: 0,
            parent: NONE,
            entry: NONE,
        };
        self.document
            .tree
            .nodes
            .get(self.index as usize)
            .copied()
            .unwrap_or(missing)
    }

    fn children(self) -> &'d [Entry] {
        match self.node().kind {
            NodeKind::Array { start, len } | NodeKind::Object { start, len, .. } => {
                self.document.tree.slice(start, len)
            }
            _ => &[],
        }
    }

    fn to(self, index: u32) -> Cursor<'d> {
        Cursor { index, ..self }
    }

    /// Tells it from all other nodes.
    #[must_use]
    pub fn id(self) -> NodeId {
        NodeId {
            document: self.document.number(),
            index: self.index,
        }
    }

    /// The document it is in.
    #[must_use]
    pub fn document(self) -> &'d Document {
        self.document
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> Kind<'d> {
        let text = |text| self.document.tree.text(&self.document.source, text);
        match self.node().kind {
            NodeKind::Null => Kind::Null,
            NodeKind::Bool(value) => Kind::Bool(value),
            NodeKind::Number(number) => Kind::Number(text(number)),
            NodeKind::String(string) => Kind::String(text(string)),
            NodeKind::Array { .. } => Kind::Array,
            NodeKind::Object { .. } => Kind::Object,
        }
    }

    /// The value of a key, if this is an object that has it.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Cursor<'d>> {
        let entry = self
            .document
            .tree
            .find(&self.document.source, self.index, key)?;
        Some(self.to(entry.node))
    }

    /// An item, if this is an array that has it.
    #[must_use]
    pub fn index(self, index: usize) -> Option<Cursor<'d>> {
        if !self.is_array() {
            return None;
        }
        Some(self.to(self.children().get(index)?.node))
    }

    /// The members of an object in the order of the text; none for anything else.
    pub fn entries(
        self,
    ) -> impl DoubleEndedIterator<Item = (&'d str, Cursor<'d>)> + ExactSizeIterator {
        let entries = if self.is_object() {
            self.children()
        } else {
            &[]
        };
        entries.iter().map(move |entry| {
            let key = self.document.tree.text(&self.document.source, entry.key);
            (key, self.to(entry.node))
        })
    }

    /// The items of an array; none for anything else.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Cursor<'d>> + ExactSizeIterator {
        let items = if self.is_array() {
            self.children()
        } else {
            &[]
        };
        items.iter().map(move |entry| self.to(entry.node))
    }

    /// The values of an object or an array; none for anything else.
    pub fn values(self) -> impl DoubleEndedIterator<Item = Cursor<'d>> + ExactSizeIterator {
        self.children().iter().map(move |entry| self.to(entry.node))
    }

    /// How many members or items it has; 0 for scalars.
    #[must_use]
    pub fn len(self) -> usize {
        self.children().len()
    }

    /// Whether there is nothing in it; true for scalars.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Its text, if it is a string.
    #[must_use]
    pub fn as_str(self) -> Option<&'d str> {
        match self.kind() {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// Its text, if it is a string, a number or a boolean: what an author meant who forgot the quotes.
    #[must_use]
    pub fn as_text(self) -> Option<&'d str> {
        match self.kind() {
            Kind::String(text) | Kind::Number(text) => Some(text),
            Kind::Bool(true) => Some("true"),
            Kind::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// Its value, if it is a boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Its text, if it is a number.
    #[must_use]
    pub fn number(self) -> Option<&'d str> {
        match self.kind() {
            Kind::Number(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        matches!(self.node().kind, NodeKind::Null)
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(self) -> bool {
        matches!(self.node().kind, NodeKind::Object { .. })
    }

    /// Whether it is an array.
    #[must_use]
    pub fn is_array(self) -> bool {
        matches!(self.node().kind, NodeKind::Array { .. })
    }

    /// What to call it in a message: `an object`, `a string` and so on without the article.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match self.node().kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "boolean",
            NodeKind::Number(_) => "number",
            NodeKind::String(_) => "string",
            NodeKind::Array { .. } => "array",
            NodeKind::Object { .. } => "object",
        }
    }

    /// What holds it; `None` for the root.
    #[must_use]
    pub fn parent(self) -> Option<Cursor<'d>> {
        let parent = self.node().parent;
        (parent != NONE).then(|| self.to(parent))
    }

    /// Its key, if an object holds it.
    #[must_use]
    pub fn key(self) -> Option<&'d str> {
        let parent = self.parent()?;
        if !parent.is_object() {
            return None;
        }
        let entry = self.document.tree.entries.get(self.node().entry as usize)?;
        Some(self.document.tree.text(&self.document.source, entry.key))
    }

    /// Its place among the items, if an array holds it.
    #[must_use]
    pub fn array_index(self) -> Option<usize> {
        match self.parent()?.node().kind {
            NodeKind::Array { start, .. } => {
                self.node().entry.checked_sub(start).map(|at| at as usize)
            }
            _ => None,
        }
    }

    /// RFC 6901: `/paths/~1pets/get/parameters/0`, and nothing for the root.
    #[must_use]
    pub fn pointer(self) -> String {
        let mut path = vec![self];
        path.extend(std::iter::successors(self.parent(), |node| node.parent()));
        let mut out = String::new();
        for node in path.iter().rev().skip(1) {
            out.push('/');
            match (node.key(), node.array_index()) {
                (Some(key), _) => {
                    for c in key.chars() {
                        match c {
                            '~' => out.push_str("~0"),
                            '/' => out.push_str("~1"),
                            c => out.push(c),
                        }
                    }
                }
                (None, Some(index)) => out.push_str(&index.to_string()),
                (None, None) => out.push('?'),
            }
        }
        out
    }

    /// The node at a pointer from the root of the same document (RFC 6901, without percent-encoding).
    #[must_use]
    pub fn at(self, pointer: &str) -> Option<Cursor<'d>> {
        let root = self.document.root();
        if pointer.is_empty() {
            return Some(root);
        }
        let mut tokens = pointer.strip_prefix('/')?.split('/');
        tokens.try_fold(root, |node, token| node.step(token))
    }

    /// One reference token of a pointer (RFC 6901 §4), escapes included.
    #[must_use]
    pub fn step(self, token: &str) -> Option<Cursor<'d>> {
        if self.is_array() {
            let plain = token == "0" || !token.starts_with(['0', '+']);
            return plain.then(|| self.index(token.parse().ok()?)).flatten();
        }
        if token.contains('~') {
            self.get(&token.replace("~1", "/").replace("~0", "~"))
        } else {
            self.get(token)
        }
    }

    /// Where its value begins.
    #[must_use]
    pub fn position(self) -> Position {
        let offset = self.node().offset as usize;
        self.document.lines.position(&self.document.source, offset)
    }

    /// Where its key stands, or where it begins itself when it has none.
    #[must_use]
    pub fn key_position(self) -> Position {
        let entry = self
            .key()
            .and_then(|_| self.document.tree.entries.get(self.node().entry as usize));
        match entry {
            Some(entry) => self
                .document
                .lines
                .position(&self.document.source, entry.key_offset as usize),
            None => self.position(),
        }
    }

    /// The line on which it begins.
    #[must_use]
    pub fn snippet(self) -> Snippet {
        self.document
            .lines
            .snippet(&self.document.source, self.node().offset as usize)
    }

    /// A copy that owns everything.
    #[must_use]
    pub fn to_json(self) -> Json {
        // Depth and, over all aliases, size are bounded since the document was read.
        match self.kind() {
            Kind::Null => Json::Null,
            Kind::Bool(value) => Json::Bool(value),
            Kind::Number(text) => Json::Number(text.to_owned()),
            Kind::String(text) => Json::String(text.to_owned()),
            Kind::Array => Json::Array(self.items().map(Cursor::to_json).collect()),
            Kind::Object => {
                let entries = self.entries();
                Json::Object(
                    entries
                        .map(|(key, value)| (key.to_owned(), value.to_json()))
                        .collect(),
                )
            }
        }
    }
}
