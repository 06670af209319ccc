//! The types of arguments that Rust has no exact counterpart for.

use std::fmt;

use base64::alphabet;
use base64::engine::{
    DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD,
};
use base64::{DecodeError, Engine as _};

use super::decode::{Decode, expected};
use crate::error::{Error, Result};
use crate::json::{Kind, Object, Value, canonical_integer};

/// An integer of any size; `1.0` and `1e2` are integers too and go on as `1` and `100`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Integer(String);

impl Integer {
    /// Its digits, with a minus sign where it is negative.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Decode for Integer {
    fn decode(value: &Value<'_>) -> Result<Self> {
        match value.as_number().and_then(canonical_integer) {
            Some(whole) => Ok(Self(whole.into_owned())),
            None => expected("an integer", value),
        }
    }
}

/// A number as it was written: no digit is lost.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(String);

impl Number {
    /// The text of the number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Decode for Number {
    fn decode(value: &Value<'_>) -> Result<Self> {
        match value.as_number() {
            Some(text) => Ok(Self(text.to_owned())),
            None => expected("a number", value),
        }
    }
}

/// Any JSON value; what it may be is for the schema to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Any;

impl Decode for Any {
    fn decode(_: &Value<'_>) -> Result<Self> {
        Ok(Self)
    }

    fn null() -> Option<Self> {
        Some(Self)
    }
}

/// A typed value together with the JSON text it was read from; the text is what goes on.
#[derive(Clone, PartialEq, Eq)]
pub struct Json<T = Any> {
    text: Box<str>,
    /// The typed view.
    pub value: T,
}

impl<T> Json<T> {
    /// The JSON text as it was received.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl<T: fmt::Debug> fmt::Debug for Json<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Json").field(&self.text).finish()
    }
}

impl<T: Decode> Decode for Json<T> {
    fn decode(value: &Value<'_>) -> Result<Self> {
        Ok(Self {
            value: T::decode(value)?,
            text: value.text().into(),
        })
    }

    fn null() -> Option<Self> {
        let value = T::null()?;
        let text = "null".into();
        Some(Self { text, value })
    }
}

/// Named values of one type, in the order of the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<T>(Vec<(String, T)>);

impl<T> Map<T> {
    /// Name and value of each member.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<T: Decode> Decode for Map<T> {
    fn decode(value: &Value<'_>) -> Result<Self> {
        let members = Object::of(value)?.iter().map(|(name, member)| {
            let member = T::decode(member).map_err(|error| error.inside(name))?;
            Ok((name.to_owned(), member))
        });
        members.collect::<Result<_>>().map(Self)
    }
}

/// Bytes; the argument is their base64 text.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// Their base64 text (RFC 4648 §4).
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({} bytes)", self.0.len())
    }
}

impl Decode for Bytes {
    fn decode(value: &Value<'_>) -> Result<Self> {
        match value.as_str() {
            Some(text) => base64(text)
                .map(Self)
                .map_err(|error| Error::argument("", format!("must be base64: {error}"))),
            None => expected("a string of base64", value),
        }
    }
}

/// A file in a multipart body: `{"data": base64, "filename"?, "content_type"?}`, or the base64 text alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The content.
    pub data: Bytes,
    /// Its name.
    pub filename: Option<String>,
    /// Its media type.
    pub content_type: Option<String>,
}

impl Decode for File {
    fn decode(value: &Value<'_>) -> Result<Self> {
        if matches!(value.kind(), Kind::String(_)) {
            return Ok(Self {
                data: Bytes::decode(value)?,
                filename: None,
                content_type: None,
            });
        }
        let object = Object::of(value)?;
        Ok(Self {
            data: object.field("data")?,
            filename: object.field("filename")?,
            content_type: object.field("content_type")?,
        })
    }
}

/// Reads base64, standard or URL-safe, padded or not (RFC 4648 §4, §5).
pub(crate) fn base64(text: &str) -> std::result::Result<Vec<u8>, DecodeError> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    // Their tables are made here, not at each call.
    static STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
    static URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
    match text.contains(['-', '_']) {
        true => URL_SAFE.decode(text),
        false => STANDARD.decode(text),
    }
}
