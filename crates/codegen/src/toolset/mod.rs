//! What a maintainer chooses about a spec: `toolset.toml`, which lies beside it.
//!
//! The spec stays exactly as its owner publishes it; every deviation is an entry here that a reviewer can read.
//! An entry that names nothing in the spec is an error, since it says something else than its author believes.
//!
//! ```toml
//! overlays = ["overlay.yaml"]          # OpenAPI Overlay 1.0 documents, applied in this order
//! caller_headers = ["X-TOKEN"]         # header parameters that are never arguments
//! argument_headers = ["X-API-Key"]     # header parameters that are arguments although they carry an API key
//! accept = ["#/paths/~1feed/get"]      # losses at or below these places are known and accepted
//!
//! [include]                            # without it: every operation
//! tags = ["items"]
//! methods = ["GET"]
//! paths = ["/items/**"]
//! operations = ["get_item"]
//!
//! [exclude]                            # wins over `include`
//! tags = ["internal"]
//!
//! [tools.get_item]                     # an operationId, or "GET /items/{item_id}"
//! name = "fetch_item"
//! title = "Fetch an item"
//! description = "…"
//! content_type = "application/json"
//! body = "arguments"
//! annotations = { readOnlyHint = true }
//! ```

mod callers;
mod choose;
mod overlay;
mod parse;

use std::ops::Range;

pub use choose::{Choices, choose};
pub use overlay::apply_overlay;
pub use parse::parse;

/// A value and the bytes of `toolset.toml` it was written in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spot<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A `toolset.toml`, read.
#[derive(Debug, Default)]
pub struct ToolsetFile {
    /// Overlay documents, in order, by file name.
    pub overlays: Vec<Spot<String>>,
    /// Header parameters that only a caller or the operator fills.
    pub caller_headers: Vec<Spot<String>>,
    /// Header parameters that are arguments although an API key of the description has their name.
    pub argument_headers: Vec<Spot<String>>,
    /// JSON pointers of losses that are known.
    pub accept: Vec<Spot<String>>,
    /// Which operations become tools; all of them when empty.
    pub include: Filter,
    /// Which do not.
    pub exclude: Filter,
    /// Choices for single tools, by operationId or `METHOD /path`.
    pub tools: Vec<(Spot<String>, ToolChoice)>,
}

/// A set of operations: those that match any entry.
#[derive(Debug, Default)]
pub struct Filter {
    /// Tag names.
    pub tags: Vec<Spot<String>>,
    /// HTTP methods.
    pub methods: Vec<Spot<String>>,
    /// Path globs: `*` within a segment, `**` across segments.
    pub paths: Vec<Spot<String>>,
    /// operationIds, or `METHOD /path`.
    pub operations: Vec<Spot<String>>,
}

/// What is chosen for one tool.
#[derive(Debug, Clone, Default)]
pub struct ToolChoice {
    /// The tool's name.
    pub name: Option<Spot<String>>,
    /// The tool's title.
    pub title: Option<Spot<String>>,
    /// The tool's description.
    pub description: Option<Spot<String>>,
    /// The request body's media type, among those that the operation offers.
    pub content_type: Option<Spot<String>>,
    /// Where it says that the request body is the arguments themselves, instead of one among them.
    pub hoisted: Option<Range<usize>>,
    /// MCP tool annotations that replace the derived ones.
    pub annotations: Vec<(String, bool)>,
}

/// A mistake in `toolset.toml` or an overlay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes it concerns, where known.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Mistake {
    pub(crate) fn new(
        span: &Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Self {
        Self {
            span: span.clone(),
            message: message.into(),
            help,
        }
    }
}

/// The nearest of `names`, when it is near enough to be a slip of the pen.
fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    names
        .into_iter()
        .map(|name| {
            (
                strsim::jaro_winkler(&wanted.to_lowercase(), &name.to_lowercase()),
                name,
            )
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| format!("did you mean `{name}`?"))
}

/// An entry that names nothing in the spec.
fn unmatched<'a>(
    kind: &str,
    entry: &Spot<String>,
    names: impl IntoIterator<Item = &'a str>,
) -> Mistake {
    Mistake::new(
        &entry.span,
        format!("no {kind} matches `{}`", entry.value),
        nearest(&entry.value, names),
    )
}
