//! Whether two schemas say the same, however it is written: in place or by reference, under whatever name.

use std::collections::{BTreeSet, HashSet};

use toolwright_document::Json;

use super::canonical::{canonical, is_note};
use super::flat::step;
use super::identity;
use crate::diff::keyword::{Holds, holds};

/// The most pairs that are compared; beyond them two schemas count as different, which somebody then looks at.
const MOST: usize = 200_000;

/// What of two schemas is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::diff) enum Say {
    /// What they let through.
    Rules,
    /// That, and what they tell their reader.
    Everything,
}

/// Each side is the root, which holds `$defs`, and the schema. A pair that is met again while it is compared counts
/// as equal: that is what makes two recursive schemas the same.
pub(in crate::diff) fn same(say: Say, before: (&Json, &Json), after: (&Json, &Json)) -> bool {
    let mut seen = HashSet::new();
    let mut waiting = vec![(before.1, after.1, Holds::Schema)];
    while let Some((old, new, kind)) = waiting.pop() {
        let (old, new) = match kind {
            Holds::Schema => (meant(say, before.0, old), meant(say, after.0, new)),
            _ => (old, new),
        };
        if !seen.insert((identity(old), identity(new), kind)) {
            continue;
        }
        if seen.len() > MOST {
            return false;
        }
        let fine = match (kind, old, new) {
            (Holds::Schema, Json::Object(_), Json::Object(_)) => {
                keywords(say, (before.0, old), (after.0, new), &mut waiting)
            }
            (Holds::Named, Json::Object(a), Json::Object(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(name, old)| {
                        let new = b.get(name);
                        waiting.extend(new.map(|new| (old, new, Holds::Schema)));
                        new.is_some()
                    })
            }
            (Holds::Schemas, Json::Array(a), Json::Array(b)) => {
                waiting.extend(a.iter().zip(b).map(|(a, b)| (a, b, Holds::Schema)));
                a.len() == b.len()
            }
            _ => canonical(old) == canonical(new),
        };
        if !fine {
            return false;
        }
    }
    true
}

fn keywords<'j>(
    say: Say,
    (was, old): (&'j Json, &'j Json),
    (is, new): (&'j Json, &'j Json),
    waiting: &mut Vec<(&'j Json, &'j Json, Holds)>,
) -> bool {
    let keys = |json: &'j Json| -> BTreeSet<&'j str> {
        let members = json.as_object().into_iter().flatten();
        let keys = members.map(|(key, _)| key.as_str());
        keys.filter(|key| counts(say, key)).collect()
    };
    let names = keys(old);
    names == keys(new)
        && names.into_iter().all(|key| {
            let (Some(a), Some(b)) = (old.get(key), new.get(key)) else {
                return false;
            };
            let kind = match key {
                "$ref" => {
                    let targets = step(was, old).zip(step(is, new));
                    waiting.extend(targets.map(|(a, b)| (a, b, Holds::Schema)));
                    return targets.is_some();
                }
                "required" | "type" => return set(a) == set(b),
                _ => match holds(key) {
                    Some(kind) => kind,
                    None => return canonical(a) == canonical(b),
                },
            };
            waiting.push((a, b, kind));
            true
        })
}

fn counts(say: Say, key: &str) -> bool {
    key != "$defs" && (say == Say::Everything || !is_note(key))
}

/// A word, or several of which the order says nothing.
fn set(json: &Json) -> BTreeSet<String> {
    match json {
        Json::Array(items) => items.iter().map(canonical).collect(),
        other => BTreeSet::from([canonical(other)]),
    }
}

/// What a schema is that is nothing but a reference.
fn meant<'j>(say: Say, root: &'j Json, schema: &'j Json) -> &'j Json {
    let mut schema = schema;
    for _ in 0..32 {
        let members = schema.as_object().into_iter().flatten();
        let bare = members.filter(|(key, _)| counts(say, key)).count() == 1;
        match step(root, schema).filter(|_| bare) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_places_of_schemas_mean_nothing() {
        let parse = |text| Json::parse(text).unwrap();
        let one = parse(
            r##"{"$defs": {"A": {"type": "object", "properties": {"next": {"$ref": "#/$defs/A"}}}}, "$ref": "#/$defs/A"}"##,
        );
        let renamed = parse(
            r##"{"$defs": {"B": {"properties": {"next": {"$ref": "#/$defs/B"}}, "type": "object"}}, "$ref": "#/$defs/B"}"##,
        );
        let unrolled = parse(
            r##"{"$defs": {"A": {"type": "object", "properties": {"next": {"$ref": "#/$defs/A"}}}},
                "type": "object", "properties": {"next": {"$ref": "#/$defs/A", "description": "The next."}}}"##,
        );
        let other = parse(
            r##"{"$defs": {"A": {"type": "object", "properties": {"last": {"$ref": "#/$defs/A"}}}}, "$ref": "#/$defs/A"}"##,
        );
        for (after, rules, everything) in [
            (&one, true, true),
            (&renamed, true, true),
            (&unrolled, true, false),
            (&other, false, false),
        ] {
            let found =
                [Say::Rules, Say::Everything].map(|say| same(say, (&one, &one), (after, after)));
            assert_eq!(found, [rules, everything], "{}", after.compact());
        }
    }
}
