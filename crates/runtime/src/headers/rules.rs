//! The rules of one server, decided when it starts.

use http::HeaderName;

use super::auth::AuthType;
use super::forward::Rule;
use super::held::Held;
use super::source::Source;

/// Who wins where both the operator and a forwarded header name the same header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precedence {
    /// The operator's value.
    #[default]
    Operator,
    /// The caller's value; the operator's is the default.
    Caller,
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

/// Who fills something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Filled {
    /// The operator, in every call.
    Operator,
    /// The caller, who may or may not.
    Caller,
    /// Nobody can.
    Nobody,
}

impl Credential {
    /// The header that it travels in, lower case.
    pub(super) fn header(&self) -> Option<&str> {
        match self {
            Credential::Header(name, _) => Some(name.as_str()),
            Credential::Granted => Some("authorization"),
            Credential::Query(..) | Credential::Cookie(..) => None,
        }
    }
}

impl Rules {
    /// Who fills the header `name` in calls of this tool; an empty name asks for any tool.
    pub(super) fn filled(&self, tool: &str, name: &str) -> Filled {
        let name = name.to_ascii_lowercase();
        let by_operator = self.statics.iter().any(|(own, _)| own.as_str() == name)
            || self.credential.as_ref().and_then(Credential::header) == Some(name.as_str());
        match by_operator {
            true => Filled::Operator,
            false => self.by_caller(tool, &name),
        }
    }

    /// Whether operator or caller can fill the header.
    pub(super) fn owns(&self, tool: &str, name: &str) -> bool {
        self.filled(tool, name) != Filled::Nobody
    }

    /// Whether the caller can fill the header `name` (lower case), whatever the operator sends.
    pub(super) fn by_caller(&self, tool: &str, name: &str) -> Filled {
        let mut forwards = self.forwards.iter();
        let is_listed = forwards.any(|rule| rule.is_for(tool) && rule.fills(name));
        match is_listed || (self.caller_auth && name == "authorization") {
            true => Filled::Caller,
            false => Filled::Nobody,
        }
    }
}
