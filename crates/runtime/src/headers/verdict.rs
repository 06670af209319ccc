//! What becomes of each header of one caller, for a caller who wonders. Names alone.

use http::header::CONNECTION;
use http::{HeaderMap, HeaderName};

use super::forward::{Pattern, Rule};
use super::policy::HeaderPolicy;
use super::reserved;
use super::rules::{Credential, Precedence};

impl HeaderPolicy {
    /// Each name that came in, and what becomes of it in a call of this tool.
    pub fn verdicts(&self, tool: &str, inbound: &HeaderMap) -> Vec<(HeaderName, String)> {
        let names = inbound.keys();
        names
            .map(|name| (name.clone(), self.verdict(tool, name, inbound)))
            .collect()
    }

    fn verdict(&self, tool: &str, name: &HeaderName, inbound: &HeaderMap) -> String {
        let rules = &self.rules;
        let nominated = inbound.get_all(CONNECTION).iter().any(|value| {
            let mut tokens = value.as_bytes().split(|byte| *byte == b',');
            tokens.any(|token| {
                token
                    .trim_ascii()
                    .eq_ignore_ascii_case(name.as_str().as_bytes())
            })
        });
        if nominated {
            return "refused: Connection says that it ends here".to_owned();
        }
        let own = name.as_str().strip_prefix(&rules.own_prefix);
        if own == Some("authorization") || name == "x-mcp-auth" {
            return match rules.caller_auth {
                true => "read as the credential for the API".to_owned(),
                false => "ignored: caller_auth is off".to_owned(),
            };
        }
        let wanted = match own {
            Some(own) if rules.caller_auth => own,
            _ => name.as_str(),
        };
        let is_exact = |rule: &Rule| matches!(rule.name, Pattern::Exact(_));
        let mut fitting = rules.forwards.iter().filter(|rule| {
            rule.is_for(tool) && rule.matches(wanted) && (own.is_none() || is_exact(rule))
        });
        if let Some(rule) = fitting.next() {
            let target = rule.rename.as_ref().map_or(wanted, HeaderName::as_str);
            return match self.is_taken(target) {
                true => format!("hidden: the operator's {target} is stronger"),
                false => format!("forwarded as {target}"),
            };
        }
        match reserved::forward_reason(name.as_str()) {
            Some(reason) => format!("refused: {reason}"),
            None => "ignored: extra_headers does not name it for this tool".to_owned(),
        }
    }

    /// Whether the operator's value of this header goes before the caller's.
    fn is_taken(&self, name: &str) -> bool {
        let rules = &self.rules;
        let by_credential = match &rules.credential {
            Some(Credential::Header(own, _)) => own.as_str() == name,
            Some(Credential::Granted) => name == "authorization",
            _ => false,
        };
        let by_static = rules.statics.iter().any(|(own, _)| own.as_str() == name);
        rules.precedence == Precedence::Operator && (by_static || by_credential)
    }
}
