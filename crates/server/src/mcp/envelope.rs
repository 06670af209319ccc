//! JSON-RPC messages, read once and borrowed from the body.
//!
//! Members are compared exactly; a repeated member, trailing text, an id that is neither a string nor an integer,
//! or a string that readers could understand in two ways is refused before anything is dispatched.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::scan::{self, Unfit};
use crate::protocol::code::{Code, Refusal};

/// The most bytes of an id or a progress token. Both come back, the token many times.
pub const MAX_ID: usize = 1024;

/// The most messages that one batch may hold.
pub const MAX_BATCH: usize = 50;

/// One message of a client.
#[derive(Debug)]
pub enum Message<'a> {
    /// Wants an answer that carries the id.
    Request(Request<'a>),
    /// Wants none.
    Notification {
        /// What happened.
        method: Cow<'a, str>,
    },
    /// An answer to a request that was never sent: the gateway asks clients nothing.
    Response,
}

/// A request: the id as it was written, the method, and the parameters still as text.
#[derive(Debug)]
pub struct Request<'a> {
    /// The id's own JSON text, echoed as it is.
    pub id: &'a str,
    /// What to do.
    pub method: Cow<'a, str>,
    /// The parameters' members that any method here reads.
    pub params: Params<'a>,
}

/// The members of `params` that some method here reads, each still as JSON text.
#[derive(Debug, Default, Deserialize)]
pub struct Params<'a> {
    /// `tools/call`: the tool.
    #[serde(borrow, default, deserialize_with = "present")]
    pub name: Option<&'a RawValue>,
    /// `tools/call`: its arguments.
    #[serde(borrow, default, deserialize_with = "present")]
    pub arguments: Option<&'a RawValue>,
    /// `tools/list`: where to go on.
    #[serde(borrow, default, deserialize_with = "present")]
    pub cursor: Option<&'a RawValue>,
    /// `initialize`: the version that the client would like.
    #[serde(
        borrow,
        default,
        rename = "protocolVersion",
        deserialize_with = "present"
    )]
    pub protocol_version: Option<&'a RawValue>,
    /// What belongs to the protocol rather than the method.
    #[serde(borrow, default, rename = "_meta", deserialize_with = "present")]
    pub meta: Option<&'a RawValue>,
}

/// The members of `_meta` that are read.
#[derive(Debug, Default, Deserialize)]
pub struct Meta<'a> {
    /// The request's version, since 2026-07-28.
    #[serde(
        borrow,
        default,
        rename = "io.modelcontextprotocol/protocolVersion",
        deserialize_with = "present"
    )]
    pub protocol_version: Option<&'a RawValue>,
    /// Names the call in notifications of progress.
    #[serde(
        borrow,
        default,
        rename = "progressToken",
        deserialize_with = "present"
    )]
    pub progress_token: Option<&'a RawValue>,
    /// What the client can do, since 2026-07-28.
    #[serde(
        borrow,
        default,
        rename = "io.modelcontextprotocol/clientCapabilities",
        deserialize_with = "present"
    )]
    pub client_capabilities: Option<&'a RawValue>,
}

/// A body: one message, or (2025-03-26) several.
#[derive(Debug)]
pub enum Body<'a> {
    /// The usual case.
    One(Message<'a>),
    /// A batch; a malformed member is refused alone.
    Batch(Vec<Result<Message<'a>, Malformed<'a>>>),
}

/// A message that is refused, with its id where that could be read.
#[derive(Debug)]
pub struct Malformed<'a> {
    /// The id's own JSON text.
    pub id: Option<&'a str>,
    /// Why.
    pub refusal: Refusal,
}

#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    jsonrpc: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    method: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    params: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    result: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    error: Option<&'a RawValue>,
}

/// Tells a member that is `null` from one that is absent.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Reads a body.
///
/// # Errors
/// `-32700` where the bytes are not one JSON text, `-32600` where they are but not a message.
pub fn parse(body: &[u8]) -> Result<Body<'_>, Malformed<'_>> {
    let text = std::str::from_utf8(body).map_err(|error| {
        nameless(
            Code::Parse,
            format!("the body is not UTF-8 from byte {} on", error.valid_up_to()),
        )
    })?;
    scan::scan(text).map_err(|unfit| match unfit {
        Unfit::TooDeep => nameless(
            Code::InvalidRequest,
            format!("nested deeper than {} levels", scan::MAX_DEPTH),
        ),
        Unfit::TooMany => nameless(
            Code::InvalidRequest,
            format!("more than {} values in one message", scan::MAX_VALUES),
        ),
        Unfit::LoneSurrogate => nameless(
            Code::Parse,
            "a \\u escape holds half of a surrogate pair".to_owned(),
        ),
    })?;
    if text
        .trim_start_matches([' ', '\t', '\r', '\n'])
        .starts_with('[')
    {
        return batch(text);
    }
    message(text).map(Body::One)
}

