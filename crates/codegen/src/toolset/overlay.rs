//! OpenAPI Overlay 1.0: changes to a description, kept apart from it.
//!
//! Targets are JSONPath (RFC 9535). The library only finds places; the changes are made on our own tree, so that
//! the text of numbers and the order of members stay as they were.

use serde_json_path::{JsonPath, PathElement};
use toolwright_document::{Cursor, Json};

/// Applies the overlay document at `overlay` to `target`.
///
/// # Errors
/// One message per action that is malformed or whose target selects nothing: an overlay that no longer fits the
/// description says something else than its author believes. `target` is then partly changed and must be dropped.
pub fn apply_overlay(overlay: Cursor<'_>, target: &mut Json) -> Result<(), Vec<(String, String)>> {
    let version = overlay
        .get("overlay")
        .and_then(|v| v.as_str())
        .unwrap_or_default();
    if !version.starts_with("1.") {
        let message = format!(
            "`overlay` is {version:?}; supported are the versions 1.x of the Overlay Specification"
        );
        return Err(vec![("#/overlay".to_owned(), message)]);
    }
    let mut mistakes = Vec::new();
    let actions = overlay.get("actions").filter(|actions| actions.is_array());
    if actions.is_none_or(|actions| actions.items().next().is_none()) {
        mistakes.push((
            "#/actions".to_owned(),
            "an overlay needs a list of at least one action".to_owned(),
        ));
    }
    for action in actions.into_iter().flat_map(|actions| actions.items()) {
        if let Err(message) = apply_action(action, target) {
            mistakes.push((format!("#{}", action.pointer()), message));
        }
    }
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(mistakes)
    }
}

fn apply_action(action: Cursor<'_>, target: &mut Json) -> Result<(), String> {
    if let Some((key, _)) = action.entries().find(|(key, _)| {
        !["target", "description", "update", "remove", "copy"].contains(key)
            && !key.starts_with("x-")
    }) {
        return Err(format!("unknown key `{key}` in an action"));
    }
    if action.get("copy").is_some() {
        return Err(
            "`copy` actions (Overlay 1.1) are not supported; write the change as `update`"
                .to_owned(),
        );
    }
    let path = action
        .get("target")
        .and_then(|t| t.as_str())
        .ok_or("an action needs a `target`")?;
    let query = JsonPath::parse(path)
        .map_err(|error| format!("`{path}` is no JSONPath (RFC 9535): {error}"))?;
    // The library reads its own kind of tree: structure is all it needs.
    let tree: serde_json::Value = serde_json::from_str(&target.compact())
        .map_err(|error| format!("the description cannot be searched: {error}"))?;
    let places: Vec<Vec<Step>> = query
        .query_located(&tree)
        .dedup()
        .iter()
        .map(|node| node.location().iter().map(Step::from).collect())
        .collect();
    if places.is_empty() {
        return Err(format!("`{path}` selects nothing in the description"));
    }
    if action.get("remove").and_then(|r| r.as_bool()) == Some(true) {
        // From the end, so that earlier positions of one list stay what they were.
        let mut places = places;
        places.sort();
        return places
            .iter()
            .rev()
            .try_for_each(|place| remove(target, place));
    }
    let update = action
        .get("update")
        .ok_or("an action needs `update` or `remove: true`")?
        .to_json();
    for place in &places {
        let node =
            reach(target, place).ok_or_else(|| format!("`{path}` selects a place that is gone"))?;
        match node {
            // Overlay 1.0 §4.4.3.1: a target that is a list takes the update as one more entry.
            Json::Array(items) => items.push(update.clone()),
            _ => merge(node, &update),
        }
    }
    Ok(())
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Index(usize),
    Name(String),
}

impl From<&PathElement<'_>> for Step {
    fn from(element: &PathElement<'_>) -> Self {
        match element {
            PathElement::Name(name) => Self::Name((*name).to_owned()),
            PathElement::Index(index) => Self::Index(*index),
        }
    }
}

