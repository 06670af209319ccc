//! A diff as it is read: in a terminal, in a pull request, by a script.

use std::fmt::Write;
use std::str::FromStr;

use toolwright_document::Json;

use super::change::{Change, Class};
use super::markdown;
use super::summary::{number, summary};

/// How a diff is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// One line for each change.
    #[default]
    Text,
    /// The questions of a reviewer and their answers, for a pull request.
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

/// The changes of several toolsets by their names, each of which is there once.
///
/// As Markdown it is at most 65,000 bytes long, which GitHub takes as one comment; the other formats are complete. JSON
/// is `{"toolsets": [{"toolset", "summary": {"breaking", …}, "changes": [{"class", "tool", "place", "message"}]}]}`.
#[must_use]
pub fn render(toolsets: &[(&str, &[Change])], format: Format) -> String {
    match (format, toolsets) {
        (Format::Json, _) => {
            let toolsets = toolsets.iter().map(|(name, changes)| json(name, changes));
            Json::object()
                .with("toolsets", toolsets.collect::<Json>())
                .pretty()
        }
        (Format::Markdown, []) => "No toolset changed.\n".to_owned(),
        (Format::Text, []) => "no toolset changed\n".to_owned(),
        (Format::Markdown, _) => markdown::page(toolsets),
        (Format::Text, _) => {
            let parts: Vec<String> = toolsets
                .iter()
                .map(|(name, changes)| text(name, changes))
                .collect();
            parts.join("\n")
        }
    }
}

fn json(toolset: &str, changes: &[Change]) -> Json {
    let all: Vec<&Change> = changes.iter().collect();
    let mut summary = Json::object();
    for class in Class::ALL {
        summary.insert(class.as_str(), number(&all, class));
    }
    Json::object()
        .with("toolset", toolset)
        .with("summary", summary)
        .with(
            "changes",
            changes.iter().map(Change::to_json).collect::<Json>(),
        )
}

fn text(toolset: &str, changes: &[Change]) -> String {
    let all: Vec<&Change> = changes.iter().collect();
    let mut out = format!("{toolset}: {}\n", summary(&all));
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
