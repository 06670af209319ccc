//! Reports as a terminal shows them.

use std::fmt::Write;

use toolwright_codegen::Report;
use toolwright_document::Json;

use crate::console::{Console, Failure, count};

/// Problems and losses, if there are any.
pub(crate) fn diagnostics(report: &Report, console: &mut Console<'_>) {
    let text = report.render();
    if !text.trim().is_empty() {
        console.warn(text.trim_end());
    }
}

/// What becomes of the description, tool by tool.
pub(crate) fn overview(entry: &str, report: &Report) -> String {
    // Of a file that cannot be read nobody knows it.
    let format = match report.format.as_str() {
        "" => "format unknown",
        format => format,
    };
    let mut out = format!(
        "{entry}: {format}, {}, {}, {}, {}\n",
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
            loss.message, loss.file, loss.pointer
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
