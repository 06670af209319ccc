//! One walk over a file finds what refers and what can be referred to.

use toolwright_document::{Cursor, Document, NodeId};

/// What a file holds besides its content.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Objects with a `$ref`, outside of examples and other data.
    pub(super) references: Vec<NodeId>,
    /// Objects with an `$id` (or, at the root of a document, `$self`).
    pub(super) identified: Vec<NodeId>,
    /// Objects with an `$anchor` or `$dynamicAnchor`.
    pub(super) anchored: Vec<NodeId>,
    /// Relative files that discriminators and dynamic references name.
    pub(super) mentioned: Vec<String>,
}

/// What the members of an object are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Fields with a meaning.
    Fields,
    /// Names that authors chose: a property called `example` is no example.
    Names,
    /// An example object, whose `value` is data.
    Example,
}

const NAMES: &[&str] = &[
    "$defs",
    "additionalOperations",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "mediaTypes",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securityDefinitions",
    "securitySchemes",
    "webhooks",
];

pub(super) fn scan(document: &Document) -> Found {
    let mut found = Found::default();
    let mut stack = vec![(document.root(), Place::Fields)];
    while let Some((node, place)) = stack.pop() {
        if place != Place::Names && node.is_object() {
            fields(node, &mut found);
        }
        if node.is_array() {
            stack.extend(own(node, node.items()).map(|item| (item, place)));
            continue;
        }
        let parent_of_value = place == Place::Example;
        for (key, child) in node.entries() {
            if child.parent() != Some(node) {
                // An alias: the node is visited where it is spelled out.
                continue;
            }
            let next = match (place, key) {
                (Place::Names, _) => Place::Fields,
                (_, "examples") if child.is_object() => {
                    let examples = own(child, child.entries().map(|(_, example)| example));
                    stack.extend(examples.map(|example| (example, Place::Example)));
                    continue;
                }
                (_, "example" | "examples" | "default" | "enum" | "const") => continue,
                (_, "value" | "dataValue") if parent_of_value => continue,
                (_, key) if key.starts_with("x-") => continue,
                (_, key) if NAMES.contains(&key) && child.is_object() => Place::Names,
                _ => Place::Fields,
            };
            stack.push((child, next));
        }
    }
    // The stack visits siblings backwards; what is reported goes by the order of the text.
    found.references.sort_by_key(|id| id.index());
    found.anchored.sort_by_key(|id| id.index());
    found.identified.sort_by_key(|id| id.index());
    found
}

fn own<'d>(
    parent: Cursor<'d>,
    children: impl Iterator<Item = Cursor<'d>>,
) -> impl Iterator<Item = Cursor<'d>> {
    children.filter(move |child| child.parent() == Some(parent))
}

fn fields(node: Cursor<'_>, found: &mut Found) {
    let text = |key: &str| node.get(key).and_then(Cursor::as_str);
    if text("$ref").is_some() {
        found.references.push(node.id());
    }
    if text("$id").is_some() || node.parent().is_none() && text("$self").is_some() {
        found.identified.push(node.id());
    }
    if text("$anchor").is_some() || text("$dynamicAnchor").is_some() {
        found.anchored.push(node.id());
    }
    for key in ["$dynamicRef", "$recursiveRef"] {
        if let Some(reference) = text(key) {
            found.mentioned.push(reference.to_owned());
        }
    }
    if let Some(mapping) = node.get("discriminator").and_then(|it| it.get("mapping")) {
        let targets = mapping.entries().filter_map(|(_, target)| target.as_str());
        let files =
            targets.filter(|target| target.contains(['/', '.']) && !target.starts_with('#'));
        found.mentioned.extend(files.map(str::to_owned));
    }
}
