//! Encoding objects as the runtime is told of them (OpenAPI 3.2 §4.15).

use crate::ir::{Call, Expr};
use crate::model::{Encoding, Parameter};

/// The style of a property, where the description gives one.
pub(super) fn style(encoding: &Encoding<'_>) -> Option<String> {
    let (style, explode) = encoding.style?;
    let reserved = if encoding.allow_reserved {
        ".reserved()"
    } else {
        ""
    };
    let style = super::style::name(style, explode);
    let items = super::style::items(&encoding.items).unwrap_or_default();
    Some(format!("Style::{style}{reserved}{items}"))
}

/// The call that says how a property that is no file is written: its style, else its media type.
pub(super) fn call(name: &str, encoding: &Encoding<'_>) -> Option<Call> {
    let property = Expr::Text(name.to_owned());
    if let Some(style) = style(encoding) {
        return Some(Call {
            method: "encode",
            values: vec![property, Expr::Fixed(style)],
        });
    }
    let one = |content_type: &&str| !content_type.contains(['*', ',']);
    let content_type = encoding.content_type.as_deref().filter(one)?;
    Some(Call {
        method: "part_type",
        values: vec![property, Expr::Text(content_type.to_owned())],
    })
}

/// The members of a whole query string.
pub(super) fn of_query(parameter: &Parameter<'_>) -> Vec<Call> {
    let encodings = parameter.encoding.iter();
    match parameter.location {
        crate::model::Location::QueryString => encodings
            .filter_map(|(name, encoding)| call(name, encoding))
            .collect(),
        _ => Vec::new(),
    }
}
