//! From the JSON arguments of a call to the typed arguments of a tool function, and on to the encoders.

mod decode;
pub mod derive;
mod param;
mod types;

pub use decode::Decode;
pub use param::{AsBytes, Encode, Param};
pub(crate) use types::base64;
pub use types::{Any, Bytes, File, Integer, Json, Map, Number};

use crate::error::{Error, Result};
use crate::json::{Object, Value};

/// The arguments of one call, read but not yet typed.
#[derive(Debug)]
pub struct Arguments<'a> {
    root: Value<'a>,
}

impl<'a> Arguments<'a> {
    /// Reads the text of `arguments`; absent and `null` mean none. Fails with the caller at fault when the text is
    /// no JSON object, repeats a name, or exceeds the limits of [`crate::json`].
    pub fn parse(text: Option<&'a str>) -> Result<Self> {
        let root = Value::parse(text.unwrap_or("{}"))
            .map_err(|error| Error::caller(format!("the arguments: {}", error.message())))?;
        let root = if root.is_null() {
            Value::parse("{}")?
        } else {
            root
        };
        if root.as_object().is_none() {
            return Err(Error::caller(format!(
                "the arguments must be an object, not {}",
                root.described()
            )));
        }
        Ok(Self { root })
    }

    /// The typed arguments of a tool function.
    pub fn decode<T: Decode>(self) -> Result<T> {
        T::decode(&self.root)
    }

    /// The arguments as a tree.
    pub fn value(&self) -> &Value<'a> {
        &self.root
    }

    /// The arguments as they were received.
    pub fn text(&self) -> &'a str {
        self.root.text()
    }
}

impl<'a> Object<'a> {
    /// The object behind `value`, or an error that says what is there instead.
    pub fn of<'v>(value: &'v Value<'a>) -> Result<&'v Object<'a>> {
        match value.as_object() {
            Some(object) => Ok(object),
            None => Err(Error::argument(
                "",
                format!("must be an object, not {}", value.described()),
            )),
        }
    }

    /// The typed member `name`; an absent one is an error unless its type is optional.
    pub fn field<T: Decode>(&self, name: &str) -> Result<T> {
        match self.get(name) {
            Some(value) => T::decode(value).map_err(|error| error.inside(name)),
            None => T::absent().ok_or_else(|| missing(name)),
        }
    }
}

#[cold]
fn missing(name: &str) -> Error {
    Error::argument("", format!("`{name}` is required but missing")).inside(name)
}
