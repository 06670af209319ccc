//! The rules of one server, decided when it starts.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderName};

use super::auth::AuthType;
use super::bag::HeaderBag;
use super::builder::HeaderPolicyBuilder;
use super::forward::{Pattern, Rule};
use super::held::Held;
use super::source::Source;
use crate::error::Result;

/// Who wins where both the operator and a forwarded header name the same header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precedence {
    /// The operator's value.
    #[default]
    Operator,
    /// The caller's value; the operator's is the default.
    Caller,
}

/// Which headers the upstream of one server receives.
#[derive(Clone)]
pub struct HeaderPolicy {
    pub(super) rules: Arc<Rules>,
}

pub(super) struct Rules {
    /// `x-mcp-{server}-`, lower case.
    pub(super) own_prefix: String,
    pub(super) auth: AuthType,
    pub(super) caller_auth: bool,
    pub(super) precedence: Precedence,
    pub(super) forwards: Vec<Rule>,
    pub(super) statics: Vec<(HeaderName, Held)>,
    pub(super) credential: Option<Credential>,
}

/// The operator's credential, ready to be sent.
pub(super) enum Credential {
    Header(HeaderName, Held),
    Query(String, Source),
    Cookie(String, Source),
    /// `Authorization`, with a token that is fetched for the call.
    Granted,
}

impl HeaderPolicy {
    /// A policy for the server of this name; without further rules only `x-mcp-auth` and its like go on.
    pub fn builder(server: &str) -> HeaderPolicyBuilder {
        HeaderPolicyBuilder::new(server)
    }

    /// The headers of one call, for a tool of any name.
    ///
    /// # Errors
    /// The caller is at fault when a required header is missing, a credential comes twice, a value cannot be sent on, or
    /// one contains `gateway_key`, the key that admitted the call.
    pub fn fill(&self, inbound: &HeaderMap, gateway_key: Option<&str>) -> Result<HeaderBag> {
        self.fill_for("", inbound, gateway_key)
    }

    /// The headers of one call of `tool`; errors as [`HeaderPolicy::fill`].
    pub fn fill_for(
        &self,
        tool: &str,
        inbound: &HeaderMap,
        gateway_key: Option<&str>,
    ) -> Result<HeaderBag> {
        super::fill::fill(&self.rules, tool, inbound, gateway_key)
    }

    /// Whether operator or caller can fill the header `name`, so that no model is asked for it.
    pub fn owns(&self, name: &str) -> bool {
        self.rules.owns(name, "")
    }

    /// Whether operator or caller can fill the header `name` for this tool.
    pub fn owns_for(&self, tool: &str, name: &str) -> bool {
        self.rules.owns(name, tool)
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
        let credential = match &self.rules.credential {
            Some(Credential::Header(name, _)) => Some(name.as_str()),
            Some(Credential::Granted) => Some("authorization"),
            _ => None,
        };
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

impl Rules {
    pub(super) fn owns(&self, name: &str, tool: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let granted = matches!(self.credential, Some(Credential::Granted));
        ((self.caller_auth || granted) && name == "authorization")
            || self.statics.iter().any(|(own, _)| own.as_str() == name)
            || matches!(&self.credential, Some(Credential::Header(own, _)) if own.as_str() == name)
            || self
                .forwards
                .iter()
                .any(|rule| rule.is_for(tool) && rule.fills(&name))
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
