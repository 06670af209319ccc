//! Files in multipart bodies.

use std::collections::HashSet;

use indexmap::IndexMap;
use toolwright_document::{Cursor, Json};

use super::keyword::is_annotation;
use super::{Graph, Id, Node, Types, Word};
use crate::model::Dialect;

/// `type/subtype`, perhaps with parameters (RFC 6838 §4.2); the runtime refuses anything else.
const MEDIA_TYPE: &str = "^[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}(; ?[A-Za-z0-9_.-]+=[A-Za-z0-9_.+-]+)*$";

/// How deep compositions are searched for properties that are files.
const DEPTH: usize = 16;

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

    /// The schema of a multipart body, files in place of binary strings. `is_file` is asked for what the schema does
    /// not decide: the property's name, and whether its schema is open.
    pub fn with_files(&mut self, id: Id, is_file: &dyn Fn(&str, bool) -> bool) -> Id {
        self.filed(id, is_file, 0)
    }

    fn filed(&mut self, id: Id, is_file: &dyn Fn(&str, bool) -> bool, depth: usize) -> Id {
        if depth > DEPTH {
            return id;
        }
        let mut node = self.node(id).clone();
        let mut changed = false;
        for (keyword, word) in &mut node.words {
            match (*keyword, word) {
                ("$ref", Word::Ref(inner)) => {
                    let new = self.filed(*inner, is_file, depth + 1);
                    changed |= std::mem::replace(inner, new) != new;
                }
                ("allOf" | "oneOf" | "anyOf", Word::List(list)) => {
                    for inner in list {
                        let new = self.filed(*inner, is_file, depth + 1);
                        changed |= std::mem::replace(inner, new) != new;
                    }
                }
                ("properties", Word::Map(map)) => {
                    for (name, property) in map {
                        let new = self.file_or_list(*property, name, is_file);
                        changed |= std::mem::replace(property, new) != new;
                    }
                }
                _ => {}
            }
        }
        // Each operation may encode it otherwise, so it is no type of the component any more.
        node.named = false;
        match changed {
            true => self.push(node),
            false => id,
        }
    }

    fn file_or_list(&mut self, id: Id, name: &str, is_file: &dyn Fn(&str, bool) -> bool) -> Id {
        if self.is_file(id, name, is_file) {
            return self.file(id);
        }
        let merged = self.merged(id);
        let items = merged.all("items").find_map(|word| match word {
            Word::Schema(items) => Some(*items),
            _ => None,
        });
        let list = merged.types().present() == Types::ARRAY;
        match items.filter(|items| list && self.is_file(*items, name, is_file)) {
            Some(items) => {
                let file = self.file(items);
                let mut array = self.node(self.followed(id)).clone();
                array.named = false;
                array.set("items", Word::Schema(file));
                self.push(array)
            }
            None => id,
        }
    }

    fn is_file(&self, id: Id, name: &str, is_file: &dyn Fn(&str, bool) -> bool) -> bool {
        let text = self.merged(id).types().present() == Types::STRING && self.coding(id).is_none();
        let could_be = text || self.is_open(id) || self.is_bare_object(id);
        self.is_binary(id) || could_be && is_file(name, self.is_open(id))
    }

    /// `type: object` and nothing more: where the part has a type such as `image/png`, its author meant a file.
    fn is_bare_object(&self, id: Id) -> bool {
        let node = self.node(self.followed(id));
        self.merged(id).types().present() == Types::OBJECT
            && node
                .words
                .iter()
                .all(|(name, _)| *name == "type" || is_annotation(name))
    }

    /// A file that stands for the binary schema `of`, with its description.
    fn file(&mut self, of: Id) -> Id {
        let at = self.node(of).at;
        let file = self.file_object(at);
        let mut node = Node::new(at, Dialect::V31);
        node.set("$ref", Word::Ref(file));
        if let Some(text) = self.merged(of).text("description") {
            node.set("description", Word::Json(Json::from(text)));
        }
        self.push(node)
    }

    /// `{data, filename?, content_type?}`
    fn file_object(&mut self, at: Cursor<'d>) -> Id {
        if let Some(known) = self.files {
            return known;
        }
        let mut property = |words: &[(&'static str, &str)]| {
            let mut node = Node::new(at, Dialect::V31);
            for (name, text) in words {
                node.set(name, Word::Json(Json::from(*text)));
            }
            self.push(node)
        };
        let data = property(&[("type", "string"), ("contentEncoding", "base64")]);
        let name = property(&[
            ("type", "string"),
            ("description", "File name, as the receiver sees it."),
        ]);
        let kind = property(&[
            ("type", "string"),
            ("description", "Media type, such as image/png."),
            ("pattern", MEDIA_TYPE),
        ]);
        let mut node = Node::new(at, Dialect::V31);
        node.set("type", Word::Json(Json::from("object")));
        let properties = [("data", data), ("filename", name), ("content_type", kind)];
        node.set(
            "properties",
            Word::Map(properties.map(|(name, id)| (name.to_owned(), id)).to_vec()),
        );
        node.set(
            "required",
            Word::Json(Json::Array(vec![Json::from("data")])),
        );
        let mut never = Node::new(at, Dialect::V31);
        never.never = true;
        let never = self.push(never);
        node.set("additionalProperties", Word::Schema(never));
        node.alias = Some(FILE);
        node.named = true;
        let id = self.push(node);
        self.files = Some(id);
        id
    }

    /// Whether the schema is a file, or a list of them.
    pub fn holds_file(&self, id: Id) -> bool {
        let is_file = |id: Id| self.node(self.followed(id)).alias == Some(FILE);
        let merged = self.merged(id);
        let items = merged.all("items").find_map(|word| match word {
            Word::Schema(items) => Some(*items),
            _ => None,
        });
        // A file that may be null is one of two schemas.
        let mut branches = merged.all("anyOf").flat_map(|word| match word {
            Word::List(list) => list.as_slice(),
            _ => &[],
        });
        is_file(id) || items.is_some_and(is_file) || branches.any(|id| is_file(*id))
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

/// The name of the file object.
pub(crate) const FILE: &str = "File";

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
        || matches!(
            name.as_str(),
            "application/x-www-form-urlencoded" | "application/yaml" | "application/javascript"
        );
    !name.is_empty() && !text && name != "*/*"
}
