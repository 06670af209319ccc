//! Files in multipart bodies.

use toolwright_document::{Cursor, Json};

use super::keyword::is_annotation;
use super::{Graph, Id, Node, Types, Word};
use crate::model::Dialect;

/// `type/subtype`, perhaps with parameters (RFC 6838 §4.2); the runtime refuses anything else.
const MEDIA_TYPE: &str = "^[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}(; ?[A-Za-z0-9_.-]+=[A-Za-z0-9_.+-]+)*$";

/// How deep compositions are searched for properties that are files.
const DEPTH: usize = 16;

/// The name of the file object.
pub(crate) const FILE: &str = "File";

/// What decides where the schema does not: the property's name, and whether its schema is open.
type IsFile<'f> = &'f dyn Fn(&str, bool) -> bool;

/// How much of a value is files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Files {
    /// Nothing of it.
    None,
    /// It may be one, or something else.
    Some,
    /// It is one, or a list of them.
    All,
}

impl<'d> Graph<'d> {
    /// The schema of a multipart body, files in place of binary strings.
    pub fn with_files(&mut self, id: Id, is_file: IsFile<'_>) -> Id {
        self.filed(id, is_file, 0)
    }

    fn filed(&mut self, id: Id, is_file: IsFile<'_>, depth: usize) -> Id {
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
                        let new = self.file_in(*property, name, is_file, 0);
                        changed |= std::mem::replace(property, new) != new;
                    }
                }
                // No encoding object names these, so only what says that it is binary counts.
                ("additionalProperties", Word::Schema(inner)) => {
                    let new = self.file_in(*inner, "", &|_, _| false, 0);
                    changed |= std::mem::replace(inner, new) != new;
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

    /// A part's schema with files where it, its items or its alternatives are bytes.
    fn file_in(&mut self, outer: Id, name: &str, is_file: IsFile<'_>, depth: usize) -> Id {
        if depth > DEPTH {
            return outer;
        }
        let types = self.merged(outer).types();
        if self.is_file(outer, name, is_file) {
            let file = self.file(outer);
            let nullable = types.present() == Types::STRING && types != Types::STRING;
            return if nullable { self.nullable(file) } else { file };
        }
        let list = types.present() == Types::ARRAY;
        let inner = self.followed(outer);
        let mut node = self.node(inner).clone();
        let at = node.at;
        let mut changed = false;
        for (keyword, word) in &mut node.words {
            match (*keyword, word) {
                // Lists in lists are no parts.
                ("items", Word::Schema(items))
                    if list && self.merged(*items).types().present() != Types::ARRAY =>
                {
                    let new = self.file_in(*items, name, is_file, depth + 1);
                    changed |= std::mem::replace(items, new) != new;
                }
                ("$ref", Word::Ref(included)) => {
                    let new = self.file_in(*included, name, &|_, _| false, depth + 1);
                    changed |= std::mem::replace(included, new) != new;
                }
                ("allOf", Word::List(all)) => {
                    for one in all {
                        let new = self.file_in(*one, name, &|_, _| false, depth + 1);
                        changed |= std::mem::replace(one, new) != new;
                    }
                }
                ("oneOf" | "anyOf", Word::List(alternatives)) => {
                    // One that says so is the file; the others are what may be sent instead.
                    let told = alternatives.iter().any(|one| self.is_binary(*one));
                    let asked = |name: &str, open: bool| !(told || open) && is_file(name, open);
                    let old = alternatives.clone();
                    for one in alternatives.iter_mut() {
                        *one = self.file_in(*one, name, &asked, depth + 1);
                    }
                    let text = types.present() == Types::STRING && old != *alternatives;
                    for (one, old) in alternatives.iter_mut().zip(&old) {
                        if text && *one == *old {
                            *one = self.of_type(at, *one, "string");
                        }
                    }
                    changed |= old != *alternatives;
                }
                _ => {}
            }
        }
        if !changed {
            return outer;
        }
        // The file is an object, whatever type its bytes had.
        if !list {
            node.drop_word("type");
        }
        for (keyword, word) in &self.node(outer).words {
            if is_annotation(keyword) {
                node.set(keyword, word.clone());
            }
        }
        node.named = false;
        self.push(node)
    }

    fn is_file(&self, id: Id, name: &str, is_file: IsFile<'_>) -> bool {
        let merged = self.merged(id);
        let told = ["anyOf", "oneOf"]
            .into_iter()
            .flat_map(|it| merged.all(it))
            .any(|word| matches!(word, Word::List(list) if list.iter().any(|one| self.is_binary(*one))));
        let text = merged.types().present() == Types::STRING && self.coding(id).is_none() && !told;
        let could_be = text || self.is_open(id) || self.is_bare_object(id);
        self.is_binary(id) || could_be && is_file(name, self.is_open(id))
    }

    fn of_type(&mut self, at: Cursor<'d>, id: Id, kind: &str) -> Id {
        let mut node = Node::new(at, Dialect::V31);
        node.set("type", Word::Json(Json::from(kind)));
        node.set("$ref", Word::Ref(id));
        self.push(node)
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
        if let Some(known) = self.file {
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
        self.file = Some(id);
        id
    }

    /// Whether the values are files, or lists of them; `null` is left out of bodies and does not count.
    pub(crate) fn files(&self, id: Id) -> Files {
        self.files_below(id, 0)
    }

    fn files_below(&self, id: Id, depth: usize) -> Files {
        if depth > DEPTH {
            return Files::None;
        }
        let merged = self.merged(id);
        if merged.nodes().any(|node| node.alias == Some(FILE)) {
            return Files::All;
        }
        let lists = ["anyOf", "oneOf"].into_iter().flat_map(|it| merged.all(it));
        let alternatives = lists.flat_map(|word| match word {
            Word::List(list) => list.as_slice(),
            _ => &[],
        });
        let items = merged.all("items").filter_map(|word| match word {
            Word::Schema(items) => Some(items),
            _ => None,
        });
        let found: Vec<Files> = (alternatives.chain(items))
            .filter(|id| self.merged(**id).types() != Types::NULL)
            .map(|id| self.files_below(*id, depth + 1))
            .collect();
        match (found.iter().min(), found.iter().max()) {
            (Some(Files::All), _) => Files::All,
            (_, Some(Files::Some | Files::All)) => Files::Some,
            _ => Files::None,
        }
    }

    /// Whether the properties that the schema does not name are files.
    pub(crate) fn other_files(&self, id: Id) -> Files {
        let merged = self.merged(id);
        let found = merged.all("additionalProperties").map(|word| match word {
            Word::Schema(inner) => self.files(*inner),
            _ => Files::None,
        });
        found.max().unwrap_or(Files::None)
    }
}
