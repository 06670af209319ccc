//! The same API by a newer version of OpenAPI.

use toolwright_document::Json;

use crate::is_3_0;
use crate::walk::objects;

/// OpenAPI 3.0 in the words of 3.1.
pub(crate) fn from_3_0(description: &mut Json) -> bool {
    if !is_3_0(description) {
        return false;
    }
    description.insert("openapi", "3.1.1");
    objects(description, &mut |json| {
        // Beside a reference 3.0 reads nothing, and 3.1 everything.
        if let Some(reference) = json.get("$ref").cloned() {
            *json = Json::object().with("$ref", reference);
            return;
        }
        let nullable = json.remove("nullable") == Some(Json::Bool(true));
        if nullable && let Some(Json::String(name)) = json.get("type").cloned() {
            json.insert("type", Json::from(vec![name.as_str(), "null"]));
            if let Some(Json::Array(values)) = json.get_mut("enum")
                && !values.contains(&Json::Null)
            {
                values.push(Json::Null);
            }
        } else if nullable {
            let inner = std::mem::replace(json, Json::object());
            let null = Json::object().with("type", "null");
            json.insert("anyOf", Json::Array(vec![inner, null]));
        }
        for (word, open) in [
            ("minimum", "exclusiveMinimum"),
            ("maximum", "exclusiveMaximum"),
        ] {
            if let Some(Json::Bool(is)) = json.get(open).cloned() {
                json.remove(open);
                if is && let Some(bound) = json.remove(word) {
                    json.insert(open, bound);
                }
            }
        }
    });
    true
}

/// Swagger 2.0 in the words of OpenAPI 3.0.3.
pub(crate) fn from_2_0(description: &mut Json) -> bool {
    if description.get("swagger").is_none() {
        return false;
    }
    let list = |json: Option<&Json>| -> Vec<String> {
        let items = json.and_then(Json::as_array).unwrap_or_default();
        items
            .iter()
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect()
    };
    let consumes = list(description.get("consumes"));
    let produces = list(description.get("produces"));
    let shared = description
        .get("parameters")
        .cloned()
        .unwrap_or_else(Json::object);
    description.remove("swagger");
    description.insert("openapi", "3.0.3");
    servers(description);
    let paths = description.get_mut("paths").and_then(Json::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        let of_path = parameters(item.remove("parameters"), &shared);
        for method in ["get", "put", "post", "delete", "options", "head", "patch"] {
            let Some(operation) = item.get_mut(method) else {
                continue;
            };
            let mut all = parameters(operation.remove("parameters"), &shared);
            for json in &of_path {
                let same = |it: &Json| {
                    it.get("name") == json.get("name") && it.get("in") == json.get("in")
                };
                if !all.iter().any(same) {
                    all.push(json.clone());
                }
            }
            let own = |operation: &mut Json, key: &str, all: &[String]| {
                let own = operation.remove(key);
                own.map_or_else(|| all.to_vec(), |own| list(Some(&own)))
            };
            let consumes = own(operation, "consumes", &consumes);
            let produces = own(operation, "produces", &produces);
            operation.remove("schemes");
            request(operation, all, &consumes);
            if let Some(Json::Object(answers)) = operation.get_mut("responses") {
                answers.values_mut().for_each(|it| answer(it, &produces));
            }
        }
    }
    components(description, &produces);
    objects(description, &mut |json| {
        if let Some(Json::String(to)) = json.get("$ref") {
            let to = to
                .replacen("#/definitions/", "#/components/schemas/", 1)
                .replacen("#/responses/", "#/components/responses/", 1);
            json.insert("$ref", to);
        }
        if let Some(Json::String(property)) = json.get("discriminator").cloned() {
            json.insert(
                "discriminator",
                Json::object().with("propertyName", property),
            );
        }
        if json.remove("x-nullable") == Some(Json::Bool(true)) && json.get("type").is_some() {
            json.insert("nullable", true);
        }
    });
    true
}

fn servers(description: &mut Json) {
    let text = |json: Option<Json>| json.and_then(|it| it.as_str().map(str::to_owned));
    let host = text(description.remove("host"));
    let base = text(description.remove("basePath")).unwrap_or_default();
    let schemes = description.remove("schemes");
    let schemes = schemes
        .as_ref()
        .and_then(Json::as_array)
        .unwrap_or_default();
    let urls: Vec<String> = match (&host, schemes) {
        (Some(host), []) => vec![format!("https://{host}{base}")],
        (Some(host), schemes) => {
            let names = schemes.iter().filter_map(Json::as_str);
            names
                .map(|scheme| format!("{scheme}://{host}{base}"))
                .collect()
        }
        (None, _) if base.is_empty() => return,
        (None, _) => vec![base],
    };
    let urls = urls.into_iter().map(|url| Json::object().with("url", url));
    description.insert("servers", urls.collect::<Json>());
}

/// With references to shared parameters followed.
fn parameters(list: Option<Json>, shared: &Json) -> Vec<Json> {
    let list = list.as_ref().and_then(Json::as_array).unwrap_or_default();
    let followed = list.iter().map(|json| {
        let name = json.get("$ref").and_then(Json::as_str);
        let name = name.and_then(|it| it.strip_prefix("#/parameters/"));
        name.and_then(|name| shared.get(name))
            .unwrap_or(json)
            .clone()
    });
    followed.collect()
}

