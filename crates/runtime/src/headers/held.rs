//! The operator's value for one header: fixed, or read from a file at each call.

use http::{HeaderName, HeaderValue};

use super::auth::AuthType;
use super::source::Source;
use super::value::sensitive;
use crate::error::Result;

/// A value that was good when the process started.
#[derive(Clone, Debug)]
pub(super) enum Held {
    /// Never changes.
    Fixed(HeaderValue),
    /// Read anew, then written as a credential of this kind.
    Live(Source, AuthType),
}

impl Held {
    /// Checks the value as it is now. [`AuthType::None`] leaves it as it is.
    pub(super) fn new(name: &str, source: Source, auth: AuthType) -> Result<Self> {
        let value = written(name, &source, auth)?;
        Ok(match source.is_file() {
            true => Self::Live(source, auth),
            false => Self::Fixed(value),
        })
    }

    pub(super) fn value(&self, name: &HeaderName) -> Result<HeaderValue> {
        match self {
            Self::Fixed(value) => Ok(value.clone()),
            Self::Live(source, auth) => written(name.as_str(), source, *auth),
        }
    }
}

fn written(name: &str, source: &Source, auth: AuthType) -> Result<HeaderValue> {
    sensitive(name, &auth.operator_value(source.current()?.expose()))
}
