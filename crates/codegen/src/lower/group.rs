//! Which operations share a file.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::ir;
use crate::model::{Api, Operation};
use crate::names::{Ident, Namer, Role, first_word};

/// What operations of one file have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    /// Their first tag.
    Tag(String),
    /// They have no tag; their paths begin with this word.
    Path(String),
}

impl Key {
    pub(super) fn of(operation: &Operation<'_>) -> Key {
        match operation.tags.first() {
            Some(tag) if !tag.trim().is_empty() => Key::Tag(tag.clone()),
            _ => Key::Path(beginning(&operation.path)),
        }
    }

    fn text(&self) -> &str {
        match self {
            Key::Tag(text) | Key::Path(text) => text,
        }
    }
}

/// The first word of a path that is neither a parameter nor what all paths of an API tend to begin with. It follows
/// from this path alone, so that no other operation can move an operation to another file.
fn beginning(path: &str) -> String {
    let is_common = |segment: &str| {
        let version = segment.strip_prefix(['v', 'V']).unwrap_or(segment);
        let is_version = version.starts_with(|c: char| c.is_ascii_digit());
        is_version || segment.eq_ignore_ascii_case("api") || segment.eq_ignore_ascii_case("rest")
    };
    path.split('/')
        .filter(|segment| !segment.contains(['{', '}']) && !is_common(segment))
        .map(first_word)
        .find(|word| !word.is_empty())
        .unwrap_or_else(|| "operations".to_owned())
}

/// One group for each key, in the order of their first operation.
pub(super) fn group(api: &Api<'_>, tools: Vec<(Key, ir::Tool)>) -> Vec<ir::Group> {
    let mut groups: IndexMap<Key, Vec<ir::Tool>> = IndexMap::new();
    for (key, tool) in tools {
        groups.entry(key).or_default().push(tool);
    }
    let modules = modules(groups.keys());
    let about = |tag: &str| {
        api.tags
            .iter()
            .find(|known| known.name == tag)?
            .description
            .clone()
    };
    groups
        .into_iter()
        .map(|(key, tools)| ir::Group {
            about: match &key {
                Key::Tag(tag) => about(tag),
                Key::Path(_) => None,
            },
            module: modules
                .get(&key)
                .cloned()
                .unwrap_or_else(|| Role::Module.ident(key.text())),
            tag: match key {
                Key::Tag(tag) => tag,
                Key::Path(_) => String::new(),
            },
            tools,
        })
        .collect()
}

/// Tags choose first: their names are the API's own, and do not change because an operation without one is added.
fn modules<'k>(keys: impl Iterator<Item = &'k Key>) -> BTreeMap<Key, Ident> {
    let (tags, paths): (Vec<_>, Vec<_>) = keys.partition(|key| matches!(key, Key::Tag(_)));
    let mut tagged = Namer::new(Role::Module);
    tags.iter()
        .for_each(|key| tagged.wish(key.text(), key.text()));
    let tagged = tagged.names();
    let mut others = Namer::new(Role::Module);
    tagged.values().for_each(|name| others.reserve(name.bare()));
    paths
        .iter()
        .for_each(|key| others.wish(key.text(), key.text()));
    let others = others.names();
    let named = |keys: Vec<&'k Key>, names: BTreeMap<String, Ident>| {
        keys.into_iter()
            .filter_map(move |key| Some((key.clone(), names.get(key.text())?.clone())))
    };
    named(tags, tagged).chain(named(paths, others)).collect()
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn a_path_alone_decides() {
        for (path, word) in [
            ("/accounts/{id}", "accounts"),
            ("/v1/billing_portal/sessions", "billing"),
            ("/api/v3.1/rest/users", "users"),
            ("/chat.postMessage", "chat"),
            ("/sendMessage", "send"),
            ("/{tenant}/users", "users"),
            ("/2010-04-01/Calls.json", "calls"),
            ("/", "operations"),
            ("/{id}", "operations"),
            ("/v1", "operations"),
        ] {
            assert_eq!(beginning(path), word, "{path}");
        }
    }
}
