//! Configuration mistakes: collected, then shown together.

use std::fmt;

use toolwright_document::{Cursor, Position};
use toolwright_runtime::Error;

/// One thing that is wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it stands.
    pub position: Option<Position>,
    /// The key, such as `mcp_servers.data_api.extra_headers[0]`; empty for the file as a whole.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What is allowed, or what was probably meant.
    pub help: Option<String>,
}

/// All mistakes of one file. Its text is what a person reads: one paragraph for each, `file:line:column` first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    /// The file as it was named.
    pub file: String,
    /// In the order of the file.
    pub list: Vec<Mistake>,
}

impl Mistakes {
    /// One mistake of the file as a whole.
    pub fn of_file(file: &str, message: impl Into<String>, help: Option<String>) -> Mistakes {
        Mistakes {
            file: file.to_owned(),
            list: vec![Mistake {
                position: None,
                key: String::new(),
                message: message.into(),
                help,
            }],
        }
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for mistake in &self.list {
            write!(f, "{}", self.file)?;
            if let Some(position) = mistake.position {
                write!(f, ":{}:{}", position.line, position.column)?;
            }
            if !mistake.key.is_empty() {
                write!(f, ": {}", mistake.key)?;
            }
            writeln!(f, ": {}", mistake.message)?;
            for line in mistake.help.iter().flat_map(|help| help.lines()) {
                writeln!(f, "    {line}")?;
            }
        }
        let count = self.list.len();
        let plural = if count == 1 { "" } else { "s" };
        write!(
            f,
            "{count} mistake{plural} in the configuration; nothing was started"
        )
    }
}

impl std::error::Error for Mistakes {}

/// The key of a node as a person writes it.
pub(super) fn path(cursor: Cursor<'_>) -> String {
    let mut nodes: Vec<Cursor<'_>> =
        std::iter::successors(Some(cursor), |node| node.parent()).collect();
    nodes.reverse();
    let mut path = String::new();
    for node in nodes {
        match (node.key(), node.array_index()) {
            (Some(key), _) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&toolwright_document::visible(key));
            }
            (None, Some(index)) => path.push_str(&format!("[{index}]")),
            (None, None) => {}
        }
    }
    path
}

/// The candidate that a misspelt name probably means.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let folded = |text: &str| text.to_ascii_lowercase().replace(['-', '.', ' '], "_");
    let name = folded(name);
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&name, &folded(candidate)),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `Did you mean …? Allowed: …`.
pub(super) fn suggest(name: &str, candidates: &[&str]) -> String {
    let allowed = format!("allowed: {}", candidates.join(", "));
    match nearest(name, candidates.iter().copied()) {
        Some(nearest) => format!("did you mean `{nearest}`? {allowed}"),
        None => allowed,
    }
}

/// A runtime's sentence as the end of a line that begins with the key.
pub(super) fn sentence(error: &Error) -> String {
    error.message().to_owned()
}
