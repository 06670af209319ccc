use std::collections::HashSet;

use crate::Limits;
use crate::error::Fault;
use crate::tree::{DECODED, Duplicate, Entry, NONE, Node, NodeKind, SMALL, Text, Tree};

/// Stands for the key `<<` until its object is complete.
const MERGE: Text = Text {
    start: NONE,
    len: 2,
};
const NO_KEY: Text = Text { start: 0, len: 0 };
/// Repeated keys and lone surrogates that are kept on record.
const RECORDS: usize = 1_000;

struct Frame {
    node: u32,
    object: bool,
    /// Where its entries begin among the pending ones.
    first: usize,
    key: Option<(Text, u32)>,
    merges: bool,
}

/// Puts a tree together from the events of a parser.
pub(crate) struct Builder<'a> {
    source: &'a str,
    limits: &'a Limits,
    tree: Tree,
    stack: Vec<Frame>,
    /// Entries of the objects and arrays that are still open.
    pending: Vec<Entry>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(source: &'a str, limits: &'a Limits) -> Self {
        Builder {
            source,
            limits,
            tree: Tree::default(),
            stack: Vec::new(),
            pending: Vec::new(),
        }
    }

    pub(crate) fn depth(&self) -> usize {
        self.stack.len()
    }

    /// Whether the innermost open node is an object; `None` at the top.
    pub(crate) fn in_object(&self) -> Option<bool> {
        self.stack.last().map(|frame| frame.object)
    }

    /// Where the innermost open node began.
    pub(crate) fn opened_at(&self) -> Option<usize> {
        let node = self.stack.last()?.node as usize;
        self.tree.nodes.get(node).map(|node| node.offset as usize)
    }

    /// Text that stands in the source as it is.
    pub(crate) fn slice(&self, start: usize, end: usize) -> Text {
        Text {
            start: start as u32,
            len: (end - start) as u32,
        }
    }

    /// Text that the source spells in another way.
    pub(crate) fn decoded(&mut self, text: &str) -> Text {
        let start = self.tree.decoded.len() as u32 | DECODED;
        self.tree.decoded.push_str(text);
        Text {
            start,
            len: text.len() as u32,
        }
    }

    /// Where decoded text goes when it is written piece by piece; see [`Builder::decoded_since`].
    pub(crate) fn decoder(&mut self) -> &mut String {
        &mut self.tree.decoded
    }

    pub(crate) fn decoded_since(&self, start: usize) -> Text {
        Text {
            start: start as u32 | DECODED,
            len: (self.tree.decoded.len() - start) as u32,
        }
    }

    pub(crate) fn replaced_surrogate(&mut self, offset: usize) {
        if self.tree.replaced.len() < RECORDS {
            self.tree.replaced.push(offset as u32);
        }
    }

    pub(crate) fn key(&mut self, key: Text, offset: usize) {
        if let Some(frame) = self.stack.last_mut() {
            frame.key = Some((key, offset as u32));
        }
    }

    pub(crate) fn merge_key(&mut self, offset: usize) {
        self.key(MERGE, offset);
        if let Some(frame) = self.stack.last_mut() {
            frame.merges = true;
        }
    }

    /// Adds a value that is complete.
    pub(crate) fn scalar(&mut self, kind: NodeKind, offset: usize) -> Result<u32, Fault> {
        let node = self.allocate(kind, offset)?;
        self.attach(node);
        Ok(node)
    }

    /// A node outside the tree (an anchored key).
    pub(crate) fn detached(&mut self, kind: NodeKind, offset: usize) -> Result<u32, Fault> {
        self.allocate(kind, offset)
    }

    /// Puts a node in once more.
    pub(crate) fn attach(&mut self, node: u32) {
        if let Some(frame) = self.stack.last_mut() {
            let (key, key_offset) = frame.key.take().unwrap_or((NO_KEY, 0));
            self.pending.push(Entry {
                key,
                key_offset,
                node,
            });
        }
    }

    pub(crate) fn open(&mut self, object: bool, offset: usize) -> Result<u32, Fault> {
        if self.stack.len() >= self.limits.max_depth {
            let depth = self.limits.max_depth;
            return Err(Fault::limit(
                offset,
                format!("more than {depth} levels within each other"),
            ));
        }
        let node = self.scalar(NodeKind::Null, offset)?;
        self.stack.push(Frame {
            node,
            object,
            first: self.pending.len(),
            key: None,
            merges: false,
        });
        Ok(node)
    }

    pub(crate) fn close(&mut self) {
        let Some(frame) = self.stack.pop() else {
            return;
        };
        let mut entries = self.pending.split_off(frame.first);
        if frame.merges {
            entries = self.merge(entries);
        }
        let mut order = Vec::new();
        if frame.object {
            order = self.deduplicate(frame.node, &mut entries);
        }
        let start = self.tree.entries.len() as u32;
        let len = entries.len() as u32;
        for (at, entry) in entries.iter().enumerate() {
            if let Some(node) = self.tree.nodes.get_mut(entry.node as usize)
                && node.parent == frame.node
            {
                node.entry = start + at as u32;
            }
        }
        self.tree.entries.append(&mut entries);
        let kind = if !frame.object {
            NodeKind::Array { start, len }
        } else if order.is_empty() {
            NodeKind::Object {
                start,
                len,
                sorted: NONE,
            }
        } else {
            let sorted = self.tree.sorted.len() as u32;
            self.tree.sorted.append(&mut order);
            NodeKind::Object { start, len, sorted }
        };
        if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
            node.kind = kind;
        }
    }

    pub(crate) fn node(&self, node: u32) -> Option<&Node> {
        self.tree.nodes.get(node as usize)
    }

    pub(crate) fn finish(self) -> Tree {
        self.tree
    }

    fn allocate(&mut self, kind: NodeKind, offset: usize) -> Result<u32, Fault> {
        if self.tree.nodes.len() >= self.limits.max_nodes {
            let most = self.limits.max_nodes;
            return Err(Fault::limit(
                offset,
                format!("more than {most} values in one document"),
            ));
        }
        let parent = self.stack.last().map_or(NONE, |frame| frame.node);
        self.tree.nodes.push(Node {
            kind,
            offset: offset as u32,
            parent,
            entry: NONE,
        });
        Ok(self.tree.nodes.len() as u32 - 1)
    }

    /// Puts the entries of merged mappings in the place of `<<`. Keys that are written out win over merged ones, and
    /// an earlier mapping over a later one (YAML merge key draft of 2005).
    fn merge(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let spelled = self.decoded("<<");
        let mut out = Vec::with_capacity(entries.len());
        let mut taken: HashSet<&str> = HashSet::new();
        let tree = &self.tree;
        taken.extend(
            entries
                .iter()
                .filter(|entry| entry.key != MERGE)
                .map(|entry| tree.text(self.source, entry.key)),
        );
        for entry in entries {
            if entry.key != MERGE {
                out.push(entry);
                continue;
            }
            let Some(sources) = sources(tree, entry.node) else {
                out.push(Entry {
                    key: spelled,
                    ..entry
                });
                continue;
            };
            for source in sources {
                let fresh = source
                    .iter()
                    .filter(|e| taken.insert(tree.text(self.source, e.key)));
                out.extend(fresh);
            }
        }
        out
    }

    /// Leaves one entry for each key: the last value in the place of the first. Returns the order of the keys when
    /// the object is large.
    fn deduplicate(&mut self, object: u32, entries: &mut Vec<Entry>) -> Vec<u32> {
        let tree = &self.tree;
        let key = |entry: &Entry| tree.text(self.source, entry.key);
        let mut order: Vec<u32> = Vec::new();
        if entries.len() <= SMALL {
            let unique = entries.iter().enumerate().all(|(at, entry)| {
                entries
                    .iter()
                    .take(at)
                    .all(|before| key(before) != key(entry))
            });
            if unique {
                return order;
            }
        }
        let get = |at: &u32| entries.get(*at as usize).map_or("", key);
        order.extend(0..entries.len() as u32);
        order.sort_by(|a, b| get(a).cmp(get(b)));
        let mut winners: Vec<Option<u32>> = Vec::new();
        let mut found = Vec::new();
        for run in order.chunk_by(|a, b| get(a) == get(b)) {
            let (Some(&first), Some(&last)) = (run.first(), run.last()) else {
                continue;
            };
            if first != last && winners.is_empty() {
                winners = (0..entries.len() as u32).map(Some).collect();
            }
            for pair in run.windows(2) {
                if let [before, again] = pair {
                    found.push((*before, *again));
                    if let Some(slot) = winners.get_mut(*again as usize) {
                        *slot = None;
                    }
                }
            }
            if let Some(slot) = winners.get_mut(first as usize) {
                *slot = Some(last);
            }
        }
        if found.is_empty() {
            return order;
        }
        for (before, again) in found {
            if let (Some(first), Some(second)) =
                (entries.get(before as usize), entries.get(again as usize))
                && self.tree.duplicates.len() < RECORDS
            {
                self.tree.duplicates.push(Duplicate {
                    object,
                    key: second.key,
                    first: first.key_offset,
                    second: second.key_offset,
                });
            }
        }
        let kept = winners.into_iter().flatten();
        *entries = kept
            .filter_map(|at| entries.get(at as usize).copied())
            .collect();
        self.deduplicate(object, entries)
    }
}

/// What a merge key's value contributes, if it is a mapping or a list of mappings.
fn sources(tree: &Tree, node: u32) -> Option<Vec<&[Entry]>> {
    match tree.nodes.get(node as usize)?.kind {
        NodeKind::Object { start, len, .. } => Some(vec![tree.slice(start, len)]),
        NodeKind::Array { start, len } => {
            let items = tree.slice(start, len).iter();
            items
                .map(|item| match tree.nodes.get(item.node as usize)?.kind {
                    NodeKind::Object { start, len, .. } => Some(tree.slice(start, len)),
                    _ => None,
                })
                .collect()
        }
        _ => None,
    }
}
