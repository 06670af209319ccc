use std::fmt;

use crate::{Position, visible};

/// Why a text could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The name of the document.
    pub file: String,
    /// Where, if at one place.
    pub position: Option<Position>,
    /// What is wrong, without the place.
    pub message: String,
    /// The line, ready to be shown.
    pub snippet: Option<crate::Snippet>,
    /// Which sort of mistake.
    pub kind: SyntaxErrorKind,
}

/// Sorts of [`SyntaxError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// There is no content.
    Empty,
    /// The bytes are not UTF-8 text.
    Encoding,
    /// The text is neither JSON nor YAML.
    Syntax,
    /// One of [`crate::Limits`] was reached.
    Limit,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", visible(&self.file))?;
        if let Some(position) = self.position {
            write!(f, ":{position}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for SyntaxError {}

/// A mistake at a byte offset, before the document gives it a name and a line.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) offset: usize,
    pub(crate) message: String,
    pub(crate) kind: SyntaxErrorKind,
}

impl Fault {
    pub(crate) fn syntax(offset: usize, message: impl Into<String>) -> Fault {
        Fault {
            offset,
            message: message.into(),
            kind: SyntaxErrorKind::Syntax,
        }
    }

    pub(crate) fn limit(offset: usize, message: impl Into<String>) -> Fault {
        Fault {
            offset,
            message: message.into(),
            kind: SyntaxErrorKind::Limit,
        }
    }
}
