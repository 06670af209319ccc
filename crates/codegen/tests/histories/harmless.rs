//! Edits that break nobody, as owners of an API make them every week.

use toolwright_codegen::diff::{Class, diff};
use toolwright_document::Json;

use crate::walk::objects;
use crate::{LARGE, descriptions, lines, pins, whole};

/// What owners of an API do every week: explain better, offer more.
#[test]
fn harmless_edits_are_not_called_breaking() {
    let (mut edited, mut noticed) = (0, 0);
    for (name, description) in descriptions(LARGE) {
        let Some(before) = whole(&description, None) else {
            continue;
        };
        let mut changed = description.clone();
        reword(&mut changed, false);
        offer(&mut changed);
        loosen(&mut changed);
        let after = whole(&changed, Some(&pins(&before)))
            .unwrap_or_else(|| panic!("{name} does not compile any more"));
        let changes = diff(&before, &after);
        assert_eq!(lines(&changes, Class::Breaking), [""; 0], "{name}");
        edited += 1;
        noticed += usize::from(!changes.is_empty());
    }
    assert!(
        edited == 0 || noticed * 10 > edited * 8,
        "{noticed} of {edited}"
    );
}

/// Appends a sentence to each description.
fn reword(json: &mut Json, names: bool) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| reword(item, false)),
        Json::Object(members) => {
            for (key, value) in members.iter_mut() {
                match (key.as_str(), &*value) {
                    ("example" | "examples" | "default" | "enum" | "const" | "value", _)
                        if !names => {}
                    ("description", Json::String(text)) if !names => {
                        *value = Json::from(format!("{text} Read the manual."));
                    }
                    (key, _) => {
                        let inner = !names
                            && matches!(key, "properties" | "schemas" | "paths" | "definitions");
                        reword(value, inner);
                    }
                }
            }
        }
        _ => {}
    }
}

/// An optional query parameter for each GET, and a path of its own.
fn offer(description: &mut Json) {
    let old = description.get("swagger").is_some();
    let mut parameter = Json::object()
        .with("name", "verbose_answers")
        .with("in", "query")
        .with("description", "Whether to say more.");
    match old {
        true => drop(parameter.insert("type", "boolean")),
        false => drop(parameter.insert("schema", Json::object().with("type", "boolean"))),
    }
    let Some(Json::Object(paths)) = description.get_mut("paths") else {
        return;
    };
    for (_, item) in paths.iter_mut() {
        let Some(get) = item.get_mut("get") else {
            continue;
        };
        match get.get_mut("parameters").and_then(Json::as_array_mut) {
            Some(list) => list.push(parameter.clone()),
            None => drop(get.insert("parameters", Json::Array(vec![parameter.clone()]))),
        }
    }
    let answer = Json::object().with("200", Json::object().with("description", "Well."));
    let health = Json::object()
        .with("operationId", "added_health_check")
        .with("responses", answer);
    paths.insert(
        "/added/health".to_owned(),
        Json::object().with("get", health),
    );
}

/// Every bound is wider, every list of values longer, every object may say something more.
fn loosen(description: &mut Json) {
    objects(description, &mut |json| {
        for word in ["maximum", "maxLength", "maxItems"] {
            let number = json.get(word).and_then(Json::as_number);
            let number = number.and_then(|text| text.parse::<i32>().ok());
            if let Some(number) = number.filter(|number| (1..1_000_000).contains(number)) {
                json.insert(word, Json::Number((number * 10).to_string()));
            }
        }
        // One value alone tells alternatives apart.
        if let Some(Json::Array(values)) = json.get_mut("enum")
            && values.len() > 1
            && values.iter().all(|value| value.as_str().is_some())
        {
            values.push(Json::from("added_value"));
        }
        let object = json.get("type").and_then(Json::as_str) == Some("object");
        if let Some(Json::Object(properties)) = json.get_mut("properties").filter(|_| object) {
            let added = Json::object().with("type", "boolean");
            properties.insert("added_property".to_owned(), added);
        }
    });
}
