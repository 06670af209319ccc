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
    properties: Vec<(String, usize)>,
    items: Option<usize>,
    unused: bool,
}

impl Hints {
    fn is_hollow(&self) -> bool {
        let named = self.name.is_some() || self.namespace.is_some() || self.prefix.is_some();
        let odd = self.attribute || self.wrapped || self.is_text;
        !(named || odd) && self.properties.is_empty() && self.items.is_none()
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
        if let (Some(body), false) = (&mut plan.body, draft.defs.is_empty()) {
            body.xml = ident(tool, 0);
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
                    properties: hints
                        .properties
                        .into_iter()
                        .filter_map(|(name, def)| Some((name, ident(tool, def)?)))
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
    let Some(body) = plan.body.as_ref().filter(|body| body.kind == Kind::Xml) else {
        return draft;
    };
    draft.hints(graph, body.id, &format!("{tool} xml"), &mut Vec::new());
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
                if def.items.as_ref().is_some_and(empty) {
                    def.items = None;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        let mut used = std::collections::HashSet::from([0]);
        for def in &self.defs {
            used.extend(
                def.properties
                    .iter()
                    .map(|(_, inner)| *inner)
                    .chain(def.items),
            );
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
        is_text: flag("x-text") || matches!(node.as_str(), "text" | "cdata"),
        ..Hints::default()
    }
}
