//! Bodies that are written rather than passed on.

mod form;
mod lines;
mod multipart;
mod range;
mod xml;

use std::borrow::Cow;

use bytes::Bytes;

pub(crate) use form::{form, member_style};
pub(crate) use lines::json_lines;
pub(crate) use multipart::{is_media_type, multipart};
pub(crate) use range::media_type;
pub use xml::XmlHints;
pub(crate) use xml::xml;

use crate::style::Style;

/// A body and its media type.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) media_type: Cow<'static, str>,
    pub(crate) bytes: Bytes,
    /// Whether the media type is complete, as with a boundary, and nothing may replace it.
    pub(crate) fixed: bool,
}

impl Body {
    pub(crate) fn new(media_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        Self {
            media_type: Cow::Borrowed(media_type),
            bytes: bytes.into(),
            fixed: false,
        }
    }
}

/// The encoding objects of a body (OpenAPI 3.2 §4.15).
#[derive(Clone, Debug, Default)]
pub(crate) struct Encodings {
    properties: Vec<(&'static str, Encoding)>,
    others: Encoding,
    /// Property, name and value of the headers that parts have besides their type.
    headers: Vec<(&'static str, &'static str, &'static str)>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Encoding {
    pub(crate) style: Option<Style>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) file: FilePart,
    /// How a part of an XML type is written.
    pub(crate) xml: Option<&'static XmlHints>,
}

/// Whether a part is a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FilePart {
    #[default]
    Never,
    /// Where the value is an object; anything else is a part like any other.
    Objects,
    Always,
}

impl Encodings {
    /// The encoding of every property that no other call names.
    pub(crate) fn others(&mut self) -> &mut Encoding {
        &mut self.others
    }

    /// The encoding of a property, to be changed.
    pub(crate) fn of(&mut self, property: &'static str) -> &mut Encoding {
        let position = self
            .properties
            .iter()
            .position(|(name, _)| *name == property);
        let position = position.unwrap_or_else(|| {
            self.properties.push((property, Encoding::default()));
            self.properties.len() - 1
        });
        &mut self.properties[position].1
    }

    /// Adds a header to the parts of a property.
    pub(crate) fn header(
        &mut self,
        property: &'static str,
        name: &'static str,
        value: &'static str,
    ) {
        self.headers.push((property, name, value));
    }

    fn headers_of(&self, property: &str) -> String {
        let own = self.headers.iter().filter(|(of, ..)| *of == property);
        own.map(|(_, name, value)| format!("{name}: {value}\r\n"))
            .collect()
    }

    pub(crate) fn get(&self, property: &str) -> Encoding {
        let found = self.properties.iter().find(|(name, _)| *name == property);
        found.map_or(self.others, |(_, encoding)| *encoding)
    }
}
