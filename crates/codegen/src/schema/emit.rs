//! The schema view: what `inputSchema` shows of the graph.

use std::collections::{BTreeMap, HashMap, HashSet};

use toolwright_document::Json;

mod body;

pub use body::emit_body;

use super::keyword::{is_annotation, looks_aside};
use super::{Graph, Id, Word};
use crate::names::{hash8, snake};

/// An argument.
#[derive(Debug)]
pub struct Root {
    /// The argument's name.
    pub name: String,
    /// Its schema.
    pub id: Id,
    /// Whether it must be there.
    pub required: bool,
    /// Annotations that the place of use knows better: description, `deprecated`, examples.
    pub notes: Vec<(&'static str, Json)>,
}

/// A schema for a tool.
#[derive(Debug)]
pub struct Emitted {
    /// JSON Schema 2020-12.
    pub schema: Json,
    /// Whether parts were left open because the whole grew beyond all use.
    pub cut: bool,
}

/// How deep references are put in place; beyond that they go to `$defs`, so that no stack is at risk.
const DEEPEST: usize = 48;
/// The most schema objects of one tool.
const MOST_NODES: usize = 100_000;

/// The most schema objects of an answer.
const MOST_ANSWER_NODES: usize = 1_500;

/// The output schema for answers that fit one of these; cut where it is larger than anybody would read.
pub fn emit_answer(graph: &Graph<'_>, alternatives: &[Id]) -> Emitted {
    let mut emitter = Emitter::new(graph, MOST_ANSWER_NODES);
    let roots: Vec<Root> = alternatives
        .iter()
        .map(|id| Root {
            name: String::new(),
            id: *id,
            required: true,
            notes: Vec::new(),
        })
        .collect();
    emitter.survey(&roots);
    let mut schemas: Vec<Json> = alternatives
        .iter()
        .map(|id| emitter.node(*id, 0, false))
        .collect();
    let schema = match (schemas.len(), schemas.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            schemas.extend(last);
            Json::object().with("anyOf", Json::Array(schemas))
        }
    };
    emitter.emitted(schema)
}

/// The input schema of a tool with these arguments.
pub fn emit(graph: &Graph<'_>, roots: &[Root]) -> Emitted {
    let mut emitter = Emitter::new(graph, MOST_NODES);
    emitter.survey(roots);
    let mut properties = Json::object();
    for root in roots {
        let mut schema = emitter.node(root.id, 0, true);
        drop_echo(&mut schema, &root.name);
        for (name, note) in &root.notes {
            schema.insert(*name, note.clone());
        }
        properties.insert(root.name.as_str(), schema);
    }
    let required: Vec<Json> = roots
        .iter()
        .filter(|root| root.required)
        .map(|root| Json::from(root.name.as_str()))
        .collect();
    let mut schema = Json::object().with("type", "object");
    if !roots.is_empty() {
        schema.insert("properties", properties);
    }
    if !required.is_empty() {
        schema.insert("required", Json::Array(required));
    }
    schema.insert("additionalProperties", false);
    emitter.emitted(schema)
}

struct Emitter<'g, 'd> {
    graph: &'g Graph<'d>,
    /// What stands in `$defs`: used more than once, or within itself.
    shared: HashSet<Id>,
    names: HashMap<Id, String>,
    waiting: Vec<Id>,
    nodes: usize,
    most: usize,
    cut: bool,
    mirrored: HashSet<String>,
    /// The anchors that are shown so far, where they are shown.
    anchors: Option<HashSet<String>>,
}

impl<'g, 'd> Emitter<'g, 'd> {
    fn new(graph: &'g Graph<'d>, most: usize) -> Self {
        Emitter {
            graph,
            shared: HashSet::new(),
            names: HashMap::new(),
            waiting: Vec::new(),
            nodes: 0,
            most,
            cut: false,
            mirrored: HashSet::new(),
            anchors: None,
        }
    }

    /// The whole: what was shown, and the definitions that it refers to.
    fn emitted(mut self, mut schema: Json) -> Emitted {
        let defs = self.definitions();
        if !defs.is_empty() {
            schema.insert("$defs", Json::Object(defs.into_iter().collect()));
        }
        Emitted {
            schema,
            cut: self.cut,
        }
    }

