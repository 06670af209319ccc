//! XML hints of bodies (OpenAPI 3.2 §4.26) as statics.

use std::collections::HashMap;

use toolwright_document::Cursor;

use super::arguments::Plan;
use super::media::Kind;
use crate::ir::XmlDef;
use crate::names::{Namer, Role};
use crate::schema::{Graph, Id, Types, Word};

/// The statics of one tool: they hold each other by identity until all are named.
#[derive(Debug, Default)]
struct Draft {
    defs: Vec<Hints>,
    /// What is referred to from outside: the body's own, or those of multipart properties.
    roots: Vec<(Option<String>, usize)>,
    known: HashMap<Id, usize>,
}

#[derive(Debug, Default)]
struct Hints {
    text: String,
    name: Option<String>,
    namespace: Option<String>,
    prefix: Option<String>,
    attribute: bool,
    wrapped: bool,
    is_text: bool,
    is_cdata: bool,
    is_none: bool,
    properties: Vec<(String, usize)>,
    /// `prefixItems`; `None` where one says nothing.
    first_items: Vec<Option<usize>>,
    items: Option<usize>,
    unused: bool,
}

impl Hints {
    fn is_hollow(&self) -> bool {
        let named = self.name.is_some() || self.namespace.is_some() || self.prefix.is_some();
        let odd = self.attribute || self.wrapped || self.is_text || self.is_cdata || self.is_none;
        let inner = self.items.is_some() || self.first_items.iter().any(Option::is_some);
        !(named || odd || inner) && self.properties.is_empty()
    }
}

/// The most statics of one body.
const MOST: usize = 2_000;

