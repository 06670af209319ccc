//! Reports as a terminal shows them.

use std::fmt::Write;

use toolwright_codegen::problem::render;
use toolwright_codegen::{Problem, Report};
use toolwright_document::Json;

use crate::choices::Choices;
use crate::console::{Console, Failure, count};

/// Where the files lie that a report names by their paths from the description's folder.
pub(crate) struct Places<'a> {
    /// That folder, with its `/`, as a person names it; empty where there is none.
    pub(crate) folder: &'a str,
    /// Choices that lie elsewhere.
    pub(crate) choices: Option<&'a Choices>,
}

impl Places<'_> {
    /// A path that leads to the file from where the command was started.
    pub(crate) fn of(&self, file: &str) -> String {
        let chosen = self.choices.and_then(|choices| choices.place(file));
        match (chosen, file) {
            (Some(place), _) => place,
            (None, "") => String::new(),
            (None, file) => format!("{}{file}", self.folder),
        }
    }
}

/// Problems and losses, if there are any.
pub(crate) fn diagnostics(report: &Report, places: &Places<'_>, console: &mut Console<'_>) {
    let placed = report.problems.iter().map(|problem| Problem {
        file: places.of(&problem.file),
        ..problem.clone()
    });
    let text = render(&placed.collect::<Vec<_>>());
    if !text.trim().is_empty() {
        console.warn(text.trim_end());
    }
}

/// What becomes of the description, tool by tool.
pub(crate) fn overview(entry: &str, report: &Report, places: &Places<'_>) -> String {
    // Of a file that cannot be read nobody knows it.
    let format = match report.format.as_str() {
        "" => "format unknown",
        format => format,
    };
    let mut out = format!(
        "{}: {format}, {}, {}, {}, {}\n",
        places.of(entry),
        count(report.operations, "operation"),
        count(report.tools.len(), "tool"),
        count(report.losses.len(), "loss"),
        count(report.problems.len(), "problem")
    );
    for tool in &report.tools {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n{}\n    {} {}", tool.name, tool.method, tool.path);
        for parameter in &tool.parameters {
            let required = if parameter.required { ", required" } else { "" };
            let place = &parameter.place;
            let _ = match &parameter.argument {
                Some(argument) => writeln!(out, "    {argument}  ({place}{required})"),
                None => writeln!(
                    out,
                    "    no argument: the caller or the operator fills {}  ({place}{required})",
                    parameter.name
                ),
            };
        }
        if let Some((content_type, required)) = &tool.body {
            let required = if *required { ", required" } else { "" };
            let name = if tool.hoisted {
                "the body is the arguments"
            } else {
                "body"
            };
            let _ = writeln!(out, "    {name}  ({content_type}{required})");
        }
    }
    for loss in &report.losses {
        let _ = writeln!(
            out,
            "\nloss: {}\n  --> {}#{}",
            loss.message,
            places.of(&loss.file),
            loss.pointer
        );
    }
    out
}

/// The report of a description that could not even be fetched.
pub(crate) fn unread(spec: &str, failure: &Failure) -> Json {
    let problem = Json::object()
        .with("severity", "error")
        .with("file", spec)
        .with("pointer", "")
        .with("message", failure.message())
        .with("help", failure.hint());
    Json::object()
        .with("format", Json::Null)
        .with("operations", 0_u64)
        .with("tools", Json::Array(Vec::new()))
        .with("losses", Json::Array(Vec::new()))
        .with("problems", Json::Array(vec![problem]))
}
