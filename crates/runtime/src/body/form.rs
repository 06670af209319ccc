//! `application/x-www-form-urlencoded` (OpenAPI 3.2 §4.14.5).

use super::{Body, Encodings};
use crate::args::Param;
use crate::error::{Error, Result};
use crate::request::{Style, pairs, push_form};

pub(crate) fn form(value: &Param<'_>, encodings: &Encodings) -> Result<Body> {
    let Param::Map(members) = value else {
        return Err(Error::argument(
            "",
            "must be an object: it is sent as a form",
        ));
    };
    let mut all = Vec::new();
    for (name, member) in members {
        let encoding = encodings.get(name);
        // Without a style, lists repeat their name and objects go as JSON.
        let style = encoding
            .style
            .unwrap_or(match (member, encoding.content_type) {
                (Param::Map(_), _) => Style::JSON,
                (Param::Null, _) => Style::FORM,
                (_, Some(media_type)) if is_json(media_type) => Style::JSON,
                _ => Style::FORM,
            });
        let escape = |out: &mut String, text: &str, _: bool| push_form(out, text);
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

pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.to_ascii_lowercase().ends_with("+json")
}
