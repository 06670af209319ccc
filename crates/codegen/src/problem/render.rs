use std::fmt::Write as _;

use toolwright_document::visible;

use super::Problem;

/// Problems as a terminal shows them, in the style of rustc. Text from the description comes through escaped.
///
/// ```text
/// error: no such place: #/components/schemas/Pett
///   --> openapi.json:14:15 #/paths/~1pets/post/requestBody
///    |
/// 14 |        "$ref": "#/components/schemas/Pett"
///    |                ^
///    = help: did you mean #/components/schemas/Pet?
/// ```
#[must_use]
pub fn render(problems: &[Problem]) -> String {
    let mut out = String::new();
    for problem in problems {
        one(problem, &mut out);
        out.push('\n');
    }
    out
}

fn one(problem: &Problem, out: &mut String) {
    let line = problem
        .position
        .map(|position| position.line.to_string())
        .unwrap_or_default();
    let margin = " ".repeat(line.len().max(1));
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        "{}: {}",
        problem.severity.as_str(),
        visible(&problem.message)
    );
    let _ = write!(out, "{margin}--> {}", visible(&problem.file));
    if let Some(position) = problem.position {
        let _ = write!(out, ":{position}");
    }
    let _ = match problem.pointer.as_str() {
        "" => writeln!(out),
        pointer => writeln!(out, " #{}", visible(pointer)),
    };
    if let Some(snippet) = &problem.snippet {
        let _ = writeln!(out, "{margin} |");
        let _ = writeln!(out, "{line} | {}", snippet.text);
        let _ = writeln!(out, "{margin} | {}^", " ".repeat(snippet.caret));
    }
    if let Some(help) = &problem.help {
        let _ = writeln!(out, "{margin} = help: {}", visible(help));
    }
}
