//! Path parameters and templates.

use super::pairs::{delimiter, flat, refuse_delimiter};
use super::percent;
use super::style::{Kind, Style};
use crate::args::Param;

/// The characters that end a segment or the path; they are encoded even under `allowReserved`.
const ENDS: &[u8] = b"/?#";

/// One value as it stands in the path, or why it cannot stand there.
pub(super) fn value(name: &str, value: &Param<'_>, style: Style) -> Result<String, String> {
    let escape = |text: &str| {
        let mut out = String::new();
        if style.reserved {
            percent::push_reserved(&mut out, text, ENDS);
        } else {
            percent::push(&mut out, text);
        }
        out
    };
    if let Param::Text(text) | Param::Literal(text) = value
        && (percent::climbs(text) && !(text.is_empty() && style.kind == Kind::Matrix))
    {
        return Err(String::from(if text.is_empty() {
            "must not be empty: it is a segment of the path"
        } else {
            "must not be `.` or `..`: it is a segment of the path"
        }));
    }
    if style.kind == Kind::Json {
        return Ok(escape(&value.to_json()));
    }
    // Most values, for which nothing below makes a difference.
    if let (Param::Text(text) | Param::Literal(text), Kind::Simple) = (value, style.kind) {
        return within_segment(escape(text));
    }
    let texts = flat(value);
    if texts.is_empty() {
        return Err(String::from("must not be empty: it is part of the path"));
    }
    let is_scalar = matches!(value, Param::Text(_) | Param::Literal(_));
    if style.reserved && !is_scalar {
        refuse_delimiter(&texts, if style.kind == Kind::Label { "." } else { "," })?;
    }
    // Swagger 2.0 has `ssv`, `pipes` and `tsv` in paths too; there the delimiter is encoded like any other character.
    let is_delimited = matches!(style.kind, Kind::Space | Kind::Pipe | Kind::Tab);
    if is_delimited && !is_scalar {
        refuse_delimiter(&texts, delimiter(style.kind))?;
    }
    let is_map = matches!(value, Param::Map(_));
    let escaped: Vec<String> = texts.iter().map(|text| escape(text)).collect();
    // With `matrix` an empty value stands without `=` (RFC 6570 §3.2.7).
    let pair = |pair: &[String]| match pair {
        [name, text] if style.kind == Kind::Matrix && text.is_empty() => name.clone(),
        _ => pair.join("="),
    };
    let named: Vec<String> = if is_map {
        escaped.chunks(2).map(pair).collect()
    } else {
        escaped.clone()
    };
    let key = percent::encode(name);
    let out = match (style.kind, style.explode) {
        (Kind::Label, true) if is_scalar => format!(".{}", named.concat()),
        (Kind::Label, true) => {
            // An unescaped dot could not be told from the ones between the values.
            let dotted: Vec<_> = named.iter().map(|text| text.replace('.', "%2E")).collect();
            format!(".{}", dotted.join("."))
        }
        (Kind::Label, false) => format!(".{}", escaped.join(",")),
        (Kind::Matrix, true) if is_map => format!(";{}", named.join(";")),
        (Kind::Matrix, true) => named.iter().map(|text| matrix(&key, text)).collect(),
        (Kind::Matrix, false) => matrix(&key, &escaped.join(",")),
        _ if is_delimited => escaped.join(&percent::encode(delimiter(style.kind))),
        (_, true) => named.join(","),
        (_, false) => escaped.join(","),
    };
    within_segment(out)
}

/// What has been written, where it stays in its segment.
fn within_segment(written: String) -> Result<String, String> {
    match percent::climbs(&written) {
        true => Err(String::from(
            "must not be empty, `.` or `..`: it is a segment of the path",
        )),
        false => Ok(written),
    }
}

fn matrix(key: &str, text: &str) -> String {
    if text.is_empty() {
        format!(";{key}")
    } else {
        format!(";{key}={text}")
    }
}

/// What a template and its values make.
#[derive(Debug)]
pub(super) struct Expanded {
    /// Begins with `/`.
    pub(super) path: String,
    /// The fixed query, if there is one.
    pub(super) query: Option<String>,
}

/// Puts the values into the template. `Err` tells what is wrong with the template or its values.
pub(super) fn expand(template: &str, values: &[(String, String)]) -> Result<Expanded, String> {
    let template = template.split('#').next().unwrap_or_default();
    let (path, query) = match template.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (template, None),
    };
    let mut out = String::new();
    for segment in path.strip_prefix('/').unwrap_or(path).split('/') {
        let from = out.len() + 1;
        out.push('/');
        let mut rest = segment;
        while let Some((literal, after)) = rest.split_once('{') {
            percent::push_literal(&mut out, literal);
            let Some((name, after)) = after.split_once('}') else {
                return Err(format!("the template `{template}` has an open brace"));
            };
            let found = values.iter().find(|(own, _)| own == name);
            let Some((_, value)) = found else {
                return Err(format!(
                    "the template `{template}` has no value for `{name}`"
                ));
            };
            out.push_str(value);
            rest = after;
        }
        percent::push_literal(&mut out, rest);
        let written = out.get(from..).unwrap_or_default();
        if !segment.is_empty() && percent::climbs(written) {
            return Err(format!(
                "the segment `{segment}` of the path would become empty, `.` or `..`"
            ));
        }
    }
    let query = query.map(|query| {
        let mut out = String::new();
        percent::push_reserved(&mut out, query, b"#");
        out
    });
    Ok(Expanded { path: out, query })
}
