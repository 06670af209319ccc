//! `application/x-www-form-urlencoded` (OpenAPI 3.2 §4.14.5).

use super::{Body, Encoding, Encodings};
use crate::args::Param;
use crate::error::{Error, Result};
use crate::request::{Style, pairs, push_form, push_form_reserved};

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
        match pairs(name, member, style, escape) {
            Ok(pairs) => all.extend(pairs.iter().map(|(name, value)| format!("{name}={value}"))),
            Err(what) => return Err(Error::argument("", format!("`{name}` {what}")).inside(name)),
        }
    }
    Ok(Body::new(
        "application/x-www-form-urlencoded",
        all.join("&"),
    ))
}

/// Without a style, lists repeat their name and objects go as JSON (OpenAPI 3.2 §4.15.1).
pub(crate) fn member_style(member: &Param<'_>, encoding: Encoding) -> Style {
    encoding
        .style
        .unwrap_or(match (member, encoding.content_type) {
            (Param::Map(_), _) => Style::JSON,
            (Param::Null, _) => Style::FORM,
            (_, Some(media_type)) if is_json(media_type) => Style::JSON,
            _ => Style::FORM,
        })
}

/// A form as the text of one value; `None` when the value is no object.
pub(crate) fn form_text(value: &Param<'_>) -> Option<String> {
    let Param::Map(members) = value else {
        return None;
    };
    let mut all = Vec::new();
    for (name, member) in members {
        let style = member_style(member, Encoding::default());
        // Neither of the styles that stand without an encoding refuses a value.
        let found = pairs(name, member, style, escape).unwrap_or_default();
        all.extend(found.iter().map(|(name, value)| format!("{name}={value}")));
    }
    Some(all.join("&"))
}

fn escape(out: &mut String, text: &str, reserved: bool) {
    match reserved {
        true => push_form_reserved(out, text),
        false => push_form(out, text),
    }
}

pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.to_ascii_lowercase().ends_with("+json")
}
