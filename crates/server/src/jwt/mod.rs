//! Callers who come with a token of an authorization server: a signed JWT (RFC 7519, RFC 9068) for this gateway.
//!
//! Algorithms are pinned by the configuration and by the key, never chosen by the token. Whatever cannot be checked is
//! refused.

mod keys;
mod token;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

pub use self::keys::{Algorithm, KeySet};

use crate::access::{Caller, Scope};

/// How far the clocks of issuer and gateway may be apart.
const LEEWAY: Duration = Duration::from_secs(30);

/// What tokens must be like, and what they give.
#[derive(Debug)]
pub struct Jwt {
    /// `iss`, exactly.
    pub issuer: String,
    /// Values of `aud`, one of which must be there; empty for the address of the endpoint itself.
    pub audiences: Vec<String>,
    /// What may have signed them.
    pub algorithms: Vec<Algorithm>,
    /// The issuer's keys.
    pub keys: KeySet,
    /// The address of this gateway as its callers write it, without a slash at its end.
    pub public_url: String,
    /// Where tokens can be had.
    pub authorization_servers: Vec<String>,
    /// What claims give. All rules that fit are added up; where none does, nothing is given.
    pub rules: Vec<Rule>,
}

/// What one claim gives.
#[derive(Debug)]
pub struct Rule {
    /// The claim: `scope` is a list of words (RFC 8693 §4.2), others are text or lists of texts.
    pub claim: String,
    /// What it must hold.
    pub value: String,
    /// What may then be used.
    pub scope: Scope,
}

/// Why a token is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is not valid here, or cannot be checked: 401.
    Invalid,
    /// It is valid, and no rule gives it anything: 403.
    Insufficient,
}

impl Jwt {
    /// The address of an endpoint as the protected resource that it is (RFC 9728 §1.2).
    pub fn resource(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// The words that `scope` may hold.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        let scopes = self.rules.iter().filter(|rule| rule.claim == "scope");
        scopes.map(|rule| rule.value.as_str())
    }

    /// What a resource says about itself (RFC 9728 §2).
    pub fn metadata(&self, path: &str) -> String {
        let mut metadata = serde_json::json!({
            "resource": self.resource(path),
            "authorization_servers": self.authorization_servers,
            "bearer_methods_supported": ["header"],
            "resource_name": "toolwright",
        });
        let scopes: Vec<&str> = self.scopes().collect();
        if let (false, Some(members)) = (scopes.is_empty(), metadata.as_object_mut()) {
            members.insert("scopes_supported".to_owned(), scopes.into());
        }
        metadata.to_string()
    }

    /// Who comes with this token to the endpoint of this path.
    ///
    /// # Errors
    /// Where the token is not valid, is for somebody else, or gives nothing.
    pub async fn admit(&self, text: &str, path: &str) -> Result<Arc<Caller>, Refused> {
        let token = token::Token::parse(text).ok_or(Refused::Invalid)?;
        let algorithm = Algorithm::parse(token.algorithm()).ok_or(Refused::Invalid)?;
        if !self.algorithms.contains(&algorithm) || token.is_critical() {
            return Err(Refused::Invalid);
        }
        let keys = self.keys.find(token.key_id(), algorithm).await;
        let is_signed = keys
            .iter()
            .any(|key| key.verifies(algorithm, token.signed(), token.signature()));
        if !is_signed {
            return Err(Refused::Invalid);
        }
        let claims = token.claims().ok_or(Refused::Invalid)?;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_err(|_| Refused::Invalid)?;
        if !self.is_for_us(&claims, path) || !is_timely(&claims, now) {
            return Err(Refused::Invalid);
        }
        self.caller(&claims)
    }

    /// Whether a text is a token for this gateway by its own words. Its signature is not checked: this is asked of what must
    /// not leave, where a forged one is no loss.
    pub fn is_own(&self, text: &str) -> bool {
        let starts_well =
            text.starts_with("ey") && text.bytes().filter(|byte| *byte == b'.').count() == 2;
        let claims = starts_well
            .then(|| token::Token::parse(text)?.claims())
            .flatten();
        claims.is_some_and(|claims| {
            let is_ours = |audience: &&str| match self.audiences.as_slice() {
                [] => audience
                    .strip_prefix(&self.public_url)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
                named => named.iter().any(|own| own == audience),
            };
            claims["iss"] == self.issuer.as_str() && texts(&claims["aud"]).iter().any(is_ours)
        })
    }

    fn is_for_us(&self, claims: &Value, path: &str) -> bool {
        let own = [self.resource(path), self.public_url.clone()];
        let expected = match self.audiences.as_slice() {
            [] => &own[..],
            named => named,
        };
        let audiences = texts(&claims["aud"]);
        claims["iss"] == self.issuer.as_str()
            && audiences
                .iter()
                .any(|audience| expected.iter().any(|own| own == audience))
    }

    fn caller(&self, claims: &Value) -> Result<Arc<Caller>, Refused> {
        let mut fitting = Vec::new();
        for (number, rule) in self.rules.iter().enumerate() {
            let claim = &claims[rule.claim.as_str()];
            let fits = match (rule.claim.as_str(), claim.as_str()) {
                ("scope", Some(words)) => words.split(' ').any(|word| word == rule.value),
                _ => texts(claim).contains(&rule.value.as_str()),
            };
            if fits {
                fitting.push((number, rule));
            }
        }
        if fitting.is_empty() {
            return Err(Refused::Insufficient);
        }
        let numbers: Vec<String> = fitting.iter().map(|(at, _)| at.to_string()).collect();
        Ok(Arc::new(Caller {
            // Names what was given, not whom: a subject is nothing for a log.
            name: format!("jwt rules {}", numbers.join(",")),
            scope: Scope::together(fitting.iter().map(|(_, rule)| &rule.scope)),
            rate: None,
            by_token: true,
        }))
    }
}

/// A text, or a list of texts.
fn texts(claim: &Value) -> Vec<&str> {
    match claim {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// `exp` must be there; `nbf` and `iat` count where they are (RFC 7519 §4.1).
fn is_timely(claims: &Value, now: Duration) -> bool {
    let (now, leeway) = (now.as_secs_f64(), LEEWAY.as_secs_f64());
    let ends = claims["exp"].as_f64().is_some_and(|end| now < end + leeway);
    let has_begun = ["nbf", "iat"].iter().all(|name| match &claims[*name] {
        Value::Null => true,
        time => time.as_f64().is_some_and(|start| start <= now + leeway),
    });
    ends && has_begun
}

#[cfg(test)]
mod tests;