    /// Counts references and finds recursion.
    fn survey(&mut self, roots: &[Root]) {
        let mut uses: HashMap<Id, usize> = HashMap::new();
        let mut open: HashMap<Id, bool> = HashMap::new();
        for root in roots {
            if open.contains_key(&root.id) {
                continue;
            }
            open.insert(root.id, true);
            let mut path = vec![(root.id, self.children(root.id), 0)];
            while let Some((id, children, next)) = path.last_mut() {
                let Some((child, is_ref)) = children.get(*next).copied() else {
                    open.insert(*id, false);
                    path.pop();
                    continue;
                };
                *next += 1;
                if is_ref {
                    *uses.entry(child).or_default() += 1;
                }
                match open.get(&child) {
                    Some(true) => {
                        self.shared.insert(child);
                    }
                    Some(false) => {}
                    None => {
                        open.insert(child, true);
                        path.push((child, self.children(child), 0));
                    }
                }
            }
        }
        let mut targets: Vec<Id> = uses.keys().copied().collect();
        targets.sort_unstable();
        self.name(&targets);
        let often = uses
            .iter()
            .filter(|(id, uses)| **uses > 1 && !self.is_small(**id));
        let often: Vec<Id> = often.map(|(id, _)| *id).collect();
        self.shared.extend(often);
    }

    fn children(&self, id: Id) -> Vec<(Id, bool)> {
        let mut children = Vec::new();
        for (keyword, word) in &self.graph.node(id).words {
            match word {
                Word::Json(_) => {}
                Word::Ref(id) => children.push((*id, true)),
                Word::Schema(id) => children.push((*id, false)),
                Word::List(list) => children.extend(list.iter().map(|id| (*id, false))),
                Word::Map(map) => {
                    let shown = map.iter().filter(|(_, id)| {
                        *keyword != "properties" || !self.graph.is_read_only(*id)
                    });
                    children.extend(shown.map(|(_, id)| (*id, false)));
                }
            }
        }
        children
    }

    /// Whether a reference would take as much room as what it stands for.
    fn is_small(&self, id: Id) -> bool {
        let node = self.graph.node(id);
        let plain = node
            .words
            .iter()
            .all(|(_, word)| matches!(word, Word::Json(_)));
        plain
            && node
                .words
                .iter()
                .map(|(name, _)| name.len() + self.length(id, name))
                .sum::<usize>()
                <= 60
    }

    fn length(&self, id: Id, keyword: &str) -> usize {
        self.graph
            .node(id)
            .json(keyword)
            .map_or(0, |json| json.compact().len())
    }

    /// Names for `$defs`, each by its own place alone.
    fn name(&mut self, targets: &[Id]) {
        let mut askers: BTreeMap<String, Vec<Id>> = BTreeMap::new();
        for &id in targets {
            askers.entry(self.graph.label(id)).or_default().push(id);
        }
        for (name, ids) in askers {
            for (at, id) in ids.iter().enumerate() {
                let name = match ids.len() {
                    1 => name.clone(),
                    // Two shapes of one place differ by the order in which they are met, which is that of the text.
                    _ => format!(
                        "{name}_{}",
                        hash8(&format!("{at} {}", self.graph.identity(*id)))
                    ),
                };
                self.names.insert(*id, name);
            }
        }
    }

    fn definitions(&mut self) -> BTreeMap<String, Json> {
        let mut defs = BTreeMap::new();
        let mut done = HashSet::new();
        while let Some(id) = self.waiting.pop() {
            if !done.insert(id) {
                continue;
            }
            let schema = self.node(id, 0, false);
            let name = self.names.get(&id).cloned().unwrap_or_default();
            defs.insert(name, schema);
        }
        defs
    }

