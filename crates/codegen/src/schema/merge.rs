//! A schema seen as one with everything that `allOf` and `$ref` add to it.

use std::collections::HashSet;
use std::ops::BitAnd;

use indexmap::IndexMap;
use toolwright_document::Json;

use super::{Graph, Id, Node, Word};

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// Every type.
    pub const ALL: Types = Types(0b111_1111);
    /// `null`
    pub const NULL: Types = Types(1);
    /// `boolean`
    pub const BOOLEAN: Types = Types(1 << 1);
    /// `integer`
    pub const INTEGER: Types = Types(1 << 2);
    /// `number`, whole ones too
    pub const NUMBER: Types = Types((1 << 2) | (1 << 3));
    /// `string`
    pub const STRING: Types = Types(1 << 4);
    /// `array`
    pub const ARRAY: Types = Types(1 << 5);
    /// `object`
    pub const OBJECT: Types = Types(1 << 6);

    fn named(name: &str) -> Types {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::ALL,
        }
    }

    fn of(value: &Json) -> Types {
        match value {
            Json::Null => Self::NULL,
            Json::Bool(_) => Self::BOOLEAN,
            Json::Number(text) if super::whole(text).is_some() => Self::INTEGER,
            Json::Number(_) => Self::NUMBER,
            Json::String(_) => Self::STRING,
            Json::Array(_) => Self::ARRAY,
            Json::Object(_) => Self::OBJECT,
        }
    }

    fn union(types: impl Iterator<Item = Types>) -> Types {
        Types(types.fold(0, |all, one| all | one.0))
    }

    /// Whether all of `other` is in it.
    pub fn contains(self, other: Types) -> bool {
        self.0 & other.0 == other.0
    }

    /// Without `null`.
    #[must_use]
    pub fn present(self) -> Types {
        Types(self.0 & !Self::NULL.0)
    }
}

impl BitAnd for Types {
    type Output = Types;

    fn bitand(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }
}

/// What is looked at of one schema; the rest still holds for the schema view.
const MOST_MEMBERS: usize = 256;

/// A schema and what `allOf` and `$ref` add to it, those first.
#[derive(Debug)]
pub struct Merged<'g, 'd> {
    graph: &'g Graph<'d>,
    /// All of them hold for a valid value.
    pub members: Vec<Id>,
}

impl<'d> Graph<'d> {
    /// The schema with everything that it includes.
    pub fn merged(&self, id: Id) -> Merged<'_, 'd> {
        let mut members = Vec::new();
        let mut seen = HashSet::new();
        let mut stack = vec![(id, false)];
        while let Some((id, done)) = stack.pop() {
            if done {
                members.push(id);
                continue;
            }
            if seen.len() >= MOST_MEMBERS || !seen.insert(id) {
                continue;
            }
            stack.push((id, true));
            let node = self.node(id);
            stack.extend(node.list("allOf").iter().rev().map(|id| (*id, false)));
            stack.extend(node.target().map(|id| (id, false)));
        }
        Merged {
            graph: self,
            members,
        }
    }

    /// Where a chain of references ends that add nothing but annotations.
    pub fn followed(&self, mut id: Id) -> Id {
        for _ in 0..64 {
            let node = self.node(id);
            let bare = node.words.iter().all(|(name, _)| adds_nothing(name));
            match node.target() {
                Some(target) if bare => id = target,
                _ => break,
            }
        }
        id
    }

    /// Whether answers alone have this property.
    pub fn is_read_only(&self, id: Id) -> bool {
        self.node(id).read_only || self.node(self.followed(id)).read_only
    }
}

/// Beside a reference, these leave it as it is.
pub(super) fn adds_nothing(keyword: &str) -> bool {
    keyword == "$ref" || super::keyword::is_annotation(keyword)
}

impl<'g, 'd> Merged<'g, 'd> {
    /// The schemas that hold.
    pub fn nodes(&self) -> impl Iterator<Item = &'g Node<'d>> + use<'_, 'g, 'd> {
        self.members.iter().map(|id| self.graph.node(*id))
    }

    /// What a keyword says, wherever it is said.
    pub fn all(&self, keyword: &'static str) -> impl Iterator<Item = &'g Word> + use<'_, 'g, 'd> {
        self.nodes().filter_map(move |node| node.word(keyword))
    }

    /// Types that a valid value may have, as far as `type`, `enum` and `const` say.
    pub fn types(&self) -> Types {
        let mut types = Types::ALL;
        for node in self.nodes() {
            types = types & own_types(node);
        }
        types
    }

    /// Whether a keyword is anywhere.
    pub fn has(&self, keyword: &'static str) -> bool {
        self.all(keyword).next().is_some()
    }

    /// Properties with every schema that is given for them, those of answers left out.
    pub fn properties(&self) -> IndexMap<&'g str, Vec<Id>> {
        let mut properties: IndexMap<&'g str, Vec<Id>> = IndexMap::new();
        for word in self.all("properties") {
            let Word::Map(map) = word else { continue };
            for (name, id) in map.iter().filter(|(_, id)| !self.graph.is_read_only(*id)) {
                properties.entry(name).or_default().push(*id);
            }
        }
        properties
    }

    /// Names that must be there.
    pub fn required(&self) -> HashSet<&'g str> {
        let lists = self.all("required").filter_map(|word| match word {
            Word::Json(Json::Array(names)) => Some(names),
            _ => None,
        });
        lists.flatten().filter_map(Json::as_str).collect()
    }

    /// The smallest closed set of values.
    pub fn values(&self) -> Option<Vec<&'g Json>> {
        let sets = self
            .nodes()
            .filter_map(|node| match (node.json("const"), node.json("enum")) {
                (Some(only), _) => Some(vec![only]),
                (None, Some(Json::Array(values))) => Some(values.iter().collect()),
                _ => None,
            });
        sets.min_by_key(Vec::len)
    }

    /// A text keyword, from whoever says it first.
    pub fn text(&self, keyword: &'static str) -> Option<&'g str> {
        self.all(keyword).find_map(|word| match word {
            Word::Json(Json::String(text)) => Some(text.as_str()),
            _ => None,
        })
    }
}

fn own_types(node: &Node<'_>) -> Types {
    let declared = match node.json("type") {
        Some(Json::String(name)) => Types::named(name),
        Some(Json::Array(names)) => {
            Types::union(names.iter().filter_map(Json::as_str).map(Types::named))
        }
        _ => Types::ALL,
    };
    let listed = match (node.json("const"), node.json("enum")) {
        (Some(value), _) => Types::of(value),
        (None, Some(Json::Array(values))) => Types::union(values.iter().map(Types::of)),
        _ => Types::ALL,
    };
    declared & listed
}
