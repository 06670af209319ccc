//! A value as the encoders see it.

use std::borrow::Cow;

use super::types::{Any, Bytes, Integer, Json, Map, Number};
use crate::json::{Kind, Value, push_string, push_string_ascii};

/// A value to be written into a URL, a header, a cookie or a body.
#[derive(Clone, Debug, PartialEq)]
pub enum Param<'v> {
    /// `null`
    Null,
    /// A string.
    Text(Cow<'v, str>),
    /// A number or a boolean, as written.
    Literal(Cow<'v, str>),
    /// The elements.
    List(Vec<Param<'v>>),
    /// The members, in order.
    Map(Vec<(Cow<'v, str>, Param<'v>)>),
}

impl<'v> Param<'v> {
    pub(crate) fn of(value: &'v Value<'_>) -> Self {
        match value.kind() {
            Kind::Null => Self::Null,
            Kind::Bool(true) => Self::Literal(Cow::Borrowed("true")),
            Kind::Bool(false) => Self::Literal(Cow::Borrowed("false")),
            Kind::Number(text) => Self::Literal(Cow::Borrowed(text)),
            Kind::String(text) => Self::Text(Cow::Borrowed(text.as_ref())),
            Kind::Array(items) => Self::List(items.iter().map(Param::of).collect()),
            Kind::Object(object) => Self::Map(
                object
                    .iter()
                    .map(|(name, member)| (Cow::Borrowed(name), Param::of(member)))
                    .collect(),
            ),
        }
    }

    fn into_owned(self) -> Param<'static> {
        match self {
            Self::Null => Param::Null,
            Self::Text(text) => Param::Text(Cow::Owned(text.into_owned())),
            Self::Literal(text) => Param::Literal(Cow::Owned(text.into_owned())),
            Self::List(items) => Param::List(items.into_iter().map(Param::into_owned).collect()),
            Self::Map(members) => Param::Map(
                members
                    .into_iter()
                    .map(|(name, member)| (Cow::Owned(name.into_owned()), member.into_owned()))
                    .collect(),
            ),
        }
    }

    /// The value as JSON without white space.
    pub(crate) fn to_json(&self) -> String {
        let mut out = String::new();
        self.push_json(&mut out, push_string);
        out
    }

    /// The same in ASCII alone, for header values.
    pub(crate) fn to_ascii_json(&self) -> String {
        let mut out = String::new();
        self.push_json(&mut out, push_string_ascii);
        out
    }

    fn push_json(&self, out: &mut String, string: fn(&mut String, &str)) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Text(text) => string(out, text),
            Self::Literal(text) => out.push_str(text),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.push_json(out, string);
                }
                out.push(']');
            }
            Self::Map(members) => {
                out.push('{');
                for (index, (name, member)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    string(out, name);
                    out.push(':');
                    member.push_json(out, string);
                }
                out.push('}');
            }
        }
    }

    /// The text of a scalar; what is nested where OpenAPI defines no nesting goes as JSON. `None` for `null`.
    pub(crate) fn scalar(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Null => None,
            Self::Text(text) | Self::Literal(text) => Some(Cow::Borrowed(text)),
            Self::List(_) | Self::Map(_) => Some(Cow::Owned(self.to_json())),
        }
    }
}

/// A type whose values go into requests.
pub trait Encode {
    /// The value; `None` when it is absent and nothing is to be sent.
    fn encode(&self) -> Option<Param<'_>>;

    /// The value as JSON text, the received text where there is one.
    fn json(&self) -> Option<Cow<'_, str>> {
        self.encode().map(|param| Cow::Owned(param.to_json()))
    }
}

impl Encode for String {
    fn encode(&self) -> Option<Param<'_>> {
        self.as_str().encode()
    }
}

impl Encode for str {
    fn encode(&self) -> Option<Param<'_>> {
        Some(Param::Text(Cow::Borrowed(self)))
    }
}

impl Encode for bool {
    fn encode(&self) -> Option<Param<'_>> {
        Some(Param::Literal(Cow::Borrowed(if *self {
            "true"
        } else {
            "false"
        })))
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Encode for $type {
            fn encode(&self) -> Option<Param<'_>> {
                Some(Param::Literal(Cow::Owned(self.to_string())))
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

impl Encode for Integer {
    fn encode(&self) -> Option<Param<'_>> {
        Some(Param::Literal(Cow::Borrowed(self.as_str())))
    }
}

impl Encode for Number {
    fn encode(&self) -> Option<Param<'_>> {
        Some(Param::Literal(Cow::Borrowed(self.as_str())))
    }
}

impl Encode for Bytes {
    fn encode(&self) -> Option<Param<'_>> {
        Some(Param::Text(Cow::Owned(self.to_base64())))
    }
}

impl Encode for Any {
    fn encode(&self) -> Option<Param<'_>> {
        None
    }
}

impl<T> Encode for Json<T> {
    fn encode(&self) -> Option<Param<'_>> {
        // The text has been read before, so this cannot fail; were it to, nothing would be sent.
        let value = Value::parse(self.text()).ok()?;
        Some(Param::of(&value).into_owned())
    }

    fn json(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self.text()))
    }
}

impl<T: Encode> Encode for Map<T> {
    fn encode(&self) -> Option<Param<'_>> {
        let members = self.iter().filter_map(|(name, member)| {
            let member = member.encode()?;
            Some((Cow::Borrowed(name), member))
        });
        Some(Param::Map(members.collect()))
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self) -> Option<Param<'_>> {
        let items = self.iter().map(|item| item.encode().unwrap_or(Param::Null));
        Some(Param::List(items.collect()))
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self) -> Option<Param<'_>> {
        self.as_ref()?.encode()
    }

    fn json(&self) -> Option<Cow<'_, str>> {
        self.as_ref()?.json()
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    fn encode(&self) -> Option<Param<'_>> {
        T::encode(self)
    }

    fn json(&self) -> Option<Cow<'_, str>> {
        T::json(self)
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self) -> Option<Param<'_>> {
        T::encode(self)
    }

    fn json(&self) -> Option<Cow<'_, str>> {
        T::json(self)
    }
}

/// A type whose values are bytes of a body.
pub trait AsBytes {
    /// The bytes; `None` when they are absent.
    fn as_bytes(&self) -> Option<&[u8]>;
}

impl AsBytes for Bytes {
    fn as_bytes(&self) -> Option<&[u8]> {
        Some(self.as_slice())
    }
}

impl<T: AsBytes> AsBytes for Option<T> {
    fn as_bytes(&self) -> Option<&[u8]> {
        self.as_ref()?.as_bytes()
    }
}
