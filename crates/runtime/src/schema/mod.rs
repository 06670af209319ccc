//! The check of arguments against a tool's `inputSchema` (JSON Schema 2020-12).

mod coerce;
mod explain;
mod hide;
mod nearest;
mod patterns;

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value as Plain;

use crate::args::Arguments;
use crate::error::{Error, Result};
use crate::json::{self, Borrowed, Budget};

/// The most backtracking steps of one pattern on one string.
const BACKTRACK_LIMIT: usize = 100_000;
/// The most bytes of one compiled pattern.
const PATTERN_BYTES: usize = 1 << 20;
/// The most violations that are reported.
const MAX_VIOLATIONS: usize = 32;
/// How many looks at values a check may take, whatever its size, and for each byte of the arguments.
const STEPS: (u64, u64) = (5_000_000, 64);
/// The same for collecting what is wrong.
const EXPLAINING: (u64, u64) = (500_000, 16);
/// How many findings may be collected, those inside alternatives included.
const FINDINGS: u64 = 20_000;

/// Formats that only describe, as 2020-12 has it: upstreams take more than the letter of these. What is left, `ipv4` and
/// `ipv6`, is checked: alternatives are often told apart by nothing else.
const ANNOTATIONS: [&str; 17] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// A compiled `inputSchema`. `format` is an annotation but for IP addresses; references lead nowhere outside the schema; patterns are bounded.
pub struct InputSchema {
    validator: Validator<Borrowed>,
    schema: Plain,
    dropped: Vec<String>,
}

impl InputSchema {
    /// Compiles the text of a schema. Fails, with the gateway at fault, when it is none.
    pub fn new(schema: &str) -> Result<Self> {
        Self::with_hidden(schema, &[])
    }

    /// Compiles the schema without the arguments that somebody else fills.
    pub fn with_hidden(schema: &str, hidden: &[&str]) -> Result<Self> {
        let shown = Self::hide(schema, hidden)?;
        let mut schema: Plain = serde_json::from_str(&shown)
            .map_err(|error| Error::gateway(format!("the input schema is not JSON: {error}")))?;
        let mut dropped = Vec::new();
        let mut built = compile(&schema);
        if built.is_err() {
            let works = |pattern: &str| compile(&serde_json::json!({ "pattern": pattern })).is_ok();
            dropped = patterns::remove(&mut schema, &works);
            if !dropped.is_empty() {
                built = compile(&schema);
            }
        }
        Ok(Self {
            validator: built?,
            schema,
            dropped,
        })
    }

    /// The patterns of the schema that this engine cannot read and does not check; worth a line in the log.
    pub fn dropped_patterns(&self) -> &[String] {
        &self.dropped
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
        let steps = |(base, each): (u64, u64)| base + each * root.text().len() as u64;
        {
            let budget = Budget::start(steps(STEPS), u64::MAX);
            let is_valid = self.validator.is_valid(root);
            if budget.is_spent() {
                let message = "the arguments combine too many alternatives to be checked; send fewer or flatter ones";
                return Err(Error::argument("", message));
            }
            if is_valid {
                return Ok(());
            }
        }
        let mut violations = Vec::new();
        let budget = Budget::start(steps(EXPLAINING), FINDINGS);
        for error in self.validator.iter_errors(root) {
            if budget.is_spent() {
                break;
            }
            explain::explain(&error, root, &self.schema, &mut violations);
            if violations.len() > MAX_VIOLATIONS {
                violations.truncate(MAX_VIOLATIONS);
                break;
            }
        }
        if violations.is_empty() {
            let message = "the arguments do not fit the schema of the tool; there are too many alternatives to say where";
            return Err(Error::argument("", message));
        }
        Err(Error::arguments(violations))
    }

    /// Whether a JSON text fits the schema, whatever its shape. A text that is no strict JSON, or that takes too many
    /// steps to judge, does not.
    pub fn fits(&self, text: &str) -> bool {
        let Ok(root) = json::Value::parse(text) else {
            return false;
        };
        let budget = Budget::start(STEPS.0 + STEPS.1 * text.len() as u64, u64::MAX);
        self.validator.is_valid(&root) && !budget.is_spent()
    }

    /// The arguments with `"7"` as `7` and `"true"` as `true` where the schema wants a number or a boolean and no string;
    /// `None` when nothing is to be changed.
    pub fn coerce(&self, arguments: &Arguments<'_>) -> Option<String> {
        coerce::coerce(&self.schema, arguments.value())
    }
}

fn compile(schema: &Plain) -> Result<Validator<Borrowed>> {
    let options = jsonschema::options_for::<Borrowed>()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .offline();
    ANNOTATIONS
        .iter()
        .fold(options, |options, format| {
            options.with_format(*format, |_: &str| true)
        })
        .with_pattern_options(
            PatternOptions::fancy_regex()
                .backtrack_limit(BACKTRACK_LIMIT)
                .size_limit(PATTERN_BYTES)
                .dfa_size_limit(PATTERN_BYTES),
        )
        .build(schema)
        .map_err(|error| {
            let place = error.instance_path();
            Error::gateway(format!("the input schema is wrong at `{place}`: {error}"))
        })
}

impl std::fmt::Debug for InputSchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InputSchema").finish_non_exhaustive()
    }
}
