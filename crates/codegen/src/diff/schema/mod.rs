//! Two schemas (JSON Schema 2020-12), compared by what they let through.
//!
//! Of a request, letting less through breaks calls. Of an answer it is the other way around: what may come back now
//! and did not before is what readers are not prepared for.

mod arrays;
mod bounds;
mod canonical;
mod flat;
mod objects;
mod unions;
mod values;

use std::collections::HashSet;
use std::ptr::from_ref;

use toolwright_document::Json;

use super::change::{Changes, Class};
use super::words;
pub(super) use canonical::{canonical, rules};
use flat::{Flat, flatten};

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
        self.words(place, &old, &new);
        match (old.never, new.never) {
            (true, true) => return,
            (false, true) => return self.narrower(place, "nothing is allowed any more"),
            (true, false) => return self.wider(place, "is allowed now"),
            (false, false) => {}
        }
        self.types(place, &old, &new);
        self.values(place, &old, &new);
        self.bounds(place, &old, &new);
        self.objects(place, &old, &new, depth);
        self.arrays(place, &old, &new, depth);
        self.unions(place, &old, &new, depth);
        self.others(place, &old, &new);
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
    fn others(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>) {
        const WHOLE: [&str; 12] = [
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
            "contentEncoding",
        ];
        for word in WHOLE {
            let show = |flat: &Flat<'_>| flat.word(word).map(rules);
            match (show(old), show(new)) {
                (from, to) if from == to => self.reworded(place, word, old, new),
                (Some(_), None) => self.wider(place, &format!("`{word}` no longer applies")),
                (None, Some(_)) => self.narrower(place, &format!("`{word}` applies now")),
                _ => self.unnamed(place, &format!("`{word}` changed")),
            }
        }
        if old.rest(self.roots.0, rules) != new.rest(self.roots.1, rules) {
            self.unnamed(place, "schemas that apply together changed (`allOf`)");
        } else if self.way == Way::In
            && old.rest(self.roots.0, canonical) != new.rest(self.roots.1, canonical)
        {
            let message = "texts of schemas that apply together changed (`allOf`)";
            self.changes.push(Class::Text, place, message);
        }
    }

    /// The rules of a keyword are the same; the texts in it may not be.
    fn reworded(&mut self, place: &str, word: &str, old: &Flat<'j>, new: &Flat<'j>) {
        let show = |flat: &Flat<'_>| flat.word(word).map(canonical);
        if self.way == Way::In && show(old) != show(new) {
            self.changes
                .push(Class::Text, place, format!("texts within `{word}` changed"));
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
