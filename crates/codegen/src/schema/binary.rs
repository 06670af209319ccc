//! Bytes in schemas, and the parts of multipart bodies.

use std::collections::HashSet;

use indexmap::IndexMap;
use toolwright_document::{Cursor, Json};

use super::keyword::is_annotation;
use super::{Graph, Id, Node, Types, Word};
use crate::model::Dialect;

impl<'d> Graph<'d> {
    /// Whether the value is bytes: `format: binary`, a media type that is no text and no encoding to carry it.
    pub fn is_binary(&self, id: Id) -> bool {
        let merged = self.merged(id);
        if !merged.types().contains(Types::STRING) {
            return false;
        }
        let binary = merged.text("format") == Some("binary");
        let media = merged.text("contentMediaType").is_some_and(is_binary_type)
            && !merged.has("contentEncoding");
        binary || media
    }

    /// How the text of the value, or of each item of a list, carries bytes: `contentEncoding`, or `format: byte` of
    /// 3.0, which is read as `base64`.
    pub fn coding(&self, id: Id) -> Option<&str> {
        let merged = self.merged(self.element(id));
        let swagger = merged.nodes().any(|node| node.dialect == Dialect::Swagger2);
        let text = merged.types().contains(Types::STRING) && !swagger;
        merged
            .text("contentEncoding")
            .filter(|coding| text && *coding != "identity")
    }

    /// The items of a list, else the schema itself.
    pub fn element(&self, id: Id) -> Id {
        let merged = self.merged(id);
        let items = merged.all("items").find_map(|word| match word {
            Word::Schema(items) => Some(*items),
            _ => None,
        });
        let list = merged.types().present() == Types::ARRAY;
        items.filter(|_| list).unwrap_or(id)
    }

    /// Whether the schema says nothing at all, which in a part of a 3.1 body means bytes (OpenAPI 3.2 §4.15.4).
    pub fn is_open(&self, id: Id) -> bool {
        let node = self.node(self.followed(id));
        !node.never && node.words.iter().all(|(name, _)| is_annotation(name))
    }

    /// The properties that a multipart body may have, those of its alternatives included.
    pub fn parts(&self, id: Id) -> IndexMap<&str, Vec<Id>> {
        let mut parts: IndexMap<&str, Vec<Id>> = IndexMap::new();
        let mut seen = HashSet::new();
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            if !seen.insert(self.followed(id)) {
                continue;
            }
            let merged = self.merged(id);
            for (name, schemas) in merged.properties() {
                parts.entry(name).or_default().extend(schemas);
            }
            for keyword in ["anyOf", "oneOf"] {
                for word in merged.all(keyword) {
                    if let Word::List(list) = word {
                        stack.extend(list.iter().rev());
                    }
                }
            }
        }
        parts
    }

    /// The schema, or `null`.
    pub fn nullable(&mut self, id: Id) -> Id {
        let at = self.node(id).at;
        let mut inner = Node::new(at, Dialect::V31);
        inner.set("$ref", Word::Ref(id));
        let inner = self.push(inner);
        let null = self.simple(at, Some("null"));
        let mut outer = Node::new(at, Dialect::V31);
        outer.set("anyOf", Word::List(vec![inner, null]));
        self.push(outer)
    }

    /// A list of values of the schema.
    pub fn list_of(&mut self, id: Id) -> Id {
        let mut node = Node::new(self.node(id).at, Dialect::V31);
        node.set("type", Word::Json(Json::from("array")));
        node.set("items", Word::Schema(id));
        self.push(node)
    }

    /// A schema of base64 text.
    pub fn base64(&mut self, at: Cursor<'d>, description: Option<String>) -> Id {
        let mut node = Node::new(at, Dialect::V31);
        node.set("type", Word::Json(Json::from("string")));
        node.set("contentEncoding", Word::Json(Json::from("base64")));
        if let Some(text) = description {
            node.set("description", Word::Json(Json::from(text.as_str())));
        }
        self.push(node)
    }

    /// The schema of one type and nothing else; of everything without a type.
    pub fn simple(&mut self, at: Cursor<'d>, kind: Option<&str>) -> Id {
        let mut node = Node::new(at, Dialect::V31);
        if let Some(kind) = kind {
            node.set("type", Word::Json(Json::from(kind)));
        }
        self.push(node)
    }
}

/// Whether bytes of this media type are no text.
pub(crate) fn is_binary_type(name: &str) -> bool {
    let name = name
        .split(';')
        .next()
        .unwrap_or(name)
        .trim()
        .to_ascii_lowercase();
    let text = name.starts_with("text/")
        || name.ends_with("json")
        || name.ends_with("xml")
        || name.starts_with("multipart/")
        || matches!(
            name.as_str(),
            "application/x-www-form-urlencoded" | "application/yaml" | "application/javascript"
        );
    !name.is_empty() && !text && name != "*/*"
}
