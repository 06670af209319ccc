//! The same API, written another way: nothing that breaks may be seen in it.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use toolwright_codegen::diff::{Class, Snapshot, diff};
use toolwright_document::Json;

use crate::walk::{component, objects, operations, target};
use crate::{Pins, SMALL, descriptions, lines, newer, pins, stock, whole};

/// An edit; whether it found something to do.
pub(crate) type Edit = fn(&mut Json) -> bool;

/// With whether agents must not notice at all.
const EDITS: [(&str, Edit, bool); 8] = [
    ("members in another order", reorder, false),
    ("components written out", inline, true),
    ("schemas of operations written out", inline_schemas, false),
    ("parts made components", outline, false),
    ("parameters of paths given to operations", lower, true),
    ("schemas renamed", rename, false),
    ("Swagger 2.0 made OpenAPI 3.0", newer::from_2_0, false),
    ("OpenAPI 3.0 made 3.1", newer::from_3_0, false),
];

#[test]
fn the_same_api_written_another_way_breaks_nobody() {
    let mut wrong = String::new();
    let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
    let all = descriptions(SMALL);
    for (name, description) in &all {
        let Some(before) = whole(description, None) else {
            continue;
        };
        let pins = pins(&before);
        for (edit, apply, unseen) in EDITS {
            let mut changed = description.clone();
            if apply(&mut changed) {
                *tried.entry(edit).or_default() += 1;
                judge(
                    (name, edit, unseen),
                    &before,
                    whole(&changed, Some(&pins)),
                    &mut wrong,
                );
            }
        }
        if let Some(after) = split(description, &pins) {
            *tried.entry("split into files").or_default() += 1;
            judge((name, "split into files", true), &before, after, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    if !all.is_empty() {
        assert_eq!(tried.len(), EDITS.len() + 1, "{tried:?}");
        assert!(tried.values().all(|number| *number >= 3), "{tried:?}");
    }
}

fn judge(
    (name, edit, unseen): (&str, &str, bool),
    before: &Snapshot,
    after: Option<Snapshot>,
    wrong: &mut String,
) {
    let Some(after) = after else {
        wrong.push_str(&format!("{name}, {edit}: does not compile any more\n"));
        return;
    };
    let changes = diff(before, &after);
    for class in Class::ALL {
        let seen = lines(&changes, class);
        let judged = unseen || matches!(class, Class::Breaking | Class::Security);
        if judged && !seen.is_empty() {
            wrong.push_str(&format!("{name}, {edit}:\n  {}\n", seen.join("\n  ")));
        }
    }
}

fn reorder(json: &mut Json) -> bool {
    match json {
        Json::Array(items) => {
            for item in items {
                reorder(item);
            }
        }
        Json::Object(members) => {
            members.reverse();
            for value in members.values_mut() {
                reorder(value);
            }
        }
        _ => {}
    }
    true
}

fn reference(json: &Json) -> Option<String> {
    json.get("$ref")?.as_str().map(str::to_owned)
}

/// References to everything but schemas.
fn inline(description: &mut Json) -> bool {
    let whole = description.clone();
    let mut done = false;
    objects(description, &mut |json| {
        for _ in 0..4 {
            let Some(reference) = reference(json) else {
                return;
            };
            let parts: Vec<&str> = reference.split('/').collect();
            let kind = match parts.as_slice() {
                ["#", "components", kind, _] | ["#", kind, _] => *kind,
                _ => return,
            };
            if !matches!(kind, "parameters" | "responses" | "requestBodies") {
                return;
            }
            if let Some(target) = target(&whole, &reference) {
                *json = target.clone();
                done = true;
            }
        }
    });
    done
}

/// References of operations to schemas, one step of them.
fn inline_schemas(description: &mut Json) -> bool {
    let whole = description.clone();
    let mut done = false;
    operations(description, &mut |operation| {
        objects(operation, &mut |json| {
            let alone = json.as_object().is_some_and(|members| members.len() == 1);
            let Some(reference) = reference(json).filter(|_| alone) else {
                return;
            };
            let is_schema = reference.starts_with("#/components/schemas/")
                || reference.starts_with("#/definitions/");
            if let Some(target) = target(&whole, &reference).filter(|_| is_schema) {
                *json = target.clone();
                done = true;
            }
        });
    });
    done
}

/// Parameters, answers and schemas of operations become components.
fn outline(description: &mut Json) -> bool {
    let mut moved: Vec<(&str, String, Json)> = Vec::new();
    let old = description.get("swagger").is_some();
    let mut take = |kind: &'static str, json: &mut Json| {
        if json.get("$ref").is_some() || json.as_object().is_none_or(|it| it.is_empty()) {
            return;
        }
        let name = format!("Outlined{}", moved.len());
        let place = match (old, kind) {
            (true, "schemas") => "#/definitions".to_owned(),
            (true, kind) => format!("#/{kind}"),
            (false, kind) => format!("#/components/{kind}"),
        };
        let reference = Json::object().with("$ref", format!("{place}/{name}"));
        moved.push((kind, name, std::mem::replace(json, reference)));
    };
    operations(description, &mut |operation| {
        objects(operation, &mut |json| {
            if let Some(schema) = json.get_mut("schema") {
                take("schemas", schema);
            }
        });
        if let Some(Json::Array(list)) = operation.get_mut("parameters") {
            list.iter_mut().for_each(|json| take("parameters", json));
        }
        if let Some(Json::Object(answers)) = operation.get_mut("responses") {
            answers
                .values_mut()
                .for_each(|json| take("responses", json));
        }
    });
    let done = !moved.is_empty();
    for (kind, name, value) in moved {
        component(description, kind, &name, value);
    }
    done
}

/// What a path says of all its operations is said by each of them.
fn lower(description: &mut Json) -> bool {
    let whole = description.clone();
    let key = |json: &Json| {
        let json = reference(json)
            .and_then(|it| target(&whole, &it))
            .unwrap_or(json);
        let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
        (text("name"), text("in"))
    };
    let mut done = false;
    let paths = description.get_mut("paths").and_then(Json::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        let Some(Json::Array(shared)) = item.remove("parameters") else {
            continue;
        };
        let mut holder = Json::object().with("paths", Json::object().with("p", item.clone()));
        operations(&mut holder, &mut |operation| {
            let own = operation.remove("parameters");
            let own = own.and_then(|own| own.as_array().map(<[Json]>::to_vec));
            let own = own.unwrap_or_default();
            let names: BTreeSet<_> = own.iter().map(key).collect();
            let kept = shared.iter().filter(|json| !names.contains(&key(json)));
            let all: Vec<Json> = kept.cloned().chain(own.iter().cloned()).collect();
            operation.insert("parameters", Json::Array(all));
            done = true;
        });
        *item = holder
            .get("paths")
            .and_then(|paths| paths.get("p"))
            .unwrap()
            .clone();
    }
    done
}

/// Every schema gets another name. Where values name schemas, that would be another API.
fn rename(description: &mut Json) -> bool {
    let mut told_by_name = false;
    objects(description, &mut |json| {
        told_by_name |= json.get("discriminator").is_some()
    });
    if told_by_name {
        return false;
    }
    let mut renamed = false;
    objects(description, &mut |json| {
        for kind in ["#/components/schemas/", "#/definitions/"] {
            let name = reference(json).and_then(|it| it.strip_prefix(kind).map(str::to_owned));
            if let Some(name) = name.filter(|name| !name.contains('/')) {
                json.insert("$ref", format!("{kind}Renamed{name}"));
                renamed = true;
            }
        }
    });
    let mut schemas: Vec<&mut Json> = Vec::new();
    let Json::Object(members) = description else {
        return false;
    };
    for (key, value) in members.iter_mut() {
        match key.as_str() {
            "definitions" => schemas.push(value),
            "components" => schemas.extend(value.get_mut("schemas")),
            _ => {}
        }
    }
    for json in schemas {
        if let Json::Object(members) = json {
            let old: IndexMap<String, Json> = std::mem::take(members);
            members.extend(
                old.into_iter()
                    .map(|(name, it)| (format!("Renamed{name}"), it)),
            );
        }
    }
    renamed
}

/// Each path in a file of its own.
fn split(description: &Json, pins: &Pins) -> Option<Option<Snapshot>> {
    let mut entry = description.clone();
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let paths = entry.get_mut("paths").and_then(Json::as_object_mut)?;
    for (at, (path, item)) in paths.iter_mut().enumerate() {
        if item.get("$ref").is_some() || path.starts_with("x-") {
            continue;
        }
        let mut part = item.clone();
        objects(&mut part, &mut |json| {
            if let Some(local) = reference(json).filter(|it| it.starts_with('#')) {
                json.insert("$ref", format!("../openapi.json{local}"));
            }
        });
        let file = format!("paths/{at}.json");
        *item = Json::object().with("$ref", file.as_str());
        files.insert(file, part.compact().into_bytes());
    }
    if files.is_empty() || files.len() > 150 {
        return None;
    }
    files.insert("openapi.json".to_owned(), entry.compact().into_bytes());
    Some(stock(&files, "openapi.json", Some(pins)))
}
