//! The schema of a body as the root of what `inputSchema` shows.

use std::collections::{HashMap, HashSet};

use toolwright_document::{Cursor, Json, Kind};

use super::{Emitted, Emitter, MOST_NODES, Root};
use crate::model::{Dialect, Schema};
use crate::names::{hash8, is_argument_name};
use crate::schema::keyword::{Shape, keyword};
use crate::schema::merge::adds_nothing;
use crate::schema::{Graph, Id, Word};

/// The only dialect that a tool's schema is shown in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// How many references that stand alone are followed, as in [`Graph::followed`].
const MOST_STEPS: usize = 64;

impl<'d> Graph<'d> {
    /// The `$defs` of a schema that will be a root, by their own names, to be read with everything else.
    pub fn definitions(&mut self, schema: &Schema<'d>) -> Vec<(String, Id)> {
        let Schema::Node {
            at,
            dialect: dialect @ Dialect::V31,
            ..
        } = schema
        else {
            return Vec::new();
        };
        let mut found: Vec<(String, Id)> = Vec::new();
        let mut scope = 0;
        for at in self.chain(*at) {
            scope = self.inner_scope(at, scope);
            let own = at.get("$defs").into_iter().flat_map(Cursor::entries);
            // Other names cannot be written into a reference as they are; those schemas are shown as all others.
            for (name, at) in own.filter(|(name, _)| is_argument_name(name)) {
                if !found.iter().any(|(known, _)| known == name) {
                    found.push((name.to_owned(), self.intern(at, *dialect, false, scope)));
                }
            }
        }
        found
    }

    /// The `$schema` that the root of a body states.
    pub fn stated_dialect(&self, id: Id) -> Option<Cursor<'d>> {
        let stated = |id: Id| self.node(id).at.get("$schema");
        self.steps(id).into_iter().find_map(stated)
    }

    /// The schemas on the way of [`Graph::followed`], the outermost first.
    fn steps(&self, id: Id) -> Vec<Id> {
        let last = self.followed(id);
        let mut steps = vec![id];
        let next = |id: Id| self.node(id).target().filter(|_| id != last);
        while let Some(id) = steps.last().copied().and_then(next) {
            steps.push(id);
        }
        steps
    }

    /// The same before they are read.
    fn chain(&self, mut at: Cursor<'d>) -> Vec<Cursor<'d>> {
        let silent = |name: &str| {
            keyword(name).is_none_or(|(name, shape)| shape == Shape::Silent || adds_nothing(name))
        };
        let mut chain = vec![at];
        while chain.len() < MOST_STEPS && at.entries().all(|(name, _)| silent(name)) {
            let target = self.documents.reference(at);
            match target.map(|target| self.documents.resolve(at, target)) {
                Some(Ok(target)) => at = target,
                _ => break,
            }
            chain.push(at);
        }
        chain
    }
}

/// The input schema of a tool whose arguments are the body: its schema with its own `$defs`, `$schema` and `$anchor`s.
pub fn emit_body(graph: &Graph<'_>, body: &Root, definitions: &[(String, Id)]) -> Emitted {
    let mut emitter = Emitter::new(graph, MOST_NODES);
    emitter.anchors = Some(HashSet::new());
    let root = graph.followed(body.id);
    let plain = |id: Id| Root {
        name: String::new(),
        id,
        required: true,
        notes: Vec::new(),
    };
    let mut roots = vec![plain(root)];
    roots.extend(definitions.iter().map(|(_, id)| plain(*id)));
    emitter.survey(&roots);
    emitter.keep(definitions);

    let chain = graph.steps(body.id);
    let mut schema = Json::object();
    if graph.stated_dialect(body.id).and_then(Cursor::as_str) == Some(DIALECT) {
        schema.insert("$schema", DIALECT);
    }
    if let Json::Object(words) = emitter.node(root, 0, true) {
        for (name, word) in words {
            schema.insert(name, word);
        }
    }
    // Clients look for this very word, whatever else says the same.
    schema.insert("type", "object");
    // What stands beside a reference says more of this use than what it leads to.
    for id in chain.iter().rev().skip(1) {
        for (name, word) in &graph.node(*id).words {
            // A root is no scalar, which alone can be mirrored.
            if let Word::Json(note) = word
                && *name != "x-mcp-header"
            {
                schema.insert(*name, note.clone());
            }
        }
    }
    for (name, note) in &body.notes {
        schema.insert(*name, note.clone());
    }
    emitter.emitted(schema)
}

impl Emitter<'_, '_> {
    /// Shows definitions under their own names, whether or not anything refers to them.
    fn keep(&mut self, definitions: &[(String, Id)]) {
        let own: HashMap<&str, Id> = definitions
            .iter()
            .map(|(name, id)| (name.as_str(), *id))
            .collect();
        for (id, name) in &mut self.names {
            if own.get(name.as_str()).is_some_and(|taken| taken != id) {
                *name = format!("{name}_{}", hash8(&self.graph.identity(*id)));
            }
        }
        for (name, id) in definitions {
            self.names.insert(*id, name.clone());
            self.shared.insert(*id);
            self.waiting.push(*id);
        }
    }

    /// An empty schema, or one with its anchor, which names one place alone.
    pub(super) fn anchored(&mut self, id: Id) -> Json {
        let at = self.graph.node(id).at;
        let (Some(anchors), Kind::Object) = (&mut self.anchors, at.kind()) else {
            return Json::object();
        };
        match at.get("$anchor").and_then(Cursor::as_str) {
            Some(name) if is_anchor(name) && anchors.insert(name.to_owned()) => {
                Json::object().with("$anchor", name)
            }
            _ => Json::object(),
        }
    }
}

/// JSON Schema 2020-12, core §8.2.2; with any other name the whole schema would be none.
fn is_anchor(name: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(legal)
}
