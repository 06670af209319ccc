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
        let explicit = self.explicit(inbound);
        if own == Some("authorization") || name == "x-mcp-auth" {
            return match explicit {
                _ if !rules.caller_auth => "ignored: caller_auth is off".to_owned(),
                Some(other) if other != name.as_str() => format!("hidden: {other} is stronger"),
                _ => "read as the credential for the API".to_owned(),
            };
        }
        let wanted = match own {
            Some(own) if rules.caller_auth => own,
            _ => name.as_str(),
        };
        let is_exact = |rule: &Rule| matches!(rule.name, Pattern::Exact(_));
        let for_tool = || rules.forwards.iter().filter(|rule| rule.is_for(tool));
        let at =
            for_tool().position(|rule| rule.matches(wanted) && (own.is_none() || is_exact(rule)));
        if let Some((at, rule)) = at.and_then(|at| Some((at, for_tool().nth(at)?))) {
            let target = rule.rename.as_ref().map_or(wanted, HeaderName::as_str);
            let addressed = format!("{}{wanted}", rules.own_prefix);
            let comes = |rule: &Rule| self.comes(rule, target, inbound);
            return match explicit {
                Some(other) if target == "authorization" => format!("hidden: {other} is stronger"),
                _ if self.is_taken(target) => {
                    format!("hidden: the operator's {target} is stronger")
                }
                _ if own.is_none() && is_exact(rule) && self.reads(&addressed, inbound) => {
                    format!("hidden: {addressed} is stronger")
                }
                _ if for_tool().take(at).any(comes) => {
                    format!("hidden: an entry above fills {target}")
                }
                _ => format!("forwarded as {target}"),
            };
        }
        match reserved::forward_reason(name.as_str()) {
            Some(reason) => format!("refused: {reason}"),
            None => "ignored: extra_headers does not name it for this tool".to_owned(),
        }
    }

    /// Whether a header that is addressed to this server came, and counts.
    fn reads(&self, addressed: &str, inbound: &HeaderMap) -> bool {
        let mut values = inbound.get_all(addressed).iter();
        self.rules.caller_auth && values.any(|value| !value.is_empty())
    }

    /// The header that came with the caller's own credential for the API.
    fn explicit(&self, inbound: &HeaderMap) -> Option<String> {
        let addressed = format!("{}authorization", self.rules.own_prefix);
        let names = [addressed, "x-mcp-auth".to_owned()];
        names.into_iter().find(|name| self.reads(name, inbound))
    }

    /// Whether an entry fills `target` with something that came.
    fn comes(&self, rule: &Rule, target: &str, inbound: &HeaderMap) -> bool {
        let source = match &rule.name {
            Pattern::Exact(name) => name.as_str(),
            Pattern::Start(_) => target,
        };
        // What is addressed to a server counts for names in full alone.
        let by_name = matches!(rule.name, Pattern::Exact(_));
        let addressed = format!("{}{source}", self.rules.own_prefix);
        rule.fills(target)
            && (inbound.contains_key(source) || (by_name && self.reads(&addressed, inbound)))
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
