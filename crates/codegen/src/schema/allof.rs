//! `required` in one part of an `allOf`, for a property that another part keeps to answers.

use std::collections::{HashMap, HashSet};

use toolwright_document::Json;

use super::{Graph, Id, Word};

/// Compositions of more parts than this are no work of a person; they stay as they are.
const MOST_PARTS: usize = 64;
/// Copies of one description.
const MOST_COPIES: usize = 20_000;

impl<'d> Graph<'d> {
    pub(super) fn hide_read_only(&mut self, fresh: &[Id]) {
        let limit = self.nodes.len() + MOST_COPIES;
        for &id in fresh {
            if self.nodes.len() > limit {
                break;
            }
            let node = self.node(id);
            if node.list("allOf").is_empty() && (node.target().is_none() || node.words.len() == 1) {
                continue;
            }
            let hidden = self.hidden(id);
            if hidden.is_empty() {
                continue;
            }
            let mut done = HashMap::new();
            let node = self.node(id).clone();
            let words = node
                .words
                .iter()
                .map(|(name, word)| (*name, self.lift(name, word, &hidden, &mut done)));
            let words: Vec<_> = words.collect::<Vec<_>>();
            self.node_mut(id).words = words
                .into_iter()
                .filter_map(|(name, word)| Some((name, word?)))
                .collect();
        }
    }

    /// Names of answers alone that some part of the schema requires.
    fn hidden(&self, id: Id) -> HashSet<String> {
        let merged = self.merged(id);
        let required = merged.required();
        if required.is_empty() || merged.members.len() > MOST_PARTS {
            return HashSet::new();
        }
        let open = merged.properties();
        let mut hidden = HashSet::new();
        for word in merged.all("properties") {
            let Word::Map(map) = word else { continue };
            for (name, property) in map {
                if required.contains(name.as_str())
                    && !open.contains_key(name.as_str())
                    && self.is_read_only(*property)
                {
                    hidden.insert(name.clone());
                }
            }
        }
        hidden
    }

    fn lift(
        &mut self,
        name: &str,
        word: &Word,
        hidden: &HashSet<String>,
        done: &mut HashMap<Id, Id>,
    ) -> Option<Word> {
        Some(match (name, word) {
            ("required", Word::Json(Json::Array(names))) => {
                let keep = |name: &&Json| name.as_str().is_none_or(|name| !hidden.contains(name));
                let names: Vec<Json> = names.iter().filter(keep).cloned().collect();
                if names.is_empty() {
                    return None;
                }
                Word::Json(Json::Array(names))
            }
            ("allOf", Word::List(list)) => Word::List(
                list.iter()
                    .map(|id| self.without(*id, hidden, done))
                    .collect(),
            ),
            ("$ref", Word::Ref(id)) => Word::Ref(self.without(*id, hidden, done)),
            (_, word) => word.clone(),
        })
    }

    /// The schema without these in `required`, itself when it does not ask for them.
    fn without(&mut self, id: Id, hidden: &HashSet<String>, done: &mut HashMap<Id, Id>) -> Id {
        if let Some(known) = done.get(&id) {
            return *known;
        }
        let asks = |name: &&str| hidden.contains(*name);
        if !self.merged(id).required().iter().any(asks) || done.len() > 256 {
            return id;
        }
        done.insert(id, id);
        let mut node = self.node(id).clone();
        let words = std::mem::take(&mut node.words);
        for (name, word) in words {
            if let Some(word) = self.lift(name, &word, hidden, done) {
                node.words.push((name, word));
            }
        }
        let mut names: Vec<&str> = hidden.iter().map(String::as_str).collect();
        names.sort_unstable();
        node.variant = Some(crate::names::hash8(&names.join("\n")));
        let copy = self.push(node);
        done.insert(id, copy);
        copy
    }
}
