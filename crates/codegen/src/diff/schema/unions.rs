//! Alternatives: `anyOf` and `oneOf`.

use toolwright_document::Json;

use super::flat::{Flat, flatten, follow};
use super::{Walk, Way, canonical};
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
        let mut left: Vec<Option<&Json>> = old.alternatives.iter().copied().map(Some).collect();
        let mut open: Vec<&Json> = Vec::new();
        let mut pairs: Vec<(&Json, &Json)> = Vec::new();
        let (was, is) = self.roots;
        for &after in &new.alternatives {
            let label = label(is, after);
            let found = left.iter_mut().find(|before| {
                before.is_some_and(|before| match (&label, self::label(was, before)) {
                    (Some(a), Some(b)) => *a == b,
                    (None, None) => resolved(was, before) == resolved(is, after),
                    _ => false,
                })
            });
            match found.and_then(Option::take) {
                Some(before) => pairs.push((before, after)),
                None => open.push(after),
            }
        }
        // What is left over and of the same type is the same alternative, changed; unless its constant says it is not.
        open.retain(|after| {
            let same = |before: &Json| {
                let tags = (tag(was, before), tag(is, after));
                let apart = tags.0.is_some() && tags.1.is_some() && tags.0 != tags.1;
                !apart && kind(was, before).is_some() && kind(was, before) == kind(is, after)
            };
            let found = left.iter_mut().find(|before| before.is_some_and(same));
            match found.and_then(Option::take) {
                Some(before) => {
                    pairs.push((before, after));
                    false
                }
                None => true,
            }
        });
        for gone in left.into_iter().flatten() {
            let message = format!("alternative removed: {}", shown(was, gone));
            self.narrower(place, &message);
        }
        for come in open {
            let message = format!("alternative added: {}", shown(is, come));
            self.wider(place, &message);
            if self.way == Way::In {
                words::fresh(place, &[], Some(come), self.changes);
            }
        }
        for (before, after) in pairs {
            let at = match label(is, after) {
                Some(label) => format!("{place}<{label}>"),
                None => place.to_owned(),
            };
            self.compare(&at, before, after, depth + 1);
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

fn kind<'j>(root: &'j Json, schema: &'j Json) -> Option<&'j str> {
    follow(root, schema).last()?.get("type")?.as_str()
}

fn resolved(root: &Json, schema: &Json) -> Option<String> {
    follow(root, schema).last().map(|json| canonical(json))
}

fn shown(root: &Json, schema: &Json) -> String {
    label(root, schema).unwrap_or_else(|| match kind(root, schema) {
        Some(kind) => one_line(kind, 40),
        None => one_line(&canonical(schema), 120),
    })
}
