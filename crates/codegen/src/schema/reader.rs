//! What reads a schema object, and what all its parts need.

use toolwright_document::{Cursor, Kind};

use super::{Graph, Key};
use crate::problem::Problems;

/// The longest text that a schema says about itself to a model.
pub(super) const PROSE: usize = 8_000;
/// Reads schema objects of one place.
pub(super) struct Reader<'g, 'd> {
    pub(super) graph: &'g mut Graph<'d>,
    pub(super) problems: &'g mut Problems,
    pub(super) key: Key,
}

/// What a value is, in a sentence.
pub(super) fn article(at: Cursor<'_>) -> &'static str {
    match at.kind() {
        Kind::Null => "null",
        Kind::Bool(_) => "a boolean",
        Kind::Number(_) => "a number",
        Kind::String(_) => "a string",
        Kind::Array => "an array",
        Kind::Object => "an object",
    }
}
