//! Values as name-value pairs: queries, cookies, forms.

use std::borrow::Cow;

use super::percent::{push_form, push_form_reserved};
use super::{Kind, Style};
use crate::args::Param;

/// Writes one piece of text in the way of the component; the flag asks for `allowReserved`.
pub(crate) type Escape = fn(&mut String, &str, bool);

/// The pairs of one parameter, escaped. `Err` says why the value has no unambiguous form.
pub(crate) fn pairs(
    name: &str,
    value: &Param<'_>,
    style: Style,
    escape: Escape,
) -> Result<Vec<(String, String)>, String> {
    let value = &*joined(value, style)?;
    let escaped = |text: &str| {
        let mut out = String::new();
        escape(&mut out, text, style.reserved);
        out
    };
    // Names are never reserved expansion: an `=` inside one would end it.
    let key = |text: &str| {
        let mut out = String::new();
        escape(&mut out, text, false);
        out
    };
    if style.kind == Kind::Json {
        return Ok(vec![(key(name), escaped(&value.to_json()))]);
    }
    if style.kind == Kind::Urlencoded
        && let Some(text) = form_text(value)
    {
        return Ok(vec![(key(name), escaped(&text))]);
    }
    let found = match value {
        Param::Null => Vec::new(),
        Param::Text(text) | Param::Literal(text) => vec![(key(name), escaped(text))],
        _ if style.kind == Kind::Deep => {
            let mut out = Vec::new();
            deep(name.to_owned(), value, &mut out);
            out.into_iter()
                .map(|(name, text)| (key(&name), escaped(&text)))
                .collect()
        }
        // The delimited styles have no exploded form of their own.
        Param::List(items) if style.explode => items
            .iter()
            .filter_map(|item| Some((key(name), escaped(&item.scalar()?))))
            .collect(),
        Param::Map(members) if style.explode => members
            .iter()
            .filter_map(|(member, item)| Some((key(member), escaped(&item.scalar()?))))
            .collect(),
        Param::List(_) | Param::Map(_) => {
            let texts = flat(value);
            let delimiter = delimiter(style.kind);
            if style.kind != Kind::Form || style.reserved {
                refuse_delimiter(&texts, delimiter)?;
            }
            let mut joined = String::new();
            for (index, text) in texts.iter().enumerate() {
                if index > 0 {
                    match style.kind {
                        Kind::Form => joined.push(','),
                        _ => escape(&mut joined, delimiter, false),
                    }
                }
                joined.push_str(&escaped(text));
            }
            if texts.is_empty() {
                Vec::new()
            } else {
                vec![(key(name), joined)]
            }
        }
    };
    if found.is_empty() && style.allow_empty {
        return Ok(vec![(key(name), String::new())]);
    }
    Ok(found)
}

/// A form as the text of one value; `None` when the value is no object.
pub(crate) fn form_text(value: &Param<'_>) -> Option<String> {
    let Param::Map(members) = value else {
        return None;
    };
    let mut all = Vec::new();
    for (name, member) in members {
        // Neither of the styles that stand without an encoding refuses a value.
        let found = pairs(name, member, natural(member), push_form_member).unwrap_or_default();
        all.extend(found.iter().map(|(name, value)| format!("{name}={value}")));
    }
    Some(all.join("&"))
}

/// How a form writes a member that nothing else is said about: lists repeat their name and objects go as JSON
/// (OpenAPI 3.2 §4.15.1).
pub(crate) fn natural(member: &Param<'_>) -> Style {
    match member {
        Param::Map(_) => Style::JSON,
        _ => Style::FORM,
    }
}

/// The [`Escape`] of forms.
pub(crate) fn push_form_member(out: &mut String, text: &str, reserved: bool) {
    match reserved {
        true => push_form_reserved(out, text),
        false => push_form(out, text),
    }
}

/// What stands between the values of a list that is not exploded.
pub(crate) fn delimiter(kind: Kind) -> &'static str {
    match kind {
        Kind::Space => " ",
        Kind::Pipe => "|",
        Kind::Tab => "\t",
        _ => ",",
    }
}

/// The value with the lists in its list as texts, where the style has a delimiter for them.
pub(crate) fn joined<'p, 'v>(
    value: &'p Param<'v>,
    style: Style,
) -> Result<Cow<'p, Param<'v>>, String> {
    let (Param::List(items), Some(kind)) = (value, style.items) else {
        return Ok(Cow::Borrowed(value));
    };
    let mut lists = Vec::with_capacity(items.len());
    for item in items {
        lists.push(match item {
            Param::List(_) => {
                let texts = flat(item);
                refuse_delimiter(&texts, delimiter(kind))?;
                Param::Text(Cow::Owned(texts.join(delimiter(kind))))
            }
            other => other.clone(),
        });
    }
    Ok(Cow::Owned(Param::List(lists)))
}

/// The elements, or names and values in turn; `null` has no form and is left out (RFC 6570 §2.3).
pub(crate) fn flat(value: &Param<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    match value {
        Param::List(items) => texts.extend(
            items
                .iter()
                .filter_map(|item| Some(item.scalar()?.into_owned())),
        ),
        Param::Map(members) => {
            for (name, member) in members {
                if let Some(text) = member.scalar() {
                    texts.push(name.clone().into_owned());
                    texts.push(text.into_owned());
                }
            }
        }
        other => texts.extend(other.scalar().map(|text| text.into_owned())),
    }
    texts
}

/// Once written, such a delimiter could not be told from the ones between the values.
pub(crate) fn refuse_delimiter(texts: &[String], delimiter: &str) -> Result<(), String> {
    if texts.iter().any(|text| text.contains(delimiter)) {
        return Err(format!(
            "must not contain {delimiter:?} inside a value: it separates the values here"
        ));
    }
    Ok(())
}

/// `a[b][0]=…`; depth is bounded by the reader of the arguments.
fn deep(name: String, value: &Param<'_>, out: &mut Vec<(String, String)>) {
    match value {
        Param::Null => {}
        Param::Text(text) | Param::Literal(text) => out.push((name, text.clone().into_owned())),
        Param::List(items) => {
            for (index, item) in items.iter().enumerate() {
                deep(format!("{name}[{index}]"), item, out);
            }
        }
        Param::Map(members) => {
            for (member, item) in members {
                deep(format!("{name}[{member}]"), item, out);
            }
        }
    }
}
