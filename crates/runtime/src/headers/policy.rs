//! What can be asked of the rules of one server.

use std::fmt;
use std::sync::Arc;

use http::HeaderName;

use super::forward::{Pattern, Rule};
use super::held::Held;
use super::rules::{Credential, Rules};

/// Which headers the upstream of one server receives.
#[derive(Clone)]
pub struct HeaderPolicy {
    pub(super) rules: Arc<Rules>,
}

impl HeaderPolicy {
    /// Whether operator or caller can fill the header `name`, so that no model is asked for it.
    pub fn owns(&self, name: &str) -> bool {
        self.owns_for("", name)
    }

    /// Whether operator or caller can fill the header `name` for this tool.
    pub fn owns_for(&self, tool: &str, name: &str) -> bool {
        self.rules.owns(tool, name)
    }

    /// Whether the operator fills the cookie `name`.
    pub fn owns_cookie(&self, name: &str) -> bool {
        matches!(&self.rules.credential, Some(Credential::Cookie(own, _)) if own == name)
    }

    /// Whether the operator fills the query parameter `name`.
    pub fn owns_query(&self, name: &str) -> bool {
        matches!(&self.rules.credential, Some(Credential::Query(own, _)) if own == name)
    }

    /// Whether the caller's header `name` goes on for some tool.
    pub fn forwards(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.rules.forwards.iter().any(|rule| rule.matches(&name))
    }

    /// Whether the operator sends a credential of any kind.
    pub fn has_credential(&self) -> bool {
        let is_authorization = |(name, _): &(HeaderName, Held)| name.as_str() == "authorization";
        self.rules.credential.is_some() || self.rules.statics.iter().any(is_authorization)
    }

    /// Names that both the operator and the caller can fill; worth one line in the log at start.
    pub fn contested(&self) -> Vec<&str> {
        let statics = self.rules.statics.iter().map(|(name, _)| name.as_str());
        let credential = self.rules.credential.as_ref().and_then(Credential::header);
        let by_caller = |name: &&str| self.rules.forwards.iter().any(|rule| rule.fills(name));
        let mut names: Vec<_> = statics.chain(credential).filter(by_caller).collect();
        names.dedup();
        names
    }

    /// Which caller headers go on, as they were listed.
    pub fn forwarded_names(&self) -> Vec<String> {
        let name = |rule: &Rule| match &rule.name {
            Pattern::Exact(name) => name.to_string(),
            Pattern::Start(start) => format!("{start}*"),
        };
        self.rules.forwards.iter().map(name).collect()
    }
}

impl fmt::Debug for HeaderPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statics: Vec<_> = self
            .rules
            .statics
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        f.debug_struct("HeaderPolicy")
            .field("forwarded", &self.forwarded_names())
            .field("static", &statics)
            .field("auth", &self.rules.auth)
            .finish_non_exhaustive()
    }
}
