//! What a tool says of itself: to the model, and in the code.

use toolwright_document::Json;

use crate::model::Operation;
use crate::problem::Problems;
use crate::text::{clean, cut, doc, one_line};
use crate::toolset::ToolChoice;

/// The longest description of a tool.
const DESCRIPTION: usize = 8_000;
/// The longest title.
const TITLE: usize = 100;

/// A text of at most `limit` characters, without characters that hide.
pub(super) fn bounded(text: &str, limit: usize) -> String {
    let (text, _) = clean(text.trim());
    cut(&text, limit).unwrap_or_else(|| text.into_owned())
}

/// Markdown lines above the function: what it is, and its endpoint.
pub(super) fn function(operation: &Operation<'_>) -> Vec<String> {
    let text = operation
        .summary
        .as_deref()
        .or(operation.description.as_deref())
        .unwrap_or_default();
    let mut lines = doc(text, 96);
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let endpoint =
        one_line(&format!("{} {}", operation.method, operation.path), 300).replace('`', "'");
    lines.push(format!("`{endpoint}`"));
    if operation.deprecated {
        lines.extend([String::new(), "Its owner advises against it.".to_owned()]);
    }
    lines
}

/// The tool as `tools/list` shows it.
pub(super) fn listed(
    name: &str,
    operation: &Operation<'_>,
    choice: &ToolChoice,
    (input, output): (Json, Option<Json>),
    problems: &mut Problems,
) -> Json {
    let mut tool = Json::object().with("name", name);
    let chosen = choice.title.as_ref().map(|title| title.value.as_str());
    if let Some(title) = chosen.or(operation.summary.as_deref()) {
        let title = one_line(title.trim().trim_end_matches('.'), TITLE);
        if !title.is_empty() {
            tool.insert("title", title);
        }
    }
    let text = match &choice.description {
        Some(chosen) => chosen.value.clone(),
        None => description(operation),
    };
    let (text, removed) = clean(&text);
    if removed {
        let message = "the texts of the operation hold invisible or bidirectional control characters; they are taken out";
        problems.warn(operation.at, message);
    }
    let shown = cut(&text, DESCRIPTION);
    if shown.is_some() {
        problems.notice(
            operation.at,
            format!("the description is cut to {DESCRIPTION} characters"),
        );
    }
    tool.insert("description", shown.unwrap_or_else(|| text.into_owned()));
    tool.insert("inputSchema", input);
    if let Some(output) = output {
        tool.insert("outputSchema", output);
    }
    tool.insert("annotations", annotations(operation, choice));
    tool
}

/// Summary and description, neither twice; the endpoint where there is nothing else.
fn description(operation: &Operation<'_>) -> String {
    let summary = operation.summary.as_deref().unwrap_or_default().trim();
    let description = operation.description.as_deref().unwrap_or_default().trim();
    let bare = summary.trim_end_matches('.');
    let mut text = match (summary, description) {
        ("", "") => format!("{} {}", operation.method, operation.path),
        (summary, "") => summary.to_owned(),
        ("", description) => description.to_owned(),
        (_, description) if description.to_lowercase().starts_with(&bare.to_lowercase()) => {
            description.to_owned()
        }
        (summary, description) => format!("{summary}\n\n{description}"),
    };
    if operation.deprecated {
        text.push_str("\n\nDeprecated.");
    }
    text
}

/// What MCP clients may assume (2025-11-25, `ToolAnnotations`).
fn annotations(operation: &Operation<'_>, choice: &ToolChoice) -> Json {
    let method = operation.method.as_str();
    let read_only = matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY");
    let mut hints = Json::object().with("readOnlyHint", read_only);
    // The other hints mean something only for tools that change things.
    if !read_only {
        hints.insert("destructiveHint", method == "DELETE");
        hints.insert("idempotentHint", matches!(method, "PUT" | "DELETE"));
    }
    hints.insert("openWorldHint", true);
    for (name, value) in &choice.annotations {
        hints.insert(name.as_str(), *value);
    }
    hints
}
