//! Texts that agents read.

use toolwright_document::Json;

use super::change::Changes;
use super::hints::remarks;
use super::snapshot::Snapshot;
use crate::text::{cut, literal};

/// The most characters of a text on one line; the whole of it is in [`super::Change::after`].
const SHOWN: usize = 800;

/// Texts about the toolset as a whole.
pub(super) fn toolset(before: &Snapshot, after: &Snapshot, changes: &mut Changes) {
    compare("title", Some(&before.title), Some(&after.title), changes);
    compare(
        "version",
        Some(&before.version),
        Some(&after.version),
        changes,
    );
    compare(
        "description",
        Some(&before.description),
        Some(&after.description),
        changes,
    );
    for new in after
        .hidden
        .iter()
        .filter(|text| !before.hidden.contains(text))
    {
        let message = format!(
            "characters are hidden in the description of the API: {}{}",
            shown(&new.text),
            remarks(None, &new.text)
        );
        let old = before
            .hidden
            .iter()
            .find(|old| old.pointer == new.pointer)
            .map(|old| old.text.as_str());
        changes.text(new.pointer.as_str(), message, old, Some(&new.text));
    }
}

/// One text. An empty one is none.
pub(super) fn compare(
    place: &str,
    before: Option<&str>,
    after: Option<&str>,
    changes: &mut Changes,
) {
    let (before, after) = (
        before.filter(|text| !text.is_empty()),
        after.filter(|text| !text.is_empty()),
    );
    let message = match (before, after) {
        (before, after) if before == after => return,
        (Some(old), Some(new)) => {
            let (from, to) = contrast(old, new);
            format!(
                "{} → {}{}",
                shown(&from),
                shown(&to),
                remarks(Some(old), new)
            )
        }
        (None, Some(new)) => format!("added: {}{}", shown(new), remarks(None, new)),
        (Some(old), None) => format!("removed: {}", shown(old)),
        (None, None) => return,
    };
    changes.text(place, message, before, after);
}

/// All that agents read of something new.
pub(super) fn fresh(place: &str, first: &[&str], schema: Option<&Json>, changes: &mut Changes) {
    let mut texts: Vec<&str> = first
        .iter()
        .copied()
        .filter(|text| !text.is_empty())
        .collect();
    if let Some(schema) = schema {
        gather(schema, &mut texts);
    }
    texts.dedup();
    if texts.is_empty() {
        return;
    }
    let all = texts.join("\n");
    changes.text(
        place,
        format!("new: {}{}", shown(&all), remarks(None, &all)),
        None,
        Some(&all),
    );
}

/// Descriptions and titles in a schema, in its order. A stack of our own: schemas nest as deep as their author likes.
fn gather<'j>(schema: &'j Json, texts: &mut Vec<&'j str>) {
    let mut waiting = vec![(schema, false)];
    while let Some((json, names)) = waiting.pop() {
        match json {
            Json::Array(items) => waiting.extend(items.iter().rev().map(|item| (item, false))),
            Json::Object(members) => {
                for word in ["title", "description"] {
                    let text = members.get(word).and_then(Json::as_str);
                    texts.extend(text.filter(|text| !names && !text.is_empty()));
                }
                waiting.extend(members.iter().rev().map(|(key, value)| {
                    let names = !names
                        && matches!(key.as_str(), "properties" | "$defs" | "patternProperties");
                    (value, names)
                }));
            }
            _ => {}
        }
    }
}

/// A text on one line, quoted, with nothing hidden.
pub(super) fn shown(text: &str) -> String {
    match cut(text, SHOWN) {
        Some(head) => format!(
            "{} ({} characters in all)",
            literal(&head),
            text.chars().count()
        ),
        None => literal(text),
    }
}

/// The parts of two texts in which they differ, with a few words around.
fn contrast(before: &str, after: &str) -> (String, String) {
    const AROUND: usize = 24;
    if before.len().max(after.len()) <= 120 {
        return (before.to_owned(), after.to_owned());
    }
    let (old, new): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..]
        .iter()
        .rev()
        .zip(new[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let from = head.saturating_sub(AROUND);
    let window = |chars: &[char]| {
        let end = chars.len() - tail.saturating_sub(AROUND);
        let lead = if from > 0 { "…" } else { "" };
        let trail = if end < chars.len() { "…" } else { "" };
        let middle: String = chars[from..end].iter().collect();
        format!("{lead}{middle}{trail}")
    };
    (window(&old), window(&new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_show_where_they_differ() {
        let long = "word ".repeat(60);
        let (from, to) = contrast(
            &format!("{long}old{long}"),
            &format!("{long}new thing{long}"),
        );
        assert_eq!(
            from,
            "…ord word word word word old".to_owned() + "word word word word word…"
        );
        assert_eq!(
            to,
            "…ord word word word word new thing".to_owned() + "word word word word word…"
        );
        assert_eq!(contrast("a", "ab"), ("a".into(), "ab".into()));
    }
}
