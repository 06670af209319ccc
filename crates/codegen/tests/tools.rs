//! The spec corpus: real descriptions, each of which must become tools whole.

#[cfg(test)]
mod specs;
#[cfg(test)]
mod support;

use serde_json::Value;
use specs::{Spec, specs};

/// Runs `check` for every document, and shows all failures together.
fn every(check: impl Fn(&Spec) -> Result<(), String>) {
    let failures: Vec<String> = specs()
        .iter()
        .filter_map(|spec| Some(format!("{}: {}", spec.name, check(spec).err()?)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn every_operation_becomes_a_tool_with_every_parameter_and_body() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    every(|spec| {
        let compiled = spec.compile();
        let report = &compiled.report;
        if compiled.output.is_none() {
            return Err(format!("no output\n{}", report.render()));
        }
        let facts = corpus.join(format!("facts/{}.json", spec.name));
        let facts = support::json(&facts);
        let wanted = facts["operations"].as_array().unwrap();
        if report.tools.len() != wanted.len() {
            return Err(format!(
                "{} tools for {} operations",
                report.tools.len(),
                wanted.len()
            ));
        }
        let mut missing = Vec::new();
        for fact in wanted {
            let (method, path) = (text(fact, "method").to_uppercase(), text(fact, "path"));
            let same = |tool: &str| tool.trim_start_matches('/') == path.trim_start_matches('/');
            let Some(tool) = report
                .tools
                .iter()
                .find(|tool| tool.method.to_uppercase() == method && same(&tool.path))
            else {
                missing.push(format!("{method} {path}"));
                continue;
            };
            for parameter in fact["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|it| it["ignored"] != true)
            {
                let (name, place) = (text(parameter, "name"), text(parameter, "in"));
                // Nobody but the gateway speaks MCP, and what the template lacks has no place to go.
                let ours = place == "header" && name.to_lowercase().starts_with("mcp-");
                let nowhere = place == "path" && !path.contains(&format!("{{{name}}}"));
                if ours || nowhere {
                    continue;
                }
                if !tool
                    .parameters
                    .iter()
                    .any(|it| it.name == name && it.place == place)
                {
                    missing.push(format!("{method} {path}: {place} {name}"));
                }
            }
            let body = &fact["request_body"];
            let types: Vec<&str> = body["content_types"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            match &tool.body {
                None if !types.is_empty() => missing.push(format!("{method} {path}: body")),
                Some((chosen, required)) if !types.is_empty() => {
                    if !types.contains(&chosen.as_str()) {
                        missing.push(format!("{method} {path}: body type {chosen}"));
                    }
                    if body["required"].as_bool() != Some(*required) {
                        missing.push(format!("{method} {path}: body required {required}"));
                    }
                }
                _ => {}
            }
        }
        if missing.is_empty() {
            Ok(())
        } else {
            Err(format!("missing\n  {}", missing.join("\n  ")))
        }
    });
}

#[test]
fn every_schema_is_valid_2020_12_and_can_be_used() {
    every(|spec| {
        let Some(output) = spec.compile().output else {
            return Err("no output".to_owned());
        };
        for (path, text) in output
            .files
            .iter()
            .filter(|(path, _)| path.ends_with(".json"))
        {
            let tools: Value =
                serde_json::from_str(text).map_err(|error| format!("{path}: {error}"))?;
            for tool in tools.as_array().into_iter().flatten() {
                let schema = &tool["inputSchema"];
                let name = tool["name"].as_str().unwrap_or_default();
                jsonschema::draft202012::meta::validate(schema)
                    .map_err(|error| format!("{name}: {error}"))?;
                jsonschema::draft202012::new(schema).map_err(|error| format!("{name}: {error}"))?;
                let legal = |name: &str| {
                    let legal = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
                    (1..=64).contains(&name.len()) && name.chars().all(legal)
                };
                let arguments = schema["properties"]
                    .as_object()
                    .into_iter()
                    .flat_map(|it| it.keys());
                if !legal(name) || !arguments.into_iter().all(|name| legal(name)) {
                    return Err(format!("{name}: a name that the LLM APIs refuse"));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn output_is_the_same_on_every_run() {
    every(|spec| {
        let first = spec
            .compile()
            .output
            .map(|output| output.files)
            .unwrap_or_default();
        let second = spec
            .compile()
            .output
            .map(|output| output.files)
            .unwrap_or_default();
        if first == second {
            Ok(())
        } else {
            Err("two runs differ".to_owned())
        }
    });
}