fn reach<'j>(root: &'j mut Json, place: &[Step]) -> Option<&'j mut Json> {
    place
        .iter()
        .try_fold(root, |node, step| match (node, step) {
            (Json::Object(members), Step::Name(name)) => members.get_mut(name),
            (Json::Array(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        })
}

fn remove(root: &mut Json, place: &[Step]) -> Result<(), String> {
    let Some((last, parents)) = place.split_last() else {
        return Err("the whole description cannot be removed".to_owned());
    };
    // A parent that an earlier removal took along is no mistake.
    match (reach(root, parents), last) {
        (Some(Json::Object(members)), Step::Name(name)) => {
            members.shift_remove(name);
        }
        (Some(Json::Array(items)), Step::Index(index)) if *index < items.len() => {
            items.remove(*index);
        }
        _ => {}
    }
    Ok(())
}

/// Overlay 1.0 §4.4.3: objects merge member by member, lists are concatenated, other values replaced.
fn merge(target: &mut Json, update: &Json) {
    match (target, update) {
        (Json::Object(members), Json::Object(changes)) => {
            for (name, change) in changes {
                match members.get_mut(name) {
                    Some(member) => merge(member, change),
                    None => {
                        members.insert(name.clone(), change.clone());
                    }
                }
            }
        }
        (Json::Array(items), Json::Array(more)) => items.extend(more.iter().cloned()),
        (target, update) => *target = update.clone(),
    }
}

#[cfg(test)]
mod tests {
    use toolwright_document::{Document, Limits};

    use super::*;

    fn apply(description: &str, overlay: &str) -> Result<String, Vec<(String, String)>> {
        let overlay =
            Document::parse("overlay.yaml", overlay.as_bytes(), &Limits::default()).unwrap();
        let mut target = Json::parse(description).unwrap();
        apply_overlay(overlay.root(), &mut target).map(|()| target.compact())
    }

    fn one(action: &str) -> String {
        format!("overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions:\n- {action}\n")
    }

    #[test]
    fn actions_change_what_they_select() {
        for (description, action, expected) in [
            (
                r#"{"info":{"title":"a","n":9007199254740993}}"#,
                "{target: $.info, update: {title: b}}",
                r#"{"info":{"title":"b","n":9007199254740993}}"#,
            ),
            (
                r#"{"tags":[{"name":"a"}]}"#,
                "{target: $.tags, update: {name: b}}",
                r#"{"tags":[{"name":"a"},{"name":"b"}]}"#,
            ),
            (
                r#"{"a":{"list":[1]}}"#,
                "{target: $.a, update: {list: [2]}}",
                r#"{"a":{"list":[1,2]}}"#,
            ),
            (
                r#"{"l":[1,2,3,4]}"#,
                "{target: '$.l[?@ > 2]', remove: true}",
                r#"{"l":[1,2]}"#,
            ),
            (
                r#"{"p":{"/a":{"get":{"x":1}},"/b":{"get":{"x":2}}}}"#,
                "{target: '$.p.*.get', update: {y: true}}",
                r#"{"p":{"/a":{"get":{"x":1,"y":true}},"/b":{"get":{"x":2,"y":true}}}}"#,
            ),
        ] {
            assert_eq!(
                apply(description, &one(action)).unwrap(),
                expected,
                "{action}"
            );
        }
    }

    #[test]
    fn an_overlay_that_does_not_fit_is_an_error() {
        for (action, message) in [
            ("{target: $.nowhere, update: {}}", "selects nothing"),
            ("{target: 'nowhere', update: {}}", "no JSONPath"),
            ("{target: $.info}", "needs `update`"),
            ("{update: {}}", "needs a `target`"),
            ("{target: $.info, udpate: {}}", "unknown key `udpate`"),
            ("{target: $, remove: true}", "cannot be removed"),
        ] {
            let mistakes = apply(r#"{"info":{}}"#, &one(action)).unwrap_err();
            assert!(mistakes[0].1.contains(message), "{action}: {mistakes:?}");
            assert_eq!(mistakes[0].0, "#/actions/0");
        }
    }
}
