//! `application/x-www-form-urlencoded` (OpenAPI 3.2 §4.14.5).

use super::{Body, Encoding, Encodings};
use crate::args::Param;
use crate::error::{Error, Result};
use crate::style::{Style, natural, pairs, push_form_member};

pub(crate) fn form(value: &Param<'_>, encodings: &Encodings) -> Result<Body> {
    let Param::Map(members) = value else {
        return Err(Error::argument(
            "",
            "must be an object: it is sent as a form",
        ));
    };
    let mut all = Vec::new();
    for (name, member) in members {
        let style = member_style(member, encodings.get(name));
        match pairs(name, member, style, push_form_member) {
            Ok(pairs) => all.extend(pairs.iter().map(|(name, value)| format!("{name}={value}"))),
            Err(what) => return Err(Error::argument("", format!("`{name}` {what}")).inside(name)),
        }
    }
    Ok(Body::new(
        "application/x-www-form-urlencoded",
        all.join("&"),
    ))
}

/// The style that an encoding names, else the one that follows from type and value.
pub(crate) fn member_style(member: &Param<'_>, encoding: Encoding) -> Style {
    encoding
        .style
        .unwrap_or(match (member, encoding.content_type) {
            (Param::Null, _) => Style::FORM,
            (_, Some(media_type)) if is_json(media_type) => Style::JSON,
            _ => natural(member),
        })
}

pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.to_ascii_lowercase().ends_with("+json")
}
