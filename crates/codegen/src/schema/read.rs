//! Reading schema objects into the graph.

use toolwright_document::{Cursor, Json, Kind};

use super::keyword::{Shape, keyword};
use super::reader::{PROSE, Reader, article};
use super::{Id, Node, Word, finish, repair};
use crate::model::Dialect;
use crate::text::{clean, cut};

/// The longest example or default that a model is shown.
const SHOWN: usize = 4_000;

impl<'d> Reader<'_, 'd> {
    pub(super) fn node(&mut self, at: Cursor<'d>) -> Node<'d> {
        let mut node = Node::new(at, self.key.dialect);
        match at.kind() {
            Kind::Bool(true) => return node,
            Kind::Bool(false) => {
                node.never = true;
                return node;
            }
            Kind::Object => {}
            _ => {
                let message = format!(
                    "a schema must be an object, this is {}; it allows everything now",
                    article(at)
                );
                self.problems.warn(at, message);
                return node;
            }
        }
        self.key.scope = self.graph.inner_scope(at, self.key.scope);
        let alone = at
            .get("$ref")
            .is_some_and(|target| target.as_str().is_some())
            && self.key.dialect != Dialect::V31;
        for (name, value) in at.entries() {
            match keyword(name) {
                _ if alone && !matches!(name, "$ref" | "description" | "title") => {
                    self.sibling(at, name);
                }
                Some(("$ref", _)) => self.reference(&mut node, at, value),
                Some((name, shape)) => self.keyword(&mut node, name, shape, value),
                None if self.key.parameter || name.starts_with("x-") => {}
                None if name.starts_with('^')
                    || matches!(name, "name" | "in" | "collectionFormat" | "allowEmptyValue") => {}
                None => {
                    let message = format!("`{name}` is no keyword of a schema; it is left out");
                    self.problems.notice(value, message);
                }
            }
        }
        finish::finish(self, &mut node, at);
        node
    }

    /// Siblings of `$ref` before 3.1 mean nothing (OpenAPI 3.0.4 §4.8.23); descriptions are shown all the same.
    fn sibling(&mut self, at: Cursor<'d>, name: &str) {
        let constrains = keyword(name)
            .is_some_and(|(_, shape)| shape != Shape::Silent && shape != Shape::Any)
            && !matches!(
                name,
                "example"
                    | "examples"
                    | "default"
                    | "readOnly"
                    | "writeOnly"
                    | "xml"
                    | "type"
                    | "discriminator"
            );
        if constrains {
            let message = format!(
                "`{name}` beside `$ref` is without effect before OpenAPI 3.1; it is left out"
            );
            self.problems
                .warn(at, message)
                .help("put the reference into `allOf`, next to the keyword");
        }
    }

    fn reference(&mut self, node: &mut Node<'d>, at: Cursor<'d>, value: Cursor<'d>) {
        let Some(reference) = value.as_str() else {
            self.problems.warn(
                value,
                format!(
                    "`$ref` must be a string, this is {}; it is left out",
                    article(value)
                ),
            );
            return;
        };
        match self.graph.documents.resolve(at, reference) {
            Ok(target) => {
                let id = self
                    .graph
                    .intern(target, self.key.dialect, false, self.key.scope);
                self.graph.node_mut(id).named = true;
                node.set("$ref", Word::Ref(id));
            }
            Err(error) => {
                error.report(at, self.problems);
            }
        }
    }

    fn keyword(
        &mut self,
        node: &mut Node<'d>,
        name: &'static str,
        shape: Shape,
        value: Cursor<'d>,
    ) {
        let word = match shape {
            Shape::Silent => None,
            Shape::Special => return self.special(node, name, value),
            Shape::Any => Some(Word::Json(value.to_json())),
            Shape::Schema => Some(Word::Schema(self.child(value))),
            Shape::Schemas => self.schemas(name, value).map(Word::List),
            Shape::SchemaMap => self.schema_map(name, value).map(Word::Map),
            Shape::Prose if self.key.parameter && name == "description" => None,
            Shape::Prose => self.prose(name, value).map(Word::Json),
            Shape::Text => self.expect(name, value, value.as_str().map(Json::from), "a string"),
            Shape::Flag => {
                let flag = value
                    .as_bool()
                    .or_else(|| value.as_str().and_then(|text| text.parse().ok()));
                self.expect(name, value, flag.map(Json::Bool), "true or false")
            }
            Shape::Number | Shape::Positive | Shape::Count => {
                let number = repair::number(shape, value);
                let wanted = match shape {
                    Shape::Count => "a whole number from 0",
                    Shape::Positive => "a number above 0",
                    _ => "a number",
                };
                self.expect(name, value, number, wanted)
            }
        };
        if let Some(word) = word {
            node.set(name, word);
        }
    }

    pub(super) fn child(&mut self, value: Cursor<'d>) -> Id {
        self.graph
            .intern(value, self.key.dialect, false, self.key.scope)
    }

    pub(super) fn schemas(&mut self, name: &str, value: Cursor<'d>) -> Option<Vec<Id>> {
        // One schema where a list belongs is a list of one.
        if value.is_object() {
            self.problems.warn(
                value,
                format!("`{name}` must be a list of schemas; it is read as a list of this one"),
            );
            return Some(vec![self.child(value)]);
        }
        let ids: Vec<Id> = value.items().map(|item| self.child(item)).collect();
        if ids.is_empty() {
            self.problems.warn(
                value,
                format!("`{name}` must be a list of schemas that is not empty; it is left out"),
            );
            return None;
        }
        Some(ids)
    }

    pub(super) fn schema_map(
        &mut self,
        name: &str,
        value: Cursor<'d>,
    ) -> Option<Vec<(String, Id)>> {
        if !value.is_object() {
            // `properties:` with nothing below it is how YAML writes an empty object.
            if !value.is_null() {
                let message = format!(
                    "`{name}` must be an object of schemas, this is {}; it is left out",
                    article(value)
                );
                self.problems.warn(value, message);
            }
            return None;
        }
        Some(
            value
                .entries()
                .map(|(key, value)| (key.to_owned(), self.child(value)))
                .collect(),
        )
    }

    /// Text for the model: without characters that hide, and bounded.
    fn prose(&mut self, name: &str, value: Cursor<'d>) -> Option<Json> {
        let Some(text) = value.as_text() else {
            if !value.is_null() {
                self.problems
                    .warn(value, format!("`{name}` must be a string; it is left out"));
            }
            return None;
        };
        let (text, removed) = clean(text);
        if removed {
            let message = format!(
                "`{name}` holds invisible or bidirectional control characters; they are taken out"
            );
            self.problems.warn(value, message);
        }
        let text = text.trim();
        let bounded = cut(text, PROSE);
        if bounded.is_some() {
            self.problems
                .notice(value, format!("`{name}` is cut to {PROSE} characters"));
        }
        (!text.is_empty()).then(|| Json::from(bounded.as_deref().unwrap_or(text)))
    }

    pub(super) fn expect(
        &mut self,
        name: &str,
        at: Cursor<'d>,
        json: Option<Json>,
        wanted: &str,
    ) -> Option<Word> {
        if json.is_none() {
            self.problems.warn(
                at,
                format!(
                    "`{name}` must be {wanted}, this is {}; it is left out",
                    article(at)
                ),
            );
        }
        json.map(Word::Json)
    }

    /// `default` and examples: shown when they are short enough to help.
    pub(super) fn shown(&mut self, name: &str, value: Cursor<'d>) -> Option<Json> {
        let json = value.to_json();
        let length = json.compact().len();
        if length > SHOWN {
            self.problems.notice(
                value,
                format!("`{name}` takes {length} bytes and is not shown to the model"),
            );
            return None;
        }
        Some(json)
    }

    pub(super) fn dynamic(&mut self, node: &mut Node<'d>, at: Cursor<'d>) {
        let Some(reference) = at.as_str() else { return };
        let bound = reference.strip_prefix('#').and_then(|name| {
            let scope = self.graph.scopes.get(self.key.scope)?;
            scope
                .0
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, place)| *place)
        });
        let target = match bound.and_then(|place| self.graph.documents.node(place)) {
            Some(target) => Ok(target),
            None => self.graph.documents.resolve(node.at, reference),
        };
        match target {
            Ok(target) => {
                let id = self
                    .graph
                    .intern(target, self.key.dialect, false, self.key.scope);
                node.set("$ref", Word::Ref(id));
            }
            Err(error) => {
                error.report(node.at, self.problems);
            }
        }
    }
}
