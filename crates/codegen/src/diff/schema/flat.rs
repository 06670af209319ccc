//! A schema with its references followed and its `allOf` laid together.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use toolwright_document::Json;

use super::canonical::is_note;
use super::{identity, rules};

/// Schemas that are laid together for one value.
const MOST_PARTS: usize = 64;

/// What a schema says of one value.
pub(super) struct Flat<'j> {
    /// The outermost schema after its references.
    pub(super) identity: *const Json,
    /// The schema `false`.
    pub(super) never: bool,
    /// Types that are allowed; nothing when all are.
    pub(super) types: Option<BTreeSet<&'j str>>,
    /// Properties by name, in the order of the text.
    pub(super) properties: IndexMap<&'j str, &'j Json>,
    /// Names that must be there.
    pub(super) required: BTreeSet<&'j str>,
    /// Alternatives, and the keyword that lists them.
    pub(super) alternatives: Vec<&'j Json>,
    words: BTreeMap<&'j str, &'j Json>,
    /// Parts of `allOf` that say what another part has said otherwise.
    rest: Vec<&'j Json>,
}

impl<'j> Flat<'j> {
    pub(super) fn word(&self, keyword: &str) -> Option<&'j Json> {
        self.words.get(keyword).copied()
    }

    pub(super) fn text(&self, keyword: &str) -> Option<&'j str> {
        self.word(keyword)?.as_str()
    }

    /// What could not be laid together.
    pub(super) fn rest(&self) -> &[&'j Json] {
        &self.rest
    }

    fn take(&mut self, root: &'j Json, schema: &'j Json, outermost: bool) {
        let Json::Object(members) = schema else {
            self.never |= schema.as_bool() == Some(false);
            return;
        };
        let clash = members.iter().any(|(key, value)| {
            !is_laid(key)
                && !is_note(key)
                && self
                    .words
                    .get(key.as_str())
                    .is_some_and(|old| *old != value)
        });
        if clash {
            self.rest.push(schema);
            return;
        }
        for (key, value) in members {
            match (key.as_str(), value) {
                ("type", Json::String(name)) => self.narrow(BTreeSet::from([name.as_str()])),
                ("type", Json::Array(names)) => {
                    self.narrow(names.iter().filter_map(Json::as_str).collect());
                }
                ("properties", Json::Object(properties)) => {
                    for (name, schema) in properties {
                        match self.properties.get(name.as_str()) {
                            Some(known) if rules(known) != rules(schema) => self.rest.push(schema),
                            Some(_) => {}
                            None => drop(self.properties.insert(name, schema)),
                        }
                    }
                }
                ("required", Json::Array(names)) => {
                    self.required.extend(names.iter().filter_map(Json::as_str));
                }
                ("anyOf" | "oneOf", Json::Array(list)) => self.alternate(root, list),
                ("allOf" | "$ref" | "$defs", _) => {}
                // What stands beside a reference says more of this use than what it leads to.
                (key, value) if outermost || !is_note(key) || !self.words.contains_key(key) => {
                    self.words.entry(key).or_insert(value);
                }
                _ => {}
            }
        }
    }

    fn narrow(&mut self, types: BTreeSet<&'j str>) {
        self.types = Some(match self.types.take() {
            Some(known) => known.intersection(&types).copied().collect(),
            None => types,
        });
    }

    /// `anyOf` with `null` is how a nullable value is written: it is a type like others then, and no alternative.
    fn alternate(&mut self, root: &'j Json, list: &'j [Json]) {
        let is_null = |schema: &&Json| schema.get("type").and_then(Json::as_str) == Some("null");
        let others: Vec<&Json> = list.iter().filter(|schema| !is_null(schema)).collect();
        if !self.alternatives.is_empty() {
            self.rest.extend(others);
            return;
        }
        match others.as_slice() {
            [one] => {
                let inner = flatten(root, one);
                if let Some(mut types) = inner.types {
                    if others.len() < list.len() {
                        types.insert("null");
                    }
                    self.narrow(types);
                }
                self.identity = inner.identity;
                self.properties.extend(inner.properties);
                self.required.extend(inner.required);
                self.alternatives = inner.alternatives;
                for (key, value) in inner.words {
                    self.words.entry(key).or_insert(value);
                }
                self.rest.extend(inner.rest);
            }
            _ => {
                self.alternatives = others;
                if let Some(types) = shared_types(root, &self.alternatives, others_had_null(list)) {
                    self.narrow(types);
                }
            }
        }
    }
}

fn others_had_null(list: &[Json]) -> bool {
    list.iter()
        .any(|schema| schema.get("type").and_then(Json::as_str) == Some("null"))
}

/// The types of all alternatives together, where each of them says which.
fn shared_types<'j>(root: &'j Json, list: &[&'j Json], null: bool) -> Option<BTreeSet<&'j str>> {
    let mut all = BTreeSet::new();
    for schema in list {
        let last = follow(root, schema).last().copied()?;
        match last.get("type")? {
            Json::String(name) => drop(all.insert(name.as_str())),
            Json::Array(names) => all.extend(names.iter().filter_map(Json::as_str)),
            _ => return None,
        }
    }
    if null {
        all.insert("null");
    }
    Some(all)
}

/// Keywords that are laid together instead of clashing.
fn is_laid(keyword: &str) -> bool {
    matches!(
        keyword,
        "type" | "properties" | "required" | "allOf" | "anyOf" | "oneOf" | "$ref" | "$defs"
    )
}

/// Follows the references of `schema` and lays together what applies to the same value.
pub(super) fn flatten<'j>(root: &'j Json, schema: &'j Json) -> Flat<'j> {
    let mut flat = Flat {
        identity: identity(schema),
        never: false,
        types: None,
        properties: IndexMap::new(),
        required: BTreeSet::new(),
        alternatives: Vec::new(),
        words: BTreeMap::new(),
        rest: Vec::new(),
    };
    let mut waiting = vec![schema];
    let mut seen = BTreeSet::new();
    while let Some(schema) = waiting.pop() {
        let chain = follow(root, schema);
        for (at, part) in chain.iter().enumerate() {
            if seen.len() >= MOST_PARTS || !seen.insert(identity(part)) {
                continue;
            }
            // A schema that is nothing but a reference is what it leads to.
            let bare = part.as_object().is_some_and(|members| members.len() == 1);
            if seen.len() == at + 1 && bare && at + 1 < chain.len() {
                flat.identity = identity(chain[at + 1]);
            }
            flat.take(root, part, seen.len() == 1);
            if let Some(Json::Array(parts)) = part.get("allOf") {
                waiting.extend(parts.iter().rev());
            }
        }
    }
    flat
}

/// What the `$ref` of a schema leads to.
pub(super) fn step<'j>(root: &'j Json, schema: &Json) -> Option<&'j Json> {
    let target = schema.get("$ref")?.as_str()?;
    match target.strip_prefix("#/$defs/") {
        Some(name) => {
            let name = name.replace("~1", "/").replace("~0", "~");
            root.get("$defs")?.get(&name)
        }
        None => (target == "#").then_some(root),
    }
}

/// A schema, and what its `$ref` leads to, and so on; bounded.
pub(super) fn follow<'j>(root: &'j Json, schema: &'j Json) -> Vec<&'j Json> {
    let mut chain = vec![schema];
    let mut last = schema;
    while let Some(found) = step(root, last)
        && chain.len() < 32
    {
        chain.push(found);
        last = found;
    }
    chain
}
