//! Putting the rules of one server together, each checked as it comes.

use std::sync::Arc;

use http::HeaderName;
use http::header::AUTHORIZATION;

use super::auth::AuthType;
use super::forward::{Forward, Rule, target_name};
use super::held::Held;
use super::policy::HeaderPolicy;
use super::rules::{Credential, Precedence, Rules};
use super::secret::Secret;
use super::source::Source;
use crate::error::{Error, Result};
use crate::tools::Place;

impl HeaderPolicy {
    /// A policy for the server of this name; without further rules only `x-mcp-auth` and its like go on.
    pub fn builder(server: &str) -> HeaderPolicyBuilder {
        HeaderPolicyBuilder::new(server)
    }
}

/// Collects the rules; each method checks at once, so that a mistake can be shown where it was written.
pub struct HeaderPolicyBuilder {
    rules: Rules,
    api_key: (Place, String),
}

impl HeaderPolicyBuilder {
    pub(super) fn new(server: &str) -> Self {
        Self {
            rules: Rules {
                own_prefix: format!("x-mcp-{}-", server.to_ascii_lowercase()),
                auth: AuthType::None,
                caller_auth: true,
                precedence: Precedence::Operator,
                forwards: Vec::new(),
                statics: Vec::new(),
                credential: None,
            },
            api_key: (Place::Header, String::from("X-API-Key")),
        }
    }

    /// Lets a caller's header through: a name, or a [`Forward`] with its options.
    ///
    /// # Errors
    /// When the name is none, is reserved (see [`super::reserved`]), or the options contradict each other.
    pub fn forward(&mut self, entry: impl Into<Forward>) -> Result<&mut Self> {
        self.rules.forwards.push(Rule::new(entry.into())?);
        Ok(self)
    }

    /// Sends a header with every call. A name given twice is sent twice.
    ///
    /// # Errors
    /// When the name is none or reserved, or the value is no header value.
    pub fn static_header(&mut self, name: &str, value: &Secret) -> Result<&mut Self> {
        self.static_source(name, value.clone())
    }

    /// As [`HeaderPolicyBuilder::static_header`], with a value that may come from a file.
    ///
    /// # Errors
    /// As there, and when the file cannot be read.
    pub fn static_source(&mut self, name: &str, value: impl Into<Source>) -> Result<&mut Self> {
        let parsed = target_name(name)?;
        let value = Held::new(name, value.into(), AuthType::None)?;
        self.rules.statics.push((parsed, value));
        Ok(self)
    }

    /// Says what kind of credential the upstream takes; also how `x-mcp-auth` is written.
    pub fn auth_type(&mut self, auth: AuthType) -> &mut Self {
        self.rules.auth = auth;
        self
    }

    /// Says where [`AuthType::ApiKey`] puts its key; `X-API-Key` in a header by default. Before
    /// [`HeaderPolicyBuilder::credential`].
    pub fn api_key(&mut self, place: Place, parameter: &str) -> &mut Self {
        self.api_key = (place, parameter.to_owned());
        self
    }

    /// Sends the operator's credential with every call, written by the kind given before.
    ///
    /// # Errors
    /// When there is no kind, or the value cannot be sent.
    pub fn credential(&mut self, value: &Secret) -> Result<&mut Self> {
        self.credential_source(value.clone())
    }

    /// As [`HeaderPolicyBuilder::credential`], with a value that may come from a file.
    ///
    /// # Errors
    /// As there, and when the file cannot be read.
    pub fn credential_source(&mut self, value: impl Into<Source>) -> Result<&mut Self> {
        let value = value.into();
        let auth = self.rules.auth;
        let credential = match auth {
            AuthType::None => {
                return Err(Error::gateway(
                    "a credential needs a kind other than `none`",
                ));
            }
            AuthType::ApiKey => {
                let (place, parameter) = &self.api_key;
                match place {
                    Place::Header => Credential::Header(
                        target_name(parameter)?,
                        Held::new(parameter, value, AuthType::None)?,
                    ),
                    Place::Query => Credential::Query(parameter.clone(), value),
                    Place::Cookie => {
                        cookie_name(parameter)?;
                        Credential::Cookie(parameter.clone(), value)
                    }
                }
            }
            _ => {
                let value = Held::new("Authorization", value, auth)?;
                Credential::Header(AUTHORIZATION, value)
            }
        };
        self.rules.credential = Some(credential);
        Ok(self)
    }

    /// Says that `Authorization` is filled by [`super::HeaderBag::grant`], with a token that is fetched for the call.
    pub fn granted(&mut self) -> &mut Self {
        self.rules.auth = AuthType::Granted;
        self.rules.credential = Some(Credential::Granted);
        self
    }

    /// Whether `x-mcp-auth` and `x-mcp-{server}-…` count; they do by default.
    pub fn caller_auth(&mut self, on: bool) -> &mut Self {
        self.rules.caller_auth = on;
        self
    }

    /// Who wins between operator and forwarded headers; the operator by default.
    pub fn precedence(&mut self, precedence: Precedence) -> &mut Self {
        self.rules.precedence = precedence;
        self
    }

    /// The policy.
    pub fn build(self) -> HeaderPolicy {
        HeaderPolicy {
            rules: Arc::new(self.rules),
        }
    }
}

/// A cookie's name is a token (RFC 6265 §4.1.1), as a header's is.
fn cookie_name(name: &str) -> Result<()> {
    match HeaderName::from_bytes(name.as_bytes()) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::gateway(format!("`{name}` is not a cookie name"))),
    }
}
