//! Ranked full text over the operations of one server.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::server::ServedTool;

/// The most characters of a query that are read.
const MAX_QUERY: usize = 1000;

/// The most different words of a query.
const MAX_WORDS: usize = 32;

/// How many words that begin like one of the query's are looked at.
const MAX_ENDINGS: usize = 64;

/// How deep the names of arguments are looked for.
const MAX_DEPTH: usize = 4;

/// Words that tell operations apart no more than spaces do.
const EMPTY: &[&str] = &[
    "a", "an", "and", "by", "for", "from", "in", "is", "it", "of", "on", "or", "that", "the",
    "this", "to", "with",
];

/// Which operations hold a word, and how much it weighs there.
#[derive(Debug)]
pub struct Index {
    words: BTreeMap<String, BTreeMap<usize, f32>>,
    count: usize,
}

impl Index {
    /// Reads names, titles, tags, paths, descriptions and arguments.
    pub fn new(tools: &[Arc<ServedTool>]) -> Index {
        let mut index = Index {
            words: BTreeMap::new(),
            count: tools.len(),
        };
        for (at, served) in tools.iter().enumerate() {
            index.add(at, served.tool.name, 5.0);
            index.add(at, &served.listing.title(), 4.0);
            index.add(at, served.tag, 2.0);
            index.add(at, served.tool.endpoint, 2.0);
            index.add(at, &served.listing.description(), 1.0);
            if let Ok(schema) = serde_json::from_str::<Value>(&served.listing.input_schema) {
                index.arguments(at, &schema, 0);
            }
        }
        index
    }

    fn arguments(&mut self, at: usize, schema: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            self.add(at, name, if depth == 0 { 1.5 } else { 0.7 });
            if let Some(text) = property.get("description").and_then(Value::as_str) {
                self.add(at, text, 0.4);
            }
            self.arguments(at, property, depth + 1);
        }
    }

    fn add(&mut self, at: usize, text: &str, weight: f32) {
        for word in words(text) {
            *self.words.entry(word).or_default().entry(at).or_default() += weight;
        }
    }

    /// The operations that fit a query, best first. A query without words fits all of them.
    pub fn find(&self, query: &str) -> Vec<usize> {
        let query: String = query.chars().take(MAX_QUERY).collect();
        let asked: BTreeSet<String> = words(&query).into_iter().take(MAX_WORDS).collect();
        if asked.is_empty() {
            return (0..self.count).collect();
        }
        let mut scores: BTreeMap<usize, (f32, f32)> = BTreeMap::new();
        for word in &asked {
            for (at, weight) in self.weights(word) {
                let score = scores.entry(at).or_default();
                score.0 += weight;
                score.1 += 1.0;
            }
        }
        let mut ranked: Vec<(f32, usize)> = scores
            .into_iter()
            // Half of a question answered well is worth less than all of it.
            .map(|(at, (score, met))| (score * met, at))
            .collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked.into_iter().map(|(_, at)| at).collect()
    }

    /// How much a word of a query weighs in each operation: rare words more than common ones, words that it only
    /// begins half as much.
    fn weights(&self, word: &str) -> BTreeMap<usize, f32> {
        let mut weights: BTreeMap<usize, f32> = BTreeMap::new();
        let endings = self
            .words
            .range(word.to_owned()..)
            .take_while(|(found, _)| found.starts_with(word))
            .filter(|(found, _)| *found == word || word.chars().count() >= 3)
            .take(MAX_ENDINGS);
        for (found, operations) in endings {
            let rarity = (1.0 + ratio(self.count, operations.len())).ln();
            let share = if found == word { 1.0 } else { 0.5 };
            for (at, weight) in operations {
                let score = share * rarity * weight / (weight + 2.0);
                let best = weights.entry(*at).or_default();
                *best = best.max(score);
            }
        }
        weights
    }
}

fn ratio(all: usize, some: usize) -> f32 {
    let number = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
    number(all) / number(some).max(1.0)
}

/// Words in lower case, `camelCase` and `snake_case` taken apart, without plural endings.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut lower = false;
    let mut end = |word: &mut String| {
        let found = stem(std::mem::take(word));
        if !found.is_empty() && !EMPTY.contains(&found.as_str()) {
            words.push(found);
        }
    };
    for character in text.chars() {
        if !character.is_alphanumeric() || (lower && character.is_uppercase()) {
            end(&mut word);
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        lower = character.is_lowercase();
    }
    end(&mut word);
    words
}

fn stem(word: String) -> String {
    if word.len() > 4
        && let Some(start) = word.strip_suffix("ies")
    {
        return format!("{start}y");
    }
    match word.strip_suffix('s') {
        Some(start) if start.len() > 2 && !start.ends_with(['s', 'u', 'i']) => start.to_owned(),
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_apart() {
        assert_eq!(
            words("listPetsByStatus, the_HTTP-Statuses of Companies"),
            ["list", "pet", "status", "http", "statuse", "company"]
        );
    }

    #[test]
    fn better_fits_come_first() {
        let mut index = Index {
            words: BTreeMap::new(),
            count: 3,
        };
        index.add(0, "create_item", 5.0);
        index.add(0, "Makes an item for a supplier", 1.0);
        index.add(1, "list_suppliers", 5.0);
        index.add(1, "Who delivers items", 1.0);
        index.add(2, "delete_item", 5.0);
        assert_eq!(index.find("suppliers"), [1, 0]);
        assert_eq!(index.find("create item"), [0, 2, 1]);
        assert_eq!(index.find("del item")[0], 2);
        assert_eq!(index.find("nothing like it"), Vec::<usize>::new());
        assert_eq!(index.find("  "), [0, 1, 2]);
    }
}
