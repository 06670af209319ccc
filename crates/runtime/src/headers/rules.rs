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
