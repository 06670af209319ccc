//! From a body to its answer: which version, which method.

use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use http::{HeaderValue, StatusCode};
use serde_json::value::RawValue;

use super::context::Context;
use super::envelope::{self, Body, Malformed, Message, Request};
use super::{call, modern};
use crate::gateway::{Endpoint, Found};
use crate::protocol::code::{Code, Refusal};
use crate::protocol::reply::{Payload, Reply};
use crate::protocol::text::quoted;
use crate::protocol::version::Version;
use crate::protocol::{mirror, twin};

/// Names the version of a request.
const VERSION_HEADER: &str = "mcp-protocol-version";

/// What the version header says.
enum Said<'a> {
    Nothing,
    Known(Version),
    Unknown(&'a str),
    Several,
}

impl Said<'_> {
    /// The version by which errors are written that come before anything else is known.
    fn or_oldest(&self) -> Version {
        match self {
            Said::Known(version) => *version,
            Said::Nothing | Said::Unknown(_) | Said::Several => Version::WHEN_UNSAID,
        }
    }
}

fn said(context: Context<'_>) -> Said<'_> {
    if let Some(stdio) = context.stdio {
        return Said::Known(stdio.version);
    }
    let mut values = context
        .headers
        .get_all(VERSION_HEADER)
        .iter()
        .map(HeaderValue::to_str);
    match (values.next(), values.next()) {
        (None, _) => Said::Nothing,
        (Some(_), Some(_)) => Said::Several,
        (Some(Err(_)), None) => Said::Unknown(""),
        (Some(Ok(text)), None) => Version::parse(text).map_or(Said::Unknown(text), Said::Known),
    }
}

/// Answers one body.
pub async fn answer(context: Context<'_>, body: &[u8]) -> Reply {
    let said = said(context);
    let version = said.or_oldest();
    match envelope::parse(body) {
        Err(malformed) => refuse(version, &malformed),
        Ok(Body::Batch(items)) => match said {
            Said::Nothing | Said::Known(Version::V2025_03_26) => {
                Box::pin(batch(context, items)).await
            }
            _ => {
                let message = "a body is one message; batches ended with version 2025-03-26";
                Reply::error(version, None, &Refusal::new(Code::InvalidRequest, message))
            }
        },
        Ok(Body::One(Message::Request(request))) => one(context, &said, &request).await,
        Ok(Body::One(Message::Response)) => {
            let message = "no request of the server is open; it never sends one";
            Reply::error(version, None, &Refusal::new(Code::InvalidRequest, message))
        }
        Ok(Body::One(Message::Notification { .. })) => match said {
            Said::Nothing | Said::Known(_) => Reply::Accepted,
            Said::Unknown(requested) => {
                Reply::error(version, None, &Refusal::unsupported(requested))
            }
            Said::Several => Reply::error(version, None, &several()),
        },
    }
}

fn refuse(version: Version, malformed: &Malformed<'_>) -> Reply {
    Reply::error(version, malformed.id, &malformed.refusal)
}

/// One request: first its version, then its method.
async fn one(context: Context<'_>, said: &Said<'_>, request: &Request<'_>) -> Reply {
    let meta = match request.params.meta() {
        Ok(meta) => meta,
        Err(refusal) => return Reply::error(said.or_oldest(), Some(request.id), &refusal),
    };
    let refuse = |version, refusal: &Refusal| Reply::error(version, Some(request.id), refusal);
    if let Some(in_meta) = meta.protocol_version {
        let modern = Version::V2026_07_28;
        return match modern::check(context, VERSION_HEADER, request, in_meta, &meta) {
            Ok(()) => modern_method(context, request).await,
            Err(refusal) => refuse(modern, &refusal),
        };
    }
    match said {
        Said::Several => refuse(Version::WHEN_UNSAID, &several()),
        Said::Unknown(requested) => refuse(Version::WHEN_UNSAID, &Refusal::unsupported(requested)),
        // A handshake is legacy whatever the header hopes for.
        Said::Known(version) if version.is_modern() && request.method != "initialize" => {
            refuse(*version, &modern::without_meta())
        }
        Said::Known(version) => method(context, *version, request).await,
        Said::Nothing => method(context, Version::WHEN_UNSAID, request).await,
    }
}

/// The methods before 2026-07-28.
async fn method(context: Context<'_>, version: Version, request: &Request<'_>) -> Reply {
    let outcome = pin!(async {
        match request.method.as_ref() {
            "initialize" => initialize(context.endpoint, request).map(Payload::from),
            "ping" => Ok(Bytes::from_static(b"{}").into()),
            "tools/list" => list(context, version, request),
            "tools/call" => call::call(context, version, request)
                .await
                .map(Payload::from),
            other => Err(unknown_method(other)),
        }
    });
    finish(version, request, contained(outcome).await)
}

/// The methods since 2026-07-28.
async fn modern_method(context: Context<'_>, request: &Request<'_>) -> Reply {
    let version = Version::V2026_07_28;
    let outcome = pin!(async {
        match request.method.as_ref() {
            "server/discover" => Ok(Bytes::from(context.endpoint.discover()).into()),
            "tools/list" => list(context, version, request),
            "tools/call" => call::call(context, version, request)
                .await
                .map(Payload::from),
            other => Err(unknown_method(other)),
        }
    });
    finish(version, request, contained(outcome).await)
}

/// A panic is the answer of one request: the others of a batch, and its id, are not lost to it.
async fn contained(
    outcome: Pin<&mut impl Future<Output = Result<Payload, Refusal>>>,
) -> Result<Payload, Refusal> {
    let outcome = AssertUnwindSafe(outcome).catch_unwind().await;
    outcome.unwrap_or_else(|_| {
        tracing::error!("a request panicked; this is a defect of the gateway");
        Err(Refusal::new(
            Code::Internal,
            "the gateway failed while it handled this request",
        ))
    })
}

fn finish(version: Version, request: &Request<'_>, outcome: Result<Payload, Refusal>) -> Reply {
    match outcome {
        Ok(result) => Reply::result(request.id, result),
        Err(refusal) => Reply::error(version, Some(request.id), &refusal),
    }
}

fn initialize(endpoint: &Endpoint, request: &Request<'_>) -> Result<Bytes, Refusal> {
    let version = settled(request).ok_or_else(|| {
        Refusal::new(
            Code::InvalidParams,
            "`params.protocolVersion` must be a string",
        )
    })?;
    Ok(Bytes::from(endpoint.initialize(version)))
}

/// The version that an `initialize` settles: the one it asks for, else the latest that has a handshake. `None` where it
/// asks for none.
pub fn settled(request: &Request<'_>) -> Option<Version> {
    let asked = request.params.protocol_version.and_then(envelope::string)?;
    let version = Version::parse(&asked).filter(|version| !version.is_modern());
    Some(version.unwrap_or(Version::LATEST_WITH_HANDSHAKE))
}

fn list(context: Context<'_>, version: Version, request: &Request<'_>) -> Result<Payload, Refusal> {
    let cursor = match request
        .params
        .cursor
        .filter(|cursor| cursor.get() != "null")
    {
        None => None,
        Some(cursor) => Some(envelope::string(cursor).ok_or_else(|| {
            Refusal::new(Code::InvalidParams, "`params.cursor` must be a string")
        })?),
    };
    let page = context
        .endpoint
        .list(&context.gateway.servers, version, cursor.as_deref())
        .ok_or_else(|| {
            Refusal::new(
                Code::InvalidParams,
                "`params.cursor` is not one that this list gave out; start without one",
            )
        })?;
    let packed = twin::is_accepted(context.headers);
    Ok(Payload {
        text: page.text.clone(),
        twin: if packed { page.twin() } else { None },
    })
}

/// The progress token of a call that may be answered by a stream, as JSON text. What is refused with a status of its
/// own has none: a stream begins with 200.
pub fn progress_token(context: Context<'_>, body: &[u8]) -> Option<String> {
    if !std::str::from_utf8(body).ok()?.contains("progressToken") {
        return None;
    }
    let Ok(Body::One(Message::Request(request))) = envelope::parse(body) else {
        return None;
    };
    let meta = request.params.meta().ok()?;
    let token = meta.progress_token.map(RawValue::get)?;
    let name = request.params.name.and_then(envelope::string)?;
    if request.method != "tools/call" || !envelope::is_id(token) {
        return None;
    }
    let found = context.endpoint.find(&context.gateway.servers, &name)?;
    match (meta.protocol_version, said(context)) {
        (Some(version), _) => {
            modern::check(context, VERSION_HEADER, &request, version, &meta).ok()?;
            if let Found::Operation(_, served) = found
                && context.stdio.is_none()
            {
                let arguments = request.params.arguments.map(RawValue::get);
                mirror::check(&served.mirrored, context.headers, arguments).ok()?;
            }
        }
        (None, Said::Nothing) => {}
        (None, Said::Known(version)) if !version.is_modern() => {}
        (None, _) => return None,
    }
    Some(token.to_owned())
}

/// A batch of 2025-03-26: its requests run side by side, its answers keep the order of the requests.
async fn batch(context: Context<'_>, items: Vec<Result<Message<'_>, Malformed<'_>>>) -> Reply {
    let version = Version::V2025_03_26;
    let rate = context.caller.and_then(|caller| caller.rate.as_ref());
    let answers = items.into_iter().enumerate().map(|(at, item)| async move {
        // The first was counted when the body came.
        let late = match rate {
            Some(rate) if at > 0 => rate.take().err(),
            _ => None,
        };
        match item {
            Err(malformed) => Some(refuse(version, &malformed)),
            Ok(Message::Request(request)) if request.method == "initialize" => {
                let refusal = Refusal::new(
                    Code::InvalidRequest,
                    "`initialize` cannot be part of a batch",
                );
                Some(Reply::error(version, Some(request.id), &refusal))
            }
            Ok(Message::Request(request)) => Some(match late {
                None => method(context, version, &request).await,
                Some(wait) => Reply::error(version, Some(request.id), &too_many(wait)),
            }),
            Ok(Message::Notification { .. } | Message::Response) => None,
        }
    });
    let mut parts = Vec::new();
    for reply in join_all(answers).await.into_iter().flatten() {
        // Never compressed: the array is one text.
        if let Reply::Json { parts: more, .. } = reply {
            parts.push(Bytes::from_static(if parts.is_empty() {
                b"["
            } else {
                b","
            }));
            parts.extend(more);
        }
    }
    if parts.is_empty() {
        return Reply::Accepted;
    }
    parts.push(Bytes::from_static(b"]"));
    Reply::Json {
        status: StatusCode::OK,
        parts,
        twin: None,
    }
}

fn too_many(wait: Duration) -> Refusal {
    let seconds = wait.as_secs_f64().ceil().max(1.0);
    let message = format!("this key has sent as many requests as it may; retry after {seconds} s");
    Refusal::new(Code::InvalidRequest, message)
}

fn several() -> Refusal {
    Refusal::new(
        Code::HeaderMismatch,
        "MCP-Protocol-Version is there more than once",
    )
}

fn unknown_method(method: &str) -> Refusal {
    let method: String = method.chars().take(128).collect();
    Refusal::new(
        Code::MethodNotFound,
        format!("there is no method {}", quoted(&method)),
    )
}
