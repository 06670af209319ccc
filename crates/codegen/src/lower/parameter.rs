//! What one parameter says about itself.

use toolwright_document::Json;

use super::media::{self, Kind};
use crate::model::{Location, Parameter};
use crate::problem::Problems;
use crate::report::Report;
use crate::schema::{Graph, Id, Types};
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
    match parameter.media_type.as_deref() {
        Some(name) if media::kind(name) == Kind::Json || media::is_range(name) => None,
        _ => Some("string"),
    }
}

/// Whether no encoder can write the `content` of a parameter, so that its argument is the text itself.
pub(super) fn is_hand_written(parameter: &Parameter<'_>, graph: &Graph<'_>, id: Id) -> bool {
    let Some(name) = parameter.media_type.as_deref() else {
        return false;
    };
    let types = graph.merged(id).types();
    let structured = types.contains(Types::OBJECT) || types.contains(Types::ARRAY);
    structured
        && match media::kind(name) {
            Kind::Json | Kind::Form => false,
            // A vendor's type is JSON where it has a structure, as in bodies.
            Kind::Open => graph.is_open(id) && !media::is_range(name),
            _ => true,
        }
}

/// The schema of such an argument, which says what to write.
pub(super) fn hand_written<'d>(
    parameter: &Parameter<'d>,
    graph: &mut Graph<'d>,
    id: Id,
    notes: &mut Vec<(&'static str, Json)>,
) -> Id {
    let name = parameter.media_type.as_deref().unwrap_or_default();
    let own = notes.iter().position(|(name, _)| *name == "description");
    let own = own.map(|at| notes.remove(at).1);
    let own = own.as_ref().and_then(Json::as_str);
    let text = match own.or(graph.merged(id).text("description")) {
        Some(text) => format!("{text}\n\nText in `{name}`."),
        None => format!("Text in `{name}`."),
    };
    notes.push(("description", Json::from(text)));
    graph.simple(parameter.at, Some("string"))
}

/// Says that its schema is not shown. Text is meant to be written by hand, XML and its like by their schemas.
pub(super) fn unseen(
    parameter: &Parameter<'_>,
    graph: &Graph<'_>,
    id: Id,
    problems: &mut Problems,
    report: &mut Report,
) {
    if graph.is_open(id) {
        return;
    }
    let media_type = parameter.media_type.as_deref().unwrap_or_default();
    let message = format!(
        "the argument of the parameter `{}` is text in `{media_type}`; its schema is not shown",
        parameter.name
    );
    match media::kind(media_type) {
        Kind::Text => {
            problems.notice(parameter.at, message);
        }
        _ => report.losses.push(super::loss_at(parameter.at, message)),
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
