//! Items of arrays.

use toolwright_document::Json;

use super::Walk;
use super::flat::Flat;

impl<'j> Walk<'_, 'j> {
    pub(super) fn arrays(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>, depth: usize) {
        let (before, after) = (tuple(old), tuple(new));
        for (at, pair) in before.iter().zip(after).enumerate() {
            self.compare(&format!("{place}[{at}]"), pair.0, pair.1, depth + 1);
        }
        for (at, _) in after.iter().enumerate().skip(before.len()) {
            self.narrower(
                &format!("{place}[{at}]"),
                "is held to a schema of its own now",
            );
        }
        for (at, _) in before.iter().enumerate().skip(after.len()) {
            self.wider_harmless(
                &format!("{place}[{at}]"),
                "is not held to a schema of its own any more",
            );
        }
        let at = format!("{place}[]");
        match (old.word("items"), new.word("items")) {
            (Some(before), Some(after)) => self.compare(&at, before, after, depth + 1),
            (None, Some(after)) if says_something(after) => {
                self.narrower(&at, "items are held to a schema now")
            }
            (Some(before), None) if says_something(before) => {
                self.wider_harmless(&at, "items are not held to a schema any more");
            }
            _ => {}
        }
    }
}

fn tuple<'j>(flat: &Flat<'j>) -> &'j [Json] {
    flat.word("prefixItems")
        .and_then(Json::as_array)
        .unwrap_or_default()
}

fn says_something(schema: &Json) -> bool {
    match schema {
        Json::Object(words) => !words.is_empty(),
        other => other.as_bool() == Some(false),
    }
}
