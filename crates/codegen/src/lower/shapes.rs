//! The typed view: what Rust types can say about a schema.
//!
//! It is a relaxation: whatever the schema allows can be decoded. So a type is given only where the schema itself
//! guarantees it, and everything else (untagged unions, tuples, `not`, open objects) is `Json`, which the schema alone
//! checks. Objects wait in a queue, so that no nesting and no recursion of schemas is one of functions.

use std::collections::{HashMap, VecDeque};

use toolwright_document::Json;

use super::shape::{Def, DefKind, Member, Owner, Place, Shape, Slot, integer};
use super::style::Form;
use crate::schema::{FILE, Graph, Id, Merged, Types, Word};

/// Enums larger than this are strings.
const MOST_VARIANTS: usize = 100;
/// Structs larger than this are JSON.
const MOST_MEMBERS: usize = 2_000;
/// Lists of lists of lists.
const DEEPEST: usize = 24;

pub(super) struct Shapes<'g, 'd> {
    pub graph: &'g Graph<'d>,
    pub defs: Vec<Def>,
    /// By schema, and for inline ones by the path to them: they may be included in several places.
    known: HashMap<(Id, String), usize>,
    queue: VecDeque<(usize, Id)>,
}

impl<'g, 'd> Shapes<'g, 'd> {
    pub(super) fn new(graph: &'g Graph<'d>) -> Self {
        Self {
            graph,
            defs: Vec::new(),
            known: HashMap::new(),
            queue: VecDeque::new(),
        }
    }

    /// The shape of a schema, with everything that it names.
    pub(super) fn shape(&mut self, id: Id, place: &Place) -> Shape {
        let shape = self.one(id, place, 0);
        while let Some((def, id)) = self.queue.pop_front() {
            self.members(def, id);
        }
        shape
    }

    fn one(&mut self, id: Id, place: &Place, depth: usize) -> Shape {
        if depth > DEEPEST {
            return Shape::Any;
        }
        let target = self.graph.followed(id);
        let node = self.graph.node(target);
        if node.never {
            return Shape::Any;
        }
        if node.alias == Some(FILE) {
            return Shape::File;
        }
        let place = match node.named {
            false => place.clone(),
            true => Place {
                owner: Owner::Shared,
                identity: self.graph.identity(target),
                text: self.graph.label(target),
            },
        };
        let merged = self.graph.merged(target);
        let types = merged.types();
        let nullable = types.contains(Types::NULL);
        if types == Types::ALL {
            return self.open(target, &merged, &place, depth);
        }
        let shape = match types.present() {
            Types::STRING => self.text(target, &merged, &place),
            Types::BOOLEAN => Shape::Bool,
            Types::INTEGER => integer(&merged),
            Types::NUMBER => Shape::Number,
            Types::ARRAY => {
                let items = match (merged.has("prefixItems"), first_schema(&merged, "items")) {
                    (false, Some(items)) => self.one(items, &place.below("item"), depth + 1),
                    _ => Shape::Any,
                };
                Shape::List(Box::new(items))
            }
            Types::OBJECT => self.object(target, &merged, &place, depth),
            _ => Shape::Any,
        };
        shape.maybe(nullable)
    }