/// Words of a parameter that are words of its schema since 3.0.
const WORDS: [&str; 17] = [
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
];

fn schema(parameter: &mut Json) -> Json {
    let mut schema = Json::object();
    for word in WORDS {
        if let Some(value) = parameter.remove(word) {
            schema.insert(word, value);
        }
    }
    if schema.get("type").and_then(Json::as_str) == Some("file") {
        schema.insert("type", "string");
        schema.insert("format", "binary");
    }
    schema
}

fn request(operation: &mut Json, all: Vec<Json>, consumes: &[String]) {
    let (mut kept, mut form, mut required) = (Vec::new(), Json::object(), Vec::new());
    let mut file = false;
    for mut json in all {
        let place = json
            .get("in")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned();
        match place.as_str() {
            "body" => {
                let schema = json.remove("schema").unwrap_or_else(Json::object);
                let types = match consumes {
                    [] => vec!["application/json".to_owned()],
                    types => types.to_vec(),
                };
                let mut content = Json::object();
                for name in types {
                    content.insert(name, Json::object().with("schema", schema.clone()));
                }
                let mut body = Json::object().with("content", content);
                for word in ["required", "description"] {
                    if let Some(value) = json.remove(word) {
                        body.insert(word, value);
                    }
                }
                operation.insert("requestBody", body);
            }
            "formData" => {
                file |= json.get("type").and_then(Json::as_str) == Some("file");
                let name = json.get("name").and_then(Json::as_str).unwrap().to_owned();
                let is_file = json.get("type").and_then(Json::as_str) == Some("file");
                let mut property = schema(&mut json);
                if !is_file && property.get("format").and_then(Json::as_str) == Some("binary") {
                    // A text in 2.0, and a file in a form of 3.0.
                    property.remove("format");
                }
                if let Some(text) = json.remove("description") {
                    property.insert("description", text);
                }
                if json.get("required") == Some(&Json::Bool(true)) {
                    required.push(Json::from(name.as_str()));
                }
                form.insert(name, property);
            }
            _ => {
                let written = json.remove("collectionFormat");
                let written = written.as_ref().and_then(Json::as_str).unwrap_or("csv");
                let own = schema(&mut json);
                if own.get("type").and_then(Json::as_str) == Some("array") && place == "query" {
                    let style = match written {
                        "ssv" => "spaceDelimited",
                        "pipes" => "pipeDelimited",
                        _ => "form",
                    };
                    json.insert("style", style);
                    json.insert("explode", written == "multi");
                }
                json.insert("schema", own);
                kept.push(json);
            }
        }
    }
    if form.as_object().is_some_and(|members| !members.is_empty()) {
        let urlencoded = consumes
            .iter()
            .any(|it| it == "application/x-www-form-urlencoded");
        let name = match !file && (urlencoded || consumes.is_empty()) {
            true => "application/x-www-form-urlencoded",
            false => "multipart/form-data",
        };
        let mut object = Json::object()
            .with("type", "object")
            .with("properties", form);
        if !required.is_empty() {
            object.insert("required", Json::Array(required.clone()));
        }
        let content = Json::object().with(name, Json::object().with("schema", object));
        let body = Json::object()
            .with("content", content)
            .with("required", !required.is_empty());
        operation.insert("requestBody", body);
    }
    operation.insert("parameters", Json::Array(kept));
}

fn answer(answer: &mut Json, produces: &[String]) {
    let Some(mut schema) = answer.remove("schema") else {
        return;
    };
    if schema.get("type").and_then(Json::as_str) == Some("file") {
        schema = Json::object()
            .with("type", "string")
            .with("format", "binary");
    }
    let types = match produces {
        [] => vec!["application/json".to_owned()],
        types => types.to_vec(),
    };
    let mut content = Json::object();
    for name in types {
        content.insert(name, Json::object().with("schema", schema.clone()));
    }
    answer.insert("content", content);
}

fn components(description: &mut Json, produces: &[String]) {
    let mut components = Json::object();
    description.remove("parameters");
    description.remove("consumes");
    description.remove("produces");
    if let Some(schemas) = description.remove("definitions") {
        components.insert("schemas", schemas);
    }
    if let Some(mut answers) = description.remove("responses") {
        if let Json::Object(members) = &mut answers {
            members.values_mut().for_each(|it| answer(it, produces));
        }
        components.insert("responses", answers);
    }
    if let Some(mut schemes) = description.remove("securityDefinitions") {
        if let Json::Object(members) = &mut schemes {
            members.values_mut().for_each(scheme);
        }
        components.insert("securitySchemes", schemes);
    }
    description.insert("components", components);
}

fn scheme(json: &mut Json) {
    match json.get("type").and_then(Json::as_str) {
        Some("basic") => {
            json.insert("type", "http");
            json.insert("scheme", "basic");
        }
        Some("oauth2") => {
            let mut flow = Json::object();
            for word in ["authorizationUrl", "tokenUrl", "scopes"] {
                if let Some(value) = json.remove(word) {
                    flow.insert(word, value);
                }
            }
            if flow.get("scopes").is_none() {
                flow.insert("scopes", Json::object());
            }
            let name = json.remove("flow");
            let name = match name.as_ref().and_then(Json::as_str).unwrap_or_default() {
                "application" => "clientCredentials",
                "accessCode" => "authorizationCode",
                name => name,
            };
            json.insert("flows", Json::object().with(name, flow));
        }
        _ => {}
    }
}
