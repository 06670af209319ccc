//! What `tools/list` says about one tool: the generated text, cut into its members.

use serde::Deserialize;
use serde_json::value::RawValue;
use toolwright_runtime::{Group, InputSchema, Tool};

use super::output::Declared;
use crate::config::{Icon, Output};
use crate::protocol::text::{compact, quoted};
use crate::protocol::version::{Structured, Version};

/// One entry of a group's generated list.
#[derive(Deserialize)]
struct Generated<'a> {
    name: String,
    #[serde(borrow)]
    title: Option<&'a RawValue>,
    #[serde(borrow)]
    description: Option<&'a RawValue>,
    #[serde(borrow, rename = "inputSchema")]
    input_schema: &'a RawValue,
    #[serde(borrow, rename = "outputSchema")]
    output_schema: Option<&'a RawValue>,
    #[serde(borrow)]
    annotations: Option<&'a RawValue>,
}

/// A tool's listing as JSON texts without white space.
#[derive(Debug)]
pub struct Listing {
    title: Option<String>,
    description: Option<String>,
    /// What the model may fill: arguments that somebody stronger fills are not in it.
    pub input_schema: String,
    /// What is declared about answers.
    pub output: Option<Declared>,
    annotations: Option<String>,
    /// Arguments that the description requires, and that are hidden.
    pub required_hidden: Vec<String>,
}

/// The listings of a group's tools, in the order of its tools. `hidden` names the arguments that a tool does not show.
///
/// # Errors
/// Where the generated text does not fit the generated table, which only a defect of the generator can cause.
pub(super) fn listings(
    group: &Group,
    hidden: &dyn Fn(&'static Tool) -> Vec<String>,
    output: Output,
) -> Result<Vec<Listing>, String> {
    let tag = group.tag;
    let generated: Vec<Generated<'_>> = serde_json::from_str(group.list)
        .map_err(|error| format!("the list of `{tag}`: {error}"))?;
    let tools: &'static [Tool] = group.tools;
    if generated.len() != tools.len() {
        return Err(format!(
            "the list of `{tag}` and its table differ in length"
        ));
    }
    let pairs = generated.iter().zip(tools);
    pairs
        .map(|(generated, tool)| {
            if generated.name != tool.name {
                return Err(format!(
                    "`{tag}` lists `{}` where its table has `{}`",
                    generated.name, tool.name
                ));
            }
            let hidden = hidden(tool);
            let shown = InputSchema::hide(
                generated.input_schema.get(),
                &hidden.iter().map(String::as_str).collect::<Vec<_>>(),
            )
            .map_err(|error| format!("the input schema of `{}`: {error}", tool.name))?;
            let text = |raw: &RawValue| compact(raw.get());
            Ok(Listing {
                title: generated.title.map(text),
                description: generated.description.map(text),
                input_schema: compact(&shown),
                output: Declared::new(generated.output_schema, output),
                required_hidden: required(generated.input_schema, hidden),
                annotations: generated.annotations.map(text),
            })
        })
        .collect()
}

/// Those of the arguments that the schema requires.
fn required(schema: &RawValue, mut arguments: Vec<String>) -> Vec<String> {
    #[derive(Deserialize)]
    struct Schema {
        #[serde(default)]
        required: Vec<String>,
    }
    if !arguments.is_empty() {
        let schema: Option<Schema> = serde_json::from_str(schema.get()).ok();
        let required = schema.map(|schema| schema.required).unwrap_or_default();
        arguments.retain(|argument| required.contains(argument));
    }
    arguments
}

impl Listing {
    /// The entry of `tools/list` under a name. `icons` is a list in JSON; `declares` says whether answers are described.
    pub fn entry(
        &self,
        name: &str,
        version: Version,
        icons: Option<&str>,
        declares: bool,
    ) -> String {
        let mut entry = format!("{{\"name\":{}", quoted(name));
        let mut member = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                entry.push_str(&format!(",\"{name}\":{value}"));
            }
        };
        if version.structured() != Structured::Never {
            member("title", self.title.as_deref());
        }
        member("description", self.description.as_deref());
        member("inputSchema", Some(&self.input_schema));
        let output = self
            .output
            .as_ref()
            .filter(|output| declares && output.applies(version));
        member("outputSchema", output.map(Declared::listed));
        member("annotations", self.annotations.as_deref());
        if version.has_icons() {
            member("icons", icons);
        }
        entry.push('}');
        entry
    }

    /// The title as plain text.
    pub fn title(&self) -> String {
        plain(self.title.as_deref())
    }

    /// The description as plain text.
    pub fn description(&self) -> String {
        plain(self.description.as_deref())
    }
}

fn plain(json: Option<&str>) -> String {
    json.and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default()
}

/// Icons as a JSON list; `None` where there are none.
pub(super) fn icons<'i>(icons: impl Iterator<Item = &'i Icon>) -> Option<String> {
    let icons: Vec<&str> = icons.map(|icon| icon.json.as_str()).collect();
    (!icons.is_empty()).then(|| format!("[{}]", icons.join(",")))
}
