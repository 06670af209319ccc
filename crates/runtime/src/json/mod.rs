//! A JSON tree that borrows from the text it was read from.
//!
//! Arguments are checked, decoded and sent on from one and the same tree: numbers keep their text, members
//! their order, and any part can go on as the exact slice that came in (RFC 8259).

mod budget;
mod number;
mod parse;
mod schema_node;
mod write;

use std::borrow::Cow;

pub(crate) use budget::Budget;
pub use number::{canonical_integer, is_integer};
pub(crate) use schema_node::Borrowed;
pub(crate) use write::{push_string, push_string_ascii};

use crate::error::{Error, Result};

/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 128;
/// The most values that one text may hold; each costs about 50 bytes of memory.
pub const MAX_VALUES: usize = 1_000_000;
/// Objects up to this size are searched by a scan, larger ones by a sorted index.
const SCAN: usize = 16;

/// One value together with its text.
#[derive(Clone, Debug)]
pub struct Value<'a> {
    text: &'a str,
    kind: Kind<'a>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Kind<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written.
    Number(&'a str),
    /// A string, without its escapes.
    String(Cow<'a, str>),
    /// The elements.
    Array(Vec<Value<'a>>),
    /// The members.
    Object(Object<'a>),
}

/// The members of an object, in their order, each name once.
#[derive(Clone, Debug, Default)]
pub struct Object<'a> {
    members: Vec<(Cow<'a, str>, Value<'a>)>,
    /// Positions sorted by name; only for objects too large for a scan.
    sorted: Vec<u32>,
}

impl<'a> Value<'a> {
    /// Reads one JSON text strictly (RFC 8259): no duplicate names, no lone surrogates, nothing after the value,
    /// at most [`MAX_DEPTH`] levels and [`MAX_VALUES`] values. The error says line, column and what is wrong.
    pub fn parse(text: &'a str) -> Result<Self> {
        parse::parse(text)
    }

    pub(crate) fn new(text: &'a str, kind: Kind<'a>) -> Self {
        Self { text, kind }
    }

    /// The exact text of this value.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// What the value is.
    pub fn kind(&self) -> &Kind<'a> {
        &self.kind
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The elements, if this is an array.
    pub fn as_array(&self) -> Option<&[Value<'a>]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The string, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of the number, if this is one.
    pub fn as_number(&self) -> Option<&'a str> {
        match &self.kind {
            Kind::Number(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The value with its article, for messages: `a string`, `null`.
    pub fn described(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(text) if is_integer(text) => "an integer",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }

    /// The value at a JSON pointer (RFC 6901).
    pub fn at(&self, pointer: &str) -> Option<&Value<'a>> {
        let mut here = self;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            here = match &here.kind {
                Kind::Object(object) => object.get(&token)?,
                Kind::Array(items) => items.get(token.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(here)
    }

    /// The value as JSON text without white space; numbers and strings as they were written.
    pub fn compact(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        write::push_compact(&mut out, self);
        out
    }
}

impl<'a> Object<'a> {
    /// The index is sorted here, and so are duplicate names found: no hash that a sender could force to collide.
    pub(crate) fn new(members: Vec<(Cow<'a, str>, Value<'a>)>) -> Result<Self, String> {
        let twice = |name: &str| Err(name.to_owned());
        if members.len() <= SCAN {
            for (index, (name, _)) in members.iter().enumerate() {
                if members.iter().take(index).any(|(other, _)| other == name) {
                    return twice(name);
                }
            }
            return Ok(Self {
                members,
                sorted: Vec::new(),
            });
        }
        let name_of = |index: &u32| members.get(*index as usize).map(|(name, _)| name.as_ref());
        let mut sorted: Vec<u32> = (0..).take(members.len()).collect();
        sorted.sort_unstable_by(|a, b| name_of(a).cmp(&name_of(b)));
        for (a, b) in sorted.iter().zip(sorted.iter().skip(1)) {
            if name_of(a) == name_of(b) {
                return twice(name_of(a).unwrap_or_default());
            }
        }
        Ok(Self { members, sorted })
    }

    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        let found = if self.sorted.is_empty() {
            self.members.iter().find(|(other, _)| other == name)
        } else {
            let position = self.sorted.binary_search_by(|index| {
                let (other, _) = &self.members[*index as usize];
                other.as_ref().cmp(name)
            });
            position.ok().and_then(|position| {
                let index = self.sorted.get(position)?;
                self.members.get(*index as usize)
            })
        };
        found.map(|(_, value)| value)
    }

    /// Name and value of each member, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value<'a>)> {
        self.members
            .iter()
            .map(|(name, value)| (name.as_ref(), value))
    }

    pub(crate) fn members(&self) -> &[(Cow<'a, str>, Value<'a>)] {
        &self.members
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Reads the text of a string, a number… that is known to be JSON, such as a schema compiled in.
pub(crate) fn trusted<'a>(what: &str, text: &'a str) -> Result<Value<'a>> {
    Value::parse(text).map_err(|error| Error::gateway(format!("{what}: {}", error.message())))
}
