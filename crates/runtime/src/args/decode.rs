//! Reading one value as a Rust type.

use crate::error::{Error, Result};
use crate::json::{Kind, Value, canonical_integer};

/// A type that arguments are read into; `#[derive(Args)]` implements it for structs and enums.
pub trait Decode: Sized {
    /// Reads the value; the error's pointer is relative to it.
    fn decode(value: &Value<'_>) -> Result<Self>;

    /// What an absent member stands for, if it may be absent.
    fn absent() -> Option<Self> {
        None
    }

    /// What an optional member stands for when it is `null`; `None` means the same as absent.
    fn null() -> Option<Self> {
        None
    }
}

#[cold]
pub(super) fn expected<T>(what: &str, value: &Value<'_>) -> Result<T> {
    Err(Error::argument(
        "",
        format!("must be {what}, not {}", value.described()),
    ))
}

impl Decode for String {
    fn decode(value: &Value<'_>) -> Result<Self> {
        match value.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => expected("a string", value),
        }
    }
}

impl Decode for bool {
    fn decode(value: &Value<'_>) -> Result<Self> {
        match value.kind() {
            Kind::Bool(value) => Ok(*value),
            _ => expected("a boolean", value),
        }
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Decode for $type {
            fn decode(value: &Value<'_>) -> Result<Self> {
                let whole = value.as_number().and_then(canonical_integer);
                let Some(whole) = whole else {
                    return expected("an integer", value);
                };
                whole.parse().map_err(|_| Error::argument("", format!(
                    "must be an integer from {} to {}", <$type>::MIN, <$type>::MAX
                )))
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

impl<T: Decode> Decode for Option<T> {
    fn decode(value: &Value<'_>) -> Result<Self> {
        if value.is_null() {
            return Ok(T::null());
        }
        T::decode(value).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn null() -> Option<Self> {
        Some(None)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(value: &Value<'_>) -> Result<Self> {
        T::decode(value).map(Box::new)
    }

    fn absent() -> Option<Self> {
        T::absent().map(Box::new)
    }

    fn null() -> Option<Self> {
        T::null().map(Box::new)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(value: &Value<'_>) -> Result<Self> {
        let Some(items) = value.as_array() else {
            return expected("an array", value);
        };
        items
            .iter()
            .enumerate()
            .map(|(index, item)| T::decode(item).map_err(|error| error.inside(&index.to_string())))
            .collect()
    }
}
