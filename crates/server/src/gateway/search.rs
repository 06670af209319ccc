//! Ranked full text over the operations of one server.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use toolwright_runtime::Tool;

use super::listing::Listing;

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
    "a", "an", "and", "are", "at", "be", "by", "for", "from", "how", "i", "in", "is", "it", "me",
    "my", "of", "on", "or", "our", "that", "the", "this", "to", "we", "what", "which", "with",
];

/// A part of an operation that is searched.
#[derive(Clone, Copy)]
struct Field {
    /// What a word in it weighs.
    weight: f32,
    /// How far its length counts against each of its words, from 0 to 1.
    length: f32,
}

const fn field(weight: f32, length: f32) -> Field {
    Field { weight, length }
}

/// Name, title, tag, path, description, names of arguments, and what is said about these.
const FIELDS: [Field; 7] = [
    field(5.0, 0.5),
    field(4.0, 0.5),
    field(2.0, 0.0),
    field(2.0, 0.5),
    field(1.0, 0.5),
    field(1.5, 0.5),
    field(0.5, 0.5),
];

/// The words of an operation, by field.
type Words = [Vec<String>; FIELDS.len()];

/// Which operations hold a word, and how much it weighs there.
#[derive(Debug)]
pub struct Index {
    words: BTreeMap<String, BTreeMap<usize, f32>>,
    /// The words that each operation is called by: those of its name, and those of its title.
    named: Vec<[BTreeSet<String>; 2]>,
}

impl Index {
    /// Reads names, titles, tags, paths, descriptions and arguments: each operation's tool, its tag, and what is listed.
    pub fn new<'t>(operations: impl Iterator<Item = (&'t Tool, &'t str, &'t Listing)>) -> Index {
        let operations = operations.map(|(tool, tag, listing)| {
            let (mut names, mut about) = (Vec::new(), Vec::new());
            if let Ok(schema) = serde_json::from_str::<Value>(&listing.input_schema) {
                arguments(&schema, 0, &mut names, &mut about);
            }
            [
                words(tool.name),
                words(&listing.title()),
                words(tag),
                words(tool.endpoint),
                words(&listing.description()),
                names,
                about,
            ]
        });
        Index::of(&operations.collect::<Vec<_>>())
    }

    /// Weighs words as BM25F does: by field, less in a field that is longer than elsewhere.
    fn of(operations: &[Words]) -> Index {
        let mut index = Index {
            words: BTreeMap::new(),
            named: Vec::new(),
        };
        let mut averages = [0.0f32; FIELDS.len()];
        for operation in operations {
            for (average, field) in averages.iter_mut().zip(operation) {
                *average += number(field.len()) / number(operations.len());
            }
        }
        for (at, operation) in operations.iter().enumerate() {
            for ((field, words), average) in FIELDS.iter().zip(operation).zip(averages) {
                let longer = number(words.len()) / average.max(1.0);
                let weight = field.weight / (1.0 - field.length + field.length * longer);
                for word in words {
                    let operations = index.words.entry(word.clone()).or_default();
                    *operations.entry(at).or_default() += weight;
                }
            }
            let [name, title, ..] = operation;
            let set = |words: &Vec<String>| words.iter().cloned().collect();
            index.named.push([set(name), set(title)]);
        }
        index
    }

    /// The operations that fit a query, best first. A query without words fits all of them.
    pub fn find(&self, query: &str) -> Vec<usize> {
        let query: String = query.chars().take(MAX_QUERY).collect();
        let asked: BTreeSet<String> = words(&query).into_iter().take(MAX_WORDS).collect();
        if asked.is_empty() {
            return (0..self.named.len()).collect();
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
            // Half of a question answered well is worth less than all of it, and an operation that is called by what was
            // asked and nothing else is what was meant.
            .map(|(at, (score, met))| (score * met * (1.0 + self.share(at, &asked)), at))
            .collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked.into_iter().map(|(_, at)| at).collect()
    }

    /// How much of what an operation is called by was asked for, from 0 to 1: of its name or of its title.
    fn share(&self, at: usize, asked: &BTreeSet<String>) -> f32 {
        let is_asked = |word: &&String| {
            asked.contains(*word)
                || asked
                    .iter()
                    .any(|asked| is_start(asked) && word.starts_with(asked.as_str()))
        };
        let share = |named: &BTreeSet<String>| {
            let met = named.iter().filter(is_asked);
            number(met.count()) / number(named.len().max(1))
        };
        let [name, title] = &self.named[at];
        share(name).max(share(title))
    }

    /// How much a word of a query weighs in each operation: rare words more than common ones, words that it only
    /// begins half as much.
    fn weights(&self, word: &str) -> BTreeMap<usize, f32> {
        let mut weights: BTreeMap<usize, f32> = BTreeMap::new();
        let endings = self
            .words
            .range(word.to_owned()..)
            .take_while(|(found, _)| found.starts_with(word))
            .filter(|(found, _)| *found == word || is_start(word))
            .take(MAX_ENDINGS);
        for (found, operations) in endings {
            let rarity = (1.0 + number(self.named.len()) / number(operations.len())).ln();
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

/// Whether a word is long enough to stand for all that begin with it.
fn is_start(word: &str) -> bool {
    word.chars().nth(2).is_some()
}

/// The words of arguments and of what is said about them, however deep they lie.
fn arguments(schema: &Value, depth: usize, names: &mut Vec<String>, about: &mut Vec<String>) {
    if depth > MAX_DEPTH {
        return;
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let found = if depth == 0 { &mut *names } else { &mut *about };
        found.extend(words(name));
        if let Some(text) = property.get("description").and_then(Value::as_str) {
            about.extend(words(text));
        }
        arguments(property, depth + 1, names, about);
    }
}

fn number(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
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

    /// Operations by name and description.
    fn index(operations: &[(&str, &str)]) -> Index {
        let operations = operations.iter().map(|(name, description)| {
            let mut fields = Words::default();
            fields[0] = words(name);
            fields[4] = words(description);
            fields
        });
        Index::of(&operations.collect::<Vec<_>>())
    }

    #[test]
    fn better_fits_come_first() {
        let found = index(&[
            ("create_item", "Makes an item for a supplier"),
            ("list_suppliers", "Who delivers items"),
            ("delete_item", ""),
        ]);
        assert_eq!(found.find("suppliers"), [1, 0]);
        assert_eq!(found.find("create item"), [0, 2, 1]);
        assert_eq!(found.find("del item")[0], 2);
        assert_eq!(found.find("nothing like it"), Vec::<usize>::new());
        assert_eq!(found.find("  "), [0, 1, 2]);
    }

    #[test]
    fn what_is_called_by_the_question_alone_comes_first() {
        let found = index(&[
            (
                "reactions_list_for_pull_request_review",
                "List the reactions of a review of a pull request",
            ),
            (
                "pulls_list_comments_for_review",
                "List comments of a review of a pull request",
            ),
            ("pulls_list_reviews", "List the reviews of a pull request"),
            (
                "branches_delete_admin_protection",
                "Delete the protection of a branch for its admins",
            ),
            (
                "branches_delete_protection",
                "Delete the protection of a branch, and with it that for its admins",
            ),
        ]);
        assert_eq!(found.find("list pull request reviews")[0], 2);
        assert_eq!(found.find("delete branch protection")[0], 4);
    }
}
