//! The rules of a server in words, for an operator who wants to know who fills what.

use super::forward::{Pattern, Required, Rule};
use super::policy::HeaderPolicy;
use super::rules::{Credential, Precedence};

/// One thing that goes upstream, and who may fill it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The header, or `query NAME` and `cookie NAME`.
    pub name: String,
    /// Who fills it, strongest first, without any value.
    pub sources: Vec<String>,
}

impl HeaderPolicy {
    /// Every name that somebody stronger than the model can fill, in alphabetical order.
    pub fn explain(&self) -> Vec<Explained> {
        let rules = &self.rules;
        let mut names: Vec<String> = rules.forwards.iter().map(target).collect();
        names.extend(rules.statics.iter().map(|(name, _)| name.to_string()));
        match &rules.credential {
            Some(Credential::Header(name, _)) => names.push(name.to_string()),
            Some(Credential::Granted) => names.push("authorization".to_owned()),
            _ => {}
        }
        if rules.caller_auth {
            names.push("authorization".to_owned());
        }
        names.sort_unstable();
        names.dedup();
        let mut all: Vec<Explained> = names
            .into_iter()
            .map(|name| Explained {
                sources: self.sources(&name),
                name,
            })
            .collect();
        let place = match &rules.credential {
            Some(Credential::Query(name, _)) => Some(format!("query {name}")),
            Some(Credential::Cookie(name, _)) => Some(format!("cookie {name}")),
            _ => None,
        };
        all.extend(place.map(|name| Explained {
            name,
            sources: vec!["the operator's credential".to_owned()],
        }));
        all
    }

    fn sources(&self, name: &str) -> Vec<String> {
        let rules = &self.rules;
        let mut first = Vec::new();
        if rules.caller_auth && name == "authorization" {
            first.push(format!("the caller's {}authorization", rules.own_prefix));
            first.push("the caller's x-mcp-auth".to_owned());
        }
        let mut operator = Vec::new();
        if rules.statics.iter().any(|(own, _)| own.as_str() == name) {
            operator.push("static_headers".to_owned());
        }
        match &rules.credential {
            Some(Credential::Header(own, _)) if own.as_str() == name => {
                operator.push("the operator's credential".to_owned());
            }
            Some(Credential::Granted) if name == "authorization" => {
                operator.push("a token that is fetched".to_owned());
            }
            _ => {}
        }
        let mut caller = Vec::new();
        for rule in rules.forwards.iter().filter(|rule| target(rule) == name) {
            let own = match &rule.name {
                Pattern::Exact(own) => own.to_string(),
                Pattern::Start(start) => format!("{start}*"),
            };
            let required = match rule.required {
                Required::Always => ", required",
                _ => "",
            };
            if let (true, Pattern::Exact(own)) = (rules.caller_auth, &rule.name) {
                caller.push(format!("the caller's {}{own}", rules.own_prefix));
            }
            caller.push(format!("the caller's {own}{required}"));
        }
        match rules.precedence {
            Precedence::Operator => first.into_iter().chain(operator).chain(caller).collect(),
            Precedence::Caller => first.into_iter().chain(caller).chain(operator).collect(),
        }
    }
}

/// The name at the upstream.
fn target(rule: &Rule) -> String {
    match (&rule.rename, &rule.name) {
        (Some(rename), _) => rename.to_string(),
        (None, Pattern::Exact(name)) => name.to_string(),
        (None, Pattern::Start(start)) => format!("{start}*"),
    }
}
