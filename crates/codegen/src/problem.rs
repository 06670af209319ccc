//! What is wrong with a description, or was not understood.
//!
//! Problems are collected, never thrown: one run reports all of a document. A *warning* says that a piece was left
//! out or mended; `--strict` turns it into an *error*, with which nothing is generated. A *notice* is a warning that
//! strictness does not touch, since nothing was lost.

mod render;
mod text;

use std::collections::HashMap;

use toolwright_document::{Cursor, Json, NodeId, Position, Snippet, SyntaxError};

use crate::text::count;
pub use render::render;
use text::{bounded, shown};

/// Problems that are kept; the rest are counted.
const MOST: usize = 2_000;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Something was mended or left out.
    Warning,
    /// Nothing is generated.
    Error,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The file, relative to the root folder.
    pub file: String,
    /// JSON pointer (RFC 6901) in that file; empty for the whole file.
    pub pointer: String,
    /// Line and column, where known.
    pub position: Option<Position>,
    /// The line, where known.
    pub snippet: Option<Snippet>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem of a node.
    pub fn at(severity: Severity, at: Cursor<'_>, message: impl Into<String>) -> Problem {
        Problem {
            severity,
            file: at.document().name().to_owned(),
            pointer: bounded(at.pointer()),
            position: Some(at.position()),
            snippet: Some(shown(at.snippet())),
            message: message.into(),
            help: None,
        }
    }

    /// A problem of a whole file, or of something that is no file.
    pub fn of_file(severity: Severity, file: &str, message: impl Into<String>) -> Problem {
        Problem {
            severity,
            file: file.to_owned(),
            pointer: String::new(),
            position: None,
            snippet: None,
            message: message.into(),
            help: None,
        }
    }

    /// Says what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Problem {
        self.help = Some(help.into());
        self
    }

    /// `{"severity", "file", "pointer", "message", "help"}` and, where known, `"line"` and `"column"`.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut json = Json::object()
            .with("severity", self.severity.as_str())
            .with("file", self.file.as_str())
            .with("pointer", format!("#{}", self.pointer))
            .with("message", self.message.as_str())
            .with("help", self.help.as_deref());
        if let Some(position) = self.position {
            json.insert("line", u64::from(position.line));
            json.insert("column", u64::from(position.column));
        }
        json
    }
}

impl From<&SyntaxError> for Problem {
    fn from(error: &SyntaxError) -> Problem {
        Problem {
            severity: Severity::Error,
            file: error.file.clone(),
            pointer: String::new(),
            position: error.position,
            snippet: error.snippet.clone().map(shown),
            message: bounded(error.message.clone()),
            help: None,
        }
    }
}

/// The problems of one run, in the order in which they were found, each once.
#[derive(Debug, Default)]
pub struct Problems {
    strict: bool,
    list: Vec<Problem>,
    seen: HashMap<(Option<NodeId>, String), usize>,
    /// Takes what goes over the limit.
    spare: Option<Problem>,
    unlisted: usize,
    unlisted_errors: usize,
}

impl Problems {
    /// `strict` makes errors of warnings.
    #[must_use]
    pub fn new(strict: bool) -> Problems {
        Problems {
            strict,
            ..Problems::default()
        }
    }

    /// Something that leaves no way to go on: nothing will be generated.
    pub fn error(&mut self, at: Cursor<'_>, message: impl Into<String>) -> &mut Problem {
        self.push_at(Severity::Error, at, message.into())
    }

    /// A piece that was left out or mended because its meaning is not clear.
    pub fn warn(&mut self, at: Cursor<'_>, message: impl Into<String>) -> &mut Problem {
        let severity = if self.strict {
            Severity::Error
        } else {
            Severity::Warning
        };
        self.push_at(severity, at, message.into())
    }

    /// Something worth knowing that takes nothing away: a warning also under `--strict`.
    pub fn notice(&mut self, at: Cursor<'_>, message: impl Into<String>) -> &mut Problem {
        self.push_at(Severity::Warning, at, message.into())
    }

    /// Adds a problem that was put together elsewhere, as it is.
    pub fn push(&mut self, problem: Problem) -> &mut Problem {
        let key = (
            None,
            format!("{}\n{}\n{}", problem.file, problem.pointer, problem.message),
        );
        self.insert(key, problem.severity, || problem)
    }

    /// Whether anything keeps the output from being generated.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.unlisted_errors > 0
            || self
                .list
                .iter()
                .any(|problem| problem.severity == Severity::Error)
    }

    /// How many problems are listed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them so far.
    #[must_use]
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// Makes an error of a problem found before: when it turns out that nothing usable remains.
    pub(crate) fn raise(&mut self, at: Cursor<'_>, message: &str) {
        let message = bounded(message.to_owned());
        let found = self.seen.get(&(Some(at.id()), message));
        if let Some(problem) = found.and_then(|&index| self.list.get_mut(index)) {
            problem.severity = Severity::Error;
        }
    }

    /// Gives them out; when there were more than can be listed, the last one says so.
    #[must_use]
    pub fn into_list(mut self) -> Vec<Problem> {
        if self.unlisted > 0 {
            let file = self
                .list
                .last()
                .map(|problem| problem.file.clone())
                .unwrap_or_default();
            let severity = if self.unlisted_errors > 0 {
                Severity::Error
            } else {
                Severity::Warning
            };
            let message = format!("not listed: {}", count(self.unlisted, "more problem"));
            self.list.push(Problem::of_file(severity, &file, message));
        }
        self.list
    }

    fn push_at(&mut self, severity: Severity, at: Cursor<'_>, message: String) -> &mut Problem {
        let message = bounded(message);
        let key = (Some(at.id()), message.clone());
        self.insert(key, severity, || Problem::at(severity, at, message))
    }

    fn insert(
        &mut self,
        key: (Option<NodeId>, String),
        severity: Severity,
        problem: impl FnOnce() -> Problem,
    ) -> &mut Problem {
        let index = match self.seen.get(&key) {
            Some(&index) => index,
            None if self.list.len() >= MOST => {
                self.unlisted += 1;
                self.unlisted_errors += usize::from(severity == Severity::Error);
                return self.spare.insert(problem());
            }
            None => {
                self.seen.insert(key, self.list.len());
                self.list.push(problem());
                self.list.len() - 1
            }
        };
        let spare = self
            .spare
            .get_or_insert_with(|| Problem::of_file(severity, "", ""));
        match self.list.get_mut(index) {
            Some(problem) => {
                problem.severity = problem.severity.max(severity);
                problem
            }
            None => spare,
        }
    }
}
