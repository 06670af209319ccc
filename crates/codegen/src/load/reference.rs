use std::fmt;

use toolwright_document::Cursor;

use crate::problem::{Problem, Problems};

/// Why a reference leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefError {
    /// As written.
    pub reference: String,
    /// What went wrong.
    pub kind: RefErrorKind,
}

/// See [`RefError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefErrorKind {
    /// It names a place on the network; the compiler never goes there.
    Remote,
    /// It leads out of the root folder.
    Outside,
    /// The file cannot be read.
    File {
        /// Relative to the root folder.
        path: String,
        /// Why.
        reason: String,
    },
    /// The file is there, the place in it is not.
    Missing {
        /// A place with a similar name.
        near: Option<String>,
    },
    /// References that lead to each other and to nothing else, in order.
    Loop(Vec<String>),
}

impl RefError {
    pub(super) fn new(reference: &str, kind: RefErrorKind) -> RefError {
        RefError {
            reference: reference.to_owned(),
            kind,
        }
    }

    /// What the author can do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match &self.kind {
            RefErrorKind::Remote => Some(
                "nothing is fetched while compiling: `cargo xtask add --allow-remote` fetches it once and keeps it beside the description"
                    .to_owned(),
            ),
            RefErrorKind::Outside => Some("name a wider root folder with --root DIR if the file is yours".to_owned()),
            RefErrorKind::Missing { near } => near.as_ref().map(|near| format!("did you mean `{near}`?")),
            RefErrorKind::File { .. } => None,
            RefErrorKind::Loop(_) => Some("one of them has to say what it is".to_owned()),
        }
    }

    /// Adds a warning at the node that holds the reference.
    pub fn report<'p>(&self, at: Cursor<'_>, problems: &'p mut Problems) -> &'p mut Problem {
        let problem = problems.warn(at, self.to_string());
        problem.help = self.help();
        problem
    }
}

impl fmt::Display for RefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reference = &self.reference;
        match &self.kind {
            RefErrorKind::Remote => write!(f, "the reference `{reference}` leads to the network"),
            RefErrorKind::Outside => write!(
                f,
                "the reference `{reference}` leads out of the root folder"
            ),
            RefErrorKind::File { path, reason } => {
                write!(
                    f,
                    "the reference `{reference}` leads to `{path}`, which cannot be used: {reason}"
                )
            }
            RefErrorKind::Missing { .. } => write!(f, "the reference `{reference}` leads nowhere"),
            RefErrorKind::Loop(references) => {
                write!(f, "the reference `{reference}` never arrives: it leads to ")?;
                for (at, reference) in references.iter().enumerate() {
                    let before = if at == 0 { "" } else { ", then " };
                    write!(f, "{before}`{reference}`")?;
                }
                write!(f, " and so on in a circle")
            }
        }
    }
}

impl std::error::Error for RefError {}