fn batch(text: &str) -> Result<Body<'_>, Malformed<'_>> {
    let items: Vec<&RawValue> = serde_json::from_str(text).map_err(json_mistake)?;
    if items.is_empty() || items.len() > MAX_BATCH {
        return Err(nameless(
            Code::InvalidRequest,
            format!("a batch holds 1 to {MAX_BATCH} messages"),
        ));
    }
    Ok(Body::Batch(
        items.into_iter().map(|item| message(item.get())).collect(),
    ))
}

fn message(text: &str) -> Result<Message<'_>, Malformed<'_>> {
    if text.starts_with('[') {
        // Serde would read an array as the members in their order.
        return Err(nameless(
            Code::InvalidRequest,
            "a message is an object".to_owned(),
        ));
    }
    let members: Members<'_> = serde_json::from_str(text).map_err(json_mistake)?;
    let id = members.id.map(RawValue::get);
    let echo = id.filter(|id| is_id(id));
    let refuse = |message: &str| Malformed {
        id: echo,
        refusal: Refusal::new(Code::InvalidRequest, message),
    };
    if members.jsonrpc.map(RawValue::get) != Some("\"2.0\"") {
        return Err(refuse("`jsonrpc` must be \"2.0\""));
    }
    let Some(method) = members.method else {
        return match (members.result, members.error) {
            (None, None) => Err(refuse("`method` is missing")),
            _ => Ok(Message::Response),
        };
    };
    let Some(method) = string(method) else {
        return Err(refuse("`method` must be a string"));
    };
    if members.result.is_some() || members.error.is_some() {
        return Err(refuse("a message has either `method` or `result`/`error`"));
    }
    let params = members
        .params
        .map(RawValue::get)
        .filter(|params| *params != "null");
    if params.is_some_and(|params| !params.starts_with(['{', '['])) {
        return Err(refuse("`params` must be an object"));
    }
    let positional = params.is_some_and(|params| params.starts_with('['));
    let Some(id) = id else {
        return Ok(Message::Notification { method });
    };
    if echo.is_none() {
        return Err(refuse(&format!(
            "`id` must be a string or an integer, of at most {MAX_ID} bytes"
        )));
    }
    let params = match params {
        None => Params::default(),
        Some(_) if positional => {
            return Err(Malformed {
                id: echo,
                refusal: Refusal::new(Code::InvalidParams, "`params` must be an object"),
            });
        }
        Some(params) => serde_json::from_str(params).map_err(|error| Malformed {
            id: echo,
            refusal: Refusal::new(
                if is_repeat(&error) {
                    Code::InvalidRequest
                } else {
                    Code::InvalidParams
                },
                format!("`params`: {}", plain(&error)),
            ),
        })?,
    };
    Ok(Message::Request(Request { id, method, params }))
}

impl<'a> Params<'a> {
    /// The members of `_meta`; an absent one is empty.
    ///
    /// # Errors
    /// Where `_meta` is no object or repeats a member.
    pub fn meta(&self) -> Result<Meta<'a>, Refusal> {
        match self.meta {
            None => Ok(Meta::default()),
            Some(meta) if !meta.get().starts_with('{') => {
                Err(Refusal::new(Code::InvalidMeta, "`_meta` must be an object"))
            }
            Some(meta) => serde_json::from_str(meta.get()).map_err(|error| {
                Refusal::new(
                    if is_repeat(&error) {
                        Code::InvalidRequest
                    } else {
                        Code::InvalidMeta
                    },
                    format!("`_meta`: {}", plain(&error)),
                )
            }),
        }
    }
}

/// The text of a string member, or the refusal that says it must be one.
pub fn required_text<'a>(raw: Option<&'a RawValue>, name: &str) -> Result<Cow<'a, str>, Refusal> {
    raw.and_then(string).ok_or_else(|| {
        Refusal::new(
            Code::InvalidParams,
            format!("`params.{name}` must be a string"),
        )
    })
}

/// The text of a JSON string; `None` for any other value.
pub fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    let text = raw.get();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(text).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

/// Whether a JSON text is a string or an integer, and no longer than a name needs to be.
pub(super) fn is_id(text: &str) -> bool {
    if text.len() > MAX_ID {
        return false;
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    text.starts_with('"')
        || (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn nameless<'a>(code: Code, message: String) -> Malformed<'a> {
    Malformed {
        id: None,
        refusal: Refusal::new(code, message),
    }
}

fn json_mistake<'a>(error: serde_json::Error) -> Malformed<'a> {
    let code = if error.is_data() {
        Code::InvalidRequest
    } else {
        Code::Parse
    };
    nameless(code, plain(&error))
}

/// Serde reports a repeated member as a data error of this wording alone.
fn is_repeat(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("duplicate field")
}

/// The parser's sentence without the Rust names of what it was reading.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once("struct ") {
        Some((before, after)) => {
            let after = after.split_once(' ').map_or("", |(_, rest)| rest);
            format!("{before}an object {after}")
        }
        None => text,
    }
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
