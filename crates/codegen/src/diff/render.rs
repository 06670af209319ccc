//! A diff as it is read: in a terminal, in a pull request, by a script.

use std::fmt::Write;
use std::str::FromStr;

use toolwright_document::Json;

use super::change::{Change, Class};
use crate::text::literal;

/// How a diff is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// One line for each change.
    #[default]
    Text,
    /// Four questions and their answers, for a pull request.
    Markdown,
    /// For scripts.
    Json,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "markdown" => Ok(Self::Markdown),
            "json" => Ok(Self::Json),
            _ => Err("the formats are text, markdown and json".to_owned()),
        }
    }
}

/// The changes of one toolset.
#[must_use]
pub fn render(toolset: &str, changes: &[Change], format: Format) -> String {
    match format {
        Format::Text => text(toolset, changes),
        Format::Markdown => markdown(toolset, changes),
        Format::Json => json(toolset, changes).pretty(),
    }
}

/// `{"toolset", "summary": {"breaking", …}, "changes": [{"class", "tool", "place", "message"}]}`
fn json(toolset: &str, changes: &[Change]) -> Json {
    let mut summary = Json::object();
    for class in Class::ALL {
        summary.insert(class.as_str(), number(changes, class));
    }
    Json::object()
        .with("toolset", toolset)
        .with("summary", summary)
        .with(
            "changes",
            changes.iter().map(Change::to_json).collect::<Json>(),
        )
}

fn number(changes: &[Change], class: Class) -> usize {
    changes
        .iter()
        .filter(|change| change.class == class)
        .count()
}

/// `2 breaking, 1 text`
fn summary(changes: &[Change]) -> String {
    let counts = Class::ALL.map(|class| (number(changes, class), class));
    let parts = counts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, class)| format!("{number} {}", class.as_str()))
        .collect();
    if parts.is_empty() {
        "nothing changes for agents".to_owned()
    } else {
        parts.join(", ")
    }
}

fn text(toolset: &str, changes: &[Change]) -> String {
    let mut out = format!("{toolset}: {}\n", summary(changes));
    for change in changes {
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:<8}  {}  {}: {}",
            change.class.as_str(),
            change.tool.as_deref().unwrap_or("*"),
            change.place,
            change.message
        );
    }
    out
}

/// The questions of a reviewer: every one gets an answer, also when it is "none".
const QUESTIONS: [(Class, &str); 4] = [
    (Class::Breaking, "Calls that fail now, or do something else"),
    (
        Class::Security,
        "Credentials, where they go, and what clients ask their users",
    ),
    (Class::Additive, "What is new"),
    (Class::Text, "Text that agents read"),
];

/// The most bytes of one toolset in a comment; GitHub takes 65,536 for all of them.
const COMMENT: usize = 40_000;

fn markdown(toolset: &str, changes: &[Change]) -> String {
    let mut out = format!("### {}: {}\n", code(toolset), summary(changes));
    for (class, question) in QUESTIONS {
        let chosen: Vec<&Change> = changes
            .iter()
            .filter(|change| change.class == class)
            .collect();
        let _ = write!(out, "\n**{question}:** ");
        if chosen.is_empty() {
            out.push_str("none.\n");
            continue;
        }
        let _ = writeln!(out, "{}\n", chosen.len());
        for (at, change) in chosen.iter().enumerate() {
            if out.len() > COMMENT {
                let _ = writeln!(
                    out,
                    "- … and {} more: run `cargo xtask diff {toolset}`",
                    chosen.len() - at
                );
                break;
            }
            let tool = change
                .tool
                .as_deref()
                .map_or_else(|| "the toolset".to_owned(), code);
            let _ = writeln!(
                out,
                "- {tool}, {}: {}",
                code(&change.place),
                code(&change.message)
            );
        }
    }
    out
}

/// A code span: nothing in it is a mention, a link, an image or markup.
fn code(text: &str) -> String {
    let text: String = match text.contains(|c: char| crate::text::is_invisible(c) || c == '\n') {
        true => literal(text),
        false => text.to_owned(),
    };
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_span_cannot_be_left() {
        for (text, expected) in [
            ("a", "`a`"),
            ("a`b", "`` a`b ``"),
            ("```@all", "```` ```@all ````"),
            ("a\nb", "`\"a\\nb\"`"),
        ] {
            assert_eq!(code(text), expected);
        }
    }
}
