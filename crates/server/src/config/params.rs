//! `allowed_params`: the arguments that a tool takes, where not all of them.

use std::collections::HashMap;

use serde_json::Value;
use toolwright_document::Cursor;
use toolwright_runtime::Toolset;

use super::mistake::suggest;
use super::reader::Reader;
use super::tool_names;

/// By tool, the arguments that nobody may give. Mistakes stay in the reader.
pub(super) fn read(
    reader: &mut Reader<'_>,
    server: &str,
    section: Cursor<'_>,
    toolset: Option<&'static Toolset>,
) -> HashMap<&'static str, Vec<String>> {
    let mut withheld = HashMap::new();
    let found = reader.member(section, "allowed_params");
    let (Some(at), Some(toolset)) = (found, toolset) else {
        return withheld;
    };
    let Some(mapping) = reader.object(at) else {
        return withheld;
    };
    for (name, list_at) in mapping.entries() {
        let Some(tool) = tool_names::find(reader, server, list_at, name, toolset) else {
            continue;
        };
        let mut groups = toolset.groups.iter();
        let group = groups.find(|group| group.tools.iter().any(|own| own.name == tool.name));
        let list = group.map_or("[]", |group| group.list);
        let allowed = reader.texts_of(mapping, name).unwrap_or_default();
        let schema = schema(tool.name, list);
        if !is_closed(&schema) {
            let message =
                "the tool takes members that its schema does not name, so nothing can be withheld";
            let help = "leave the entry out, or the tool by disallowed_tools".to_owned();
            reader.wrong_key(list_at, message, Some(help));
            continue;
        }
        let (arguments, required) = arguments(&schema);
        for (at, argument) in &allowed {
            if !arguments.contains(argument) {
                let names: Vec<&str> = arguments.iter().map(String::as_str).collect();
                reader.mistake(
                    *at,
                    "is not an argument of this tool",
                    Some(suggest(argument, &names)),
                );
            }
        }
        let is_allowed = |argument: &String| allowed.iter().any(|(_, name)| name == argument);
        // Caller or file may fill what travels in a header or a cookie, or is a key.
        let placed = |argument: &String| {
            let placed = tool.headers.iter().chain(tool.cookies).chain(tool.keys);
            placed
                .map(|placed| placed.argument)
                .any(|own| own == argument)
        };
        let missing = required
            .iter()
            .find(|argument| !is_allowed(argument) && !placed(argument));
        if let Some(missing) = missing {
            let message =
                format!("leaves out `{missing}`, without which the tool cannot be called");
            let help = "or leave the tool out by disallowed_tools".to_owned();
            reader.wrong_key(list_at, message, Some(help));
        }
        let rest = arguments
            .into_iter()
            .filter(|argument| !is_allowed(argument))
            .collect();
        withheld.insert(tool.name, rest);
    }
    withheld
}

/// What a tool takes.
fn schema(tool: &str, list: &str) -> Value {
    let list: Value = serde_json::from_str(list).unwrap_or_default();
    let mut entries = list.as_array().into_iter().flatten();
    let entry = entries.find(|entry| entry["name"] == tool);
    entry.map_or(Value::Null, |entry| entry["inputSchema"].clone())
}

/// Whether an argument that the schema no longer names is refused. Only a body that is the arguments can be open.
fn is_closed(schema: &Value) -> bool {
    schema["additionalProperties"] == false && schema["patternProperties"].is_null()
}

/// All arguments of a tool, and the required ones.
fn arguments(schema: &Value) -> (Vec<String>, Vec<String>) {
    let names = schema["properties"].as_object();
    let names = names.map(|names| names.keys().cloned().collect());
    let required = schema["required"].as_array();
    let required = required.map(|names| {
        let names = names.iter().filter_map(Value::as_str);
        names.map(str::to_owned).collect()
    });
    (names.unwrap_or_default(), required.unwrap_or_default())
}
