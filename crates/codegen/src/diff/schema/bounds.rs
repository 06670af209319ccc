//! How large, how long, how many, which pattern.

use std::cmp::Ordering;

use toolwright_document::Json;

use super::Walk;
use super::flat::Flat;
use crate::text::{literal, one_line};

/// A bound: the number, and whether the number itself is outside.
#[derive(Debug, Clone, Copy)]
struct Bound<'j> {
    text: &'j str,
    excluded: bool,
}

impl<'j> Walk<'_, 'j> {
    pub(super) fn bounds(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>) {
        let sides = [
            ("minimum", "exclusiveMinimum", Ordering::Greater),
            ("maximum", "exclusiveMaximum", Ordering::Less),
            ("minLength", "", Ordering::Greater),
            ("maxLength", "", Ordering::Less),
            ("minItems", "", Ordering::Greater),
            ("maxItems", "", Ordering::Less),
            ("minProperties", "", Ordering::Greater),
            ("maxProperties", "", Ordering::Less),
        ];
        for (word, exclusive, tighter) in sides {
            let (from, to) = (
                bound(old, word, exclusive, tighter),
                bound(new, word, exclusive, tighter),
            );
            let message = format!("{word} {} → {}", shown(from), shown(to));
            match (from, to) {
                (None, None) => {}
                // The least that can be is no bound.
                (None, Some(to)) | (Some(to), None)
                    if to.text == "0" && word != "minimum" && word.starts_with("min") => {}
                (None, Some(_)) => self.narrower(place, &message),
                (Some(_), None) => self.wider_harmless(place, &message),
                (Some(a), Some(b)) => match (compare(b.text, a.text), a.excluded, b.excluded) {
                    (Ordering::Equal, false, true) => self.narrower(place, &message),
                    (Ordering::Equal, true, false) => self.wider_harmless(place, &message),
                    (Ordering::Equal, _, _) => {}
                    (order, _, _) if order == tighter => self.narrower(place, &message),
                    _ => self.wider_harmless(place, &message),
                },
            }
        }
        self.whole_words(place, old, new);
    }

    fn whole_words(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>) {
        for word in ["multipleOf", "pattern"] {
            let show = |value: Option<&Json>| match value {
                None => "none".to_owned(),
                Some(Json::String(text)) => literal(&one_line(text, 200)),
                Some(other) => one_line(&other.compact(), 80),
            };
            let (from, to) = (old.word(word), new.word(word));
            let message = format!("{word} {} → {}", show(from), show(to));
            match (from, to) {
                (from, to) if from == to => {}
                (Some(_), None) => self.wider_harmless(place, &message),
                _ => self.narrower(place, &message),
            }
        }
        let unique =
            |flat: &Flat<'_>| flat.word("uniqueItems").and_then(Json::as_bool) == Some(true);
        match (unique(old), unique(new)) {
            (false, true) => self.narrower(place, "items must be distinct now"),
            (true, false) => self.wider_harmless(place, "items may repeat now"),
            _ => {}
        }
    }
}

/// The tighter of two keywords.
fn bound<'j>(flat: &Flat<'j>, word: &str, exclusive: &str, tighter: Ordering) -> Option<Bound<'j>> {
    let get = |word: &str| flat.word(word).and_then(Json::as_number);
    let open = get(exclusive).map(|text| Bound {
        text,
        excluded: true,
    });
    let closed = get(word).map(|text| Bound {
        text,
        excluded: false,
    });
    match (open, closed) {
        (Some(open), Some(closed)) => {
            let order = compare(closed.text, open.text);
            Some(if order == tighter { closed } else { open })
        }
        (open, closed) => open.or(closed),
    }
}

fn shown(bound: Option<Bound<'_>>) -> String {
    match bound {
        None => "none".to_owned(),
        Some(Bound {
            text,
            excluded: true,
        }) => format!("beyond {}", one_line(text, 60)),
        Some(Bound { text, .. }) => one_line(text, 60),
    }
}

/// Numbers as JSON writes them; whole ones exactly.
fn compare(a: &str, b: &str) -> Ordering {
    if let (Ok(a), Ok(b)) = (a.parse::<i128>(), b.parse::<i128>()) {
        return a.cmp(&b);
    }
    let (a, b): (f64, f64) = (a.parse().unwrap_or(0.0), b.parse().unwrap_or(0.0));
    a.total_cmp(&b)
}
