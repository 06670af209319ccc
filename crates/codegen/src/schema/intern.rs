//! Asking for schemas: each place is read once for each way of reading it.

use toolwright_document::{Cursor, Json, NodeId};

use super::reader::{PROSE, Reader};
use super::{Graph, Id, Key, MOST_NODES, Node, Word};
use crate::model::{Dialect, FormField, Schema};
use crate::problem::Problems;
use crate::text::{clean, cut};

/// `$dynamicAnchor`s that are in force, the outermost first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Scope(pub(super) Vec<(String, NodeId)>);

impl<'d> Graph<'d> {
    /// A schema, to be read at the next [`Graph::settle`].
    pub fn add(&mut self, schema: &Schema<'d>) -> Option<Id> {
        match schema {
            Schema::Node {
                at,
                dialect,
                parameter,
            } => Some(self.intern(*at, *dialect, *parameter, 0)),
            Schema::Form(fields) => self.form(fields),
        }
    }

    fn form(&mut self, fields: &[FormField<'d>]) -> Option<Id> {
        let mut node = Node::new(fields.first()?.at, Dialect::Swagger2);
        let mut properties = Vec::new();
        let mut required = Vec::new();
        for field in fields {
            let inner = self.intern(field.at, Dialect::Swagger2, true, 0);
            let id = match field.description.as_deref().map(clean) {
                Some((text, _)) if !text.trim().is_empty() => {
                    let mut outer = Node::new(field.at, Dialect::V31);
                    let text = cut(text.trim(), PROSE).unwrap_or_else(|| text.trim().to_owned());
                    outer.set("$ref", Word::Ref(inner));
                    outer.set("description", Word::Json(Json::from(text)));
                    self.push(outer)
                }
                _ => inner,
            };
            properties.push((field.name.clone(), id));
            if field.required {
                required.push(Json::from(field.name.as_str()));
            }
        }
        node.set("type", Word::Json(Json::from("object")));
        node.set("properties", Word::Map(properties));
        if !required.is_empty() {
            node.set("required", Word::Json(Json::Array(required)));
        }
        Some(self.push(node))
    }

    pub(super) fn intern(
        &mut self,
        at: Cursor<'d>,
        dialect: Dialect,
        parameter: bool,
        scope: usize,
    ) -> Id {
        let key = Key {
            place: at.id(),
            dialect,
            parameter,
            scope,
        };
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        if self.nodes.len() >= MOST_NODES {
            self.overflow.get_or_insert(at);
            return Id(0);
        }
        let id = self.push(Node::new(at, dialect));
        self.known.insert(key, id);
        self.queue.push((id, key, at));
        id
    }

    pub(super) fn read_queue(&mut self, problems: &mut Problems) {
        while let Some((id, key, at)) = self.queue.pop() {
            let node = Reader {
                graph: self,
                problems,
                key,
            }
            .node(at);
            let named = self.node(id).named;
            let scope = self.scope_text(key.scope);
            *self.node_mut(id) = node;
            self.node_mut(id).named |= named;
            self.node_mut(id).scope = scope;
        }
    }

    /// What tells a scope from others, in the description's own words.
    fn scope_text(&self, scope: usize) -> Option<String> {
        let anchors = &self.scopes.get(scope)?.0;
        let places = anchors.iter().filter_map(|(name, place)| {
            let at = self.documents.node(*place)?;
            Some(format!(" {name}={}#{}", at.document().name(), at.pointer()))
        });
        let text: String = places.collect();
        (!text.is_empty()).then(|| format!(" in {}", crate::names::hash8(&text)))
    }

    /// The scope inside of a schema that brings dynamic anchors of its own.
    pub(super) fn inner_scope(&mut self, at: Cursor<'d>, outer: usize) -> usize {
        let own = at.get("$dynamicAnchor").and(Some(at));
        let defs = at.get("$defs").into_iter().flat_map(Cursor::values);
        let anchors: Vec<(String, NodeId)> = own
            .into_iter()
            .chain(defs)
            .filter_map(|at| Some((at.get("$dynamicAnchor")?.as_str()?.to_owned(), at.id())))
            .collect();
        let mut scope = self.scopes.get(outer).cloned().unwrap_or_default();
        let before = scope.0.len();
        for (name, place) in anchors {
            if !scope.0.iter().any(|(known, _)| *known == name) {
                scope.0.push((name, place));
            }
        }
        // Scopes nest only in descriptions that bind generics; anything beyond a few dozen is no honest one.
        if scope.0.len() == before || self.scopes.len() > 64 {
            return outer;
        }
        match self.scopes.iter().position(|known| *known == scope) {
            Some(known) => known,
            None => {
                self.scopes.push(scope);
                self.scopes.len() - 1
            }
        }
    }
}
