//! Parameter styles as the runtime calls them.

use super::media::{self, Kind};
use crate::model::{Location, Parameter, ParameterStyle};

/// What a value consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One text.
    Scalar,
    /// Elements.
    List,
    /// Anything else.
    Other,
}

/// The method of the request and, where it is not the default of the place, the style.
pub(super) fn call(parameter: &Parameter<'_>, form: Form) -> (&'static str, Option<String>) {
    let style = style(parameter, form);
    match (parameter.location, style.is_some()) {
        (Location::Path, false) => ("path", None),
        (Location::Path, true) => ("path_as", style),
        (Location::Query, false) => ("query", None),
        (Location::Query, true) => ("query_as", style),
        (Location::QueryString, false) => ("query_string", None),
        (Location::QueryString, true) => ("query_string_as", style),
        (Location::Header, false) => ("header", None),
        (Location::Header, true) => ("header_as", style),
        (Location::Cookie, false) => ("cookie", None),
        (Location::Cookie, true) => ("cookie_as", style),
    }
}

fn style(parameter: &Parameter<'_>, form: Form) -> Option<String> {
    let (default, flat) = match parameter.location {
        Location::Path | Location::Header => ("SIMPLE", form != Form::Other),
        Location::Query | Location::QueryString | Location::Cookie => {
            ("FORM", form == Form::Scalar)
        }
    };
    let named = match parameter.style {
        ParameterStyle::Content => content(parameter, form, default),
        style if fits(style, parameter.location) => name(style, parameter.explode),
        _ if default == "SIMPLE" => name(ParameterStyle::Simple, parameter.explode),
        _ => name(ParameterStyle::Form, parameter.explode),
    };
    // For values without parts the exploded and the plain form are the same.
    let same = match named {
        // A list in a path or header is the same exploded or not, but for its delimiter.
        "SPACES" | "PIPES" | "TABS" => form == Form::Scalar,
        "SIMPLE_EXPLODED" | "CSV" | "DEEP_OBJECT" => flat,
        _ => false,
    };
    let mut words = if same {
        default.to_owned()
    } else {
        named.to_owned()
    };
    let plain = words == default;
    if parameter.allow_reserved {
        words.push_str(".reserved()");
    }
    if parameter.allow_empty_value {
        words.push_str(".allow_empty()");
    }
    let inner = items(&parameter.items).filter(|_| form != Form::Scalar);
    let plain = plain && inner.is_none();
    words.extend(inner);
    match plain && !parameter.allow_reserved && !parameter.allow_empty_value {
        true => None,
        false => Some(format!("Style::{words}")),
    }
}

/// How a value in a media type is written: text as it is, whatever it is text of (OpenAPI 3.2 §4.12.3).
fn content(parameter: &Parameter<'_>, form: Form, default: &'static str) -> &'static str {
    let name = parameter.media_type.as_deref().unwrap_or_default();
    match media::kind(name) {
        Kind::Json => "JSON",
        Kind::Form if parameter.location == Location::QueryString => default,
        Kind::Form => "URLENCODED",
        // What nobody knows is text where its schema is, and else JSON, as in bodies.
        Kind::Open if form != Form::Scalar || media::is_range(name) => "JSON",
        _ => default,
    }
}

/// Whether the specification knows the style in this place (OpenAPI 3.2 §4.12.4; Swagger 2.0 has its delimiters
/// everywhere).
fn fits(style: ParameterStyle, place: Location) -> bool {
    use ParameterStyle::{Cookie, DeepObject, Form, Label, Matrix, Simple};
    match style {
        Label | Matrix => place == Location::Path,
        Simple => matches!(place, Location::Path | Location::Header),
        Form | DeepObject => matches!(
            place,
            Location::Query | Location::QueryString | Location::Cookie
        ),
        Cookie => place == Location::Cookie,
        _ => true,
    }
}

/// What is said of lists within the list; further levels are a loss.
pub(super) fn items(styles: &[ParameterStyle]) -> Option<String> {
    let inner = styles.first()?;
    Some(format!(".items(Style::{})", name(*inner, false)))
}

/// The loss of a list that has more levels than can be written.
pub(super) fn lost(
    styles: &[ParameterStyle],
    at: toolwright_document::Cursor<'_>,
    of: &str,
) -> Option<crate::report::Loss> {
    let message = format!(
        "lists of `{of}` have more than two levels; the third is written as JSON, for there is no delimiter left"
    );
    (styles.len() > 1).then(|| super::loss_at(at, message))
}

/// The constant of the runtime.
pub(super) fn name(style: ParameterStyle, explode: bool) -> &'static str {
    match (style, explode) {
        (ParameterStyle::Simple, false) => "SIMPLE",
        (ParameterStyle::Simple, true) => "SIMPLE_EXPLODED",
        (ParameterStyle::Label, false) => "LABEL",
        (ParameterStyle::Label, true) => "LABEL_EXPLODED",
        (ParameterStyle::Matrix, false) => "MATRIX",
        (ParameterStyle::Matrix, true) => "MATRIX_EXPLODED",
        (ParameterStyle::Form, true) => "FORM",
        (ParameterStyle::Form, false) => "CSV",
        (ParameterStyle::Cookie, true) => "COOKIE",
        (ParameterStyle::Cookie, false) => "COOKIE_CSV",
        // The delimited styles have no exploded form of their own (OpenAPI 3.2 §4.12.6).
        (
            ParameterStyle::SpaceDelimited
            | ParameterStyle::PipeDelimited
            | ParameterStyle::TabDelimited,
            true,
        ) => "FORM",
        (ParameterStyle::SpaceDelimited, false) => "SPACES",
        (ParameterStyle::PipeDelimited, false) => "PIPES",
        (ParameterStyle::TabDelimited, false) => "TABS",
        (ParameterStyle::DeepObject, _) => "DEEP_OBJECT",
        (ParameterStyle::Content, _) => "JSON",
    }
}
