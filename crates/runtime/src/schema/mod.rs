//! The check of arguments against a tool's `inputSchema` (JSON Schema 2020-12).

mod coerce;
mod explain;
mod hide;
mod nearest;

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value as Plain;

use crate::args::Arguments;
use crate::error::{Error, Result};
use crate::json::{self, Borrowed};

/// The most backtracking steps of one pattern on one string.
const BACKTRACK_LIMIT: usize = 100_000;
/// The most bytes of one compiled pattern.
const PATTERN_BYTES: usize = 1 << 20;
/// The most violations that are reported.
const MAX_VIOLATIONS: usize = 32;

/// A compiled `inputSchema`. `format` is an annotation; references lead nowhere outside the schema; patterns are bounded.
pub struct InputSchema {
    validator: Validator<Borrowed>,
    schema: Plain,
}

impl InputSchema {
    /// Compiles the text of a schema. Fails, with the gateway at fault, when it is none.
    pub fn new(schema: &str) -> Result<Self> {
        Self::with_hidden(schema, &[])
    }

    /// Compiles the schema without the arguments that somebody else fills.
    pub fn with_hidden(schema: &str, hidden: &[&str]) -> Result<Self> {
        let shown = Self::hide(schema, hidden)?;
        let schema: Plain = serde_json::from_str(&shown)
            .map_err(|error| Error::gateway(format!("the input schema is not JSON: {error}")))?;
        let validator = jsonschema::options_for::<Borrowed>()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(false)
            .offline()
            .with_pattern_options(
                PatternOptions::fancy_regex()
                    .backtrack_limit(BACKTRACK_LIMIT)
                    .size_limit(PATTERN_BYTES)
                    .dfa_size_limit(PATTERN_BYTES),
            )
            .build(&schema)
            .map_err(|error| {
                let place = error.instance_path().to_string();
                Error::gateway(format!("the input schema is wrong at `{place}`: {error}"))
            })?;
        Ok(Self { validator, schema })
    }

    /// The text of the schema without these arguments, as a model is to see it: order and numbers kept, no white space.
    ///
    /// # Errors
    /// When the schema is not JSON.
    pub fn hide(schema: &str, hidden: &[&str]) -> Result<String> {
        let schema = json::trusted("the input schema", schema)?;
        Ok(hide::hide(&schema, hidden))
    }

    /// Checks the arguments.
    ///
    /// # Errors
    /// All violations together, at most 32, each with its place and, for misspelt names, the nearest right one.
    pub fn check(&self, arguments: &Arguments<'_>) -> Result<()> {
        let root = arguments.value();
        if self.validator.is_valid(root) {
            return Ok(());
        }
        let mut violations = Vec::new();
        for error in self.validator.iter_errors(root) {
            explain::explain(&error, root, &self.schema, &mut violations);
            if violations.len() > MAX_VIOLATIONS {
                violations.truncate(MAX_VIOLATIONS);
                break;
            }
        }
        Err(Error::arguments(violations))
    }

    /// The arguments with `"7"` as `7` and `"true"` as `true` where the schema wants a number or a boolean and no string;
    /// `None` when nothing is to be changed.
    pub fn coerce(&self, arguments: &Arguments<'_>) -> Option<String> {
        coerce::coerce(&self.schema, arguments.value())
    }
}

impl std::fmt::Debug for InputSchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InputSchema").finish_non_exhaustive()
    }
}
