//! XML bodies from the `xml` hints of a schema (OpenAPI 3.2 §4.26).

use std::borrow::Cow;

use super::Body;
use crate::args::Param;
use crate::error::{Error, Result};

/// How a schema's values are written as XML. A `static`, so that recursive schemas can refer to themselves.
#[derive(Clone, Copy, Debug)]
pub struct XmlHints {
    /// The element's or attribute's name; the property's own where empty.
    pub name: &'static str,
    /// The URI of its namespace.
    pub namespace: Option<&'static str>,
    /// The prefix of its name.
    pub prefix: Option<&'static str>,
    /// Whether it is an attribute of the element around it.
    pub attribute: bool,
    /// Whether a list has an element of its own around its items.
    pub wrapped: bool,
    /// Whether it is the text of the element around it.
    pub text: bool,
    /// The hints of the properties that have any.
    pub properties: &'static [(&'static str, &'static XmlHints)],
    /// The hints of a list's items.
    pub items: Option<&'static XmlHints>,
}

impl XmlHints {
    /// No hints: elements named as the properties are.
    pub const NONE: Self = Self {
        name: "",
        namespace: None,
        prefix: None,
        attribute: false,
        wrapped: false,
        text: false,
        properties: &[],
        items: None,
    };

    fn property(&self, name: &str) -> &'static XmlHints {
        let found = self.properties.iter().find(|(own, _)| *own == name);
        found.map_or(&Self::NONE, |(_, hints)| hints)
    }
}

pub(crate) fn xml(value: &Param<'_>, hints: &XmlHints) -> Result<Body> {
    Ok(Body::new(
        "application/xml",
        document(value, hints, "root")?,
    ))
}

/// A document whose root is called `root` where the hints do not name it.
pub(super) fn document(value: &Param<'_>, hints: &XmlHints, root: &str) -> Result<String> {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    let root = match hints.name {
        "" => root,
        name => name,
    };
    match value {
        // A document has one root: a list at the top is always wrapped.
        Param::List(items) => list(&mut out, root, items, hints, true)?,
        _ => element(&mut out, root, value, hints)?,
    }
    Ok(out)
}

/// Depth is bounded by the reader of the arguments.
fn element(out: &mut String, name: &str, value: &Param<'_>, hints: &XmlHints) -> Result<()> {
    let tag = open(out, name, hints)?;
    let Param::Map(members) = value else {
        out.push('>');
        push_text(out, &value.scalar().unwrap_or_default())?;
        out.push_str(&format!("</{tag}>"));
        return Ok(());
    };
    for (name, member) in members {
        let hints = hints.property(name);
        if hints.attribute
            && let Some(text) = member.scalar()
        {
            if let Some(namespace) = hints.namespace {
                push_namespace(out, hints.prefix, namespace)?;
            }
            out.push_str(&format!(" {}=\"", qualified(name, hints)?));
            push_text(out, &text).map_err(|error| error.inside(name))?;
            out.push('"');
        }
    }
    out.push('>');
    for (name, member) in members {
        let hints = hints.property(name);
        if hints.attribute {
            continue;
        }
        let written = match member {
            Param::List(items) => list(out, name, items, hints, hints.wrapped),
            _ if hints.text => push_text(out, &member.scalar().unwrap_or_default()),
            _ => element(out, name, member, hints),
        };
        written.map_err(|error| error.inside(name))?;
    }
    out.push_str(&format!("</{tag}>"));
    Ok(())
}

/// The items' own name is for the items; a list's name is for its wrapper, and without one it names nothing
/// but stands in where the items have none.
fn list(
    out: &mut String,
    name: &str,
    items: &[Param<'_>],
    hints: &XmlHints,
    wrapped: bool,
) -> Result<()> {
    let of_items = hints.items.unwrap_or(&XmlHints::NONE);
    let tag = if wrapped {
        let tag = open(out, name, hints)?;
        out.push('>');
        Some(tag)
    } else {
        None
    };
    for (index, item) in items.iter().enumerate() {
        let written = match item {
            Param::List(nested) => list(out, name, nested, of_items, of_items.wrapped),
            _ => element(out, name, item, of_items),
        };
        written.map_err(|error| error.inside(&index.to_string()))?;
    }
    if let Some(tag) = tag {
        out.push_str(&format!("</{tag}>"));
    }
    Ok(())
}

/// Writes `<tag xmlns…` without the end of the tag.
fn open(out: &mut String, name: &str, hints: &XmlHints) -> Result<String> {
    let tag = qualified(name, hints)?;
    out.push('<');
    out.push_str(&tag);
    if let Some(namespace) = hints.namespace {
        push_namespace(out, hints.prefix, namespace)?;
    }
    Ok(tag)
}

fn push_namespace(out: &mut String, prefix: Option<&str>, namespace: &str) -> Result<()> {
    match prefix {
        Some(prefix) => out.push_str(&format!(" xmlns:{prefix}=\"")),
        None => out.push_str(" xmlns=\""),
    }
    push_text(out, namespace)?;
    out.push('"');
    Ok(())
}

fn qualified(name: &str, hints: &XmlHints) -> Result<String> {
    let name = if hints.name.is_empty() {
        name
    } else {
        hints.name
    };
    if !is_name(name) {
        return Err(Error::argument(
            "",
            format!("`{name}` cannot be the name of an XML element"),
        ));
    }
    Ok(match hints.prefix {
        Some(prefix) => format!("{prefix}:{name}"),
        None => name.to_owned(),
    })
}

/// The names of XML 1.0 §2.3, without the colon that prefixes are for.
fn is_name(name: &str) -> bool {
    let starts = |c: char| c.is_alphabetic() || c == '_';
    let continues = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}');
    name.starts_with(starts) && name.chars().all(continues)
}

/// Escapes text for elements and attributes alike; XML 1.0 §2.2 has no control characters.
fn push_text(out: &mut String, text: &str) -> Result<()> {
    for character in text.chars() {
        let escaped = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\r' => "&#13;",
            '\n' => "&#10;",
            '\t' => "&#9;",
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                let shown = Cow::<str>::Owned(format!("U+{:04X}", u32::from(character)));
                let message = format!("holds the character {shown}, which XML cannot carry");
                return Err(Error::argument("", message));
            }
            _ => {
                out.push(character);
                continue;
            }
        };
        out.push_str(escaped);
    }
    Ok(())
}
