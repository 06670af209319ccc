//! From a reference to the node it names.

use toolwright_document::{Cursor, NodeId};

use super::reference::{RefError, RefErrorKind};
use super::{Documents, path};

/// References in a row before they count as a loop.
const MOST_STEPS: usize = 100;
/// Keys that are compared for a suggestion.
const MOST_KEYS: usize = 2_000;
/// Bytes of a key that is compared.
const LONGEST_KEY: usize = 200;

impl Documents {
    /// The reference in a node: a `$ref` that is text.
    #[must_use]
    pub fn reference<'d>(&'d self, node: Cursor<'d>) -> Option<&'d str> {
        node.get("$ref")?.as_str()
    }

    /// Follows the references of a node until something else is there. A node without a reference is itself.
    ///
    /// # Errors
    /// Where the first reference that cannot be followed stands and why: outside of the loaded files, nowhere, or
    /// in a circle.
    pub fn follow<'d>(&'d self, node: Cursor<'d>) -> Result<Cursor<'d>, RefError> {
        let mut here = node;
        let mut seen: Vec<(NodeId, &'d str)> = Vec::new();
        while let Some(reference) = self.reference(here) {
            if seen.len() >= MOST_STEPS || seen.iter().any(|(id, _)| *id == here.id()) {
                let first = seen.first().map_or(reference, |(_, reference)| reference);
                let rest = seen
                    .iter()
                    .skip(1)
                    .map(|(_, reference)| (*reference).to_owned());
                let mut through: Vec<String> = rest.take(10).collect();
                if through.is_empty() {
                    through.push(reference.to_owned());
                }
                return Err(RefError::new(first, RefErrorKind::Loop(through)));
            }
            seen.push((here.id(), reference));
            here = self.resolve(here, reference)?;
        }
        Ok(here)
    }

    /// What a reference in (or below) the node `from` names. One step: the target may be a reference again.
    ///
    /// # Errors
    /// See [`RefError`].
    pub fn resolve<'d>(
        &'d self,
        from: Cursor<'d>,
        reference: &str,
    ) -> Result<Cursor<'d>, RefError> {
        let mut steps = MOST_STEPS;
        self.resolve_in(from, reference, &mut steps)
    }

    fn resolve_in<'d>(
        &'d self,
        from: Cursor<'d>,
        reference: &str,
        steps: &mut usize,
    ) -> Result<Cursor<'d>, RefError> {
        let (file, fragment) = path::split(reference);
        let root = self.base(from, reference, file)?;
        let fragment = fragment.unwrap_or_default();
        let found = self.in_resource(root, fragment, steps);
        let found = found.or_else(|| {
            // `$id` makes a schema a resource of its own, but many who write it go on counting from the file.
            let file = root.document().root();
            (file != root)
                .then(|| self.in_resource(file, fragment, steps))
                .flatten()
        });
        found.ok_or_else(|| {
            let left = self.suggestions.get();
            self.suggestions.set(left.saturating_sub(1));
            let near = if left > 0 {
                nearest(root.document().root(), fragment)
            } else {
                None
            };
            let near = near.map(|near| format!("{file}#{near}"));
            RefError::new(reference, RefErrorKind::Missing { near })
        })
    }

    /// The resource that the part before `#` names.
    fn base<'d>(
        &'d self,
        from: Cursor<'d>,
        reference: &str,
        file: &str,
    ) -> Result<Cursor<'d>, RefError> {
        let here = || {
            if self.identifiers.is_empty() {
                None
            } else {
                self.resource(from)
            }
        };
        if file.is_empty() {
            return Ok(here().unwrap_or_else(|| from.document().root()));
        }
        if !self.identifiers.is_empty() {
            let base = here().and_then(|node| self.bases.get(&node.id()));
            let base = base.map_or(from.document().name(), String::as_str);
            let named = self.identifiers.get(&path::join(base, file));
            let named = named.or_else(|| self.identifiers.get(file));
            if let Some(node) = named.and_then(|&id| self.node(id)) {
                return Ok(node);
            }
        }
        if path::is_absolute(file) {
            let copy = path::bundled(self.entry().document().name(), file);
            let copy = copy.filter(|copy| self.is_loaded(copy));
            return match copy {
                Some(copy) => self.file(reference, &copy),
                None => Err(RefError::new(reference, RefErrorKind::Remote)),
            };
        }
        match path::relative(from.document().name(), file) {
            None => Err(RefError::new(reference, RefErrorKind::Outside)),
            Some(path) => self.file(reference, &path),
        }
    }

    fn in_resource<'d>(
        &'d self,
        root: Cursor<'d>,
        fragment: &str,
        steps: &mut usize,
    ) -> Option<Cursor<'d>> {
        if fragment.is_empty() {
            return Some(root);
        }
        let Some(pointer) = fragment.strip_prefix('/') else {
            return self.anchor(root, &path::decode(fragment));
        };
        let mut here = root;
        for token in pointer.split('/') {
            let decoded = path::decode(token);
            loop {
                let next = here
                    .step(&decoded)
                    .or_else(|| here.step(token))
                    .or_else(|| here.get(token));
                if let Some(next) = next {
                    here = next;
                    break;
                }
                // The path leads through another reference.
                let reference = self.reference(here)?;
                *steps = steps.checked_sub(1)?;
                here = self.resolve_in(here, reference, steps).ok()?;
            }
        }
        Some(here)
    }

    fn anchor<'d>(&'d self, root: Cursor<'d>, name: &str) -> Option<Cursor<'d>> {
        let nodes = self.anchors.get(name)?.iter().take(MOST_KEYS);
        let nodes = nodes.filter_map(|&id| self.node(id));
        let mut same_file = nodes.filter(|node| node.id().document() == root.id().document());
        let first = same_file.clone().next();
        same_file
            .find(|&node| {
                self.resource(node)
                    .unwrap_or_else(|| node.document().root())
                    == root
            })
            .or(first)
    }

    /// The innermost node around (or at) a place that has an identifier of its own.
    fn resource<'d>(&'d self, node: Cursor<'d>) -> Option<Cursor<'d>> {
        let mut around = std::iter::successors(Some(node), |node| node.parent());
        around.find_map(|node| {
            let id = node.id();
            // What refers to something knows already, and is where most questions begin.
            let known = if self.bases.contains_key(&id) {
                Some(id)
            } else {
                self.within.get(&id).copied()
            };
            known.and_then(|id| self.node(id))
        })
    }
}

/// The place that a broken pointer probably meant.
fn nearest(root: Cursor<'_>, fragment: &str) -> Option<String> {
    let pointer = fragment.trim_start_matches('/');
    let mut here = root;
    let mut good = String::new();
    let mut tokens = pointer.split('/');
    for token in tokens.by_ref() {
        if let Some(next) = here.step(&path::decode(token)) {
            good.push('/');
            good.push_str(token);
            here = next;
            continue;
        }
        if token.len() > LONGEST_KEY {
            return None;
        }
        let wanted = path::decode(token).replace("~1", "/").replace("~0", "~");
        let keys = here.entries().take(MOST_KEYS).map(|(key, _)| key);
        let keys = keys.filter(|key| key.len() <= LONGEST_KEY);
        let scored = keys.map(|key| (strsim::jaro_winkler(key, &wanted), key));
        let (score, key) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
        if score < 0.8 {
            return None;
        }
        good.push('/');
        good.push_str(&key.replace('~', "~0").replace('/', "~1"));
        break;
    }
    let rest: Vec<&str> = tokens.collect();
    let full = if rest.is_empty() {
        good
    } else {
        format!("{good}/{}", rest.join("/"))
    };
    root.at(&full).is_some().then_some(full)
}
