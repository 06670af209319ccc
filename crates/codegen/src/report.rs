//! What `inspect` says about a description.

use toolwright_document::Json;

use crate::problem::{Problem, Severity, render};

/// The whole account of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The version as the document states it.
    pub format: String,
    /// Operations in the description.
    pub operations: usize,
    /// The tools that came of them.
    pub tools: Vec<ToolReport>,
    /// What was approximated or left out.
    pub losses: Vec<Loss>,
    /// What is wrong with the description.
    pub problems: Vec<Problem>,
    /// Operations below `webhooks`, which are no tools.
    pub webhooks: usize,
    /// Operations below `callbacks`, which are no tools.
    pub callbacks: usize,
    /// Base URLs of the API, variables at their defaults; relative ones as the description has them.
    pub servers: Vec<String>,
    /// Request headers in which the API takes credentials, by its security schemes.
    pub credential_headers: Vec<String>,
}

/// One tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolReport {
    /// Its name for MCP.
    pub name: String,
    /// `GET`
    pub method: String,
    /// The path template.
    pub path: String,
    /// As the description has it.
    pub operation_id: Option<String>,
    /// Its parameters without the body.
    pub parameters: Vec<ParameterReport>,
    /// Media type and whether it must be there.
    pub body: Option<(String, bool)>,
    /// Whether the body is the arguments themselves, instead of the argument `body`.
    pub hoisted: bool,
    /// Media types that the body could have had too.
    pub unused_types: Vec<String>,
    /// Bytes that `tools/list` takes for it.
    pub bytes: usize,
}

/// One parameter of a tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParameterReport {
    /// On the wire.
    pub name: String,
    /// `path`, `query`, `header`, `cookie` or `querystring`.
    pub place: String,
    /// What the tool calls it; `None` for a header that the caller or the operator fills.
    pub argument: Option<String>,
    /// Whether it must be there.
    pub required: bool,
}

/// Something that the output does not say as the description does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The file, relative to the root folder.
    pub file: String,
    /// JSON pointer (RFC 6901).
    pub pointer: String,
    /// What is lost.
    pub message: String,
}

impl Report {
    /// The headers that no argument fills, in the order of the description, and how many tools have them.
    pub(crate) fn caller_headers(&self) -> Vec<(&str, usize)> {
        let parameters = self.tools.iter().flat_map(|tool| &tool.parameters);
        let mut found: Vec<(&str, usize)> = Vec::new();
        for parameter in parameters.filter(|parameter| parameter.argument.is_none()) {
            let known = found.iter_mut();
            match known
                .into_iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(&parameter.name))
            {
                Some((_, count)) => *count += 1,
                None => found.push((&parameter.name, 1)),
            }
        }
        found
    }

    /// Whether anything kept the output from being generated.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }

    /// For scripts: `{"format", "operations", "tools", "losses", "problems", "webhooks", "callbacks", "servers",
    /// "credential_headers"}`.
    #[must_use]
    pub fn to_json(&self) -> Json {
        Json::object()
            .with("format", self.format.as_str())
            .with("operations", self.operations)
            .with(
                "tools",
                self.tools.iter().map(ToolReport::to_json).collect::<Json>(),
            )
            .with(
                "losses",
                self.losses.iter().map(Loss::to_json).collect::<Json>(),
            )
            .with(
                "problems",
                self.problems.iter().map(Problem::to_json).collect::<Json>(),
            )
            .with("webhooks", self.webhooks)
            .with("callbacks", self.callbacks)
            .with("servers", texts(&self.servers))
            .with("credential_headers", texts(&self.credential_headers))
    }

    /// The problems, for a terminal.
    #[must_use]
    pub fn render(&self) -> String {
        render(&self.problems)
    }
}

fn texts(texts: &[String]) -> Json {
    texts.iter().map(|text| Json::from(text.as_str())).collect()
}

impl ToolReport {
    fn to_json(&self) -> Json {
        let body = self.body.as_ref().map(|(content_type, required)| {
            Json::object()
                .with("content_type", content_type.as_str())
                .with("required", *required)
                .with("is_arguments", self.hoisted)
                .with(
                    "offered_too",
                    self.unused_types
                        .iter()
                        .map(|name| Json::from(name.as_str()))
                        .collect::<Json>(),
                )
        });
        Json::object()
            .with("name", self.name.as_str())
            .with("method", self.method.as_str())
            .with("path", self.path.as_str())
            .with("operation_id", self.operation_id.as_deref())
            .with(
                "parameters",
                self.parameters
                    .iter()
                    .map(ParameterReport::to_json)
                    .collect::<Json>(),
            )
            .with("body", body)
            .with("bytes", self.bytes)
    }
}

impl ParameterReport {
    fn to_json(&self) -> Json {
        Json::object()
            .with("name", self.name.as_str())
            .with("in", self.place.as_str())
            .with("argument", self.argument.as_deref())
            .with("required", self.required)
    }
}

impl Loss {
    fn to_json(&self) -> Json {
        Json::object()
            .with("file", self.file.as_str())
            .with("pointer", format!("#{}", self.pointer))
            .with("message", self.message.as_str())
    }
}
