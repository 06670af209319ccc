//! Schemas of answers, as they stand in the description, with one set of `$defs` for all of them.
//!
//! Tools do not show them, so that they do not go through the graph that `inputSchema` is made from.

use std::collections::HashMap;

use toolwright_document::{Cursor, Json, NodeId};

use super::keyword::{Holds, holds};
use crate::load::Documents;
use crate::model::{Dialect, Schema};

/// The most schemas that are copied of one description.
const MOST: usize = 500_000;
/// How deep they nest before the rest is left open.
const DEEPEST: usize = 100;

/// Copies schemas into one value.
pub(super) struct Copier<'d> {
    documents: &'d Documents,
    names: HashMap<NodeId, String>,
    waiting: Vec<(String, Cursor<'d>)>,
    defs: Json,
    nodes: usize,
}

impl<'d> Copier<'d> {
    pub(super) fn new(documents: &'d Documents) -> Self {
        Self {
            documents,
            names: HashMap::new(),
            waiting: Vec::new(),
            defs: Json::object(),
            nodes: 0,
        }
    }

    /// A schema, with references into what [`Copier::finish`] gives out.
    pub(super) fn copy(&mut self, schema: &Schema<'d>) -> Option<Json> {
        match schema {
            Schema::Node { at, dialect, .. } => {
                let copy = self.schema(*at, *dialect, 0);
                while let Some((name, at)) = self.waiting.pop() {
                    let schema = self.schema(at, *dialect, 0);
                    self.defs.insert(name, schema);
                }
                Some(copy)
            }
            Schema::Form(_) => None,
        }
    }

    /// The root that the references lead into.
    pub(super) fn finish(self) -> Json {
        Json::object().with("$defs", self.defs)
    }

    fn schema(&mut self, at: Cursor<'d>, dialect: Dialect, depth: usize) -> Json {
        self.nodes += 1;
        if self.nodes > MOST || depth > DEEPEST {
            return Json::object();
        }
        if !at.is_object() {
            return at.as_bool().map_or_else(Json::object, Json::from);
        }
        let mut out = Json::object();
        if self.documents.reference(at).is_some()
            && let Ok(target) = self.documents.follow(at)
        {
            out.insert("$ref", format!("#/$defs/{}", self.name(target)));
            if dialect != Dialect::V31 {
                return out;
            }
        }
        for (key, value) in at.entries() {
            if matches!(key, "$ref" | "$defs" | "definitions") {
                continue;
            }
            let copy = match holds(key) {
                Some(Holds::Named) => {
                    let mut map = Json::object();
                    for (name, inner) in value.entries() {
                        if inner.get("writeOnly").and_then(Cursor::as_bool) != Some(true) {
                            map.insert(name, self.schema(inner, dialect, depth + 1));
                        }
                    }
                    map
                }
                Some(Holds::Schemas) => value
                    .items()
                    .map(|inner| self.schema(inner, dialect, depth + 1))
                    .collect(),
                Some(Holds::Schema) => self.schema(value, dialect, depth + 1),
                None => value.to_json(),
            };
            out.insert(key, copy);
        }
        older(&mut out, dialect);
        out
    }

    /// The name of what a reference leads to; it is copied once.
    fn name(&mut self, target: Cursor<'d>) -> String {
        if let Some(name) = self.names.get(&target.id()) {
            return name.clone();
        }
        // By its place, so that it is the same name before and after, escaped as a pointer has it (RFC 6901 §3).
        let place = format!("{}#{}", target.document().name(), target.pointer());
        let name = place.replace('~', "~0").replace('/', "~1");
        self.names.insert(target.id(), name.clone());
        self.waiting.push((place, target));
        name
    }
}

/// What a schema without a type of its own is composed of, taken out of it.
fn composed(schema: &mut Json) -> Option<Json> {
    let mut inner = Json::object();
    for word in ["allOf", "anyOf", "oneOf"] {
        if let Some(parts) = schema.remove(word) {
            inner.insert(word, parts);
        }
    }
    inner
        .as_object()
        .is_some_and(|members| !members.is_empty())
        .then_some(inner)
}

/// Brings the words of older dialects into those of 2020-12.
fn older(schema: &mut Json, dialect: Dialect) {
    if dialect == Dialect::V31 {
        return;
    }
    let nullable = ["nullable", "x-nullable"]
        .into_iter()
        .any(|word| schema.get(word).and_then(Json::as_bool) == Some(true));
    if nullable && let Some(Json::String(name)) = schema.get("type") {
        let both = Json::from(vec![name.as_str(), "null"]);
        schema.insert("type", both);
    } else if nullable && let Some(composed) = composed(schema) {
        let null = Json::object().with("type", "null");
        schema.insert("anyOf", Json::Array(vec![composed, null]));
    }
    for (word, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        if schema
            .get(exclusive)
            .and_then(Json::as_bool)
            .is_some_and(|is| is)
            && let Some(bound) = schema.remove(word)
        {
            schema.insert(exclusive, bound);
        } else if schema
            .get(exclusive)
            .is_some_and(|bound| bound.as_bool().is_some())
        {
            schema.remove(exclusive);
        }
    }
}
