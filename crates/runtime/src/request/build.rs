//! From the collected parts to the request, and the last check of its target.

use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

use super::builder::RequestBuilder;
use super::path::{self, Expanded};
use super::{Request, header};
use crate::body::Body;
use crate::error::{Error, Result};
use crate::headers::HeaderBag;
use crate::style::percent;

const AGENT: &str = concat!("toolwright/", env!("CARGO_PKG_VERSION"));

impl RequestBuilder<'_> {
    /// The request.
    ///
    /// # Errors
    /// Everything that is wrong with the arguments, together.
    pub fn build(self) -> Result<Request> {
        if !self.problems.is_empty() {
            return Err(Error::arguments(self.problems));
        }
        let expanded = path::expand(self.template, &self.path).map_err(Error::caller)?;
        let target = target(self.template, expanded, self.query, self.bag)?;
        let mut headers = headers(self.bag, self.headers, &self.cookies)?;
        if !headers.contains_key(ACCEPT) {
            let accept = match self.own_accept.as_deref().or(self.accept) {
                Some(accept) => value("Accept", accept)?,
                None => HeaderValue::from_static("application/json, */*;q=0.8"),
            };
            headers.insert(ACCEPT, accept);
        }
        if !headers.contains_key(USER_AGENT) {
            headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        }
        let body = match self.body {
            None => None,
            Some(Body {
                media_type,
                bytes,
                fixed,
            }) => {
                let named = self.own_content_type.as_deref().or(self.content_type);
                let media_type = match named {
                    Some(named) if !fixed => named,
                    _ => media_type.as_ref(),
                };
                headers.insert(CONTENT_TYPE, value("Content-Type", media_type)?);
                Some(bytes)
            }
        };
        let method = Method::from_bytes(self.method.as_bytes())
            .map_err(|_| Error::gateway(format!("`{}` is not a method", self.method)))?;
        Ok(Request {
            method,
            template: self.template,
            target,
            headers,
            body,
            server: self.server,
        })
    }
}

fn value(name: &str, text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text)
        .map_err(|_| Error::gateway(format!("the description's {name} cannot be a header value")))
}

/// The bag first, then what the model may add; one header for all cookies.
fn headers(
    bag: &HeaderBag,
    of_model: Vec<(http::HeaderName, HeaderValue)>,
    cookies: &[(String, String)],
) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in bag.headers().iter().chain(&of_model) {
        headers.append(name.clone(), value.clone());
    }
    let mut all: Vec<String> = headers
        .get_all(COOKIE)
        .iter()
        .map(|value| value.to_str().unwrap_or_default().to_owned())
        .collect();
    let mut taken: Vec<String> = all
        .iter()
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|pair| Some(pair.split_once('=')?.0.trim().to_owned()))
        .collect();
    if let Some((name, secret)) = bag.cookie()
        && !taken.iter().any(|own| own == name)
    {
        let mut text = format!("{name}=");
        header::push_credential(&mut text, secret);
        all.push(text);
        taken.push(name.to_owned());
    }
    let free = cookies.iter().filter(|(name, _)| !taken.contains(name));
    all.extend(free.map(|(name, value)| format!("{name}={value}")));
    if !all.is_empty() {
        let mut cookie = HeaderValue::from_str(&all.join("; "))
            .map_err(|_| Error::caller("the cookies cannot be sent as a header"))?;
        cookie.set_sensitive(true);
        headers.insert(COOKIE, cookie);
    }
    Ok(headers)
}

fn target(
    template: &'static str,
    expanded: Expanded,
    pairs: Vec<String>,
    bag: &HeaderBag,
) -> Result<String> {
    let Expanded { path, query } = expanded;
    let mut parts: Vec<String> = query
        .into_iter()
        .filter(|query| !query.is_empty())
        .collect();
    match bag.query() {
        None => parts.extend(pairs),
        Some((name, secret)) => {
            // The operator's credential is the only value of its name.
            let own = format!("{}=", percent::encode(name));
            parts.extend(pairs.into_iter().filter(|pair| !pair.starts_with(&own)));
            parts.push(format!("{own}{}", percent::encode(secret)));
        }
    }
    check(template, &path)?;
    if parts.is_empty() {
        return Ok(path);
    }
    Ok(format!("{path}?{}", parts.join("&")))
}

/// What was written must be what a URL parser reads, with as many segments as the template and the fixed ones in place.
fn check(template: &'static str, path: &str) -> Result<()> {
    let fails = || {
        Error::caller(format!(
            "the path made from `{template}` and these arguments is not safe to send"
        ))
    };
    if !is_plain(path) {
        let url = Url::parse(&format!("http://upstream{path}")).map_err(|_| fails())?;
        let same_origin =
            url.host_str() == Some("upstream") && url.port().is_none() && url.username().is_empty();
        if !same_origin || url.path() != path {
            return Err(fails());
        }
    }
    let written = path.strip_prefix('/').unwrap_or(path);
    let mut segments = written.split('/');
    for fixed in path::segments(template) {
        let written = segments.next().ok_or_else(fails)?;
        if fixed == written || fixed.contains('{') {
            continue;
        }
        let mut literal = String::new();
        percent::push_literal(&mut literal, fixed);
        if literal != written {
            return Err(fails());
        }
    }
    match segments.next() {
        None => Ok(()),
        Some(_) => Err(fails()),
    }
}

/// Whether a path holds nothing that any URL parser could read as something else: no segment begins with a dot or its
/// encoding, and all characters are unreserved.
fn is_plain(path: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
    let plain = |segment: &str| !segment.starts_with(['.', '%']) && segment.bytes().all(unreserved);
    path.strip_prefix('/')
        .is_some_and(|segments| segments.split('/').all(plain) && !segments.starts_with('/'))
}
