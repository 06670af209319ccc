//! Alternatives: `anyOf` and `oneOf`.

use std::collections::BTreeSet;

use toolwright_document::Json;

use super::flat::{Flat, beside_null, flatten, follow};
use super::values::{list, listed};
use super::{Walk, Way, canonical, rules};
use crate::diff::words;
use crate::text::one_line;

impl<'j> Walk<'_, 'j> {
    pub(super) fn unions(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>, depth: usize) {
        match (old.alternatives.as_slice(), new.alternatives.as_slice()) {
            ([], []) => return,
            // That the types differ has been said.
            ([], _)
                if old
                    .types
                    .as_ref()
                    .is_some_and(|types| !types.contains("object")) =>
            {
                return;
            }
            (_, [])
                if new
                    .types
                    .as_ref()
                    .is_some_and(|types| !types.contains("object")) =>
            {
                return;
            }
            ([], _) => return self.narrower(place, "takes one of several alternatives now"),
            (_, []) => return self.wider(place, "is held to none of the alternatives any more"),
            _ => {}
        }
        let said = old.types.is_some() && new.types.is_some();
        self.alternatives(place, (&old.alternatives, &new.alternatives), said, depth);
    }

    /// Two lists of alternatives, where only one side is a choice: what it was before, or is now, is one of them.
    pub(super) fn choices(
        &self,
        (before, old): (&'j Json, &Flat<'j>),
        (after, new): (&'j Json, &Flat<'j>),
    ) -> Option<(Vec<&'j Json>, Vec<&'j Json>)> {
        let (was, is) = self.roots;
        let alone = |root, schema, flat: &Flat<'j>| -> Option<Vec<&'j Json>> {
            let inner = beside_null(root, schema);
            flat.alternatives.is_empty().then(|| vec![inner])
        };
        let lists = match old.is_choice() {
            true => (old.alternatives.clone(), alone(is, after, new)?),
            false => (alone(was, before, old)?, new.alternatives.clone()),
        };
        let related = |old: &Json, new: &Json| {
            resolved(was, old) == resolved(is, new)
                || likeness(was, old, is, new) > 0
                || flatten(was, old).is_values() && flatten(is, new).is_values()
        };
        let found = lists
            .0
            .iter()
            .any(|old| lists.1.iter().any(|new| related(old, new)));
        found.then_some(lists)
    }

    /// Pairs alternatives that are the same one, and says which came and went; `null_said` is whether that null may be
    /// there was compared beside them.
    pub(super) fn alternatives(
        &mut self,
        place: &str,
        (old, new): (&[&'j Json], &[&'j Json]),
        null_said: bool,
        depth: usize,
    ) {
        let mut left: Vec<Option<&Json>> = old.iter().copied().map(Some).collect();
        let mut open: Vec<&Json> = new.to_vec();
        let mut pairs: Vec<(&Json, &Json)> = Vec::new();
        let (was, is) = self.roots;
        // The same name; then the same rules, whatever is said about them; then what is likest.
        let named = |before: &Json, after: &Json| {
            let labels = (label(was, before), label(is, after));
            usize::from(labels.0.is_some() && labels.0 == labels.1)
        };
        let ruled =
            |before: &Json, after: &Json| usize::from(resolved(was, before) == resolved(is, after));
        let alike = |before: &Json, after: &Json| likeness(was, before, is, after);
        match_up(&mut left, &mut open, &mut pairs, named);
        match_up(&mut left, &mut open, &mut pairs, ruled);
        self.lists(place, (old, &mut left), (new, &mut open));
        match_up(&mut left, &mut open, &mut pairs, alike);
        for gone in left.into_iter().flatten() {
            let message = format!("alternative removed: {}", shown(was, gone));
            self.narrower(place, &message);
        }
        for come in open {
            let message = format!("alternative added: {}", shown(is, come));
            self.wider_harmless(place, &message);
            if self.way == Way::In {
                words::fresh(place, &[], Some(come), self.changes);
            }
        }
        for (before, after) in pairs {
            let at = match label(is, after) {
                Some(label) => format!("{place}<{label}>"),
                None => place.to_owned(),
            };
            self.null_said = null_said;
            self.compare(&at, before, after, depth + 1);
            self.null_said = false;
        }
    }

    /// Alternatives that are lists of values are one list together, however it is cut.
    fn lists(
        &mut self,
        place: &str,
        (old, left): (&[&'j Json], &mut [Option<&'j Json>]),
        (new, open): (&[&'j Json], &mut Vec<&'j Json>),
    ) {
        let values = |root: &'j Json, schema: &'j Json| -> Option<BTreeSet<String>> {
            let flat = flatten(root, schema);
            flat.is_values().then(|| listed(&flat)).flatten()
        };
        let (was, is) = self.roots;
        let all = |root: &'j Json, list: &[&'j Json]| -> BTreeSet<String> {
            let lists = list.iter().filter_map(|schema| values(root, schema));
            lists.flatten().collect()
        };
        let (before, after) = (all(was, old), all(is, new));
        if before.is_empty() || after.is_empty() {
            return;
        }
        for slot in left.iter_mut() {
            if slot.is_some_and(|schema| values(was, schema).is_some()) {
                *slot = None;
            }
        }
        let mut come = Vec::new();
        open.retain(|schema| {
            let is_list = values(is, schema).is_some();
            come.extend(is_list.then_some(*schema));
            !is_list
        });
        let gone: Vec<&String> = before.difference(&after).collect();
        if !gone.is_empty() {
            self.narrower(place, &format!("values removed: {}", list(&gone)));
        }
        let added: Vec<&String> = after.difference(&before).collect();
        if !added.is_empty() {
            self.wider_harmless(place, &format!("values added: {}", list(&added)));
        }
        if self.way == Way::In {
            for schema in come {
                words::fresh(place, &[], Some(schema), self.changes);
            }
        }
    }
}

