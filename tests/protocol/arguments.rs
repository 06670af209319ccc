//! Row 51: for each tool, arguments that its own schema refuses, made from that schema.

use serde_json::{Map, Value, json};

use crate::support::{Peer, Upstream};

/// Some value that a schema of this kind takes.
fn good(schema: &Value) -> Value {
    if let Some(value) = schema.get("const").or_else(|| schema["enum"].get(0)) {
        return value.clone();
    }
    for keyword in ["anyOf", "oneOf", "allOf"] {
        if let Some(first) = schema[keyword].get(0) {
            return good(first);
        }
    }
    match schema["type"].as_str() {
        Some("integer" | "number") => json!(7),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("object") => Value::Object(object(schema)),
        _ => json!("text"),
    }
}

fn object(schema: &Value) -> Map<String, Value> {
    let required = schema["required"].as_array().into_iter().flatten();
    let names = required.filter_map(Value::as_str);
    names
        .map(|name| (name.to_owned(), good(&schema["properties"][name])))
        .collect()
}

/// Values that a property's schema refuses.
fn bad(schema: &Value) -> Vec<Value> {
    let candidates = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(1e9),
        json!("~"),
        json!("x".repeat(3000)),
        json!([]),
        json!([[]]),
        json!(vec!["x"; 200]),
        json!({}),
        json!({"~": 1}),
        json!("7"),
        json!("true"),
    ];
    let validator = jsonschema::draft202012::new(schema).unwrap();
    let refused = candidates
        .into_iter()
        .filter(|value| !validator.is_valid(value));
    refused.collect()
}

#[tokio::test]
async fn row_51_wrong_arguments_are_named_and_nothing_is_sent() {
    let upstream = Upstream::start().await;
    let mut count = 0;
    for mut peer in Peer::all(&upstream, "").await {
        let listed = peer.ask("tools/list", json!({})).await;
        for tool in listed.result()["tools"].as_array().unwrap() {
            let (name, schema) = (tool["name"].as_str().unwrap(), &tool["inputSchema"]);
            let fine = object(schema);
            let mut cases = vec![(String::from("surplus"), json!(1))];
            for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
                cases.extend(
                    bad(schema)
                        .into_iter()
                        .map(|value| (property.clone(), value)),
                );
            }
            for (property, value) in cases {
                let mut arguments = fine.clone();
                arguments.insert(property.clone(), value);
                // Members of a body that are not described may be allowed.
                let arguments = Value::Object(arguments);
                if jsonschema::draft202012::is_valid(schema, &arguments) {
                    continue;
                }
                refused(&mut peer, name, &arguments, &property).await;
                count += 1;
            }
            for missing in fine.keys() {
                let mut arguments = fine.clone();
                arguments.remove(missing);
                refused(&mut peer, name, &Value::Object(arguments), missing).await;
                count += 1;
            }
        }
        upstream.untouched();
    }
    assert!(count > 500, "{count}");
}

async fn refused(peer: &mut Peer, tool: &str, arguments: &Value, property: &str) {
    let answer = peer.call(tool, arguments.clone()).await;
    let result = answer.result();
    assert_eq!(result["isError"], true, "{tool} {arguments}: {result}");
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(text.contains(property), "{tool} {arguments}: {text}");
}
