//! Three tools in place of all operations: find, describe, call. They hold the context of a model small; what an
//! operation may be called with is checked in the same place as ever.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{ServedTool, Server};
use crate::protocol::text::quoted;
use crate::protocol::version::{Structured, Version};

/// How many operations are found unless the model asks for another number.
const FOUND: usize = 8;

/// The most that it may ask for.
const MOST_FOUND: usize = 50;

/// The most characters of a description that a search shows.
const SUMMARY: usize = 160;

/// One of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meta {
    /// Ranked full text over operations.
    Find,
    /// What one operation takes.
    Describe,
    /// Calls one.
    Call,
}

impl Meta {
    /// In the order in which they are listed and used.
    pub const ALL: [Meta; 3] = [Meta::Find, Meta::Describe, Meta::Call];

    /// The name on the endpoint of its server.
    pub const fn name(self) -> &'static str {
        match self {
            Meta::Find => "find_operations",
            Meta::Describe => "describe_operation",
            Meta::Call => "call_operation",
        }
    }

    /// The entry of `tools/list`.
    pub fn entry(self, name: &str, server: &Server, version: Version) -> String {
        let title = server.toolset.title;
        let api = if title.is_empty() {
            &server.name
        } else {
            title
        };
        let (title, text, schema, hints) = match self {
            Meta::Find => (
                "Find operations",
                format!(
                    "Find operations of {api} ({} in all) by words of their names, descriptions and arguments; best first.",
                    server.tools.len()
                ),
                format!(
                    r#"{{"type":"object","properties":{{"query":{{"type":"string","description":"What the operation should do, in a few words."}},"limit":{{"type":"integer","minimum":1,"maximum":{MOST_FOUND},"default":{FOUND}}}}},"required":["query"],"additionalProperties":false}}"#
                ),
                r#"{"readOnlyHint":true,"openWorldHint":false}"#,
            ),
            Meta::Describe => (
                "Describe an operation",
                format!("Show what an operation of {api} does and the schema of its arguments."),
                r#"{"type":"object","properties":{"name":{"type":"string","description":"The operation's name, as found."}},"required":["name"],"additionalProperties":false}"#.to_owned(),
                r#"{"readOnlyHint":true,"openWorldHint":false}"#,
            ),
            Meta::Call => (
                "Call an operation",
                format!("Call an operation of {api} with arguments that fit its schema."),
                r#"{"type":"object","properties":{"name":{"type":"string","description":"The operation's name, as found."},"arguments":{"type":"object","description":"As its schema says."}},"required":["name"],"additionalProperties":false}"#.to_owned(),
                r#"{"readOnlyHint":false,"destructiveHint":true,"idempotentHint":false,"openWorldHint":true}"#,
            ),
        };
        let title = match version.structured() {
            Structured::Never => String::new(),
            _ => format!("\"title\":{},", quoted(title)),
        };
        format!(
            "{{\"name\":{},{title}\"description\":{},\"inputSchema\":{schema},\"annotations\":{hints}}}",
            quoted(name),
            quoted(&text)
        )
    }
}

/// What comes of one of the three.
pub enum Step<'a> {
    /// A text for the model.
    Said(String),
    /// An operation to call.
    Call(&'a ServedTool, Option<Box<RawValue>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FindArguments {
    query: String,
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DescribeArguments {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallArguments {
    name: String,
    arguments: Option<Box<RawValue>>,
}

/// Answers, or says what is to be called.
///
/// # Errors
/// A sentence for the model, where the arguments are wrong or name no operation.
pub fn step<'a>(
    server: &'a Server,
    meta: Meta,
    arguments: Option<&RawValue>,
) -> Result<Step<'a>, String> {
    let text = arguments.map_or("{}", RawValue::get);
    match meta {
        Meta::Find => {
            let asked: FindArguments = read(meta, text)?;
            let limit = asked.limit.unwrap_or(FOUND).clamp(1, MOST_FOUND);
            Ok(Step::Said(found(server, &asked.query, limit)))
        }
        Meta::Describe => {
            let asked: DescribeArguments = read(meta, text)?;
            let served = operation(server, &asked.name)?;
            let name = served.tool.name;
            Ok(Step::Said(served.listing.entry(
                name,
                Version::V2025_11_25,
                None,
                false,
            )))
        }
        Meta::Call => {
            let asked: CallArguments = read(meta, text)?;
            Ok(Step::Call(operation(server, &asked.name)?, asked.arguments))
        }
    }
}

fn read<T: DeserializeOwned>(meta: Meta, text: &str) -> Result<T, String> {
    // Serde would read an array as the members in their order.
    if !text.starts_with('{') {
        return Err(format!(
            "The arguments of `{}` must be an object.",
            meta.name()
        ));
    }
    serde_json::from_str(text).map_err(|error| {
        let error = error.to_string();
        let sentence = error.split(" at line ").next().unwrap_or_default();
        format!(
            "The arguments of `{}`: {sentence}. Nothing was sent.",
            meta.name()
        )
    })
}

fn operation<'s>(server: &'s Server, name: &str) -> Result<&'s ServedTool, String> {
    server.tool(name).ok_or_else(|| {
        let shown: String = name.chars().take(128).collect();
        let names = server.tools.iter().map(|served| served.tool.name);
        let near = names
            .map(|known| (strsim::damerau_levenshtein(known, &shown), known))
            .min()
            .filter(|(distance, known)| *distance <= (known.len() / 3).max(1));
        let help = match near {
            Some((_, near)) => format!("did you mean {}?", quoted(near)),
            None => format!("{} finds some.", Meta::Find.name()),
        };
        format!("There is no operation {}; {help}", quoted(&shown))
    })
}

/// The best operations for a query, as JSON.
fn found(server: &Server, query: &str, limit: usize) -> String {
    let ranked = server.index().find(query);
    let shown: Vec<String> = ranked
        .iter()
        .take(limit)
        .filter_map(|at| server.tools.get(*at))
        .map(|served| {
            let text = served.listing.description();
            let summary: String = text
                .lines()
                .next()
                .unwrap_or_default()
                .chars()
                .take(SUMMARY)
                .collect();
            format!(
                "{{\"name\":{},\"endpoint\":{},\"summary\":{},\"arguments\":{}}}",
                quoted(served.tool.name),
                quoted(served.tool.endpoint),
                quoted(&summary),
                arguments(&served.listing.input_schema)
            )
        })
        .collect();
    format!(
        "{{\"found\":{},\"operations\":[{}]}}",
        ranked.len(),
        shown.join(",")
    )
}

/// The names of arguments as a JSON list, optional ones with a question mark.
fn arguments(schema: &str) -> String {
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap_or_default();
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .collect();
    let names: Vec<String> = schema["properties"]
        .as_object()
        .into_iter()
        .flat_map(|properties| properties.keys())
        .map(|name| match required.contains(&name.as_str()) {
            true => quoted(name),
            false => quoted(&format!("{name}?")),
        })
        .collect();
    format!("[{}]", names.join(","))
}
