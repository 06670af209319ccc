//! Edits that break somebody, or send a credential elsewhere: each is seen, whatever else the description holds.

use std::collections::BTreeMap;

use toolwright_codegen::diff::{Class, diff};
use toolwright_document::Json;

use crate::rewrite::Edit;
use crate::walk::{objects, operations};
use crate::{SMALL, descriptions, lines, pins, whole};

const EDITS: [(&str, Edit, Class); 9] = [
    ("required parameter added", require_another, Class::Breaking),
    ("parameter made required", require, Class::Breaking),
    ("parameter removed", drop_parameter, Class::Breaking),
    ("type of a parameter changed", retype, Class::Breaking),
    (
        "values of a parameter removed",
        fewer_values,
        Class::Breaking,
    ),
    ("bound of a parameter tightened", tighten, Class::Breaking),
    ("path moved", move_path, Class::Breaking),
    ("operation removed", drop_operation, Class::Breaking),
    ("another server", another_server, Class::Security),
];

#[test]
fn what_breaks_somebody_is_seen() {
    let mut wrong = String::new();
    let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
    let all = descriptions(SMALL);
    for (name, description) in &all {
        let Some(before) = whole(description, None) else {
            continue;
        };
        for (edit, apply, class) in EDITS {
            let mut changed = description.clone();
            if !apply(&mut changed) {
                continue;
            }
            // What cannot be compiled is refused, which is no way past a reviewer.
            let Some(after) = whole(&changed, Some(&pins(&before))) else {
                continue;
            };
            *tried.entry(edit).or_default() += 1;
            let changes = diff(&before, &after);
            if lines(&changes, class).is_empty() {
                wrong.push_str(&format!("{name}, {edit}: {changes:?}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    if !all.is_empty() {
        assert_eq!(tried.len(), EDITS.len(), "{tried:?}");
        assert!(tried.values().all(|number| *number >= 2), "{tried:?}");
    }
}

/// The first operation in which an edit finds something.
fn first(description: &mut Json, edit: &mut dyn FnMut(&mut Json) -> bool) -> bool {
    let mut done = false;
    operations(description, &mut |operation| done = done || edit(operation));
    done
}

/// The first optional query parameter that is written where it is used.
fn parameter(description: &mut Json, edit: &mut dyn FnMut(&mut Json) -> bool) -> bool {
    first(description, &mut |operation| {
        let list = operation.get_mut("parameters").and_then(Json::as_array_mut);
        list.into_iter().flatten().any(|json| {
            let query = json.get("in").and_then(Json::as_str) == Some("query");
            query && json.get("required").and_then(Json::as_bool) != Some(true) && edit(json)
        })
    })
}

/// Its schema: since 3.0 under a key, before that itself.
fn schema(parameter: &mut Json) -> &mut Json {
    match parameter.get("schema") {
        Some(_) => parameter.get_mut("schema").unwrap(),
        None => parameter,
    }
}

fn require_another(description: &mut Json) -> bool {
    let old = description.get("swagger").is_some();
    first(description, &mut |operation| {
        let parameter = Json::object()
            .with("name", "added_and_required")
            .with("in", "query")
            .with("required", true);
        let parameter = match old {
            true => parameter.with("type", "string"),
            false => parameter.with("schema", Json::object().with("type", "string")),
        };
        match operation.get_mut("parameters").and_then(Json::as_array_mut) {
            Some(list) => list.push(parameter),
            None => drop(operation.insert("parameters", Json::Array(vec![parameter]))),
        }
        true
    })
}

fn require(description: &mut Json) -> bool {
    parameter(description, &mut |json| {
        json.insert("required", true);
        true
    })
}

fn drop_parameter(description: &mut Json) -> bool {
    first(description, &mut |operation| {
        let list = operation.get_mut("parameters").and_then(Json::as_array_mut);
        list.is_some_and(|list| {
            let before = list.len();
            let mut kept = true;
            list.retain(|json| {
                let query = json.get("in").and_then(Json::as_str) == Some("query");
                let drop = query && kept;
                kept &= !drop;
                !drop
            });
            list.len() < before
        })
    })
}

fn retype(description: &mut Json) -> bool {
    parameter(description, &mut |json| {
        let schema = schema(json);
        let text = schema.get("type").and_then(Json::as_str) == Some("string");
        if text {
            schema.insert("type", "integer");
            for word in ["enum", "format", "default", "pattern", "example"] {
                schema.remove(word);
            }
        }
        text
    })
}

fn fewer_values(description: &mut Json) -> bool {
    parameter(description, &mut |json| {
        let mut done = false;
        objects(schema(json), &mut |json| {
            if let Some(Json::Array(values)) = json.get_mut("enum")
                && values.len() > 1
                && !done
            {
                values.pop();
                done = true;
            }
        });
        done
    })
}

fn tighten(description: &mut Json) -> bool {
    parameter(description, &mut |json| {
        let schema = schema(json);
        let known = schema.get("maximum").and_then(Json::as_number);
        let number = known
            .and_then(|text| text.parse::<i64>().ok())
            .filter(|it| *it > 2);
        if let Some(number) = number {
            schema.insert("maximum", Json::Number((number - 1).to_string()));
        }
        number.is_some()
    })
}

fn move_path(description: &mut Json) -> bool {
    let Some(Json::Object(paths)) = description.get_mut("paths") else {
        return false;
    };
    let Some((path, item)) = paths.shift_remove_index(0) else {
        return false;
    };
    paths.insert(format!("/moved{path}"), item);
    true
}

fn drop_operation(description: &mut Json) -> bool {
    let Some(Json::Object(paths)) = description.get_mut("paths") else {
        return false;
    };
    let first = paths.values_mut().find(|item| item.get("get").is_some());
    first.is_some_and(|item| item.remove("get").is_some())
}

fn another_server(description: &mut Json) -> bool {
    if description.get("host").is_some() {
        description.insert("host", "elsewhere.example");
        return true;
    }
    let servers = description.get_mut("servers").and_then(Json::as_array_mut);
    servers.is_some_and(|list| {
        let server = Json::object().with("url", "https://elsewhere.example/v1");
        let changed = !list.is_empty();
        *list = vec![server];
        changed
    })
}
