//! The arena: all nodes of a document in three flat lists, so that dropping it never recurses.

/// Text in the source, or (high bit of `start`) among the decoded strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// Marks a [`Text`] that was decoded.
pub(crate) const DECODED: u32 = 1 << 31;
/// The parent of the root, the sorted list of a small object.
pub(crate) const NONE: u32 = u32::MAX;
/// The largest object that is searched from one end to the other.
pub(crate) const SMALL: usize = 8;

#[derive(Debug, Clone, Copy)]
pub(crate) enum NodeKind {
    Null,
    Bool(bool),
    Number(Text),
    String(Text),
    Array {
        start: u32,
        len: u32,
    },
    /// `sorted` is where [`Tree::sorted`] lists the entries by key, or [`NONE`].
    Object {
        start: u32,
        len: u32,
        sorted: u32,
    },
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    /// Where it begins in the text.
    pub(crate) offset: u32,
    pub(crate) parent: u32,
    /// Its entry in [`Tree::entries`].
    pub(crate) entry: u32,
}

/// A member of an object, or an item of an array (then without a key).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) key: Text,
    pub(crate) key_offset: u32,
    pub(crate) node: u32,
}

/// A key that occurs again in its object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Duplicate {
    pub(crate) object: u32,
    pub(crate) key: Text,
    pub(crate) first: u32,
    pub(crate) second: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) entries: Vec<Entry>,
    /// Entry numbers of each large object, relative to its first, in order of their keys.
    pub(crate) sorted: Vec<u32>,
    /// Strings that differ from what the source says, one after the other.
    pub(crate) decoded: String,
    pub(crate) duplicates: Vec<Duplicate>,
    /// Where half of a surrogate pair stood alone and U+FFFD took its place.
    pub(crate) replaced: Vec<u32>,
}

impl Tree {
    pub(crate) fn text<'t>(&'t self, source: &'t str, text: Text) -> &'t str {
        let (from, start) = if text.start & DECODED == 0 {
            (source, text.start)
        } else {
            (self.decoded.as_str(), text.start & !DECODED)
        };
        let start = start as usize;
        from.get(start..start + text.len as usize)
            .unwrap_or_default()
    }

    pub(crate) fn slice(&self, start: u32, len: u32) -> &[Entry] {
        let start = start as usize;
        self.entries
            .get(start..start + len as usize)
            .unwrap_or_default()
    }

    /// The entry of a key.
    pub(crate) fn find(&self, source: &str, node: u32, key: &str) -> Option<&Entry> {
        let NodeKind::Object { start, len, sorted } = self.nodes.get(node as usize)?.kind else {
            return None;
        };
        let entries = self.slice(start, len);
        if sorted == NONE {
            return entries
                .iter()
                .find(|entry| self.text(source, entry.key) == key);
        }
        let order = self
            .sorted
            .get(sorted as usize..sorted as usize + len as usize)?;
        let found = order.binary_search_by(|&at| {
            let entry = entries.get(at as usize);
            entry
                .map_or("", |entry| self.text(source, entry.key))
                .cmp(key)
        });
        entries.get(*order.get(found.ok()?)? as usize)
    }
}
