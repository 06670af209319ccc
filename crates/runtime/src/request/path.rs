//! Path parameters and templates.

use crate::args::Param;
use crate::style::{Kind, Style, delimiter, flat, form_text, joined, percent, refuse_delimiter};

/// The characters that end a segment or the path; they are encoded even under `allowReserved`.
const ENDS: &[u8] = b"/?#";

/// One value as it stands in the path, or why it cannot stand there.
pub(super) fn value(name: &str, value: &Param<'_>, style: Style) -> Result<String, String> {
    let value = &*joined(value, style)?;
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
    if style.kind == Kind::Urlencoded
        && let Some(text) = form_text(value).filter(|text| !text.is_empty())
    {
        return Ok(escape(&text));
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
    if template.matches('{').count() != template.matches('}').count() {
        return Err(format!("the template `{template}` has an open brace"));
    }
    let (path, query) = parts(template);
    let room: usize = values.iter().map(|(_, value)| value.len()).sum();
    let mut out = String::with_capacity(path.len() + room + 1);
    for segment in segments_of(path) {
        let from = out.len() + 1;
        out.push('/');
        for piece in pieces(segment) {
            match piece {
                Piece::Literal(text) => percent::push_literal(&mut out, text),
                Piece::Name(name) => out.push_str(find(template, values, name)?),
            }
        }
        let written = out.get(from..).unwrap_or_default();
        if !segment.is_empty() && percent::climbs(written) {
            return Err(format!(
                "the segment `{segment}` of the path would become empty, `.` or `..`"
            ));
        }
    }
    let query = query.map(|query| {
        let mut out = String::new();
        for piece in pieces(query) {
            match piece {
                Piece::Literal(text) => percent::push_reserved(&mut out, text, b"#'"),
                // What a path leaves unencoded would be a second pair or a space here.
                Piece::Name(name) => out.push_str(
                    &find(template, values, name)?
                        .replace('&', "%26")
                        .replace('+', "%2B"),
                ),
            }
        }
        Ok::<_, String>(out)
    });
    Ok(Expanded {
        path: out,
        query: query.transpose()?,
    })
}

fn find<'v>(template: &str, values: &'v [(String, String)], name: &str) -> Result<&'v str, String> {
    let found = values.iter().find(|(own, _)| own == name);
    found
        .map(|(_, value)| value.as_str())
        .ok_or_else(|| format!("the template `{template}` has no value for `{name}`"))
}

/// A piece of a template.
enum Piece<'t> {
    Literal(&'t str),
    /// What stood in braces.
    Name(&'t str),
}

/// Braces are balanced in templates: the compiler encodes those that hold no parameter.
fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    template.split('{').enumerate().flat_map(|(index, text)| {
        let (name, literal) = match text.split_once('}') {
            Some((name, literal)) if index > 0 => (Some(name), literal),
            _ => (None, text),
        };
        name.map(Piece::Name)
            .into_iter()
            .chain((!literal.is_empty()).then_some(Piece::Literal(literal)))
    })
}

/// Path and query of a template, without its fragment. A name in braces may hold any character.
fn parts(template: &str) -> (&str, Option<&str>) {
    let (template, _) = cut(template, b'#');
    cut(template, b'?')
}

/// The segments of a template's path.
pub(super) fn segments(template: &str) -> impl Iterator<Item = &str> {
    segments_of(parts(template).0)
}

fn segments_of(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path.strip_prefix('/').unwrap_or(path));
    std::iter::from_fn(move || {
        let (segment, after) = cut(rest?, b'/');
        rest = after;
        Some(segment)
    })
}

/// Splits at the first `end`, of ASCII, outside of braces.
fn cut(text: &str, end: u8) -> (&str, Option<&str>) {
    let mut inside = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'}' => inside = byte == b'{',
            _ if byte == end && !inside => return (&text[..at], text.get(at + 1..)),
            _ => {}
        }
    }
    (text, None)
}