    fn node(&mut self, id: Id, depth: usize, plain: bool) -> Json {
        self.nodes += 1;
        if self.nodes > self.most {
            self.cut = true;
            return Json::object();
        }
        let node = self.graph.node(id);
        if node.never {
            return Json::Bool(false);
        }
        let mut out = self.anchored(id);
        for (keyword, word) in &node.words {
            match word {
                Word::Ref(target) => out = self.reference(out, id, *target, depth),
                Word::Json(json) => self.plain(&mut out, id, keyword, json, plain),
                Word::Schema(inner) => {
                    let schema = self.node(*inner, depth + 1, false);
                    out.insert(*keyword, schema);
                }
                Word::List(list) => {
                    let list = list
                        .iter()
                        .map(|inner| self.node(*inner, depth + 1, false))
                        .collect();
                    out.insert(*keyword, Json::Array(list));
                }
                Word::Map(map) => {
                    let properties = *keyword == "properties";
                    let mut schemas = Json::object();
                    for (name, inner) in map {
                        if !(properties && self.graph.is_read_only(*inner)) {
                            let mut schema = self.node(*inner, depth + 1, plain && properties);
                            if properties {
                                drop_echo(&mut schema, name);
                            }
                            schemas.insert(name.as_str(), schema);
                        }
                    }
                    out.insert(*keyword, schemas);
                }
            }
        }
        out
    }

    fn plain(&mut self, out: &mut Json, id: Id, keyword: &'static str, json: &Json, plain: bool) {
        match (keyword, json) {
            ("required", Json::Array(names)) => {
                let node = self.graph.node(id);
                let hidden: HashSet<&str> = match node.word("properties") {
                    Some(Word::Map(map)) => {
                        let hidden = map.iter().filter(|(_, id)| self.graph.is_read_only(*id));
                        hidden.map(|(name, _)| name.as_str()).collect()
                    }
                    _ => HashSet::new(),
                };
                let keep = |name: &&Json| name.as_str().is_none_or(|name| !hidden.contains(name));
                let names: Vec<Json> = names.iter().filter(keep).cloned().collect();
                if !names.is_empty() {
                    out.insert("required", Json::Array(names));
                }
            }
            // MCP 2026-07-28: scalars reachable by `properties` alone, each name once; anything else makes clients
            // drop the tool.
            ("x-mcp-header", Json::String(name)) => {
                let kind = self
                    .graph
                    .node(id)
                    .json("type")
                    .and_then(Json::as_str)
                    .unwrap_or_default();
                let scalar = matches!(kind, "string" | "integer" | "boolean");
                if plain && scalar && self.mirrored.insert(name.to_ascii_lowercase()) {
                    out.insert("x-mcp-header", name.as_str());
                }
            }
            _ => {
                out.insert(keyword, json.clone());
            }
        }
    }

    /// `$ref` with what was written before it; what comes after is added by the caller.
    fn reference(&mut self, before: Json, id: Id, target: Id, depth: usize) -> Json {
        if self.shared.contains(&target) || depth > DEEPEST {
            let name = self.names.get(&target).cloned().unwrap_or_default();
            self.waiting.push(target);
            return before.with("$ref", format!("#/$defs/{name}"));
        }
        let inner = self.node(target, depth + 1, false);
        let node = self.graph.node(id);
        let Json::Object(inner_words) = &inner else {
            return before.with("allOf", Json::Array(vec![inner]));
        };
        let others = || {
            node.words
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| *name != "$ref")
        };
        let bare = others().all(is_annotation);
        let apart = !others().any(|name| {
            looks_aside(name) || !is_annotation(name) && inner_words.contains_key(name)
        }) && !inner_words.keys().any(|name| looks_aside(name));
        let composed = node.word("allOf").is_some();
        if !(bare || apart) {
            // Words that look at their neighbours stay among their own.
            let all = if composed { "anyOf" } else { "allOf" };
            return before.with(all, Json::Array(vec![inner]));
        }
        let mut out = inner;
        if let Json::Object(before) = before {
            for (name, word) in before {
                out.insert(name, word);
            }
        }
        out
    }
}

/// Takes a title out that only repeats the property's name, as many frameworks write it: a model pays for it.
fn drop_echo(schema: &mut Json, name: &str) {
    let title = schema.get("title").and_then(Json::as_str);
    if title.is_some_and(|title| snake(title) == snake(name)) {
        schema.remove("title");
    }
}
