//! The headers of one call.

use std::fmt;
use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};

use super::rules::Rules;
use super::secret::Secret;
use super::value::sensitive;
use crate::error::Result;

/// What goes upstream besides the arguments of one call. Only [`super::HeaderPolicy::fill`] makes one.
pub struct HeaderBag {
    pub(super) rules: Arc<Rules>,
    pub(super) tool: Box<str>,
    /// In the order of authority; several values of one name stand together.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) query: Option<(String, Secret)>,
    pub(super) cookie: Option<(String, Secret)>,
    pub(super) wants_grant: bool,
}

impl HeaderBag {
    /// The names, in order; for logs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|(name, _)| name.as_str())
    }

    /// Whether the operator's token has to be fetched for this call: nobody stronger filled `Authorization`.
    pub fn wants_grant(&self) -> bool {
        self.wants_grant
    }

    /// Sends this token with the call.
    ///
    /// # Errors
    /// When it cannot stand in a header.
    pub fn grant(&mut self, token: &Secret) -> Result<()> {
        let value = sensitive("Authorization", &format!("Bearer {}", token.expose()))?;
        self.headers.retain(|(name, _)| *name != AUTHORIZATION);
        self.headers.push((AUTHORIZATION, value));
        self.wants_grant = false;
        Ok(())
    }

    /// Whether a header of this name is here.
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|own| own.eq_ignore_ascii_case(name))
    }

    pub(crate) fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    pub(crate) fn query(&self) -> Option<(&str, &str)> {
        self.query
            .as_ref()
            .map(|(name, value)| (name.as_str(), value.expose()))
    }

    pub(crate) fn cookie(&self) -> Option<(&str, &str)> {
        self.cookie
            .as_ref()
            .map(|(name, value)| (name.as_str(), value.expose()))
    }

    /// Whether someone stronger than the model fills this header, whether or not there is a value now.
    pub(crate) fn owns(&self, name: &str) -> bool {
        self.contains(name) || self.rules.owns(&self.tool, name)
    }
}

impl fmt::Debug for HeaderBag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}
