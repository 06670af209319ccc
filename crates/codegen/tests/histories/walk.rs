//! Ways through a description.

use toolwright_document::Json;

/// Keywords whose members are names that somebody chose.
fn holds_names(key: &str) -> bool {
    matches!(
        key,
        "properties"
            | "patternProperties"
            | "schemas"
            | "definitions"
            | "$defs"
            | "paths"
            | "responses"
            | "requestBodies"
            | "headers"
            | "callbacks"
            | "securitySchemes"
            | "securityDefinitions"
            | "content"
            | "mapping"
            | "variables"
            | "scopes"
            | "pathItems"
            | "webhooks"
            | "links"
            | "encoding"
            | "dependentSchemas"
    )
}

/// Every object that is none of somebody's names or data, the inner ones first.
pub(crate) fn objects(json: &mut Json, edit: &mut dyn FnMut(&mut Json)) {
    go(json, false, edit);
}

fn go(json: &mut Json, names: bool, edit: &mut dyn FnMut(&mut Json)) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| go(item, false, edit)),
        Json::Object(members) => {
            for (key, value) in members.iter_mut() {
                let data = matches!(
                    key.as_str(),
                    "example" | "examples" | "default" | "enum" | "const" | "value" | "mapping"
                ) || key.starts_with("x-");
                // `parameters` is a list in operations, and a map of names in components.
                let inner = holds_names(key) || key == "parameters" && value.as_object().is_some();
                match names {
                    true => go(value, false, edit),
                    false if !data => go(value, inner, edit),
                    false => {}
                }
            }
            if !names {
                edit(json);
            }
        }
        _ => {}
    }
}

/// What a reference within the document leads to.
pub(crate) fn target<'j>(description: &'j Json, reference: &str) -> Option<&'j Json> {
    let mut at = description;
    for part in reference.strip_prefix("#/")?.split('/') {
        at = at.get(&part.replace("~1", "/").replace("~0", "~"))?;
    }
    Some(at)
}

/// Every operation, with the parameters of its path.
pub(crate) fn operations(description: &mut Json, edit: &mut dyn FnMut(&mut Json)) {
    const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];
    let paths = description.get_mut("paths").and_then(Json::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                edit(operation);
            }
        }
    }
}

/// Adds a component and gives the reference to it.
pub(crate) fn component(description: &mut Json, kind: &str, name: &str, value: Json) -> Json {
    let path = match description.get("swagger") {
        Some(_) if kind == "schemas" => vec!["definitions"],
        Some(_) => vec![kind],
        None => vec!["components", kind],
    };
    let mut at = description;
    for part in &path {
        if at.get(part).is_none() {
            at.insert(*part, Json::object());
        }
        at = at.get_mut(part).unwrap();
    }
    at.insert(name, value);
    Json::object().with("$ref", format!("#/{}/{name}", path.join("/")))
}
