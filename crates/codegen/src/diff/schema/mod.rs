//! Two schemas (JSON Schema 2020-12), compared by what they let through.
//!
//! Of a request, letting less through breaks calls. Of an answer it is the other way around: what may come back now
//! and did not before is what readers are not prepared for.

mod arrays;
mod bounds;
mod canonical;
mod flat;
mod objects;
mod same;
mod unions;
mod values;

use std::collections::HashSet;
use std::ptr::from_ref;

use toolwright_document::Json;

use super::change::{Changes, Class};
use super::words;
use crate::text::one_line;
pub(super) use canonical::canonical;
use canonical::rules;
use flat::{Flat, flatten};
pub(super) use same::{Say, same};

/// The most schemas that are compared of one argument: far more than a reader will read about.
const MOST: usize = 20_000;
/// How deep schemas are followed into one another.
const DEEPEST: usize = 64;

/// Which way the value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// To the upstream.
    In,
    /// Back from it.
    Out,
}

/// Compares what may be said. Each side is the root, which holds `$defs`, and the schema.
pub(super) fn input(
    place: &str,
    before: (&Json, &Json),
    after: (&Json, &Json),
    changes: &mut Changes,
) {
    run(Way::In, place, before, after, changes);
}

/// Compares what may come back.
pub(super) fn output(
    place: &str,
    before: (&Json, &Json),
    after: (&Json, &Json),
    changes: &mut Changes,
) {
    run(Way::Out, place, before, after, changes);
}

fn run(
    way: Way,
    place: &str,
    before: (&Json, &Json),
    after: (&Json, &Json),
    changes: &mut Changes,
) {
    let mut walk = Walk {
        way,
        roots: (before.0, after.0),
        changes,
        seen: HashSet::new(),
        null_said: false,
    };
    walk.compare(place, before.1, after.1, 0);
}

/// The comparison of one argument.
struct Walk<'w, 'j> {
    way: Way,
    roots: (&'j Json, &'j Json),
    changes: &'w mut Changes,
    /// Pairs that are being compared or were: recursion ends here, and shared types are reported once.
    seen: HashSet<(*const Json, *const Json)>,
    /// Whether the next pair is one of alternatives beside which null has been compared already.
    null_said: bool,
}

