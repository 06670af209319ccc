//! Bodies that are written rather than passed on.

mod form;
mod multipart;
mod xml;

use std::borrow::Cow;

use bytes::Bytes;

pub(crate) use form::form;
pub(crate) use multipart::{is_media_type, multipart};
pub use xml::XmlHints;
pub(crate) use xml::xml;

use crate::request::Style;

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
pub(crate) struct Encodings(Vec<(&'static str, Encoding)>);

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Encoding {
    pub(crate) style: Option<Style>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) file: bool,
}

impl Encodings {
    /// The encoding of a property, to be changed.
    pub(crate) fn of(&mut self, property: &'static str) -> &mut Encoding {
        let position = self.0.iter().position(|(name, _)| *name == property);
        let position = position.unwrap_or_else(|| {
            self.0.push((property, Encoding::default()));
            self.0.len() - 1
        });
        &mut self.0[position].1
    }

    fn get(&self, property: &str) -> Encoding {
        let found = self.0.iter().find(|(name, _)| *name == property);
        found.map(|(_, encoding)| *encoding).unwrap_or_default()
    }
}
