//! One inbound request against the rules.

use std::sync::Arc;

use http::header::{AUTHORIZATION, CONNECTION, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::bag::HeaderBag;
use super::forward::{Pattern, Required, Rule};
use super::policy::HeaderPolicy;
use super::rules::{Credential, Precedence, Rules};
use super::smuggled;
use super::value::{forwarded, sensitive};
use crate::error::{Error, Result};

/// Holds the place of a token in the order of authority. No checked value can equal it.
static TO_BE_FETCHED: HeaderValue = HeaderValue::from_static("\t");

type Headers = Vec<(HeaderName, HeaderValue)>;

impl HeaderPolicy {
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
        self.fill_guarded(tool, inbound, gateway_key, &|_| false)
    }

    /// As [`HeaderPolicy::fill_for`], where there are more keys to the gateway: a caller's value with a word that
    /// `is_key` knows is refused as well.
    ///
    /// # Errors
    /// As [`HeaderPolicy::fill`].
    pub fn fill_guarded(
        &self,
        tool: &str,
        inbound: &HeaderMap,
        gateway_key: Option<&str>,
        is_key: &dyn Fn(&str) -> bool,
    ) -> Result<HeaderBag> {
        fill(&self.rules, tool, inbound, gateway_key, is_key)
    }
}

fn fill(
    rules: &Arc<Rules>,
    tool: &str,
    inbound: &HeaderMap,
    gateway_key: Option<&str>,
    is_key: &dyn Fn(&str) -> bool,
) -> Result<HeaderBag> {
    let call = Call {
        rules,
        tool,
        inbound,
        addressed: inbound
            .keys()
            .any(|name| name.as_str().starts_with("x-mcp-")),
        gateway_key: gateway_key.filter(|key| !key.is_empty()),
        is_key,
    };
    let mut headers = Headers::new();
    call.own_credential(&mut headers)?;
    match rules.precedence {
        Precedence::Operator => {
            call.operator(&mut headers)?;
            call.listed(&mut headers)?;
        }
        Precedence::Caller => {
            call.listed(&mut headers)?;
            call.operator(&mut headers)?;
        }
    }
    let wants_grant = headers.iter().any(|(_, value)| *value == TO_BE_FETCHED);
    headers.retain(|(_, value)| *value != TO_BE_FETCHED);
    let (query, cookie) = match &rules.credential {
        Some(Credential::Query(name, value)) => (Some((name.clone(), value.current()?)), None),
        Some(Credential::Cookie(name, value)) => (None, Some((name.clone(), value.current()?))),
        _ => (None, None),
    };
    Ok(HeaderBag {
        rules: Arc::clone(rules),
        tool: tool.into(),
        headers,
        query,
        cookie,
        wants_grant,
    })
}

struct Call<'a> {
    rules: &'a Rules,
    tool: &'a str,
    inbound: &'a HeaderMap,
    /// Whether any header is of those that name a server, or `x-mcp-auth`. Mostly none is, and nothing has to be looked up.
    addressed: bool,
    gateway_key: Option<&'a str>,
    is_key: &'a dyn Fn(&str) -> bool,
}

