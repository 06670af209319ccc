//! One walk over a file finds what refers and what can be referred to.

use std::collections::HashMap;

use toolwright_document::{Cursor, Document, NodeId};

/// What a file holds besides its content.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Objects with a `$ref`, outside of examples and other data.
    pub(super) references: Vec<NodeId>,
    /// Objects with an `$id` (or, at the root of a document, `$self`), each after the one around it.
    pub(super) identified: Vec<NodeId>,
    /// The nearest identified node around or at a node that refers to something or is identified itself (then
    /// around it alone). Nodes without one are not listed.
    pub(super) within: HashMap<NodeId, NodeId>,
    /// Objects with an `$anchor` or `$dynamicAnchor`.
    pub(super) anchored: Vec<NodeId>,
    /// Relative files that discriminators, dynamic references and security requirements name.
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
    let mut stack = vec![(document.root(), Place::Fields, None)];
    while let Some((node, place, around)) = stack.pop() {
        let mut around = around;
        if place != Place::Names && node.is_object() {
            around = fields(node, around, &mut found);
        }
        if node.is_array() {
            stack.extend(own(node, node.items()).map(|item| (item, place, around)));
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
                    stack.extend(examples.map(|example| (example, Place::Example, around)));
                    continue;
                }
                (_, "example" | "examples" | "default" | "enum" | "const") => continue,
                (_, "value" | "dataValue") if parent_of_value => continue,
                (_, key) if key.starts_with("x-") => continue,
                (_, key) if NAMES.contains(&key) && child.is_object() => Place::Names,
                _ => Place::Fields,
            };
            stack.push((child, next, around));
        }
    }
    // The stack visits siblings backwards; what is reported goes by the order of the text.
    found.references.sort_by_key(|id| id.index());
    found.anchored.sort_by_key(|id| id.index());
    found
}

fn own<'d>(
    parent: Cursor<'d>,
    children: impl Iterator<Item = Cursor<'d>>,
) -> impl Iterator<Item = Cursor<'d>> {
    children.filter(move |child| child.parent() == Some(parent))
}

/// Notes what an object is; returns the identified node that its children are in.
fn fields(node: Cursor<'_>, around: Option<NodeId>, found: &mut Found) -> Option<NodeId> {
    let text = |key: &str| node.get(key).and_then(Cursor::as_str);
    let id = node.id();
    let mut inside = around;
    if own_identifier(node).is_some() {
        found.identified.push(id);
        found.within.extend(around.map(|around| (id, around)));
        inside = Some(id);
    }
    let refers = text("$ref").is_some();
    if refers {
        found.references.push(id);
    }
    if text("$anchor").is_some() || text("$dynamicAnchor").is_some() {
        found.anchored.push(id);
    }
    if refers && inside != Some(id) {
        found.within.extend(inside.map(|inside| (id, inside)));
    }
    for key in ["$dynamicRef", "$recursiveRef"] {
        if let Some(reference) = text(key) {
            found.mentioned.push(reference.to_owned());
        }
    }
    // Requirements may refer to schemes (OpenAPI 3.2 §4.30). What has a slash is no name of a component.
    if let Some(security) = node.get("security") {
        let keys = security
            .items()
            .flat_map(Cursor::entries)
            .map(|(key, _)| key);
        let files = keys.filter(|key| key.contains('/') && !key.starts_with('#'));
        found.mentioned.extend(files.map(str::to_owned));
    }
    if let Some(mapping) = node.get("discriminator").and_then(|it| it.get("mapping")) {
        let targets = mapping.entries().filter_map(|(_, target)| target.as_str());
        let files =
            targets.filter(|target| target.contains(['/', '.']) && !target.starts_with('#'));
        found.mentioned.extend(files.map(str::to_owned));
    }
    inside
}

/// The identifier that an object gives itself, as written.
pub(super) fn own_identifier(node: Cursor<'_>) -> Option<&str> {
    let whole = node.parent().is_none() && node.get("$self").is_some();
    let key = if whole { "$self" } else { "$id" };
    let id = node.get(key)?.as_str()?;
    // `#name` was how drafts before 2019-09 wrote an anchor.
    (!id.starts_with('#') && id.len() <= LONGEST).then_some(id)
}

/// Bytes of an identifier.
const LONGEST: usize = 1_000;
