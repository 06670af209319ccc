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
    /// Alternatives; those of alternatives that are nothing but a choice themselves are among them.
    pub(super) alternatives: Vec<&'j Json>,
    /// Whether a type stands beside the alternatives.
    typed: bool,
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

    /// Whether it is a list of values and nothing else.
    pub(super) fn is_values(&self) -> bool {
        let lists = |word: &str| matches!(word, "enum" | "const");
        self.alternatives.is_empty()
            && self.rest.is_empty()
            && self.words.keys().any(|word| lists(word))
            && self.words.keys().all(|word| lists(word) || is_note(word))
    }

    /// Whether null is among its types.
    pub(super) fn takes_null(&self) -> bool {
        self.types
            .as_ref()
            .is_some_and(|types| types.contains("null"))
    }

    /// Whether it is a choice between alternatives and nothing else.
    pub(super) fn is_choice(&self) -> bool {
        !self.alternatives.is_empty()
            && !self.typed
            && self.properties.is_empty()
            && self.required.is_empty()
            && self.rest.is_empty()
            && self
                .words
                .keys()
                .all(|word| is_note(word) || *word == "discriminator")
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
                ("type", Json::String(name)) => {
                    self.typed = true;
                    self.narrow(BTreeSet::from([name.as_str()]));
                }
                ("type", Json::Array(names)) => {
                    self.typed = true;
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
                self.typed |= inner.typed;
                for (key, value) in inner.words {
                    self.words.entry(key).or_insert(value);
                }
                self.rest.extend(inner.rest);
            }
            _ => {
                let mut null = false;
                spread(root, list, 0, &mut self.alternatives, &mut null);
                if let Some(types) = shared_types(root, &self.alternatives, null) {
                    self.narrow(types);
                }
            }
        }
    }
}

/// Alternatives, and instead of each that is itself a choice, what it chooses from.
fn spread<'j>(
    root: &'j Json,
    list: &'j [Json],
    depth: usize,
    out: &mut Vec<&'j Json>,
    null: &mut bool,
) {
    for schema in list {
        let meant = follow(root, schema).last().copied().unwrap_or(schema);
        if meant.get("type").and_then(Json::as_str) == Some("null") {
            *null = true;
            continue;
        }
        match choice(meant).filter(|_| depth < 8 && out.len() < 1_000) {
            Some(inner) => spread(root, inner, depth + 1, out, null),
            None => out.push(schema),
        }
    }
}

/// What a schema chooses from, if it does nothing else.
fn choice(schema: &Json) -> Option<&[Json]> {
    let mut words = schema.as_object()?.iter();
    let (_, list) = words
        .by_ref()
        .find(|(key, _)| matches!(key.as_str(), "anyOf" | "oneOf"))?;
    let rules = schema.as_object()?.keys().filter(|key| !is_note(key));
    (rules.count() == 1).then_some(list.as_array()?)
}

/// The one schema beside `null` of a choice that says no more than that null may be there too.
pub(super) fn beside_null<'j>(root: &'j Json, schema: &'j Json) -> &'j Json {
    let meant = follow(root, schema).last().copied().unwrap_or(schema);
    let is_null = |schema: &&Json| schema.get("type").and_then(Json::as_str) == Some("null");
    let others: Vec<&Json> = choice(meant)
        .unwrap_or_default()
        .iter()
        .filter(|schema| !is_null(schema))
        .collect();
    match others.as_slice() {
        [one] => one,
        _ => schema,
    }
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
        typed: false,
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