/// What an alternative is called: where its reference leads, else its title, else the constant it is told by.
fn label(root: &Json, schema: &Json) -> Option<String> {
    if let Some(target) = schema.get("$ref").and_then(Json::as_str) {
        let name = target.rsplit('/').next().unwrap_or(target);
        return Some(one_line(name.rsplit("~1").next().unwrap_or(name), 80));
    }
    if let Some(title) = schema.get("title").and_then(Json::as_str) {
        return Some(one_line(title, 80));
    }
    tag(root, schema)
}

/// The constant that an alternative is told by: `kind="card"`.
fn tag(root: &Json, schema: &Json) -> Option<String> {
    let flat = flatten(root, schema);
    flat.properties.iter().find_map(|(name, schema)| {
        let value = match (
            schema.get("const"),
            schema.get("enum").and_then(Json::as_array),
        ) {
            (Some(value), _) => value,
            (None, Some([value])) => value,
            _ => return None,
        };
        Some(format!(
            "{}={}",
            one_line(name, 40),
            one_line(&value.compact(), 40)
        ))
    })
}

/// Pairs every alternative that is left with the one that scores highest; a score of nothing is no pair.
fn match_up<'j>(
    left: &mut [Option<&'j Json>],
    open: &mut Vec<&'j Json>,
    pairs: &mut Vec<(&'j Json, &'j Json)>,
    score: impl Fn(&Json, &Json) -> usize,
) {
    open.retain(|after| {
        let scores = left
            .iter()
            .enumerate()
            .filter_map(|(at, before)| Some((score((*before)?, after), at)));
        // Of equals, the first.
        let best = scores
            .filter(|(score, _)| *score > 0)
            .max_by_key(|(score, at)| (*score, usize::MAX - at));
        match best
            .and_then(|(_, at)| left.get_mut(at))
            .and_then(Option::take)
        {
            Some(before) => {
                pairs.push((before, after));
                false
            }
            None => true,
        }
    });
}

/// How much two alternatives have in common; nothing when their constants say that they are not the same.
fn likeness(was: &Json, before: &Json, is: &Json, after: &Json) -> usize {
    let tags = (tag(was, before), tag(is, after));
    if tags.0.is_some() && tags.1.is_some() && tags.0 != tags.1 {
        return 0;
    }
    let (old, new) = (flatten(was, before), flatten(is, after));
    let shared = old
        .properties
        .keys()
        .filter(|name| new.properties.contains_key(*name))
        .count();
    let bare = old.properties.is_empty() && new.properties.is_empty();
    match shared {
        0 if !bare || old.types != new.types => 0,
        shared => shared + 1,
    }
}

fn kind<'j>(root: &'j Json, schema: &'j Json) -> Option<&'j str> {
    follow(root, schema).last()?.get("type")?.as_str()
}

fn resolved(root: &Json, schema: &Json) -> Option<String> {
    follow(root, schema).last().map(|json| rules(json))
}

fn shown(root: &Json, schema: &Json) -> String {
    label(root, schema).unwrap_or_else(|| match kind(root, schema) {
        Some(kind) => one_line(kind, 40),
        None => one_line(&canonical(schema), 120),
    })
}
