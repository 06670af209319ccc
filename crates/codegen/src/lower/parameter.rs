//! What one parameter says about itself.

use toolwright_document::Json;

use crate::model::{Location, Parameter};
use crate::problem::Problems;
use crate::text::clean;

pub(super) fn kind(place: Location) -> &'static str {
    match place {
        Location::Path => "Path parameter",
        Location::Query => "Query parameter",
        Location::QueryString => "The query:",
        Location::Header => "Header",
        Location::Cookie => "Cookie",
    }
}

/// What a parameter without a schema takes: JSON where its `content` is JSON, else a string.
pub(super) fn default_type(parameter: &Parameter<'_>) -> Option<&'static str> {
    match parameter.media_type.as_deref().map(super::media::kind) {
        Some(super::media::Kind::Json | super::media::Kind::Open) => None,
        _ => Some("string"),
    }
}

/// What the parameter says about itself, which counts more than what its schema says.
pub(super) fn notes(
    parameter: &Parameter<'_>,
    problems: &mut Problems,
) -> Vec<(&'static str, Json)> {
    let mut notes = Vec::new();
    if let Some(text) = &parameter.description {
        let (clean, removed) = clean(text);
        if removed {
            let message = "`description` holds invisible or bidirectional control characters; they are taken out";
            problems.warn(parameter.at, message);
        }
        let text = super::prose::bounded(clean.trim(), 8_000);
        if !text.is_empty() {
            notes.push(("description", Json::from(text)));
        }
    }
    if parameter.deprecated {
        notes.push(("deprecated", Json::Bool(true)));
    }
    if let Some(example) = parameter.example {
        let example = example.to_json();
        if example.compact().len() <= 1_000 {
            notes.push(("examples", Json::Array(vec![example])));
        }
    }
    notes
}

pub(super) fn mirror(parameter: &Parameter<'_>) -> Option<String> {
    let text = parameter.at.get("x-mcp-header")?.as_str()?;
    crate::text::is_token(text).then(|| text.to_owned())
}
