//! What an operation asks for, held against who can fill it.

use http::header::AUTHORIZATION;

use super::auth::AuthType;
use super::forward::{Pattern, Required, Rule};
use super::needs::{Need, Needs, header};
use super::policy::HeaderPolicy;
use super::rules::Filled;
use crate::tools::{Place, SecurityScheme, Tool};

impl HeaderPolicy {
    /// What the calls of `tool` need. `certificate`: whether the upstream is shown one. `asked`: header parameters that
    /// the description requires and that are among the tool's arguments.
    pub fn needs(
        &self,
        tool: &Tool,
        schemes: &'static [SecurityScheme],
        certificate: bool,
        asked: &[&'static str],
    ) -> Needs {
        let mut needs = Needs::default();
        if !tool.security.iter().any(|schemes| schemes.is_empty()) {
            let need = |name: &&'static str| {
                let scheme = schemes.iter().find(|scheme| scheme.name() == *name);
                self.need(tool.name, name, scheme, certificate)
            };
            let alternatives = tool.security.iter();
            needs.security = alternatives
                .map(|names| names.iter().map(need).collect())
                .collect();
        }
        let own = tool.caller_headers.iter().filter(|header| header.required);
        for (name, credential) in own
            .map(|header| (header.name, true))
            .chain(asked.iter().map(|name| (*name, false)))
        {
            if let Some(listed) = self.demanded(tool.name, name, credential) {
                needs.headers.push((name.to_owned(), listed.to_owned()));
            } else if credential && self.rules.filled(tool.name, name) == Filled::Nobody {
                needs.unfilled.push(name);
            }
        }
        needs
    }

    /// Whether the operator's one credential (`auth_type`) is still to be had.
    pub fn has_room(&self) -> bool {
        self.rules.credential.is_none()
    }

    /// Whether a caller's `x-mcp-auth` and `x-mcp-{server}-authorization` count.
    pub fn takes_caller_auth(&self) -> bool {
        self.rules.caller_auth
    }

    fn need(
        &self,
        tool: &str,
        name: &'static str,
        scheme: Option<&'static SecurityScheme>,
        certificate: bool,
    ) -> Need {
        let filled = match scheme {
            None => Filled::Nobody,
            Some(SecurityScheme::MutualTls { .. }) if certificate => Filled::Operator,
            Some(SecurityScheme::MutualTls { .. }) => Filled::Nobody,
            Some(SecurityScheme::ApiKey {
                place: Place::Query,
                parameter,
                ..
            }) => match self.owns_query(parameter) {
                true => Filled::Operator,
                false => Filled::Nobody,
            },
            Some(SecurityScheme::ApiKey {
                place: Place::Cookie,
                parameter,
                ..
            }) => match self.owns_cookie(parameter) {
                true => Filled::Operator,
                false => self.rules.filled(tool, "cookie"),
            },
            Some(scheme) => match header(scheme) {
                Some(name) => match self.rules.filled(tool, name) {
                    Filled::Operator if !self.is_of_kind(scheme) => {
                        self.rules.by_caller(tool, &name.to_ascii_lowercase())
                    }
                    filled => filled,
                },
                None => Filled::Nobody,
            },
        };
        let demanded = match (filled, scheme.and_then(header)) {
            (Filled::Caller, Some(header)) => self.demanded(tool, header, true),
            _ => None,
        };
        Need {
            name,
            scheme,
            filled,
            demanded: demanded.map(str::to_owned),
        }
    }

    /// Whether what the operator puts into `Authorization` can be what the scheme asks for. What is written out by hand
    /// can be anything.
    fn is_of_kind(&self, scheme: &SecurityScheme) -> bool {
        let rules = &self.rules;
        let mut statics = rules.statics.iter();
        let by_hand = statics.any(|(name, _)| *name == AUTHORIZATION)
            || matches!(rules.auth, AuthType::Authorization | AuthType::ApiKey);
        by_hand
            || match scheme {
                SecurityScheme::Basic { .. } => rules.auth == AuthType::Basic,
                SecurityScheme::Bearer { .. }
                | SecurityScheme::OAuth2 { .. }
                | SecurityScheme::OpenIdConnect { .. } => rules.auth != AuthType::Basic,
                SecurityScheme::Other { .. } => rules.auth == AuthType::Token,
                _ => true,
            }
    }

    /// The caller's header that fills `name`, as it is listed, where a call without it is to be refused.
    fn demanded(&self, tool: &str, name: &str, credential: bool) -> Option<&str> {
        let name = name.to_ascii_lowercase();
        let is_exact = |rule: &&Rule| matches!(rule.name, Pattern::Exact(_));
        let mut rules = self.rules.forwards.iter().filter(is_exact);
        let rule = rules.find(|rule| rule.is_for(tool) && rule.fills(&name))?;
        let is_demanded = match rule.required {
            Required::Always | Required::AsDescribed => true,
            Required::AsCredential => credential,
            Required::Never => false,
        };
        is_demanded.then_some(rule.given.as_str())
    }
}
