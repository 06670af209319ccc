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
    /// Whether it is a CDATA section of the element around it.
    pub cdata: bool,
    /// Whether an object has no element of its own, and its members stand in the element around it.
    pub inline: bool,
    /// The hints of the properties that have any.
    pub properties: &'static [(&'static str, &'static XmlHints)],
    /// The hints of a list's first items, one after the other.
    pub first_items: &'static [&'static XmlHints],
    /// The hints of a list's further items.
    pub items: Option<&'static XmlHints>,
}

/// The namespace of `xsi:nil`.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

impl XmlHints {
    /// No hints: elements named as the properties are.
    pub const NONE: Self = Self {
        name: "",
        namespace: None,
        prefix: None,
        attribute: false,
        wrapped: false,
        text: false,
        cdata: false,
        inline: false,
        properties: &[],
        first_items: &[],
        items: None,
    };

    fn property(&self, name: &str) -> &'static XmlHints {
        let found = self.properties.iter().find(|(own, _)| *own == name);
        found.map_or(&Self::NONE, |(_, hints)| hints)
    }

    fn item(&self, index: usize) -> &'static XmlHints {
        let first = self.first_items.get(index).copied();
        first.or(self.items).unwrap_or(&Self::NONE)
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
    let mut declared = Vec::new();
    let tag = open(out, name, hints, &mut declared)?;
    match value {
        Param::Null => {
            out.push_str(&format!(" xmlns:xsi=\"{XSI}\" xsi:nil=\"true\"/>"));
            return Ok(());
        }
        Param::Map(members) => {
            attributes(out, members, hints, &mut declared)?;
            out.push('>');
            children(out, members, hints)?;
        }
        _ => {
            out.push('>');
            push_text(out, &value.scalar().unwrap_or_default())?;
        }
    }
    out.push_str(&format!("</{tag}>"));
    Ok(())
}

/// The namespaces that one element has declared, by prefix.
type Declared<'n> = Vec<(Option<Cow<'n, str>>, &'n str)>;
type Members<'v> = [(Cow<'v, str>, Param<'v>)];

fn attributes(
    out: &mut String,
    members: &Members<'_>,
    hints: &XmlHints,
    declared: &mut Declared<'static>,
) -> Result<()> {
    for (name, member) in members {
        let hints = hints.property(name);
        if let (true, Param::Map(members)) = (hints.inline, member) {
            attributes(out, members, hints, declared)?;
        }
        if hints.attribute
            && let Some(text) = member.scalar()
        {
            let tag = match hints.namespace {
                // Without a prefix an attribute is in no namespace (Namespaces in XML 1.0 §6.2).
                Some(namespace) => {
                    let own = format!("ns{}", declared.len());
                    let prefix = hints.prefix.map_or(Cow::Owned(own), Cow::Borrowed);
                    declare(out, Some(prefix.clone()), namespace, declared)?;
                    qualified(name, hints, Some(&prefix))?
                }
                None => qualified(name, hints, hints.prefix)?,
            };
            out.push_str(&format!(" {tag}=\""));
            push_text(out, &text).map_err(|error| error.inside(name))?;
            out.push('"');
        }
    }
    Ok(())
}

fn children(out: &mut String, members: &Members<'_>, hints: &XmlHints) -> Result<()> {
    for (name, member) in members {
        let hints = hints.property(name);
        if hints.attribute {
            continue;
        }
        let written = match member {
            Param::List(items) => list(out, name, items, hints, hints.wrapped),
            _ => node(out, name, member, hints),
        };
        written.map_err(|error| error.inside(name))?;
    }
    Ok(())
}

/// An element, text, or what stands for it.
fn node(out: &mut String, name: &str, value: &Param<'_>, hints: &XmlHints) -> Result<()> {
    match value {
        _ if hints.text => push_text(out, &value.scalar().unwrap_or_default()),
        _ if hints.cdata => push_cdata(out, &value.scalar().unwrap_or_default()),
        Param::Map(members) if hints.inline => children(out, members, hints),
        Param::Null if hints.inline => Ok(()),
        _ => element(out, name, value, hints),
    }
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
    let tag = if wrapped {
        let tag = open(out, name, hints, &mut Vec::new())?;
        out.push('>');
        Some(tag)
    } else {
        None
    };
    // An item without a name of its own takes that of the list's element (OpenAPI 3.2 §4.26.3).
    let name = match (wrapped, hints.name) {
        (false, _) | (true, "") => name,
        (true, own) => own,
    };
    for (index, item) in items.iter().enumerate() {
        let of_item = hints.item(index);
        let written = match item {
            Param::List(nested) => list(out, name, nested, of_item, of_item.wrapped),
            _ => node(out, name, item, of_item),
        };
        written.map_err(|error| error.inside(&index.to_string()))?;
    }
    if let Some(tag) = tag {
        out.push_str(&format!("</{tag}>"));
    }
    Ok(())
}

/// Writes `<tag xmlns…` without the end of the tag.
fn open(
    out: &mut String,
    name: &str,
    hints: &XmlHints,
    declared: &mut Declared<'static>,
) -> Result<String> {
    let tag = qualified(name, hints, hints.prefix)?;
    out.push('<');
    out.push_str(&tag);
    if let Some(namespace) = hints.namespace {
        declare(out, hints.prefix.map(Cow::Borrowed), namespace, declared)?;
    }
    Ok(tag)
}

/// Declares a namespace once for each element.
fn declare(
    out: &mut String,
    prefix: Option<Cow<'static, str>>,
    namespace: &'static str,
    declared: &mut Declared<'static>,
) -> Result<()> {
    match declared.iter().find(|(known, _)| *known == prefix) {
        Some((_, known)) if *known == namespace => return Ok(()),
        Some((_, known)) => {
            let message = format!(
                "the prefix `{}` stands for both `{known}` and `{namespace}` in one element",
                prefix.unwrap_or_default()
            );
            return Err(Error::argument("", message));
        }
        None => {}
    }
    match &prefix {
        Some(prefix) => out.push_str(&format!(" xmlns:{prefix}=\"")),
        None => out.push_str(" xmlns=\""),
    }
    push_text(out, namespace)?;
    out.push('"');
    declared.push((prefix, namespace));
    Ok(())
}

fn qualified(name: &str, hints: &XmlHints, prefix: Option<&str>) -> Result<String> {
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
    Ok(match prefix {
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

/// A CDATA section; what one cannot hold, its own end and carriage returns, stands between two.
fn push_cdata(out: &mut String, text: &str) -> Result<()> {
    text.chars().try_for_each(check)?;
    let text = text.replace("]]>", "]]]]><![CDATA[>");
    let text = text.replace('\r', "]]>&#13;<![CDATA[");
    out.push_str(&format!("<![CDATA[{text}]]>"));
    Ok(())
}

/// XML 1.0 §2.2 has no control characters.
fn check(character: char) -> Result<()> {
    match character {
        '\t' | '\n' | '\r' => Ok(()),
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
            let shown = format!("U+{:04X}", u32::from(character));
            let message = format!("holds the character {shown}, which XML cannot carry");
            Err(Error::argument("", message))
        }
        _ => Ok(()),
    }
}

/// Escapes text for elements and attributes alike.
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
            _ => {
                check(character)?;
                out.push(character);
                continue;
            }
        };
        out.push_str(escaped);
    }
    Ok(())
}