    /// Without a type of its own: alternatives, or a closed list of strings.
    fn open(&mut self, target: Id, merged: &Merged<'g, 'd>, place: &Place, depth: usize) -> Shape {
        let list = merged
            .all("oneOf")
            .chain(merged.all("anyOf"))
            .find_map(|word| match word {
                Word::List(list) => Some(list),
                _ => None,
            });
        let Some(list) = list else { return Shape::Any };
        let null = |id: &&Id| self.graph.merged(**id).types() == Types::NULL;
        let rest: Vec<Id> = list.iter().filter(|id| !null(id)).copied().collect();
        let nullable = rest.len() < list.len();
        if let [only] = rest.as_slice() {
            // The name of the place stays with what is in it.
            return self.one(*only, place, depth + 1).maybe(nullable);
        }
        if let Some(union) = self.union(target, merged, &rest, place) {
            return union.maybe(nullable);
        }
        let mut shapes = Vec::new();
        for id in &rest {
            let types = self.graph.merged(*id).types().present();
            // Only scalars can be told to be the same without being made.
            let scalar =
                [Types::STRING, Types::BOOLEAN, Types::INTEGER, Types::NUMBER].contains(&types);
            if !scalar {
                return Shape::Any;
            }
            shapes.push(match types {
                Types::STRING => Shape::Text,
                Types::BOOLEAN => Shape::Bool,
                Types::INTEGER => Shape::Integer,
                _ => Shape::Number,
            });
        }
        shapes.dedup();
        let numbers = shapes
            .iter()
            .all(|shape| matches!(shape, Shape::Integer | Shape::Number));
        match shapes.as_slice() {
            [one] => one.clone().maybe(nullable),
            [_, ..] if numbers => Shape::Number.maybe(nullable),
            _ => Shape::Any,
        }
    }

    fn union(
        &mut self,
        target: Id,
        merged: &Merged<'g, 'd>,
        rest: &[Id],
        place: &Place,
    ) -> Option<Shape> {
        let discriminator = merged.nodes().find_map(|node| node.discriminator)?;
        let tag = discriminator.get("propertyName")?.as_str()?;
        if merged.has("properties") || rest.len() > MOST_VARIANTS {
            return None;
        }
        let mut seen = std::collections::HashSet::new();
        let mut tags = Vec::new();
        for id in rest {
            let branch = self.graph.merged(*id);
            let object =
                branch.types().present() == Types::OBJECT && !branch.types().contains(Types::NULL);
            let values = self.graph.tag_values(*id, tag)?;
            if !object || !branch.required().contains(tag) || values.is_empty() {
                return None;
            }
            if !values.iter().all(|value| seen.insert(value.clone())) {
                return None;
            }
            tags.push(values);
        }
        let def = match self.find(target, place) {
            Some(known) => return Some(Shape::Named(known)),
            None => self.define(target, place, DefKind::Open, merged.text("description")),
        };
        let mut variants = Vec::new();
        for (id, values) in rest.iter().zip(tags) {
            let place = self.defs[def]
                .place()
                .below(values.first().map_or("variant", String::as_str));
            // A wrapper that only adds the tag is of no interest to Rust: the tag is read by the union.
            let inner = self
                .graph
                .node(*id)
                .target()
                .filter(|_| self.graph.node(*id).words.len() == 2);
            let shape = self.one(inner.unwrap_or(*id), &place, 0);
            variants.push((values, shape));
        }
        self.defs[def].kind = DefKind::Union {
            tag: tag.to_owned(),
            variants,
        };
        Some(Shape::Named(def))
    }

    fn text(&mut self, target: Id, merged: &Merged<'g, 'd>, place: &Place) -> Shape {
        let Some(values) = merged.values() else {
            return Shape::Text;
        };
        let texts: Vec<String> = values
            .iter()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect();
        let closed = values
            .iter()
            .all(|value| matches!(value, Json::String(_) | Json::Null));
        if !closed || !(2..=MOST_VARIANTS).contains(&texts.len()) {
            return Shape::Text;
        }
        match self.find(target, place) {
            Some(known) => Shape::Named(known),
            None => Shape::Named(self.define(
                target,
                place,
                DefKind::Enum(texts),
                merged.text("description"),
            )),
        }
    }