impl<'j> Walk<'_, 'j> {
    fn compare(&mut self, place: &str, before: &'j Json, after: &'j Json, depth: usize) {
        if self.seen.len() >= MOST || depth > DEEPEST {
            if canonical(before) != canonical(after) {
                self.unnamed(place, "beyond the depth to which schemas are compared");
            }
            return;
        }
        let (old, new) = (flatten(self.roots.0, before), flatten(self.roots.1, after));
        if !self.seen.insert((old.identity, new.identity)) {
            return;
        }
        let null_said = std::mem::take(&mut self.null_said);
        self.words(place, &old, &new);
        match (old.never, new.never) {
            (true, true) => return,
            (false, true) => return self.narrower(place, "nothing is allowed any more"),
            (true, false) => return self.wider(place, "is allowed now"),
            (false, false) => {}
        }
        // Without types it shows in the alternatives alone.
        let said = old.types.is_some() && new.types.is_some();
        if old.is_choice() && new.is_choice() {
            self.null(place, &old, &new);
            return self.alternatives(place, (&old.alternatives, &new.alternatives), said, depth);
        }
        if old.is_choice() != new.is_choice()
            && let Some((was, is)) = self.choices((before, &old), (after, &new))
        {
            self.null(place, &old, &new);
            return self.alternatives(place, (&was, &is), said, depth);
        }
        self.types(place, &old, &new, null_said);
        self.values(place, &old, &new);
        self.bounds(place, &old, &new);
        self.objects(place, &old, &new, depth);
        self.arrays(place, &old, &new, depth);
        self.unions(place, &old, &new, depth);
        self.others(place, &old, &new, depth);
    }

    /// Texts about the value; those about answers are not shown to agents.
    fn words(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>) {
        if self.way == Way::Out {
            return;
        }
        for word in ["title", "description"] {
            let (from, to) = (old.text(word), new.text(word));
            let at = format!("{place}: {word}");
            words::compare(&at, from, to, self.changes);
        }
        for word in ["default", "examples", "deprecated"] {
            let show = |flat: &Flat<'_>| flat.word(word).map(Json::compact);
            let (from, to) = (show(old), show(new));
            let at = format!("{place}: {word}");
            words::compare(&at, from.as_deref(), to.as_deref(), self.changes);
        }
    }

    /// Keywords that are compared as wholes.
    fn others(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>, depth: usize) {
        const WHOLE: [&str; 11] = [
            "not",
            "if",
            "then",
            "else",
            "contains",
            "dependentRequired",
            "dependentSchemas",
            "patternProperties",
            "propertyNames",
            "unevaluatedProperties",
            "unevaluatedItems",
        ];
        for word in WHOLE {
            match (old.word(word), new.word(word)) {
                (None, None) => {}
                (Some(_), None) => self.wider(place, &format!("`{word}` no longer applies")),
                (None, Some(_)) => self.narrower(place, &format!("`{word}` applies now")),
                (Some(from), Some(to)) => {
                    let at = format!("{place}<{word}>");
                    if self.alike(Say::Rules, word, from, to) {
                        self.reworded(place, word, from, to);
                    } else if matches!(word, "patternProperties" | "dependentSchemas") {
                        self.by_name(&at, from, to, depth);
                    } else if self.goes_along(word, old, new) {
                        self.compare(&at, from, to, depth + 1);
                    } else {
                        self.unnamed(place, &format!("`{word}` changed"));
                    }
                }
            }
        }
        self.together(place, old.rest(), new.rest(), depth);
    }

    /// Schemas that apply to the same value: each must let it through, so that what is less for one is less for all.
    fn together(&mut self, place: &str, old: &[&'j Json], new: &[&'j Json], depth: usize) {
        let (was, is) = self.roots;
        let mut open = new.to_vec();
        let mut left = old.to_vec();
        left.retain(|old| {
            let equal = |new: &&Json| same(Say::Everything, (was, old), (is, new));
            let found = open.iter().position(equal);
            found.map(|at| open.remove(at)).is_none()
        });
        for (old, new) in left.iter().zip(&open) {
            self.compare(place, old, new, depth + 1);
        }
        for _ in open.iter().skip(left.len()) {
            self.narrower(place, "one more schema applies now (`allOf`)");
        }
        for _ in left.iter().skip(open.len()) {
            self.wider(place, "one schema no longer applies (`allOf`)");
        }
    }

    /// The rules of a keyword are the same; the texts in it may not be.
    fn reworded(&mut self, place: &str, word: &str, from: &Json, to: &Json) {
        if self.way == Way::In && !self.alike(Say::Everything, word, from, to) {
            self.changes
                .push(Class::Text, place, format!("texts within `{word}` changed"));
        }
    }

    /// Schemas that apply where a name is there, or fits.
    fn by_name(&mut self, place: &str, from: &'j Json, to: &'j Json, depth: usize) {
        for (name, before) in from.as_object().into_iter().flatten() {
            let at = format!("{place}.{}", one_line(name, 80));
            match to.get(name) {
                Some(after) => self.compare(&at, before, after, depth + 1),
                None => self.wider(&at, "no longer applies"),
            }
        }
        for (name, _) in to.as_object().into_iter().flatten() {
            if from.get(name).is_none() {
                self.narrower(&format!("{place}.{}", one_line(name, 80)), "applies now");
            }
        }
    }

    /// Whether a keyword that lets less through makes its schema let less through.
    fn goes_along(&self, word: &str, old: &Flat<'j>, new: &Flat<'j>) -> bool {
        match word {
            "then" | "else" => match (old.word("if"), new.word("if")) {
                (Some(from), Some(to)) => self.alike(Say::Rules, "if", from, to),
                _ => false,
            },
            "contains" => [old, new]
                .iter()
                .all(|flat| flat.word("maxContains").is_none()),
            word => matches!(
                word,
                "propertyNames" | "unevaluatedProperties" | "unevaluatedItems"
            ),
        }
    }

    /// Whether the values of a keyword say the same.
    fn alike(&self, say: Say, word: &str, from: &Json, to: &Json) -> bool {
        match word {
            "dependentRequired" => canonical(from) == canonical(to),
            // Wrapped, their members are names.
            "dependentSchemas" | "patternProperties" => {
                let wrap = |json: &Json| Json::object().with(word, json.clone());
                same(say, (self.roots.0, &wrap(from)), (self.roots.1, &wrap(to)))
            }
            _ => same(say, (self.roots.0, from), (self.roots.1, to)),
        }
    }

    /// Less is let through.
    fn narrower(&mut self, place: &str, message: &str) {
        let class = match self.way {
            Way::In => Class::Breaking,
            Way::Out => Class::Additive,
        };
        self.changes.push(class, place, message);
    }

    /// More is let through.
    fn wider(&mut self, place: &str, message: &str) {
        let class = match self.way {
            Way::In => Class::Additive,
            Way::Out => Class::Breaking,
        };
        self.changes.push(class, place, message);
    }

    /// More comes back, which readers of text cope with.
    fn wider_harmless(&mut self, place: &str, message: &str) {
        self.changes.push(Class::Additive, place, message);
    }

    /// It cannot be said which way it goes.
    fn unnamed(&mut self, place: &str, message: &str) {
        self.changes.push(Class::Breaking, place, message);
    }
}

/// Which schema this is, by where it lies.
fn identity(json: &Json) -> *const Json {
    from_ref(json)
}
