//! Output schemas of the corpus: every validator that a client may have reads them, and none of them is a burden.

#[cfg(test)]
mod specs;
#[cfg(test)]
mod support;

use serde_json::Value;
use specs::specs;

/// Keywords that validators read in different ways, wherever a schema may stand.
const UNPORTABLE: &[&str] = &[
    "format",
    "pattern",
    "patternProperties",
    "prefixItems",
    "oneOf",
    "not",
    "if",
    "multipleOf",
    "unevaluatedProperties",
    "x-mcp-header",
];

fn unportable(schema: &Value, found: &mut Vec<String>) {
    let Value::Object(words) = schema else { return };
    for (name, word) in words {
        if UNPORTABLE.contains(&name.as_str()) {
            found.push(name.clone());
        }
        match name.as_str() {
            "properties" | "$defs" => {
                let schemas = word.as_object().into_iter().flatten();
                schemas.for_each(|(_, inner)| unportable(inner, found));
            }
            "anyOf" | "allOf" => {
                let schemas = word.as_array().into_iter().flatten();
                schemas.for_each(|inner| unportable(inner, found));
            }
            "items" | "additionalProperties" => unportable(word, found),
            _ => {}
        }
    }
}

#[test]
fn every_validator_reads_every_output_schema() {
    let (mut tools, mut described) = (0, 0);
    let mut failures = Vec::new();
    for spec in specs() {
        let Some(output) = spec.compile().output else {
            continue;
        };
        for (_, text) in output
            .files
            .iter()
            .filter(|(path, _)| path.ends_with(".json"))
        {
            let Ok(Value::Array(listed)) = serde_json::from_str::<Value>(text) else {
                continue;
            };
            for tool in &listed {
                let Some(name) = tool["name"].as_str() else {
                    continue;
                };
                tools += 1;
                let Some(schema) = tool.get("outputSchema") else {
                    continue;
                };
                described += 1;
                let size = schema.to_string().len();
                let mut found = Vec::new();
                unportable(schema, &mut found);
                let read = [
                    jsonschema::draft202012::new(schema).err(),
                    jsonschema::draft7::new(schema).err(),
                ];
                let errors = read.into_iter().flatten().map(|error| error.to_string());
                found.extend(errors);
                if size > 17_000 {
                    found.push(format!("{size} bytes"));
                }
                if !found.is_empty() {
                    failures.push(format!("{} {name}: {}", spec.name, found.join(", ")));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(
        tools == 0 || described * 4 > tools,
        "{described} of {tools}"
    );
}
