//! Schemas that include themselves before they say anything: no validator gets to an end with them.

use std::collections::HashMap;

use super::{Graph, Id, Word};
use crate::problem::Problems;

/// How one schema holds another that looks at the same value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edge {
    keyword: &'static str,
    to: Id,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Open,
    Done,
}

/// Circles that are mended with care; beyond that they are cut where they are found.
const MOST_CLONES: usize = 4_096;

impl<'d> Graph<'d> {
    pub(super) fn break_cycles(&mut self, roots: &[Id], problems: &mut Problems) {
        let mut colours: HashMap<Id, Colour> = HashMap::new();
        let mut plain: HashMap<Id, Id> = HashMap::new();
        for &root in roots {
            if !colours.contains_key(&root) {
                self.walk(root, &mut colours, &mut plain, problems);
            }
        }
    }

    /// Walks from `root` over what is not `Done`, and mends each circle where it closes.
    fn walk(
        &mut self,
        root: Id,
        colours: &mut HashMap<Id, Colour>,
        plain: &mut HashMap<Id, Id>,
        problems: &mut Problems,
    ) {
        colours.insert(root, Colour::Open);
        let mut path: Vec<(Id, Vec<Edge>, usize)> = vec![(root, self.edges(root), 0)];
        while let Some((at, edges, next)) = path.last_mut() {
            let Some(edge) = edges.get(*next).copied() else {
                colours.insert(*at, Colour::Done);
                path.pop();
                continue;
            };
            *next += 1;
            match colours.get(&edge.to) {
                Some(Colour::Done) => {}
                None => {
                    colours.insert(edge.to, Colour::Open);
                    path.push((edge.to, self.edges(edge.to), 0));
                }
                Some(Colour::Open) => {
                    let start = path.iter().position(|(id, ..)| *id == edge.to).unwrap_or(0);
                    let circle = path.iter().skip(start).filter_map(|(id, edges, next)| {
                        Some((*id, *edges.get(next.checked_sub(1)?)?))
                    });
                    let circle: Vec<_> = circle.collect();
                    let changed = start + self.mend(&circle, plain, problems);
                    // What hangs on the changed edge is walked anew.
                    for (id, ..) in path.drain(changed + 1..) {
                        colours.remove(&id);
                    }
                    if let Some((id, edges, next)) = path.last_mut() {
                        *edges = self.edges(*id);
                        *next = next.saturating_sub(1);
                    }
                }
            }
        }
    }

    fn edges(&self, id: Id) -> Vec<Edge> {
        let node = self.node(id);
        let mut edges = Vec::new();
        for (keyword, word) in &node.words {
            match (*keyword, word) {
                ("$ref", Word::Ref(to)) | ("not" | "if" | "then" | "else", Word::Schema(to)) => {
                    edges.push(Edge { keyword, to: *to });
                }
                ("allOf" | "anyOf" | "oneOf", Word::List(list)) => {
                    edges.extend(list.iter().map(|to| Edge { keyword, to: *to }));
                }
                ("dependentSchemas", Word::Map(map)) => {
                    edges.extend(map.iter().map(|(_, to)| Edge { keyword, to: *to }));
                }
                _ => {}
            }
        }
        edges
    }

    /// Cuts or redirects one edge of the circle; gives its place in it.
    fn mend(
        &mut self,
        circle: &[(Id, Edge)],
        plain: &mut HashMap<Id, Id>,
        problems: &mut Problems,
    ) -> usize {
        // A base that lists its own children by `oneOf`, while they include it by `allOf`: the children mean the
        // base without the list.
        let inheritance = circle.iter().enumerate().find(|(at, (_, edge))| {
            let next = circle.get((at + 1) % circle.len());
            matches!(edge.keyword, "$ref" | "allOf")
                && next.is_some_and(|(_, next)| matches!(next.keyword, "oneOf" | "anyOf"))
        });
        if let Some((at, (from, edge))) = inheritance
            && plain.len() < MOST_CLONES
        {
            let to = *plain.entry(edge.to).or_insert_with(|| {
                let mut base = self.node(edge.to).clone();
                base.drop_word("oneOf");
                base.drop_word("anyOf");
                base.discriminator = None;
                base.variant = Some("base".to_owned());
                self.push(base)
            });
            self.replace(*from, edge.to, Some(to));
            return at;
        }
        let Some((from, edge)) = circle.last() else {
            return 0;
        };
        let at = self.node(*from).at;
        let places: Vec<String> = circle
            .iter()
            .take(8)
            .map(|(id, _)| format!("`#{}`", self.node(*id).at.pointer()))
            .collect();
        let message = format!(
            "the schema includes itself and says nothing else: {}",
            places.join(" includes ")
        );
        // References alone that lead in a circle are found where references are checked.
        if circle.iter().any(|(_, edge)| edge.keyword != "$ref") {
            problems.warn(at, message).help("the last step is left out");
        }
        self.replace(*from, edge.to, None);
        circle.len() - 1
    }

    /// Puts `new` in place of `old`, or takes `old` out.
    fn replace(&mut self, from: Id, old: Id, new: Option<Id>) {
        let node = self.node_mut(from);
        for (_, word) in &mut node.words {
            match word {
                Word::Ref(id) | Word::Schema(id) if *id == old => {
                    if let Some(new) = new {
                        *id = new;
                    }
                }
                Word::List(list) => match new {
                    Some(new) => list
                        .iter_mut()
                        .filter(|id| **id == old)
                        .for_each(|id| *id = new),
                    None => list.retain(|id| *id != old),
                },
                Word::Map(map) => {
                    if let Some(new) = new {
                        map.iter_mut()
                            .filter(|(_, id)| *id == old)
                            .for_each(|(_, id)| *id = new);
                    }
                }
                _ => {}
            }
        }
        if new.is_none() {
            let points =
                |word: &Word| matches!(word, Word::Ref(id) | Word::Schema(id) if *id == old);
            let through =
                |keyword: &str| matches!(keyword, "$ref" | "not" | "if" | "then" | "else");
            node.words.retain(|(keyword, word)| {
                let hollow = matches!(word, Word::List(list) if list.is_empty());
                !(hollow || through(keyword) && points(word))
            });
            if let Some((_, Word::Map(map))) = node
                .words
                .iter_mut()
                .find(|(name, _)| *name == "dependentSchemas")
            {
                map.retain(|(_, id)| *id != old);
            }
        }
    }
}
