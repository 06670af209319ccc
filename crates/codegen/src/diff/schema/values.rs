//! Types, listed values, formats.

use std::collections::BTreeSet;

use toolwright_document::Json;

use super::flat::Flat;
use super::{Walk, canonical};
use crate::text::{cut, literal, one_line};

impl<'j> Walk<'_, 'j> {
    pub(super) fn types(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>, null_said: bool) {
        if old.types == new.types {
            return;
        }
        let message = |what: &str| format!("type {} → {}{what}", shown(old), shown(new));
        let mut gone = beyond(old, new);
        let mut come = beyond(new, old);
        if null_said {
            gone.retain(|name| *name != "null");
            come.retain(|name| *name != "null");
        }
        match (gone.as_slice(), come.as_slice()) {
            ([], []) => {}
            // What stands in it said so already.
            _ if implied(old, new) || implied(new, old) => self.wider_harmless(place, &message("")),
            ([], ["null"]) => self.wider(place, "may be null now"),
            (["null"], []) => self.narrower(place, "may not be null any more"),
            ([], _) => self.wider(place, &message("")),
            (_, []) => self.narrower(place, &message("")),
            _ => self.unnamed(place, &message("")),
        }
    }

    /// Whether null may be there, of a choice whose alternatives say the rest.
    pub(super) fn null(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>) {
        match (old.takes_null(), new.takes_null()) {
            (false, true) => self.wider(place, "may be null now"),
            (true, false) => self.narrower(place, "may not be null any more"),
            _ => {}
        }
    }

    pub(super) fn values(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>) {
        match (listed(old), listed(new)) {
            (Some(before), Some(after)) => {
                let gone: Vec<_> = before.difference(&after).collect();
                let come: Vec<_> = after.difference(&before).collect();
                if !gone.is_empty() {
                    self.narrower(place, &format!("values removed: {}", list(&gone)));
                }
                if !come.is_empty() {
                    self.wider_harmless(place, &format!("values added: {}", list(&come)));
                }
            }
            (None, Some(after)) => {
                let after: Vec<_> = after.iter().collect();
                self.narrower(place, &format!("only these values now: {}", list(&after)));
            }
            (Some(_), None) => {
                self.wider_harmless(place, "takes other values than the listed ones now");
            }
            (None, None) => {}
        }
        self.format(place, format(old), format(new));
        match (encoding(old), encoding(new)) {
            (from, to) if from == to => {
                let message = match (old.text("format"), new.text("format")) {
                    (Some("byte"), None) => "format byte → none",
                    (None, Some("byte")) => "format none → byte",
                    _ => return,
                };
                self.wider_harmless(place, message);
            }
            (Some(from), None) => {
                self.wider(place, &format!("is not encoded as {from} any more"));
            }
            (from, Some(to)) => {
                let from = from.map_or_else(String::new, |from| format!(" instead of {from}"));
                self.narrower(place, &format!("is encoded as {to}{from} now"));
            }
            (None, None) => {}
        }
    }

    fn format(&mut self, place: &str, old: Option<&str>, new: Option<&str>) {
        let show = |format: Option<&str>| {
            format.map_or_else(
                || "none".to_owned(),
                |format| cut(format, 80).unwrap_or_else(|| format.to_owned()),
            )
        };
        let message = format!("format {} → {}", show(old), show(new));
        match (old, new) {
            (old, new) if old == new => {}
            (_, None)
            | (Some("int32"), Some("int64"))
            | (Some("float"), Some("double"))
            | (Some("date-time" | "date"), Some("date-time-or-date")) => {
                self.wider_harmless(place, &message)
            }
            // They say how a number is stored; what it may be is said by its bounds.
            (None, Some("int64" | "double" | "password" | "float" | "decimal")) => {
                self.wider_harmless(place, &message);
            }
            _ => self.narrower(place, &message),
        }
    }
}

/// How bytes are written as text: OpenAPI 3.0 calls base64 the format `byte`, later versions call it an encoding.
fn encoding(flat: &Flat<'_>) -> Option<String> {
    let said = flat.text("contentEncoding").map(|name| one_line(name, 40));
    said.or_else(|| (flat.text("format") == Some("byte")).then(|| "base64".to_owned()))
}

fn format<'j>(flat: &Flat<'j>) -> Option<&'j str> {
    flat.text("format").filter(|name| *name != "byte")
}

/// Whether a schema without a type has words that only values of the other's one type obey.
fn implied(untyped: &Flat<'_>, typed: &Flat<'_>) -> bool {
    let Some(types) = typed.types.as_ref().filter(|_| untyped.types.is_none()) else {
        return false;
    };
    let has = |word: &str| untyped.word(word).is_some();
    let only = |name: &str| types.len() == 1 && types.contains(name);
    only("object") && !untyped.properties.is_empty()
        || only("array") && (has("items") || has("prefixItems"))
        || only("string") && (has("pattern") || has("maxLength"))
}

/// Types of `of` that `other` does not take.
fn beyond<'j>(of: &Flat<'j>, other: &Flat<'j>) -> Vec<&'j str> {
    const ALL: [&str; 6] = ["array", "boolean", "null", "number", "object", "string"];
    let Some(others) = &other.types else {
        return Vec::new();
    };
    let own: Vec<&str> = match &of.types {
        Some(types) => types.iter().copied().collect(),
        None => ALL.to_vec(),
    };
    own.into_iter()
        .filter(|name| !(others.contains(name) || *name == "integer" && others.contains("number")))
        .collect()
}

fn shown(flat: &Flat<'_>) -> String {
    match &flat.types {
        None => "any".to_owned(),
        Some(types) if types.is_empty() => "nothing".to_owned(),
        Some(types) => {
            let names: Vec<String> = types
                .iter()
                .map(|name| cut(name, 40).unwrap_or_else(|| (*name).to_owned()))
                .collect();
            names.join("|")
        }
    }
}

/// The values of `enum` or `const`, without the null that the type names already.
pub(super) fn listed(flat: &Flat<'_>) -> Option<BTreeSet<String>> {
    let values: BTreeSet<String> = match (flat.word("const"), flat.word("enum")) {
        (Some(one), _) => BTreeSet::from([canonical(one)]),
        (None, Some(Json::Array(values))) => values.iter().map(canonical).collect(),
        _ => return None,
    };
    let nullable = flat
        .types
        .as_ref()
        .is_some_and(|types| types.contains("null"));
    Some(
        values
            .into_iter()
            .filter(|value| !(nullable && value == "null"))
            .collect(),
    )
}

/// Values as JSON, with nothing hidden in them; the first dozen.
pub(super) fn list(values: &[&String]) -> String {
    const FIRST: usize = 12;
    let show = |value: &&&String| {
        let text = cut(value, 120).unwrap_or_else(|| (**value).clone());
        if text.contains(crate::text::is_invisible) {
            literal(&text)
        } else {
            text
        }
    };
    let mut out = values
        .iter()
        .take(FIRST)
        .map(|value| show(&value))
        .collect::<Vec<_>>()
        .join(", ");
    if values.len() > FIRST {
        out.push_str(&format!(" and {} more", values.len() - FIRST));
    }
    out
}