/// The statics of every tool with an XML body; each plan learns the name of its own.
pub(super) fn statics(
    graph: &Graph<'_>,
    plans: &mut [Plan<'_>],
    names: &[String],
) -> Vec<Vec<XmlDef>> {
    let drafts: Vec<Draft> = plans
        .iter()
        .zip(names)
        .map(|(plan, name)| draft(graph, plan, name))
        .collect();
    let identity = |tool: usize, def: usize| format!("{tool} {def}");
    let mut namer = Namer::new(Role::Static);
    namer.reserve("TOOLS");
    for (tool, draft) in drafts.iter().enumerate() {
        for (at, def) in draft.defs.iter().enumerate() {
            if !def.unused {
                namer.wish(&identity(tool, at), &def.text);
            }
        }
    }
    let idents = namer.names();
    let ident = |tool: usize, def: usize| idents.get(&identity(tool, def)).cloned();
    let mut all = Vec::new();
    for (tool, (draft, plan)) in drafts.into_iter().zip(plans).enumerate() {
        for (property, def) in draft.roots {
            if let (Some(body), Some(ident)) = (&mut plan.body, ident(tool, def)) {
                match property {
                    Some(property) => body.part_xml(property, ident),
                    None => body.xml = Some(ident),
                }
            }
        }
        let named = draft
            .defs
            .into_iter()
            .enumerate()
            .filter_map(|(at, hints)| {
                Some(XmlDef {
                    ident: ident(tool, at)?,
                    name: hints.name,
                    namespace: hints.namespace,
                    prefix: hints.prefix,
                    attribute: hints.attribute,
                    wrapped: hints.wrapped,
                    text: hints.is_text,
                    cdata: hints.is_cdata,
                    inline: hints.is_none,
                    properties: hints
                        .properties
                        .into_iter()
                        .filter_map(|(name, def)| Some((name, ident(tool, def)?)))
                        .collect(),
                    first_items: hints
                        .first_items
                        .into_iter()
                        .map(|def| ident(tool, def?))
                        .collect(),
                    items: hints.items.and_then(|def| ident(tool, def)),
                })
            });
        all.push(named.collect());
    }
    all
}

fn draft(graph: &Graph<'_>, plan: &Plan<'_>, tool: &str) -> Draft {
    let mut draft = Draft::default();
    let Some(body) = &plan.body else {
        return draft;
    };
    for (property, id) in &body.xml_parts {
        let text = format!("{tool} {property} xml");
        let def = draft.hints(graph, *id, &text, &mut Vec::new());
        draft
            .roots
            .extend(def.map(|def| (Some(property.clone()), def)));
    }
    if body.kind != Kind::Xml {
        draft.prune();
        draft.roots.retain(|(_, def)| !draft.defs[*def].is_hollow());
        return draft;
    }
    draft.hints(graph, body.id, &format!("{tool} xml"), &mut Vec::new());
    draft.roots.push((None, 0));
    draft.prune();
    if let Some(first) = draft.defs.first_mut()
        && first.name.is_none()
    {
        // The root element has no property to take its name from.
        let target = graph.followed(body.id);
        first.name = Some(if graph.node(target).named {
            graph.label(target)
        } else {
            "root".to_owned()
        });
    }
    draft
}

impl Draft {
    /// Forgets references to hints that say nothing; the first, which is the root's, stays.
    fn prune(&mut self) {
        loop {
            let hollow: Vec<bool> = self.defs.iter().map(Hints::is_hollow).collect();
            let empty = |def: &usize| hollow.get(*def).copied().unwrap_or(true);
            let mut changed = false;
            for def in &mut self.defs {
                let before = def.properties.len();
                def.properties.retain(|(_, inner)| !empty(inner));
                changed |= def.properties.len() < before;
                let further = def.first_items.iter_mut().chain([&mut def.items]);
                for inner in further.filter(|inner| inner.as_ref().is_some_and(empty)) {
                    *inner = None;
                    changed = true;
                }
                while def.first_items.pop_if(|last| last.is_none()).is_some() {}
            }
            if !changed {
                break;
            }
        }
        let mut used: std::collections::HashSet<usize> =
            self.roots.iter().map(|(_, def)| *def).collect();
        for def in &self.defs {
            let properties = def.properties.iter().map(|(_, inner)| *inner);
            let first = def.first_items.iter().flatten().copied();
            used.extend(properties.chain(first).chain(def.items));
        }
        for (at, def) in self.defs.iter_mut().enumerate() {
            def.unused = !used.contains(&at);
        }
    }

    /// The hints of a schema; the path guards against recursion that is not by reference.
    fn hints(
        &mut self,
        graph: &Graph<'_>,
        id: Id,
        text: &str,
        path: &mut Vec<Id>,
    ) -> Option<usize> {
        let target = graph.followed(id);
        if let Some(known) = self.known.get(&id) {
            return Some(*known);
        }
        if path.len() > 32 || self.defs.len() > MOST {
            return None;
        }
        let at = self.defs.len();
        self.known.insert(id, at);
        self.defs.push(Hints {
            text: text.to_owned(),
            ..Hints::default()
        });
        path.push(id);
        let merged = graph.merged(target);
        let own = graph
            .node(id)
            .xml
            .or_else(|| merged.nodes().find_map(|node| node.xml));
        let mut hints = own.map(read).unwrap_or_default();
        hints.text = text.to_owned();
        if merged.types().contains(Types::OBJECT) {
            for (name, schemas) in merged.properties() {
                let Some(first) = schemas.first() else {
                    continue;
                };
                let below = format!("{text} {name}");
                hints.properties.extend(
                    self.hints(graph, *first, &below, path)
                        .map(|def| (name.to_owned(), def)),
                );
            }
        }
        // Arrays have no element of their own anyway, and text has to stand somewhere.
        hints.is_none &= !hints.properties.is_empty();
        if let Some(Word::List(first)) = merged.all("prefixItems").next() {
            hints.first_items = first
                .iter()
                .map(|item| self.hints(graph, *item, &format!("{text} item"), path))
                .collect();
        }
        if merged.types().contains(Types::ARRAY)
            && let Some(Word::Schema(items)) = merged.all("items").next()
        {
            hints.items = self.hints(graph, *items, &format!("{text} item"), path);
        }
        path.pop();
        self.defs[at] = hints;
        Some(at)
    }
}

fn read(xml: Cursor<'_>) -> Hints {
    let text = |key: &str| {
        xml.get(key)
            .and_then(Cursor::as_text)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let flag = |key: &str| xml.get(key).and_then(Cursor::as_bool) == Some(true);
    let node = text("nodeType").unwrap_or_default();
    Hints {
        name: text("name"),
        namespace: text("namespace"),
        prefix: text("prefix"),
        attribute: flag("attribute") || node == "attribute",
        wrapped: flag("wrapped") || node == "element",
        is_text: flag("x-text") || node == "text",
        is_cdata: node == "cdata",
        is_none: node == "none",
        ..Hints::default()
    }
}
