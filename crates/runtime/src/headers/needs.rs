//! What the calls of one tool need, and whether a call has it.

use super::bag::HeaderBag;
use super::fill::missing;
use super::rules::Filled;
use crate::error::Result;
use crate::tools::{Place, SecurityScheme};

/// One scheme of a tool's security, under the rules of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The name by which the operation asks for it.
    pub name: &'static str,
    /// What it is; `None` where the description does not declare it.
    pub scheme: Option<&'static SecurityScheme>,
    /// Who fills it.
    pub filled: Filled,
    /// The caller's header without which it is not filled, where the operator listed it.
    pub(super) demanded: Option<String>,
}

/// What the calls of one tool need from operator and caller.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// Alternatives of schemes, as [`crate::Tool::security`] has them; none where a call needs none.
    pub security: Vec<Vec<Need>>,
    /// Required header parameters that nobody fills.
    pub unfilled: Vec<&'static str>,
    /// Upstream name and listed name of headers that must come from the caller.
    pub(super) headers: Vec<(String, String)>,
}

impl Needs {
    /// The alternative that is nearest to be filled, the first of several.
    pub fn nearest(&self) -> Option<&[Need]> {
        let open = |alternative: &&Vec<Need>, filled| {
            let needs = alternative.iter();
            needs.filter(|need| need.filled == filled).count()
        };
        let distance = |alternative: &&Vec<Need>| {
            (
                open(alternative, Filled::Nobody),
                open(alternative, Filled::Caller),
            )
        };
        self.security.iter().min_by_key(distance).map(Vec::as_slice)
    }

    /// Whether nobody can give what the API asks for.
    pub fn lacks(&self) -> bool {
        let is_open = |need: &Need| need.filled == Filled::Nobody;
        !self.unfilled.is_empty()
            || self
                .nearest()
                .is_some_and(|needs| needs.iter().any(is_open))
    }

    /// Whether a call with these headers may be made.
    ///
    /// # Errors
    /// The caller is at fault where headers are missing that the operator listed and the API does not do without.
    pub fn check(&self, bag: &HeaderBag) -> Result<()> {
        let headers = self.headers.iter();
        let absent: Vec<&str> = headers
            .filter(|(name, _)| !bag.has(name))
            .map(|(_, listed)| listed.as_str())
            .collect();
        if !absent.is_empty() {
            return Err(missing(&absent));
        }
        let is_met = |need: &Need| match need.filled {
            Filled::Operator => true,
            Filled::Nobody => false,
            Filled::Caller => need.header().is_none_or(|name| bag.has(name)),
        };
        if self.security.iter().any(|needs| needs.iter().all(is_met)) {
            return Ok(());
        }
        let can_be_asked = |needs: &&Vec<Need>| {
            let mut needs = needs.iter();
            needs.all(|need| is_met(need) || need.demanded.is_some())
        };
        let Some(needs) = self.security.iter().find(can_be_asked) else {
            return Ok(());
        };
        let open = needs.iter().filter(|need| !is_met(need));
        let absent: Vec<&str> = open.filter_map(|need| need.demanded.as_deref()).collect();
        Err(missing(&absent))
    }
}

impl Need {
    /// The header at the upstream that it travels in; `None` for queries, cookies and certificates.
    pub fn header(&self) -> Option<&'static str> {
        self.scheme.and_then(header)
    }
}

impl HeaderBag {
    /// Whether this header goes upstream with a value, a token that is still to be fetched included.
    fn has(&self, name: &str) -> bool {
        let mut headers = self.headers().iter();
        headers.any(|(own, value)| own.as_str().eq_ignore_ascii_case(name) && !value.is_empty())
            || (self.wants_grant() && name.eq_ignore_ascii_case("authorization"))
    }
}

/// The header that a scheme's credential travels in.
pub(super) fn header(scheme: &'static SecurityScheme) -> Option<&'static str> {
    match scheme {
        SecurityScheme::ApiKey {
            place: Place::Header,
            parameter,
            ..
        } => Some(parameter),
        SecurityScheme::ApiKey { .. } | SecurityScheme::MutualTls { .. } => None,
        _ => Some("authorization"),
    }
}