    fn object(
        &mut self,
        target: Id,
        merged: &Merged<'g, 'd>,
        place: &Place,
        depth: usize,
    ) -> Shape {
        let properties = merged.properties().len();
        if merged.values().is_some() || properties > MOST_MEMBERS {
            return Shape::Any;
        }
        if properties == 0 {
            let others = first_schema(merged, "additionalProperties");
            let typed = others.filter(|id| !self.graph.is_open(*id) && !self.graph.node(*id).never);
            return match typed.filter(|_| !merged.has("patternProperties")) {
                Some(id) => Shape::Map(Box::new(self.one(id, &place.below("value"), depth + 1))),
                None => {
                    let list = merged
                        .all("oneOf")
                        .chain(merged.all("anyOf"))
                        .find_map(|word| match word {
                            Word::List(list) => Some(list.clone()),
                            _ => None,
                        });
                    list.and_then(|list| self.union(target, merged, &list, place))
                        .unwrap_or(Shape::Any)
                }
            };
        }
        if let Some(known) = self.find(target, place) {
            return Shape::Named(known);
        }
        let def = self.define(target, place, DefKind::Open, merged.text("description"));
        self.queue.push_back((def, target));
        Shape::Named(def)
    }

    /// The type of a schema: an inline one holds where it stands, and for what it holds of itself further in, which
    /// would otherwise be another type at each level without end.
    fn find(&self, target: Id, place: &Place) -> Option<usize> {
        let mut key = self.key(target, place);
        loop {
            if let Some(known) = self.known.get(&key) {
                return Some(*known);
            }
            let around = key.1.rfind('/')?;
            key.1.truncate(around);
        }
    }

    fn key(&self, target: Id, place: &Place) -> (Id, String) {
        let path = if self.graph.node(target).named {
            String::new()
        } else {
            place.identity.clone()
        };
        (target, path)
    }

    fn define(&mut self, target: Id, place: &Place, kind: DefKind, about: Option<&str>) -> usize {
        let key = self.key(target, place);
        let Place {
            owner,
            identity,
            text,
        } = place.clone();
        self.defs.push(Def {
            owner,
            identity,
            text,
            component: self.graph.node(target).named,
            about: about.map(str::to_owned),
            kind,
        });
        self.known.insert(key, self.defs.len() - 1);
        self.defs.len() - 1
    }

    fn members(&mut self, def: usize, id: Id) {
        let merged = self.graph.merged(id);
        let required = merged.required();
        let place = self.defs[def].place();
        let mut members = Vec::new();
        for (name, schemas) in merged.properties() {
            let inner = place.below(name);
            // All of them hold, so any says something true; the first that says more than nothing is taken.
            let shapes = schemas
                .iter()
                .map(|id| self.one(*id, &inner, 0))
                .find(|shape| *shape != Shape::Any);
            let about = schemas
                .iter()
                .find_map(|id| self.graph.merged(*id).text("description"));
            members.push(Member {
                wire: name.to_owned(),
                about: about.map(str::to_owned),
                required: required.contains(name),
                shape: shapes.unwrap_or(Shape::Any),
            });
        }
        self.defs[def].kind = DefKind::Struct(members);
    }

    /// Whether a shape is written without parts, enums included.
    pub(super) fn is_scalar(&self, shape: &Shape) -> bool {
        match shape.present() {
            Shape::Named(def) => matches!(self.defs[*def].kind, DefKind::Enum(_)),
            other => other.is_scalar(),
        }
    }

    /// What a value of this shape consists of.
    pub(super) fn form(&self, shape: &Shape) -> Form {
        match shape.present() {
            present if self.is_scalar(present) => Form::Scalar,
            Shape::List(_) => Form::List,
            _ => Form::Other,
        }
    }

    /// The shape of a parameter: what the encoders cannot take apart travels with its text.
    pub(super) fn parameter(&self, shape: Shape) -> Slot {
        let plain = match shape.present() {
            Shape::Any => true,
            Shape::List(items) => **items == Shape::Any || self.is_scalar(items),
            present => self.is_scalar(present),
        };
        Slot {
            json: !plain,
            shape,
        }
    }
}

fn first_schema(merged: &Merged<'_, '_>, keyword: &'static str) -> Option<Id> {
    merged.all(keyword).find_map(|word| match word {
        Word::Schema(id) => Some(*id),
        _ => None,
    })
}
