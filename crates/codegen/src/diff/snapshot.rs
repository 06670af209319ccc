//! A toolset as its callers see it.

use std::collections::BTreeMap;

use toolwright_document::Json;

/// Everything about a toolset that callers, their agents and their credentials meet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub description: String,
    /// Base URLs, variables at their defaults.
    pub servers: Vec<String>,
    /// Security schemes by name: `apiKey in header X-TOKEN`.
    pub schemes: BTreeMap<String, String>,
    /// In the order of the description.
    pub tools: Vec<ToolSnapshot>,
    /// The root of the schemas of all answers: their references lead into its `$defs`.
    pub answers: Json,
    /// Texts in which characters are hidden. What agents read is cleaned of them; that somebody put them there is
    /// worth knowing all the same.
    pub hidden: Vec<HiddenText>,
}

/// A text with hidden characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HiddenText {
    /// JSON pointer in the document, `#/info/description`.
    pub pointer: String,
    /// The text as it stands there.
    pub text: String,
}

/// One tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolSnapshot {
    /// What agents call it.
    pub name: String,
    /// As the description has it.
    pub operation_id: Option<String>,
    /// `GET`
    pub method: String,
    /// The path template.
    pub path: String,
    /// Base URLs of its own; empty where the toolset's apply.
    pub servers: Vec<String>,
    /// Without the body.
    pub parameters: Vec<ParameterSnapshot>,
    /// The request body.
    pub body: Option<BodySnapshot>,
    /// `inputSchema`: the schemas of parameters and body are its properties, or it is that of the body.
    pub input: Json,
    /// The schema of a successful answer, where it is JSON; its references lead into [`Snapshot::answers`].
    pub output: Option<Json>,
    /// Alternatives, each of them the schemes that it needs together; empty when no credential is asked for.
    pub security: Vec<String>,
    /// `readOnlyHint` and its like.
    pub annotations: BTreeMap<String, Json>,
    /// A name for people.
    pub title: Option<String>,
    /// What agents read.
    pub description: String,
}

/// One parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParameterSnapshot {
    /// On the wire.
    pub name: String,
    /// `path`, `query`, `header`, `cookie` or `querystring`.
    pub place: String,
    /// What the tool calls it; empty when agents do not fill it.
    pub argument: String,
    /// Whether it must be there.
    pub required: bool,
    /// How it is written on the wire.
    pub style: String,
}

/// A request body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BodySnapshot {
    /// Its media type.
    pub content_type: String,
    /// What the tool calls it; `None` where it is the arguments themselves.
    pub argument: Option<String>,
    /// Whether it must be there.
    pub required: bool,
}

impl ToolSnapshot {
    /// `GET /items/{item_id}`
    pub(super) fn endpoint(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The endpoint without the names of path parameters, which nobody sends: `GET /items/{}`.
    pub(super) fn address(&self) -> String {
        let mut out = format!("{} ", self.method);
        for (at, part) in self.path.split('{').enumerate() {
            match (at, part.split_once('}')) {
                (0, _) | (_, None) => out.push_str(part),
                (_, Some((_, rest))) => {
                    out.push_str("{}");
                    out.push_str(rest);
                }
            }
        }
        out
    }

    /// The schema of an argument.
    pub(super) fn argument(&self, name: &str) -> Option<&Json> {
        self.input.get("properties")?.get(name)
    }

    /// The schema of the body.
    pub(super) fn body_schema(&self) -> Option<&Json> {
        match &self.body.as_ref()?.argument {
            Some(name) => self.argument(name),
            None => Some(&self.input),
        }
    }
}