impl Call<'_> {
    /// `x-mcp-{server}-authorization`, else `x-mcp-auth`.
    fn own_credential(&self, headers: &mut Headers) -> Result<()> {
        if !self.rules.caller_auth || !self.addressed {
            return Ok(());
        }
        let addressed = format!("{}authorization", self.rules.own_prefix);
        if let Some(value) = self.single(&addressed)? {
            headers.push((AUTHORIZATION, self.admitted(&addressed, value, None)?));
            return Ok(());
        }
        if let Some(value) = self.single("x-mcp-auth")? {
            let value = self.admitted("x-mcp-auth", value, None)?;
            let text = value.to_str().unwrap_or_default();
            let text = self.rules.auth.caller_value(text);
            headers.push((AUTHORIZATION, sensitive("Authorization", &text)?));
        }
        Ok(())
    }

    /// The static headers, then the credential where no static header has its name.
    fn operator(&self, headers: &mut Headers) -> Result<()> {
        let taken: Vec<_> = headers.iter().map(|(name, _)| name.clone()).collect();
        for (name, value) in &self.rules.statics {
            if !taken.contains(name) {
                headers.push((name.clone(), value.value(name)?));
            }
        }
        let is_free = |headers: &Headers, wanted: &HeaderName| {
            !headers.iter().any(|(name, _)| name == wanted)
        };
        match &self.rules.credential {
            Some(Credential::Header(name, value)) if is_free(headers, name) => {
                headers.push((name.clone(), value.value(name)?));
            }
            Some(Credential::Granted) if is_free(headers, &AUTHORIZATION) => {
                headers.push((AUTHORIZATION, TO_BE_FETCHED.clone()));
            }
            _ => {}
        }
        Ok(())
    }

    /// The caller's headers that the list names.
    fn listed(&self, headers: &mut Headers) -> Result<()> {
        for rule in self
            .rules
            .forwards
            .iter()
            .filter(|rule| rule.is_for(self.tool))
        {
            match &rule.name {
                Pattern::Exact(name) => self.exact(rule, name, headers)?,
                Pattern::Start(_) => {
                    for name in self.inbound.keys() {
                        if rule.matches(name.as_str()) {
                            self.pass(rule, name, name, headers)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn exact(&self, rule: &Rule, name: &HeaderName, headers: &mut Headers) -> Result<()> {
        // What is addressed to this server counts instead of what is addressed to all.
        let by_caller = self.rules.caller_auth && self.addressed;
        let addressed = by_caller
            .then(|| HeaderName::try_from(format!("{}{name}", self.rules.own_prefix)).ok())
            .flatten();
        // An empty one addresses nothing.
        let is_there = |name: &HeaderName| {
            let mut values = self.inbound.get_all(name).iter();
            values.any(|value| !value.is_empty())
        };
        let source = match addressed {
            Some(addressed) if is_there(&addressed) => addressed,
            _ => name.clone(),
        };
        let sent = self.pass(rule, &source, name, headers)?;
        let target = rule.rename.as_ref().unwrap_or(name);
        let is_there = sent || headers.iter().any(|(other, _)| other == target);
        if rule.required == Required::Always && !is_there {
            return Err(missing(&[&rule.given]));
        }
        Ok(())
    }

    /// Whether anything was sent on.
    fn pass(
        &self,
        rule: &Rule,
        source: &HeaderName,
        name: &HeaderName,
        headers: &mut Headers,
    ) -> Result<bool> {
        if self.belongs_to_connection(source) {
            return Ok(false);
        }
        let target = rule.rename.as_ref().unwrap_or(name);
        if headers.iter().any(|(other, _)| other == target) {
            return Ok(false);
        }
        // Where something is asked for, or a scheme is put before it, nothing is as good as none.
        let needed = rule.required == Required::Always || rule.prefix.is_some();
        let counts = |value: &&HeaderValue| !(value.is_empty() && needed);
        let values = self.inbound.get_all(source).iter().filter(counts);
        let values: Vec<_> = values.collect();
        if values.len() > 1 && (*name == AUTHORIZATION || *target == AUTHORIZATION) {
            return Err(twice(source.as_str()));
        }
        for value in &values {
            let value = self.admitted(source.as_str(), value, rule.prefix.as_deref())?;
            headers.push((target.clone(), value));
        }
        if *target == COOKIE {
            join_cookies(headers)?;
        }
        Ok(!values.is_empty())
    }

    /// `Connection` names the headers that end at this hop (RFC 9110 §7.6.1).
    fn belongs_to_connection(&self, name: &HeaderName) -> bool {
        self.inbound
            .get_all(CONNECTION)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .any(|token| {
                token
                    .trim_ascii()
                    .eq_ignore_ascii_case(name.as_str().as_bytes())
            })
    }

    fn single(&self, name: &str) -> Result<Option<&HeaderValue>> {
        let Ok(name) = HeaderName::try_from(name) else {
            return Ok(None);
        };
        if self.belongs_to_connection(&name) {
            return Ok(None);
        }
        let mut values = self.inbound.get_all(&name).iter();
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(twice(name.as_str())),
            // Nothing is no credential.
            (value, None) => Ok(value.filter(|value| !value.is_empty())),
        }
    }

    fn admitted(
        &self,
        name: &str,
        value: &HeaderValue,
        prefix: Option<&str>,
    ) -> Result<HeaderValue> {
        let value = forwarded(name, value, prefix)?;
        let own = self.gateway_key.map(str::as_bytes);
        match smuggled::holds_key(value.as_bytes(), own, self.is_key) {
            true => Err(Error::caller(format!(
                "the header `{name}` carries a key to this gateway, which is never passed on; send the upstream's own"
            ))),
            false => Ok(value),
        }
    }
}

/// A call that cannot be made without these headers of its caller.
pub(crate) fn missing(names: &[&str]) -> Error {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    Error::caller(match names.as_slice() {
        [name] => format!("the header {name} is required for this call but missing"),
        names => format!(
            "the headers {} are required for this call but missing",
            names.join(" and ")
        ),
    })
}

fn twice(name: &str) -> Error {
    Error::caller(format!("the header `{name}` came twice; send one"))
}

/// HTTP/2 clients may split `Cookie`; an upstream receives one (RFC 6265 §5.4).
fn join_cookies(headers: &mut Headers) -> Result<()> {
    let cookies: Vec<_> = headers
        .iter()
        .filter(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value.to_str().unwrap_or_default().to_owned())
        .collect();
    if cookies.len() > 1 {
        headers.retain(|(name, _)| *name != COOKIE);
        headers.push((COOKIE, sensitive("Cookie", &cookies.join("; "))?));
    }
    Ok(())
}
