//! The model in the words of the facts.

use serde_json::{Value, json};
use toolwright_codegen::model::{Api, Location, Operation, Parameter, ParameterStyle};

pub(crate) fn compare(name: &str, api: &Api<'_>, facts: &Value, differences: &mut Vec<String>) {
    let mut differ = |place: &str, ours: Value, theirs: &Value| {
        if ours != *theirs {
            differences.push(format!(
                "{name}: {place}:\n  ours   {ours}\n  theirs {theirs}"
            ));
        }
    };
    differ("version", json!(api.format), &facts["version"]);
    differ("title", json!(api.title), &facts["title"]);
    // The facts count webhooks, the model the operations of each.
    differ(
        "webhooks",
        json!(api.webhooks > 0),
        &json!(facts["webhook_count"].as_u64().unwrap() > 0),
    );
    let mut schemes: Vec<_> = api.security_schemes.iter().map(|(name, _)| name).collect();
    schemes.sort();
    let theirs: Vec<_> = facts["security_schemes"]
        .as_object()
        .unwrap()
        .keys()
        .map(|name| json!(name))
        .collect();
    differ("security schemes", json!(schemes), &json!(theirs));
    let theirs = facts["operations"].as_array().unwrap();
    differ(
        "operations",
        json!(api.operations.len()),
        &json!(theirs.len()),
    );
    for fact in theirs {
        let (method, path) = (
            fact["method"].as_str().unwrap(),
            fact["path"].as_str().unwrap(),
        );
        let place = format!("{method} {path}");
        let ours = api.operations.iter();
        let Some(ours) = ours
            .filter(|it| it.path == path)
            .find(|it| it.method.eq_ignore_ascii_case(method))
        else {
            differ(&place, json!("missing"), &Value::Null);
            continue;
        };
        for (field, ours) in described(ours) {
            let theirs = match field {
                "parameters" => fitting(&fact[field], path),
                "request_body" => body(&fact[field]),
                _ => fact[field].clone(),
            };
            differ(&format!("{place}: {field}"), ours, &theirs);
        }
    }
}

fn described(operation: &Operation<'_>) -> Vec<(&'static str, Value)> {
    let declared = operation
        .parameters
        .iter()
        .filter(|it| it.at != operation.at);
    let sorted = |mut names: Vec<&String>| {
        names.sort();
        json!(names)
    };
    let body = operation.body.as_ref().map(|body| {
        let types = sorted(body.content.iter().map(|it| &it.name).collect());
        json!({"required": body.required, "content_types": types})
    });
    let alternatives = operation.security.iter();
    let alternatives: Vec<_> = alternatives
        .map(|it| sorted(it.iter().map(|(scheme, _)| scheme).collect()))
        .collect();
    let responses = operation.responses.iter().map(|response| {
        (
            response.status.clone(),
            sorted(response.content.iter().map(|it| &it.name).collect()),
        )
    });
    vec![
        ("operation_id", json!(operation.operation_id)),
        ("deprecated", json!(operation.deprecated)),
        ("parameters", declared.map(parameter).collect()),
        ("request_body", json!(body)),
        ("security_alternatives", json!(alternatives)),
        (
            "security_optional",
            json!(operation.security.iter().any(Vec::is_empty)),
        ),
        ("responses", Value::Object(responses.collect())),
    ]
}

fn parameter(parameter: &Parameter<'_>) -> Value {
    let place = match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::QueryString => "querystring",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    let style = match parameter.style {
        ParameterStyle::Simple => Some("simple"),
        ParameterStyle::Label => Some("label"),
        ParameterStyle::Matrix => Some("matrix"),
        ParameterStyle::Form => Some("form"),
        ParameterStyle::SpaceDelimited => Some("spaceDelimited"),
        ParameterStyle::PipeDelimited => Some("pipeDelimited"),
        ParameterStyle::TabDelimited => Some("tabDelimited"),
        ParameterStyle::DeepObject => Some("deepObject"),
        ParameterStyle::Cookie => Some("cookie"),
        ParameterStyle::Content => None,
    };
    json!({"name": parameter.name, "in": place, "required": parameter.required, "style": style,
        "explode": parameter.explode, "ignored": parameter.ignored, "content_type": parameter.media_type,
        "allow_reserved": parameter.allow_reserved})
}

/// The parameters of a fact in the same form, without path parameters for which the path has no place.
fn fitting(parameters: &Value, path: &str) -> Value {
    let fits = |it: &&Value| {
        it["in"] != "path" || path.contains(&format!("{{{}}}", it["name"].as_str().unwrap()))
    };
    let parameters = parameters.as_array().unwrap().iter().filter(fits);
    let full = parameters.map(|it| {
        json!({"name": it["name"], "in": it["in"], "required": it["required"], "style": it["style"],
            // Null where it makes no difference.
            "explode": it["explode"].as_bool().unwrap_or(false), "ignored": it["ignored"].as_bool().unwrap_or(false),
            "content_type": it["content_type"], "allow_reserved": it["allow_reserved"].as_bool().unwrap_or(false)})
    });
    full.collect()
}

/// The body of a fact in the same form. Swagger 2.0 need not name a media type; JSON is what is meant then.
fn body(body: &Value) -> Value {
    if body.is_null() {
        return Value::Null;
    }
    let types = body["content_types"].as_array().unwrap();
    let types = if types.is_empty() {
        json!(["application/json"])
    } else {
        json!(types)
    };
    json!({"required": body["required"], "content_types": types})
}
